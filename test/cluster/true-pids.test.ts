/** Pids that everybody knows a process by and that it has itself, in pid namespaces of the nodes; and where that cannot be. */
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Client, type Cluster, type RemoteProcess, startCluster } from '../../src/index.ts';
import { readStat } from '../../src/linux/procfs.ts';
import { isAlive } from '../support/daemons.ts';

const IS_ROOT = process.geteuid?.() === 0;
const pidNamespace = IS_ROOT ? 'root' : 'user';
const FIRST = 8192;
const BEYOND = 12_288;
/** A node whose first block is beyond what any Linux has. */
const FAR = 2000;

let cluster: Cluster;
let bp: Client;

beforeEach(async () => {
  const nodes = [0, FAR].map((node) => ({ node, pidNamespace }) as const);
  cluster = await startCluster({ nodes, spawner: 'holder' });
  bp = cluster.client;
});

afterEach(() => cluster[Symbol.asyncDispose]());

/** The lines it writes, one by one. */
function lines(p: RemoteProcess): AsyncIterator<string> {
  return createInterface({ input: p.stdout })[Symbol.asyncIterator]();
}

async function numbers(from: AsyncIterator<string>): Promise<number[]> {
  return String((await from.next()).value)
    .split(' ')
    .map(Number);
}

async function infoOf(pid: number) {
  return (await bp.procList()).find((info) => info.pid === pid);
}

test('a process is what everybody calls it, and so is what it forks', async () => {
  const p = await bp.rexec(0, 'sh', ['-c', 'sleep 1000 & echo $$ $PPID $BPROC_PID $!; wait']);
  const [own, parent, told, child = 0] = await numbers(lines(p));
  expect([own, parent, told]).toEqual([p.pid, 1, p.pid]);
  expect(child).toBeGreaterThanOrEqual(FIRST);
  expect(child).toBeLessThan(BEYOND);
  // nobody has asked for a list yet: the pid is enough
  const before = await infoOf(child);
  expect(before).toMatchObject({ ppid: p.pid, mapped: false });
  expect(await infoOf(p.pid)).toMatchObject({ mapped: false, localPid: p.localPid });
  await bp.kill(child, 'SIGKILL');
  await expect.poll(() => isAlive(before?.localPid ?? 0), { timeout: 20_000 }).toBe(false);
});

test('what a process forked can be killed by the pid that it says, without any list', async () => {
  const p = await bp.rexec(0, 'sh', ['-c', 'sleep 1000 & echo $!; wait $!; echo $?']);
  const said = lines(p);
  const [child = 0] = await numbers(said);
  await bp.kill(child, 'SIGTERM');
  expect(await numbers(said)).toEqual([128 + 15]);
});

test('the local pid is the one that ps shows on that machine', async () => {
  const p = await bp.rexec(0, 'sleep', ['1000']);
  expect(p.localPid).not.toBe(p.pid);
  expect(readStat(p.localPid)).toMatchObject({ command: 'sleep' });
  expect((await infoOf(p.pid))?.startTime).toBe(readStat(p.localPid)?.startTime);
});

test("a node whose pids are beyond the kernel's maps them, and says so", async () => {
  const p = await bp.rexec(FAR, 'sh', ['-c', 'sleep 1000 & echo $$ $BPROC_PID; wait']);
  const [own, told] = await numbers(lines(p));
  expect(own).not.toBe(p.pid);
  expect(told).toBe(p.pid);
  expect(p.pid).toBeGreaterThan(2 ** 22);
  const all = await bp.procList({ node: FAR });
  expect(all.map(({ mapped }) => mapped)).toEqual([true, true]);
  expect(isAlive(all.find(({ puid }) => puid === '')?.localPid ?? 0)).toBe(true);
  await p.kill('SIGTERM');
  expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGTERM', core: false });
});

describe.runIf(IS_ROOT)('where the kernel is told which pid comes next', () => {
  const next = (pid: number) => `echo ${pid - 1} > /proc/sys/kernel/ns_last_pid`;

  test('what overruns the block is mapped, and can be signalled by the pid it is known by', async () => {
    const p = await bp.rexec(0, 'sh', ['-c', `${next(BEYOND + 77)}; sleep 1000 & echo $!; wait $!; echo $?`]);
    const said = lines(p);
    const [child = 0] = await numbers(said);
    expect(child).toBeGreaterThanOrEqual(BEYOND);
    const info = (await bp.procList()).find(({ puid }) => puid === '');
    expect(info).toMatchObject({ mapped: true, ppid: p.pid });
    expect(info?.pid).not.toBe(child);
    await bp.kill(info?.pid ?? 0, 'SIGTERM');
    expect(await numbers(said)).toEqual([128 + 15]);
  });

  test('starts find free pids where many are taken by what was forked', async () => {
    const script = 'i=0; while [ $i -lt 700 ]; do sleep 1000 & i=$((i+1)); done; echo $$ $!; wait';
    const p = await bp.rexec(0, 'sh', ['-c', `${next(FIRST)}; ${script}`]);
    await numbers(lines(p));
    const starts = await Promise.all(Array.from({ length: 60 }, () => bp.rexec(0, 'sleep', ['1000'])));
    const all = await bp.procList();
    expect(all).toHaveLength(761);
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(761);
    for (const { pid } of starts) expect(all.find((info) => info.pid === pid)).toMatchObject({ mapped: false });
    await p.kill('SIGKILL', { scope: 'tree' });
    await p.wait();
  });

  test('a signal meant for one that has ended does not reach whoever has its pid now', async () => {
    const reuse = 'read go; kill -9 $1; wait $1; while [ "$(cut -d" " -f22 /proc/self/stat)" = "$2" ]; do :; done';
    const script = `sleep 1000 & set -- $! $(cut -d" " -f22 /proc/$!/stat); echo $1; ${reuse}`;
    const again = 'echo $(($1-1)) > /proc/sys/kernel/ns_last_pid; sleep 2000 & echo $!; wait $!; echo $?';
    const p = await bp.rexec(0, 'sh', ['-c', `${script}; ${again}`]);
    const said = lines(p);
    const [child = 0] = await numbers(said);
    const before = await infoOf(child);
    expect(before).toMatchObject({ mapped: false });
    p.stdin.write('go\n');
    expect(await numbers(said)).toEqual([child]);
    await expect(bp.kill(child, 'SIGKILL')).rejects.toMatchObject({ code: 'BE_INVALIDPROC' });
    const after = await infoOf(child);
    expect(after).toMatchObject({ mapped: false, ppid: p.pid });
    expect(after?.startTime).not.toBe(before?.startTime);
    await bp.kill(child, 'SIGTERM');
    expect(await numbers(said)).toEqual([128 + 15]);
  });
});
