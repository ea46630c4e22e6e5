/** What somebody without a certificate can do to a master that listens for TLS [PROTOCOL 2.4, 8.2, 8.7]. */
import { once } from 'node:events';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { makeRequest, newKey } from '../../../src/bproc/join/certificates.ts';
import { parseToken } from '../../../src/bproc/join/tokens.ts';
import { connect } from '../../../src/index.ts';
import type { Init, Join } from '../../../src/wire/index.ts';
import { FrameType, HEADER_BYTES, Role, writeHeader } from '../../../src/wire/index.ts';
import { idOf, RawPeer } from '../../support/raw-peer.ts';
import { TlsCluster } from '../../support/tls-cluster.ts';

async function stranger(cluster: TlsCluster): Promise<{ readonly peer: RawPeer; readonly socket: TLSSocket }> {
  const socket = tlsConnect({ host: '127.0.0.1', port: cluster.port, rejectUnauthorized: false });
  onTestFinished(() => void socket.destroy());
  const peer = new RawPeer(socket);
  await once(socket, 'secureConnect');
  return { peer, socket };
}

async function answerTo(cluster: TlsCluster, join: Init<Join>) {
  const { peer } = await stranger(cluster);
  peer.send({ join: { role: Role.SLAVE, ...join } });
  const { joined } = await peer.control('joined');
  await peer.whenEnded();
  return joined;
}

/** A JOIN with a good token. */
async function goodJoin(cluster: TlsCluster): Promise<Init<Join>> {
  const { id, secret } = parseToken(await cluster.token());
  return { request: await makeRequest(newKey()), token: id, secret };
}

test.each([
  ['a message', FrameType.CONTROL],
  ['stream bytes', FrameType.DATA],
  ['what nobody knows', 200],
])('a frame of %s that claims 4 GiB closes the connection before anything is made for it', async (_, type) => {
  await using cluster = await TlsCluster.start();
  const { peer } = await stranger(cluster);
  const header = Buffer.alloc(HEADER_BYTES);
  writeHeader(header, 0, { length: 2 ** 32 - 1, type, flags: 0, stream: 0, session: 0, sequence: 0 });
  const before = process.memoryUsage().arrayBuffers;
  peer.write(header);
  expect(await peer.close()).toMatchObject({ code: 'EPROTO', message: expect.stringContaining('more than allowed') });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
});

test('a JOIN of more than 4 KiB is not read', async () => {
  await using cluster = await TlsCluster.start();
  const { peer } = await stranger(cluster);
  peer.send({ join: { request: Buffer.alloc(5000) } });
  expect(await peer.close()).toMatchObject({ code: 'EPROTO' });
});

test('a JOIN whose request is none is refused, and its token is as good as before', async () => {
  await using cluster = await TlsCluster.start();
  const join = await goodJoin(cluster);
  const request = join.request ?? Buffer.alloc(0);
  const forged = Buffer.from(request);
  forged[forged.length - 3] = (forged[forged.length - 3] ?? 0) ^ 1;
  const bomb = Buffer.from(`30820fff${'3080'.repeat(900)}`, 'hex');
  for (const bad of [Buffer.alloc(0), Buffer.from('rubbish'), forged, bomb, request.subarray(0, 60)]) {
    expect((await answerTo(cluster, { ...join, request: bad })).failure).toMatchObject({ code: 'EINVAL' });
  }
  expect((await answerTo(cluster, join)).failure).toBeNull();
  expect(await cluster.client.certificates()).toHaveLength(1);
});

test('a token is worth nothing without its secret, and not twice for two keys', async () => {
  await using cluster = await TlsCluster.start();
  const join = await goodJoin(cluster);
  for (const secret of [Buffer.alloc(0), Buffer.alloc(24), Buffer.alloc(2000)]) {
    expect((await answerTo(cluster, { ...join, secret })).failure).toMatchObject({ code: 'EPERM' });
  }
  expect((await answerTo(cluster, { ...join, token: 'x'.repeat(1000) })).failure).toMatchObject({ code: 'EPERM' });
  const answers = await Promise.all([
    answerTo(cluster, join),
    answerTo(cluster, { ...join, request: await makeRequest(newKey()) }),
    answerTo(cluster, { ...join, request: await makeRequest(newKey()) }),
  ]);
  expect(answers.filter(({ failure }) => failure === null)).toHaveLength(1);
  // the one whose answer was lost may ask again, with the same key
  const keys = answers.map(({ certificate }) => certificate.length > 0);
  expect(keys.filter(Boolean)).toHaveLength(1);
});

test('the bearer of a used token gets its certificate again, if it is the one that used it', async () => {
  await using cluster = await TlsCluster.start();
  const join = await goodJoin(cluster);
  const first = await answerTo(cluster, join);
  const again = await answerTo(cluster, join);
  expect([first.failure, again.failure]).toEqual([null, null]);
  expect((await cluster.client.certificates()).map(({ subject }) => subject)).toEqual(['node/0', 'node/0']);
});

