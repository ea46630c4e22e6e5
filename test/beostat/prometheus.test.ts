import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  createStats,
  Layout,
  masterStats,
  NodeLoad,
  prometheusHandler,
  prometheusText,
  slaveStats,
} from '../../src/beostat/index.ts';
import { connect, startMaster, startSlave } from '../../src/index.ts';

function loadOf(device: string, isStale = false): NodeLoad {
  const layout = new Layout([{ name: 'network', fields: ['receivedBytes'], devices: [device], counts: true }]);
  const own = { node: 3, isUsable: true, isStale, ageMs: 1500 };
  return new NodeLoad(own, { seenAt: 1, layout, figures: Float64Array.from([42]), missing: 0 }, undefined);
}

describe('the text', () => {
  test('has what devices are called escaped, whatever they are called', () => {
    expect(prometheusText([loadOf('a"b\\c\nd')], [])).toContain(
      'bproc_network_received_bytes_total{node="3",device="a\\"b\\\\c\\nd"} 42\n',
    );
  });

  test('has no old figures, but how old they are', () => {
    const text = prometheusText([loadOf('eth0', true)], []);
    expect(text).not.toContain('network');
    expect(text).toContain('bproc_node_last_seen_seconds{node="3"} 1.5\n');
  });
});

/** A port of this machine that nobody has just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

test('a real Prometheus scrapes it, and can be asked for it', async () => {
  await using master = await startMaster({ services: [masterStats({ intervalMs: 50 })] });
  await using slave = await startSlave({
    master: () => master.connect(),
    node: 7,
    services: [slaveStats()],
    spawner: 'child_process',
  });
  await using client = await connect({ master: () => master.connect() });
  await slave.attached;
  const stats = createStats(client);
  // its slave knows that it is there a little sooner than the master has heard all of it
  await expect.poll(() => stats.load(7, { fresh: true }).catch(() => undefined)).toBeDefined();
  const cpus = (await stats.load(7)).devicesOf('cpu').length;
  const server = createServer(prometheusHandler(stats)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await fetch(`http://${target}/metrics`, { method: 'POST' })).status).toBe(405);
  const directory = await mkdtemp(join(tmpdir(), 'bproc-prometheus-'));
  const web = `127.0.0.1:${await freePort()}`;
  await writeFile(
    join(directory, 'prometheus.yml'),
    `scrape_configs:\n  - job_name: bproc\n    scrape_interval: 1s\n    static_configs:\n      - targets: ['${target}']\n`,
  );
  const prometheus = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${web}`,
    ],
    { stdio: 'ignore' },
  );
  try {
    const ask = async (
      query: string,
    ): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]> => {
      const answer = await fetch(`http://${web}/api/v1/query?query=${encodeURIComponent(query)}`).catch(
        () => undefined,
      );
      if (answer?.ok !== true) return [];
      const { data } = (await answer.json()) as { data: { result: [] } };
      return data.result;
    };
    await expect
      .poll(() => ask('up{job="bproc"}'), { timeout: 30_000, interval: 200 })
      .toMatchObject([{ value: [expect.anything(), '1'] }]);
    expect(await ask('bproc_node_up{node="7"}')).toMatchObject([{ value: [expect.anything(), '1'] }]);
    expect(await ask('count by (node) (bproc_cpu_seconds_total{mode="idle"})')).toMatchObject([
      { metric: { node: '7' }, value: [expect.anything(), String(cpus)] },
    ]);
    const [memory] = await ask('bproc_memory_total_bytes');
    expect(Number(memory?.value[1])).toBe((await stats.getMeminfo(7)).total);
  } finally {
    await ended(prometheus);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true, force: true });
  }
}, 60_000);
