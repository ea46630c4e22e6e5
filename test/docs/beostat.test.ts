/** What docs/beostat.md shows runs, and prints what it says. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = await readFile(join(root, 'docs/beostat.md'), 'utf8');
const [program = '', page = '', ...others] = [...guide.matchAll(/```js\n(.*?)```/gs)].map(([, text = '']) => text);
const [, commands = ''] = /```sh\n(.*?)```/s.exec(guide) ?? [];

let project: string;
let cluster: Cluster;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'bproc-guide-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules/bproc'));
  const listen = `unix:${join(project, 'master.sock')}`;
  cluster = await startCluster({ nodes: 4, spawner: 'child_process', listen });
  env = { ...process.env, BPROC_MASTER: listen };
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(project, { recursive: true });
});

async function run(text: string): Promise<string> {
  const file = join(project, 'program.mjs');
  await writeFile(file, text);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { env, timeout: 25_000 });
  expect(stderr).toBe('');
  return stdout;
}

test('its programs print what the comments beside them show', async () => {
  expect(others).toEqual([]);
  const shown = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text = '']) => text);
  expect((await run(program)).trim().split('\n')).toEqual(shown);
  const look = `
    await new Promise((resolve) => server.once('listening', resolve));
    const answer = await fetch(\`http://localhost:\${server.address().port}/\`);
    console.log(answer.status, /bproc-token" content="[0-9a-f]{64}"/.test(await answer.text()));
    process.exit();`;
  expect(await run(page.replace('8080, ', '0, ') + look)).toBe('200 true\n');
});

test('its commands show nodes', async () => {
  const names = ['beostat', 'beostatus'].map(
    (name) => `${name}() { '${process.execPath}' '${root}/dist/cli/${name}.js' "$@"; }`,
  );
  const script = `set -eo pipefail; ${names.join('; ')}\n${commands}`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { env, timeout: 25_000 });
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^node 0: (?:.*\n)+\{"node":0,(?:.*\n){4} Node State (?:.*\n)+ +3 up .*\n Node State .*\n(?: +\d up .*\n){4}$/,
  );
});
