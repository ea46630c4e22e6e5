/** What docs/queue.md shows runs, and prints what it says. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program, TestCluster } from '../cli/commands.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = await readFile(join(root, 'docs/queue.md'), 'utf8');
const [, js = ''] = /```js\n(.*?)```/s.exec(guide) ?? [];
const [, sh = ''] = /```sh\n(.*?)```/s.exec(guide) ?? [];

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start(2);
  await mkdir(join(cluster.directory, 'node_modules'));
  await symlink(root, join(cluster.directory, 'node_modules/bproc'));
  for (const name of ['solve', 'look']) {
    await writeFile(join(cluster.directory, name), '#!/bin/sh\necho $NP\n');
    await chmod(join(cluster.directory, name), 0o755);
  }
});
afterAll(() => cluster[Symbol.asyncDispose]());

const run = async (file: string, args: readonly string[]) => {
  const { stdout, stderr } = await promisify(execFile)(file, args, {
    cwd: cluster.directory,
    env: cluster.env,
    timeout: 25_000,
  });
  expect(stderr).toBe('');
  return stdout;
};

test('its commands submit, show, hold, release and delete', async () => {
  const names = ['bpsub', 'bpq', 'bpdel'] as const;
  const commands = names.map((name) => `${name}() { '${process.execPath}' '${program(name)}' "$@"; }`);
  // the first of a queue is 1
  const stdout = await run('bash', ['-c', `set -e; ${commands.join('; ')}\n${sh}`]);
  expect(stdout).toMatch(/^1\n2\nJob .*\n(?:.*\n)*3\n$/);
  expect(await readFile(join(cluster.directory, 'out.1'), 'utf8')).toBe('2\n');
});

test('its program prints what stands beside it', async () => {
  await writeFile(join(cluster.directory, 'program.mjs'), js);
  const stdout = await run(process.execPath, ['program.mjs']);
  expect(stdout).toBe('task 0: exited 0\ntask 3: exited 3\n0\n');
  expect([...js.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text)).toEqual([
    'task 0: exited 0, then task 3: exited 3',
    '0',
  ]);
});
