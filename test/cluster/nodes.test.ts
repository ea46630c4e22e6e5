/** The node table, its administration, and the changes of it. */
import diagnostics from 'node:diagnostics_channel';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bestEngine } from '../../src/bproc/index.ts';
import { CHANNELS, type Change, type Client, type Cluster, connect, startCluster } from '../../src/index.ts';

let cluster: Cluster;
let bp: Client;
const orders: string[] = [];

beforeAll(async () => {
  const power = async (order: string): Promise<void> => {
    orders.push(order);
  };
  cluster = await startCluster({ nodes: [{ attributes: { rack: 'a' } }, { power }, { node: 7, address: 'seven' }] });
  bp = cluster.client;
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

test('the nodes there are', async () => {
  expect(await bp.numNodes()).toBe(3);
  const nodes = await bp.nodeList();
  expect(nodes.map(({ node, state, mode }) => [node, state, mode])).toEqual([
    [0, 'up', 0o111],
    [1, 'up', 0o111],
    [7, 'up', 0o111],
  ]);
  expect(nodes[0]).toMatchObject({
    owner: process.getuid?.(),
    flags: [],
    attributes: { rack: 'a', spawner: bestEngine(), hostname: hostname() },
  });
  expect((await bp.nodeList('7,0 allup')).map(({ node }) => node)).toEqual([7, 0, 0, 1, 7]);
  expect((await bp.nodeList('self,master 0')).map(({ node }) => node)).toEqual([-1, -1, 0]);
  expect(await bp.nodeList('notup')).toEqual([]);
  await expect(bp.nodeList('0-9')).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
  expect((await bp.nodeInfo(-1)).node).toBe(-1);
  await expect(bp.nodeInfo(3)).rejects.toMatchObject({ code: 'BE_INVALIDNODE', node: 3 });
});

test('addresses and numbers', async () => {
  expect(await bp.nodeAddr(7)).toBe('seven');
  expect(await bp.nodeNumber('seven')).toBe(7);
  expect(await bp.nodeNumber('nowhere')).toBe(-3);
  expect(await bp.masterAddr()).toBe('');
  expect(bp.currNode()).toBe(-1);
});

test('a program on a node knows where it is, and the master itself runs programs', async () => {
  const p = await bp.rexec(-1, 'sh', ['-c', 'exit $((10 + BPROC_NODE))']);
  expect(await p.wait()).toEqual({ kind: 'exited', code: 9 });
});

test('attributes', async () => {
  await bp.setNodeAttr(1, 'color', 'blue');
  expect(await bp.getNodeAttr(1, 'color')).toBe('blue');
  await bp.setNodeAttr(1, 'color', undefined);
  await expect(bp.getNodeAttr(1, 'color')).rejects.toMatchObject({ code: 'ENODATA' });
  await expect(bp.setNodeAttr(1, '', 'x')).rejects.toMatchObject({ code: 'EINVAL' });
  await expect(bp.setNodeAttr(1, 'big', 'x'.repeat(2000))).rejects.toMatchObject({ code: 'ENOSPC' });
});

test('states, reasons and flags', async () => {
  await bp.setNodeStatus(1, 'unavailable', { reason: 'disk replaced' });
  expect(await bp.nodeInfo(1)).toMatchObject({
    state: 'unavailable',
    reason: 'disk replaced',
    who: `uid ${process.getuid?.()}`,
  });
  await bp.setNodeStatus(1, 'myword');
  expect(await bp.nodeStatus(1)).toBe('myword');
  await expect(bp.setNodeStatus(1, 'two words')).rejects.toMatchObject({ code: 'EINVAL' });
  await bp.setNodeStatus(1, 'up', { addFlags: ['draining'] });
  expect(await bp.nodeInfo(1)).toMatchObject({ state: 'up', flags: ['draining'] });
  await bp.setNodeFlags(1, { removeFlags: ['draining'] });
  expect(await bp.nodeInfo(1)).toMatchObject({ state: 'up', flags: [] });
});

describe('for another user', () => {
  let other: Client;
  beforeAll(async () => {
    other = await connect({ master: () => cluster.master.connect({ credentials: { uid: 4242, gids: [4242, 99] } }) });
  });
  afterAll(async () => {
    await other[Symbol.asyncDispose]();
  });

  test('a node that is not up takes no work', async () => {
    await bp.setNodeStatus(1, 'error');
    await expect(other.rexec(1, 'true')).rejects.toMatchObject({ code: 'EPERM' });
    expect(await (await bp.rexec(1, 'true')).wait()).toEqual({ kind: 'exited', code: 0 });
    await bp.setNodeStatus(1, 'up');
  });

  test('the first class that fits decides, as for files', async () => {
    await bp.chown(1, 4242);
    await bp.chmod(1, 0o011);
    await expect(other.access(1)).rejects.toMatchObject({ code: 'EACCES' });
    await other.chmod(1, 0o100);
    await other.access(1);
    await bp.chown(1, 0);
    await bp.chgrp(1, 99);
    await bp.chmod(1, 0o010);
    await other.access(1);
    await bp.chmod(1, 0o111);
  });

  test('states, attributes and owners are the administrator’s', async () => {
    for (const attempt of [
      () => other.setNodeStatus(0, 'error'),
      () => other.setNodeAttr(0, 'a', 'b'),
      () => other.chown(0, 4242),
      () => other.chmod(0, 0),
      () => other.reboot(1),
      () => other.chroot(0, '/tmp'),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'EPERM' });
    }
  });
});

test('power orders go to whom the slave lets carry them out, and to nobody else', async () => {
  await expect(bp.reboot(0)).rejects.toMatchObject({ code: 'EPERM', node: undefined });
  await bp.powerOff(1);
  expect(orders).toEqual(['poweroff']);
  expect(await bp.nodeStatus(1)).toBe('pwroff');
  await bp.setNodeStatus(1, 'up');
});

test('chroot wants a directory', async () => {
  await expect(bp.chroot(0, '/no/such')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(bp.chroot(0, '/etc/passwd')).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('reconnect takes a running process along', async () => {
  const p = await bp.rexec(7, 'sh', ['-c', 'while read line; do echo $line; done']);
  const lines: string[] = [];
  p.stdout.setEncoding('utf8').on('data', (chunk: string) => lines.push(chunk));
  p.stdin.write('one\n');
  await expect.poll(() => lines.join('')).toBe('one\n');
  await bp.reconnect(7);
  p.stdin.write('two\n');
  await expect.poll(() => lines.join('')).toBe('one\ntwo\n');
  p.stdin.end();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

describe('changes', () => {
  async function take(changes: AsyncIterable<Change>, count: number): Promise<Change[]> {
    const taken: Change[] = [];
    for await (const change of changes) {
      taken.push(change);
      if (taken.length === count) break;
    }
    return taken;
  }

  test('are followed from now on, in order, and can be taken up again by cursor', async () => {
    const notifier = bp.notifier();
    await notifier.ready;
    const start = notifier.cursor;
    await bp.setNodeStatus(0, 'error', { reason: 'first' });
    await bp.chmod(0, 0o100);
    await bp.setNodeAttr(0, 'k', 'v');
    await bp.setNodeStatus(0, 'up');
    const [first, second] = await take(notifier, 2);
    expect(first).toMatchObject({ kind: 'node', change: 'state', info: { node: 0, state: 'error', reason: 'first' } });
    expect(second).toMatchObject({ kind: 'node', change: 'permissions', info: { mode: 0o100 } });
    const rest = await take(bp.notifier({ cursor: second?.cursor ?? '' }), 2);
    expect(rest.map((change) => change.kind === 'node' && change.change)).toEqual(['attributes', 'state']);
    const all = await take(bp.notifier({ cursor: start }), 4);
    expect(all.map((change) => change.kind === 'node' && change.change)).toEqual([
      'state',
      'permissions',
      'attributes',
      'state',
    ]);
    await bp.chmod(0, 0o111);
  });

  test('of processes, where asked for', async () => {
    const notifier = bp.notifier({ processes: true });
    const p = await bp.rexec(0, 'sh', ['-c', 'exit 3']);
    await p.wait();
    const [started, ended] = await take(notifier, 2);
    expect(started).toMatchObject({ kind: 'process', info: { pid: p.pid, state: 'running' } });
    expect(ended).toMatchObject({ kind: 'process', info: { pid: p.pid, end: { kind: 'exited', code: 3 } } });
  });

  test('that nobody kept are an explicit gap', async () => {
    const [gap] = await take(bp.notifier({ cursor: `${'0'.repeat(32)}:17` }), 1);
    expect(gap).toMatchObject({ kind: 'gap' });
  });

  test('a slow follower is not sent more than it takes', async () => {
    const notifier = bp.notifier();
    for (let i = 0; i < 1500; i += 1) await bp.setNodeAttr(0, 'n', String(i));
    const values: string[] = [];
    for await (const change of notifier) {
      if (change.kind === 'node') values.push(change.info.attributes['n'] ?? '');
      if (values.length === 1500) break;
    }
    expect(values).toEqual(Array.from({ length: 1500 }, (_, i) => String(i)));
  });

  test('end with their signal', async () => {
    const aborter = new AbortController();
    const notifier = bp.notifier({ signal: aborter.signal });
    const done = notifier.next();
    aborter.abort();
    expect(await done).toEqual({ done: true, value: undefined });
  });
});

test('a program on a node is a client of the same cluster', async () => {
  const p = await bp.rexec(0, 'sh', ['-c', 'echo $BPROC_MASTER']);
  let address = '';
  for await (const chunk of p.stdout) address += chunk;
  expect(address).toMatch(/^unix:\//);
  const inner = await connect({ master: address.trim() });
  expect(await inner.numNodes()).toBe(3);
  await inner[Symbol.asyncDispose]();
});

test('every change is published for tools, and told to a logger', async () => {
  const seen: unknown[] = [];
  const told: string[] = [];
  const listener = (message: unknown): void => {
    seen.push(message);
  };
  diagnostics.subscribe(CHANNELS.node, listener);
  const say = (_: object, message: string): void => {
    told.push(message);
  };
  const own = await startCluster({ nodes: 1, master: { logger: { debug: say, info: say, warn: say } } });
  await own.client.setNodeStatus(0, 'error');
  await own[Symbol.asyncDispose]();
  diagnostics.unsubscribe(CHANNELS.node, listener);
  expect(seen).toContainEqual(
    expect.objectContaining({ change: 'joined', node: expect.objectContaining({ node: 0, state: 'up' }) }),
  );
  expect(seen).toContainEqual(
    expect.objectContaining({ change: 'state', node: expect.objectContaining({ node: 0, state: 'error' }) }),
  );
  expect(told).toContain('node 0: state, error');
});

test('a master that listens says where', async () => {
  const own = await startCluster({ nodes: 1, listen: 'tcp://127.0.0.1:0' });
  const address = await own.client.masterAddr();
  expect(address).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  const over = await connect({ master: address });
  expect(await over.numNodes()).toBe(1);
  await over[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});