test('one exchange is all there is: a second JOIN, a HELLO and a request after it are not heard', async () => {
  await using cluster = await TlsCluster.start();
  const { peer } = await stranger(cluster);
  const join = await goodJoin(cluster);
  peer.send({ join: { role: Role.SLAVE, ...join } });
  peer.send({ join: { role: Role.SLAVE, ...(await goodJoin(cluster)) } });
  peer.hello(Role.CLIENT, idOf(1));
  peer.send({ request: { id: 1, status: {} } });
  await peer.whenEnded();
  const bodies = peer.heard.flatMap((heard) => (heard.kind === 'control' ? heard.message.body : []));
  expect(bodies).toEqual(['joined']);
  expect(await cluster.client.certificates()).toHaveLength(1);
});

test('anything but a JOIN is refused, and silence is left', async () => {
  await using cluster = await TlsCluster.start({ greetingMs: 100 });
  const { peer: asks } = await stranger(cluster);
  asks.send({ request: { id: 1, status: {} } });
  expect(await asks.close()).toMatchObject({ code: 'EPROTO', message: 'request came before WELCOME' });
  const { peer: silent } = await stranger(cluster);
  expect(await silent.close()).toMatchObject({ code: 'ETIMEDOUT' });
});

test('one who says it a byte at a time has no more time than others', async () => {
  await using cluster = await TlsCluster.start({ greetingMs: 300 });
  const { peer, socket } = await stranger(cluster);
  const header = Buffer.alloc(HEADER_BYTES);
  writeHeader(header, 0, { length: 4000, type: FrameType.CONTROL, flags: 0, stream: 0, session: 0, sequence: 0 });
  let sent = 0;
  const drip = setInterval(() => {
    if (socket.writable) peer.write(sent < HEADER_BYTES ? header.subarray(sent, sent + 1) : Buffer.alloc(1));
    sent += 1;
  }, 5);
  onTestFinished(() => clearInterval(drip));
  expect(await peer.close()).toMatchObject({ code: 'ETIMEDOUT' });
  await peer.whenEnded();
  expect(sent).toBeLessThan(4000);
});

test('those who say nothing are few: the oldest makes room, and who joins is served', async () => {
  await using cluster = await TlsCluster.start();
  const silent: RawPeer[] = [];
  for (let n = 0; n < 80; n += 1) silent.push((await stranger(cluster)).peer);
  expect(await silent[0]?.close()).toMatchObject({ code: 'EAGAIN' });
  await expect.poll(() => silent.filter((peer) => !peer.ended).length, { timeout: 20_000 }).toBeLessThanOrEqual(64);
  expect((await answerTo(cluster, await goodJoin(cluster))).failure).toBeNull();
});

test('nobody fills the list of those who wait: so many of one address, and no more', async () => {
  await using cluster = await TlsCluster.start();
  const answers = [];
  for (let n = 0; n < 18; n += 1) {
    answers.push(await answerTo(cluster, { request: await makeRequest(newKey()), address: 'x'.repeat(3000) }));
  }
  expect(answers.filter(({ pending }) => pending !== '')).toHaveLength(16);
  expect(answers.at(-1)?.failure).toMatchObject({ code: 'EAGAIN' });
  const pending = await cluster.client.pendingSlaves();
  expect(pending).toHaveLength(16);
  expect(pending[0]?.address.length).toBe(255);
});

test('a client is not approved, and a JOIN by another way than TLS is refused', async () => {
  await using cluster = await TlsCluster.start();
  const request = await makeRequest(newKey());
  expect((await answerTo(cluster, { request, role: Role.CLIENT })).failure).toMatchObject({ code: 'EPERM' });
  const peer = new RawPeer(cluster.master.connect());
  peer.send({ join: { request } });
  expect((await peer.control('joined')).joined.failure).toMatchObject({ code: 'EPERM' });
  const { peer: lost } = await stranger(cluster);
  lost.send({ domain: 'elsewhere', join: { request } });
  expect((await lost.control('joined')).joined.failure).toMatchObject({ code: 'EINVAL' });
});

test('while strangers come and go in numbers, no heartbeat of those who are in is missed', async () => {
  await using cluster = await TlsCluster.start({ heartbeatMs: 500 });
  const slave = await cluster.slave({ token: await cluster.token() });
  await slave.attached;
  const { file } = await cluster.client.login({ file: `${cluster.directory}/me.pem` });
  await using remote = await connect({ master: cluster.address, identity: file });
  const lost: unknown[] = [];
  slave.on('detached', (reason) => lost.push(reason));
  remote.on('detached', (reason) => lost.push(reason));
  let turns = 0;
  const storm = async (): Promise<void> => {
    for (; turns < 600; turns += 1) {
      const { socket } = await stranger(cluster);
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: 30 }, storm));
  expect(await remote.nodeList()).toMatchObject([{ node: 0 }]);
  expect(lost).toEqual([]);
});
