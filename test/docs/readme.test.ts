/** What the README shows runs, as it is written there. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
let project: string;
let cluster: Cluster;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'bproc-readme-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules/bproc'));
  await mkdir(join(project, 'bproc'));
  cluster = await startCluster({ nodes: 2, listen: `unix:${join(project, 'bproc/master.sock')}` });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(project, { recursive: true });
});

const readme = await readFile(join(root, 'README.md'), 'utf8');
const programs = [...readme.matchAll(/```js\n(.*?)```/gs)].map((match) => match[1] ?? '');

test('there are programs in it', () => {
  expect(programs.length).toBeGreaterThanOrEqual(3);
});

test.each(programs.map((text, index) => [index + 1, text] as const))('program %i', async (index, text) => {
  const file = join(project, `program-${index}.mjs`);
  await writeFile(file, text);
  const env = { ...process.env, XDG_RUNTIME_DIR: project, BPROC_MASTER: '' };
  const { stdout, stderr } = await run(process.execPath, [file], { env, timeout: 20_000 });
  expect(stderr).toBe('');
  // what a comment beside a printing line shows is what it prints
  for (const [, shown] of text.matchAll(/console\.log\(.*\);\s+\/\/ (.*)$/gm)) expect(stdout).toContain(shown);
});

test('the commands it names exist', async () => {
  const { bin } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  for (const [, command] of readme.matchAll(/^(bp[a-z]+) /gm)) expect(Object.keys(bin)).toContain(command);
});

test('its demo runs', async () => {
  const { stdout } = await run(process.execPath, [join(root, 'examples/demo.mjs')], { timeout: 20_000 });
  for (let node = 0; node < 4; node += 1)
    expect(stdout).toContain(`${node}: step 3 of rank 000000${node} on node ${node}`);
  expect(stdout).toMatch(/process \d+ on node 2 killed by SIGTERM/);
  expect(stdout.match(/killed by SIGKILL/g)).toHaveLength(3);
  expect(stdout).toContain('A start that cannot be: ENOENT');
});
