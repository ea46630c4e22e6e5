/** Connections that come and say nothing [PROTOCOL 3.2, 8.1]. */
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { connect, startMaster } from '../../src/index.ts';
import { Role } from '../../src/wire/index.ts';
import { idOf, RawPeer, rawClient } from '../support/raw-peer.ts';
import { scratchTree } from '../support/scratch.ts';

const scratch = scratchTree({});
afterAll(() => scratch[Symbol.dispose]());

/** Sockets that are open in this process. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => /^(?:Pipe|TCPSocket)Wrap$/.test(kind)).length;
}

test.each([
  ['a unix socket', `unix:${scratch.path}/master`],
  ['TCP', 'tcp://127.0.0.1:0'],
])('a thousand silent ones by %s are told why and closed, and nothing is left', async (_, address) => {
  await using master = await startMaster({ greetingMs: 30, listen: address });
  const [listening = ''] = master.addresses;
  const target = listening.startsWith('unix:')
    ? { path: listening.slice('unix:'.length) }
    : { port: Number(listening.split(':').at(-1)), host: '127.0.0.1' };
  const before = openSockets();
  const ends = Array.from({ length: 1000 }, async () => {
    const socket = connectSocket(target);
    const peer = new RawPeer(socket);
    await once(socket, 'close');
    return peer;
  });
  for (const peer of await Promise.all(ends)) {
    expect(peer.failure).toBeUndefined();
    expect(peer.heard).toMatchObject([
      { kind: 'close', failure: { code: 'ETIMEDOUT', message: 'no HELLO within 30 ms' } },
    ]);
  }
  await expect.poll(openSockets, { timeout: 20_000 }).toBeLessThanOrEqual(before);
  // and the master is at work
  await using client = await connect({ master: listening });
  expect(await client.nodeList()).toEqual([]);
});

test('resets in every moment harm nobody', async () => {
  await using master = await startMaster({ listen: 'tcp://127.0.0.1:0' });
  const port = Number(master.addresses[0]?.split(':').at(-1));
  for (let n = 0; n < 200; n += 1) {
    const socket = connectSocket({ port, host: '127.0.0.1' });
    socket.on('error', () => {});
    await once(socket, 'connect');
    if (n % 2 === 0) socket.write(Buffer.alloc(n));
    socket.resetAndDestroy();
  }
  await using client = await connect({ master: `tcp://127.0.0.1:${port}` });
  expect(await client.nodeList()).toEqual([]);
});

test('a HELLO counts once: a second one on the same connection is not heard', async () => {
  await using master = await startMaster();
  const peer = await rawClient(master.connect(), idOf(1));
  peer.hello(Role.CLIENT, idOf(2));
  peer.send({ request: { id: 1, status: {} } });
  await peer.control('response');
  const welcomes = peer.heard.filter((heard) => heard.kind === 'control' && heard.message.body === 'welcome');
  expect(welcomes).toHaveLength(1);
});
