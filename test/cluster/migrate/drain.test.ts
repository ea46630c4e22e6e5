/** A node is emptied: what was started there goes on on others, and what cannot is named. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, connect } from '../../../src/index.ts';
import { TestCluster } from '../../cli/commands.ts';

let cluster: TestCluster;
let client: Client;

beforeAll(async () => {
  cluster = await TestCluster.start(4);
  client = await connect({ master: cluster.env['BPROC_MASTER'] ?? '' });
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

async function flags(node: number): Promise<readonly string[]> {
  return (await client.nodeInfo(node)).flags;
}

async function places(pids: readonly number[]): Promise<number[]> {
  const table = await client.procList({ startedOnly: true });
  return pids.map((pid) => table.find((each) => each.pid === pid)?.node ?? -3);
}

test('everything of a node goes on where the fewest processes are, and the node takes nothing new', async () => {
  const resident = await client.rexec(1, 'cat');
  const many = await Promise.all(Array.from({ length: 5 }, () => client.rexec(0, 'cat')));
  const { moved, stayed } = await client.drain(0, { reason: 'new memory' });
  expect(stayed).toEqual([]);
  expect(moved.map(({ process }) => process.pid).sort()).toEqual(many.map(({ pid }) => pid).sort());
  const counts = [0, 1, 2, 3].map((node) => many.filter((p) => p.node === node).length);
  expect(counts).toEqual([0, 1, 2, 2]);
  expect(await places(many.map(({ pid }) => pid))).toEqual(many.map(({ node }) => node));
  expect(await client.nodeInfo(0)).toMatchObject({ state: 'up', flags: ['draining'], reason: 'new memory' });
  for (const p of [resident, ...many]) p.stdin.end();
  for (const p of [resident, ...many]) expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  expect(await client.drain(0)).toEqual({ moved: [], stayed: [] });
  await client.setNodeFlags(0, { removeFlags: ['draining'] });
});

test('what cannot be moved runs on, and the report says why', async () => {
  const sockets: Socket[] = [];
  await using server = createServer((socket) => sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const connected = await client.rexec(2, '/bin/bash', [
    '-c',
    `exec 5<>/dev/tcp/127.0.0.1/${port}; echo ready; read x`,
  ]);
  await once(connected.stdout, 'data');
  const free = await client.rexec(2, 'cat');
  const { moved, stayed } = await client.drain(2, { to: [3] });
  expect(moved).toMatchObject([{ process: { pid: free.pid, node: 2 }, node: 3 }]);
  expect(stayed).toMatchObject([{ process: { pid: connected.pid }, error: { code: 'ENOTSUP' } }]);
  expect([connected.node, connected.state]).toEqual([2, 'running']);
  const again = await client.drain(2, { to: '3', connections: 'close' });
  expect(again).toMatchObject({ moved: [{ process: { pid: connected.pid }, node: 3 }], stayed: [] });
  connected.stdin.end('\n');
  free.stdin.end();
  expect(await connected.wait()).toEqual({ kind: 'exited', code: 0 });
  expect(await free.wait()).toEqual({ kind: 'exited', code: 0 });
  await client.setNodeFlags(2, { removeFlags: ['draining'] });
  for (const socket of sockets) socket.destroy();
});

test('nobody takes it where no other node may, and an order that cannot be changes nothing', async () => {
  const p = await client.rexec(1, 'sleep', ['1000']);
  expect((await client.drain(1, { to: [1] })).stayed).toMatchObject([{ error: { code: 'BE_NODEDOWN' } }]);
  await expect(client.drain(1, { to: [] })).rejects.toMatchObject({ code: 'EINVAL' });
  await client.setNodeFlags(1, { removeFlags: ['draining'] });
  await expect(client.drain(1, { to: '99' })).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
  await expect(client.drain(99)).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
  await expect(client.drain(1, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ECANCELED' });
  expect(await flags(1)).toEqual([]);
  expect(p.node).toBe(1);
  await p.kill('SIGKILL');
  await p.wait();
});

test('bpctl drains nodes, and tells what stays', async () => {
  const p = await client.rexec(0, 'cat');
  const other = await client.rexec(1, 'cat');
  expect(await cluster.run('bpctl', ['-S', '0,1', '--reason', 'fans', '--drain=2'])).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
  expect([p.node, other.node]).toEqual([2, 2]);
  expect((await cluster.run('bpstat', ['-s', '0-2'])).stdout).toBe('up\nup\nup\n');
  expect([await flags(0), await flags(1), await flags(2)]).toEqual([['draining'], ['draining'], []]);
  expect(await cluster.run('bpctl', ['-S', '2', '--drain=0-1'])).toEqual({
    code: 1,
    stdout: '',
    stderr: [p, other]
      .map(({ pid }) => `2: process ${pid} (cat) stays: no other node that was asked for is up\n`)
      .join(''),
  });
  for (const each of [p, other]) each.stdin.end();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  expect(await other.wait()).toEqual({ kind: 'exited', code: 0 });
});
