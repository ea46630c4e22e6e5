/** A job that forks as fast as it can: its limits hold, its node goes on, and it ends when it is told to. */
import { expect, test } from 'vitest';
import { startCluster } from '../../src/index.ts';
import { listProcesses } from '../../src/linux/index.ts';

const isRoot = process.getuid?.() === 0;
/** uucp, whom nothing else runs as: limits of processes count all of a user's. */
const BREEDER = 10;
const MOST = 40;

async function breeders(): Promise<number> {
  return (await listProcesses()).filter(({ uid, state }) => uid === BREEDER && state !== 'Z').length;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

test.skipIf(!isRoot)('a fork bomb inside a job', async () => {
  await using cluster = await startCluster({ nodes: 2, spawner: 'holder' });
  const bp = cluster.client;
  const options = { user: BREEDER, rlimits: { nproc: MOST }, stdin: 'ignore', stdout: 'ignore' } as const;
  const bomb = await bp.rexec(0, 'perl', ['-e', 'fork while 1'], { ...options, stderr: 'ignore' });
  await until(async () => (await breeders()) >= MOST);
  const beside = await bp.rexec(0, 'echo', ['still here']);
  beside.stdout.resume();
  expect(await beside.wait()).toEqual({ kind: 'exited', code: 0 });
  expect(await breeders()).toBeLessThanOrEqual(MOST);
  expect(await bp.nodeStatus(0)).toBe('up');
  await bomb.kill('SIGKILL');
  expect(await bomb.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGKILL' });
  await until(async () => (await breeders()) === 0);
});
