/** What docs/nss.md shows runs, and prints what it says. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = await readFile(join(root, 'docs/nss.md'), 'utf8');
const [program = '', lookup = '', master = '', ...others] = [...guide.matchAll(/```js\n(.*?)```/gs)].map(
  ([, text = '']) => text,
);

let project: string;
let cluster: Cluster;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'bproc-guide-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules/bproc'));
  cluster = await startCluster({ nodes: 4, spawner: 'child_process', listen: `unix:${join(project, 'master.sock')}` });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(project, { recursive: true });
});

async function run(text: string): Promise<string> {
  const file = join(project, 'program.mjs');
  await writeFile(file, text);
  const env = { ...process.env, BPROC_MASTER: `unix:${join(project, 'master.sock')}` };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { env, timeout: 25_000 });
  expect(stderr).toBe('');
  return stdout;
}

test('its programs print what the comments beside them show', async () => {
  expect(others).toEqual([]);
  const shown = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].flatMap(([, text = '']) =>
    text === 'as below' ? ['n3', '.3', 'node04'].map((name) => `${name} is n3 at 10.0.0.103`) : text,
  );
  expect((await run(program)).trim().split('\n')).toEqual(shown);
  expect(await run(`${program.replaceAll(/console\.log/g, 'void ')}${lookup}agent.destroy();`)).toBe('');
  expect(await run(master)).toBe('');
});
