import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createStats, masterStats, type Stats, slaveStats } from '../../src/beostat/index.ts';
import { startMaster as startPlainMaster } from '../../src/bproc/index.ts';
import { type Client, connect, type Master, startMaster, startSlave } from '../../src/index.ts';

interface Cluster extends AsyncDisposable {
  readonly master: Master;
  readonly client: Client;
  readonly stats: Stats;
}

async function start(nodes: readonly number[], intervalMs = 50): Promise<Cluster> {
  const master = await startMaster({ services: [masterStats({ intervalMs })] });
  const slaves = await Promise.all(
    nodes.map((node) =>
      startSlave({ master: () => master.connect(), node, services: [slaveStats()], spawner: 'child_process' }),
    ),
  );
  const client = await connect({ master: () => master.connect() });
  await Promise.all(slaves.map(({ attached }) => attached));
  const dispose = async (): Promise<void> => {
    for (const part of [client, ...slaves, master]) await part[Symbol.asyncDispose]();
  };
  return { master, client, stats: createStats(client), [Symbol.asyncDispose]: dispose };
}

test('a cluster knows how busy its nodes are', async () => {
  await using cluster = await start([0, 1]);
  const { stats } = cluster;
  const memory = await stats.getMeminfo(1, { fresh: true });
  const total = Number(/MemTotal: +(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024;
  expect(memory).toMatchObject({ total, isStale: false });
  expect(Math.abs(memory.seenAt - Date.now())).toBeLessThan(60_000);
  const cpus = readFileSync('/proc/stat', 'latin1').match(/^cpu\d/gm)?.length ?? 0;
  expect(await stats.getCpuCount(0)).toBe(cpus);
  await expect.poll(() => stats.getCpuPercent(0, 0).catch(() => -1)).toBeGreaterThanOrEqual(0);
  const { load } = await stats.getLoadavg(0);
  expect(load[0]).toBeGreaterThanOrEqual(0);
  expect((await stats.getNetDev(0)).map(({ name }) => name)).toContain('lo');
  expect(await stats.getAvailNodesById(12345, [12345])).toEqual([0, 1]);
  expect(await stats.countIdleCpus(9999)).toBe(2 * cpus);
  expect((await stats.getCpuinfo(0)).length).toBe(cpus);
});

test('what is there of the past grows, at the wanted rate', async () => {
  await using cluster = await start([0]);
  const { stats } = cluster;
  await stats.load(0, { fresh: true });
  await expect.poll(async () => (await stats.history(0)).length, { timeout: 10_000 }).toBeGreaterThan(10);
  const times = (await stats.history(0)).map(({ seenAt }) => seenAt);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const sparse = (await stats.history(0, { stepMs: 200 })).map(({ seenAt }) => seenAt);
  for (const [index, time] of sparse.slice(1).entries())
    expect(time - (sparse[index] ?? 0)).toBeGreaterThanOrEqual(200);
});

test('processes of the cluster are told with what they have forked', async () => {
  await using cluster = await start([0]);
  const process = await cluster.client.rexec(0, 'sh', ['-c', 'sleep 60 & wait']);
  await expect.poll(async () => (await cluster.stats.getProcesses(0)).length).toBe(2);
  const costs = await cluster.stats.getProcesses(0);
  expect(costs.map(({ command }) => command).sort()).toEqual(['sh', 'sleep']);
  expect(costs.find(({ command }) => command === 'sh')).toMatchObject({ pid: process.pid });
  expect(costs.every(({ resident }) => resident > 0)).toBe(true);
  await process.kill('SIGKILL');
});

test('jobs are told with what they cost on all of their nodes', async () => {
  await using cluster = await start([0, 1]);
  await using other = await connect({ master: () => cluster.master.connect() });
  const script = ['-c', 'sleep 60 & wait'];
  const mine = await cluster.client.rexec([0, 1, 1], 'sh', script);
  const theirs = await other.rexec(1, 'sleep', ['60']);
  const found = async () => {
    const { jobs, missing } = await cluster.stats.getJobs();
    return [
      missing,
      ...jobs
        .map(({ nodes, processes, threads }) => ({ nodes, processes, threads }))
        .sort((a, b) => b.processes - a.processes),
    ];
  };
  const job = (nodes: readonly number[], processes: number) => ({ nodes, processes, threads: processes });
  await expect.poll(found).toEqual([[], job([0, 1], 6), job([1], 1)]);
  const { jobs, missing } = await cluster.stats.getJobs({ nodes: [0, 77] });
  expect([jobs.length, jobs[0]?.processes, missing]).toEqual([1, 2, [77]]);
  await mine.kill('SIGKILL');
  await theirs.kill('SIGKILL');
});

test('of what is not there nothing is said', async () => {
  await using cluster = await start([0]);
  await expect(cluster.stats.getLoadavg(7)).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
  await cluster.stats.load(0, { fresh: true });
  await expect(cluster.stats.getStatCpu(0, 4096)).rejects.toMatchObject({ code: 'ENODATA' });
});

test('a master without the service says so', async () => {
  await using master = await startPlainMaster();
  await using client = await connect({ master: () => master.connect() });
  await expect(createStats(client).loads()).rejects.toMatchObject({ code: 'ENOSYS' });
});

test('samples come as they are taken, and thresholds tell when they are passed', async () => {
  await using cluster = await start([0, 1]);
  const seen = new Set<number>();
  for await (const { node, seenAt } of cluster.stats.samples()) {
    expect(seenAt).toBeGreaterThan(0);
    seen.add(node);
    if (seen.size === 2) break;
  }
  let reading = 0;
  // a figure of the test's own: above 10 from the third sample on, for three samples
  const metric = () => {
    reading += 1;
    return reading >= 3 && reading < 9 ? 11 : 1;
  };
  const kinds: string[] = [];
  for await (const { kind, node } of cluster.stats.watch({ metric, above: 10, forMs: 60, nodes: [1] })) {
    kinds.push(`${kind} ${node}`);
    if (kind === 'cleared') break;
  }
  expect(kinds).toEqual(['raised 1', 'cleared 1']);
  const none = new AbortController();
  none.abort();
  for await (const _ of cluster.stats.samples({ signal: none.signal })) expect.unreachable();
  await expect(cluster.stats.watch({ metric: 'cpu' }).next()).rejects.toMatchObject({ code: 'EINVAL' });
});
