/** The templates for batch systems’ hooks do what they say. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';

const root = resolve(import.meta.dirname, '../..');
let directory: string;
let cluster: Cluster;
const orders: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-schedulers-'));
  await mkdir(join(directory, 'node_modules'));
  await symlink(root, join(directory, 'node_modules/bproc'));
  await symlink(join(root, 'examples/schedulers/job.mjs'), join(directory, 'job.mjs'));
  await symlink(join(root, 'examples/schedulers/power.mjs'), join(directory, 'power.mjs'));
  const nodes = [0, 1, 2].map((node) => ({
    attributes: { hostname: `blade${node}` },
    power: async (order: string) => void orders.push(`${node} ${order}`),
  }));
  cluster = await startCluster({ nodes, listen: [`unix:${directory}/master.sock`] });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

function run(program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const env = { ...process.env, BPROC_MASTER: `unix:${directory}/master.sock`, ...more };
  const options = { cwd: directory, env, timeout: 25_000 };
  return promisify(execFile)(
    process.execPath,
    ['--preserve-symlinks', '--preserve-symlinks-main', join(directory, program), ...args],
    options,
  );
}

test('a job has its nodes to itself, and leaves nothing', async () => {
  const bp = cluster.client;
  const user = userInfo();
  await run('job.mjs', [], {
    SLURM_SCRIPT_CONTEXT: 'prolog_slurmctld',
    SLURM_JOB_USER: user.username,
    SLURM_JOB_NODELIST: 'blade[1-2]',
  });
  const modes = async () => (await bp.nodeList()).map(({ mode, owner }) => [mode, owner]);
  expect(await modes()).toEqual([
    [0o111, user.uid],
    [0o100, user.uid],
    [0o100, user.uid],
  ]);
  const [left, other] = [await bp.rexec(1, 'sleep', ['1000']), await bp.rexec(0, 'sleep', ['1000'])];
  await run('job.mjs', ['end', user.username, 'blade1,blade2']);
  expect(await left.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGKILL' });
  expect(other.end).toBeUndefined();
  expect(await modes()).toEqual([
    [0o111, user.uid],
    [0, user.uid],
    [0, user.uid],
  ]);
  await other.kill('SIGKILL');
});

test('nodes that nobody needs are switched off, and on again', async () => {
  await run('power.mjs', ['suspend', 'blade[0,2]']);
  await expect.poll(() => [...orders].sort()).toEqual(['0 poweroff', '2 poweroff']);
  await run('power.mjs', ['resume', 'blade1'], { POWER_ON: `echo "$1" >>${directory}/on` });
  expect(await readFile(join(directory, 'on'), 'utf8')).toBe('blade1\n');
});
