/** Running processes are copied to other nodes, and to their own: PROTOCOL.md 12.4. */
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Cluster, ProcessVector, type RemoteProcess, startCluster } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';

let cluster: Cluster;
let client: Client;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 });
  client = cluster.client;
});

afterAll(() => cluster[Symbol.asyncDispose]());

/** Counts the lines that it has read. */
const COUNTER = `
import sys, os
count = 0
for line in sys.stdin:
  count += 1
  print(os.getpid(), count, line.strip(), flush=True)
sys.exit(count)
`;

async function counter(node: number): Promise<{ readonly process: RemoteProcess; readonly seen: { text: string } }> {
  const process = await client.rexec(node, '/usr/bin/python3', ['-c', COUNTER]);
  const seen = { text: '' };
  process.stdout.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  process.stdin.write('first\n');
  await until(() => seen.text.includes('first'), 'its first line');
  return { process, seen };
}

describe('a copy', () => {
  test('goes on from the same place, with a pid, streams and an end of its own', async () => {
    const { process: original, seen } = await counter(0);
    const { child, process: copy } = await client.rfork(original.pid, 1);
    expect(child).toBe(false);
    expect(copy.node).toBe(1);
    expect(copy.pid).not.toBe(original.pid);
    const list = await client.procList();
    expect(list.map(({ pid, node, command, mapped }) => ({ pid, node, command, mapped }))).toEqual([
      { pid: original.pid, node: 0, command: 'python3', mapped: false },
      { pid: copy.pid, node: 1, command: 'python3', mapped: false },
    ]);
    copy.stdin.end('copy\n');
    expect(await text(copy.stdout)).toBe(`${copy.pid} 2 copy\n`);
    expect(await copy.wait()).toEqual({ kind: 'exited', code: 2 });
    original.stdin.end('second\nthird\n');
    expect(await original.wait()).toEqual({ kind: 'exited', code: 3 });
    expect(seen.text).toBe(`${original.pid} 1 first\n${original.pid} 2 second\n${original.pid} 3 third\n`);
  });

  test('is made on many nodes, the own one too, and each is told apart', async () => {
    const { process: original } = await counter(0);
    const { process: copies } = await client.vrfork(original.pid, [0, 1, 2, 1]);
    expect(copies).toBeInstanceOf(ProcessVector);
    expect(copies.processes.map(({ node }) => node)).toEqual([0, 1, 2, 1]);
    expect(new Set([original, ...copies.processes].map(({ pid }) => pid)).size).toBe(5);
    await original.kill('SIGKILL');
    copies.stdin.end('on\n');
    for (const copy of copies.processes) expect(await text(copy.stdout)).toBe(`${copy.pid} 2 on\n`);
    expect([...(await copies.wait())]).toEqual(Array(4).fill({ kind: 'exited', code: 2 }));
    await original.wait();
  });

  test('finds its rank and its node in the environment that the original was started with', async () => {
    const script =
      'import os, sys; sys.stdin.readline(); print(open("/proc/self/environ").read().replace("\\0", "\\n"))';
    const original = await client.rexec(0, '/usr/bin/python3', ['-c', script]);
    await until(async () => (await client.procList()).length === 1, 'its start');
    const { process: copies } = await client.vrfork(original.pid, [1, 2]);
    copies.stdin.end('on\n');
    for (const [rank, copy] of copies.processes.entries()) {
      const lines = (await text(copy.stdout)).split('\n');
      expect(lines).toContain(`BPROC_NODE=${copy.node}`);
      expect(lines).toContain(`BPROC_RANK=000000${rank}`);
    }
    await original.kill('SIGKILL');
    await original.wait();
  });

  test('moves and is copied like any other', async () => {
    const { process: original } = await counter(2);
    const { process: copy } = await client.rfork(original.pid, 1);
    await client.move(copy.pid, 0);
    const { process: second } = await client.rfork(copy.pid, 2);
    for (const each of [original, copy, second]) each.stdin.end('on\n');
    expect(await text(second.stdout)).toBe(`${second.pid} 2 on\n`);
    expect(await text(copy.stdout)).toBe(`${copy.pid} 2 on\n`);
    for (const each of [original, copy, second]) expect(await each.wait()).toEqual({ kind: 'exited', code: 2 });
  });

  test('of a Node program has its heap and its timers', async () => {
    const script =
      "let n = 0; setInterval(() => { n += 1; }, 1); process.stdin.once('data', () => { console.log(n > 5); process.exit(4); })";
    const original = await client.rexec(0, process.execPath, ['-e', `${script}; console.error('up')`], {
      noIoUring: true,
    } as object);
    await new Promise<void>((resolve) => original.stderr.once('data', () => resolve()));
    const { process: copy } = await client.rfork(original.pid, 1);
    for (const each of [copy, original]) {
      // its timers have to ring before it is asked
      await new Promise<void>((resolve) => setTimeout(resolve, 100));
      each.stdin.write('x');
      expect(await text(each.stdout)).toBe('true\n');
      expect(await each.wait()).toEqual({ kind: 'exited', code: 4 });
    }
  });

  test('of what has children, or is none, is refused with the reason, and the original runs on', async () => {
    const parent = await client.rexec(0, '/bin/sh', ['-c', 'sleep 1000 & read x; kill $!; echo on']);
    await until(async () => (await client.procList()).length === 2, 'its child');
    await expect(client.rfork(parent.pid, 1)).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringMatching(/children/),
    });
    await expect(client.rfork(2 ** 29, 1)).rejects.toMatchObject({ code: 'BE_INVALIDPROC' });
    parent.stdin.end();
    expect(await text(parent.stdout)).toBe('on\n');
    await expect(client.rfork(parent.pid, 1)).rejects.toMatchObject({ code: 'BE_INVALIDPROC' });
    await parent.wait();
  });
});
