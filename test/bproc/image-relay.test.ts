/** Blobs from a client by its master to slaves, the peers by hand: PROTOCOL.md 10.2. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { blobHasher } from '../../src/bproc/image/blob-hash.ts';
import type { EncodedImage } from '../../src/bproc/image/index.ts';
import { encodeImage } from '../../src/bproc/image/index.ts';
import { BprocError, type Master, type MasterOptions, startMaster } from '../../src/index.ts';
import type { Fetch } from '../../src/wire/index.ts';
import { encodeSpec } from '../../src/wire/index.ts';
import { type Heard, idOf, type RawPeer, rawClient, rawSlave } from '../support/raw-peer.ts';
import { scratchTree } from '../support/scratch.ts';
import { until } from '../transport/transport-suite.ts';

const BOOT = idOf(1);
const PROGRAM = randomBytes(100_000);
const PROGRAM_HASH = blobHasher().update(PROGRAM).digest('hex');
const IMAGE = encodeImage({
  program: '/bin/program',
  entries: [{ kind: 'file', path: '/bin/program', blob: PROGRAM_HASH, size: PROGRAM.length, mode: 0o755 }],
});

const ended: AsyncDisposable[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of ended.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

async function startOne(options: MasterOptions = {}): Promise<Master> {
  const master = await startMaster(options);
  ended.push(master);
  return master;
}

/** A client that has started an image on node 0; the slave has the start, unless it was refused. */
async function pair(
  master: Master,
  image: Pick<EncodedImage, 'hash' | 'bytes'> & { readonly size?: number } = IMAGE,
): Promise<{ slave: RawPeer; client: RawPeer }> {
  const slave = await rawSlave(master.connect(), 0, BOOT);
  await slave.until('the first PING', (heard) => (heard.kind === 'ping' ? true : undefined));
  const client = await rawClient(master.connect(), idOf(9));
  startImage(client, image);
  return { slave, client };
}

function startImage(client: RawPeer, image: { hash: string; bytes: Uint8Array; size?: number }, puid = idOf(5)): void {
  client.send({
    start: {
      targets: [{ puid, node: 0, boot: BOOT, rank: 0 }],
      spec: encodeSpec({ file: '/bin/program' }),
      image: Buffer.from(image.hash, 'hex'),
      imageBytes: image.size ?? image.bytes.length,
    },
  });
}

function ask(slave: RawPeer, transfer: number, blob: string, image = IMAGE.hash): void {
  slave.send({ fetch: { transfer, image: Buffer.from(image, 'hex'), blob: Buffer.from(blob, 'hex'), offset: 0 } });
  slave.channel.sendCredit(transfer * 4 + 3, { acked: 0, limit: 1024 * 1024, rewind: true });
  slave.flush();
}

/** What a peer gets of a transfer, to its end. */
function whole(peer: RawPeer, transfer: number): Promise<Buffer> {
  return peer.until(`transfer ${transfer}`, () => {
    const pieces = peer.heard.flatMap((heard) =>
      heard.kind === 'data' && heard.stream === transfer * 4 + 3 ? [heard] : [],
    );
    return pieces.at(-1)?.fin === true
      ? Buffer.concat(pieces.map((each) => Buffer.from(each.text, 'latin1')))
      : undefined;
  });
}

function failure(slave: RawPeer, transfer: number): Promise<string> {
  return slave.until(`FETCH_FAILED of ${transfer}`, (heard) =>
    heard.kind === 'control' && heard.message.body === 'fetchFailed' && heard.message.fetchFailed.transfer === transfer
      ? heard.message.fetchFailed.failure?.code
      : undefined,
  );
}

function fetches(client: RawPeer): readonly Fetch[] {
  return client.heard.flatMap((heard) =>
    heard.kind === 'control' && heard.message.body === 'fetch' ? [heard.message.fetch] : [],
  );
}

/** Gives what the client is asked for; `bytes` for the blob of this name. */
async function give(client: RawPeer, blob: string, bytes: Uint8Array): Promise<void> {
  const { transfer } = await client.until(`FETCH of ${blob}`, () =>
    fetches(client).find((fetch) => Buffer.from(fetch.blob).toString('hex') === blob),
  );
  client.channel.sendData(transfer * 4 + 3, 0, Buffer.from(bytes), true);
  client.flush();
}

test('a blob passes from the client once, and is kept for the others', async () => {
  const { slave, client } = await pair(await startOne());
  const { start } = await slave.control('start');
  expect(Buffer.from(start.image).toString('hex')).toBe(IMAGE.hash);
  expect(start.imageBytes).toBe(IMAGE.bytes.length);
  // the blob before its manifest: what the image consists of is looked up first
  ask(slave, 1, PROGRAM_HASH);
  ask(slave, 2, PROGRAM_HASH);
  await give(client, IMAGE.hash, IMAGE.bytes);
  await give(client, PROGRAM_HASH, PROGRAM);
  expect((await whole(slave, 1)).equals(PROGRAM)).toBe(true);
  expect((await whole(slave, 2)).equals(PROGRAM)).toBe(true);
  ask(slave, 3, IMAGE.hash);
  expect((await whole(slave, 3)).equals(IMAGE.bytes)).toBe(true);
  expect(fetches(client)).toHaveLength(2);
});

test('a master started again on its state directory asks for nothing that it had', async () => {
  using scratch = scratchTree({});
  const stateDir = join(scratch.path, 'state');
  const first = await startOne({ stateDir });
  const before = await pair(first);
  await before.slave.control('start');
  ask(before.slave, 1, IMAGE.hash);
  await give(before.client, IMAGE.hash, IMAGE.bytes);
  await whole(before.slave, 1);
  await first[Symbol.asyncDispose]();
  const { slave } = await pair(await startOne({ stateDir }));
  ask(slave, 1, IMAGE.hash);
  expect((await whole(slave, 1)).equals(IMAGE.bytes)).toBe(true);
  await ended.pop()?.[Symbol.asyncDispose]();
});

test('what no client has started is asked of nobody', async () => {
  const { slave, client } = await pair(await startOne());
  await slave.control('start');
  const unknown = 'ab'.repeat(32);
  ask(slave, 1, unknown, unknown);
  expect(await failure(slave, 1)).toBe('ENOENT');
  expect(fetches(client)).toEqual([]);
  // nor what is in no image, whichever it is said to be in
  ask(slave, 2, unknown);
  await give(client, IMAGE.hash, IMAGE.bytes);
  expect(await failure(slave, 2)).toBe('ENOENT');
  expect(fetches(client)).toHaveLength(1);
});

test('a start that is refused announces nothing', async () => {
  const refuse = (): void => {
    throw new BprocError('EPERM', 'not here');
  };
  const { slave, client } = await pair(await startOne({ mayStart: refuse }));
  expect((await client.control('startFailed')).startFailed.failure?.code).toBe('EPERM');
  ask(slave, 1, IMAGE.hash);
  expect(await failure(slave, 1)).toBe('ENOENT');
  expect(fetches(client)).toEqual([]);
});

test('a manifest of a size that cannot be fails its start', async () => {
  const { client } = await pair(await startOne(), { ...IMAGE, size: 2 ** 40 });
  expect((await client.control('startFailed')).startFailed.failure?.code).toBe('EPROTO');
});

test('what a lying client sends goes no further', async () => {
  const { slave, client } = await pair(await startOne());
  await slave.control('start');
  ask(slave, 1, PROGRAM_HASH);
  await give(client, IMAGE.hash, IMAGE.bytes);
  await give(client, PROGRAM_HASH, randomBytes(PROGRAM.length));
  expect(await failure(slave, 1)).toBe('EPROTO');
  expect(slave.heard.some((heard) => heard.kind === 'data')).toBe(false);
});

test('a client that leaves in the middle of it fails it', async () => {
  const { slave, client } = await pair(await startOne());
  await slave.control('start');
  ask(slave, 1, IMAGE.hash);
  await client.control('fetch');
  client.send({ goodbye: { reason: '' } });
  expect(await failure(slave, 1)).toBe('ECONNRESET');
});

test('a client that comes back is asked from where it was', async () => {
  const master = await startOne();
  const { slave, client } = await pair(master);
  await slave.control('start');
  ask(slave, 1, PROGRAM_HASH);
  await give(client, IMAGE.hash, IMAGE.bytes);
  const { transfer } = await client.until('FETCH', () => fetches(client)[1]);
  client.channel.sendData(transfer * 4 + 3, 0, PROGRAM.subarray(0, 60_000), false);
  client.flush();
  // what was sent before the request has been taken when that is answered
  client.send({ request: { id: 1, status: {} } });
  await client.control('response');
  client.cut();
  const again = await rawClient(master.connect(), idOf(9));
  const { fetch } = await again.control('fetch');
  expect(fetch).toMatchObject({ transfer, offset: 60_000 });
  again.channel.sendData(transfer * 4 + 3, 60_000, PROGRAM.subarray(60_000), true);
  again.flush();
  expect((await whole(slave, 1)).equals(PROGRAM)).toBe(true);
});

test('a cache that is too small for a blob says so', async () => {
  const { slave, client } = await pair(await startOne({ imageCacheBytes: 50_000 }));
  await slave.control('start');
  ask(slave, 1, PROGRAM_HASH);
  await give(client, IMAGE.hash, IMAGE.bytes);
  expect(await failure(slave, 1)).toBe('ENOSPC');
});

test('clients can fetch nothing', async () => {
  const { slave, client } = await pair(await startOne());
  await slave.control('start');
  ask(client, 1, IMAGE.hash);
  client.send({ request: { id: 1, status: {} } });
  await client.control('response');
  expect(fetches(client)).toEqual([]);
});

test('without a state directory nothing is left', async () => {
  using scratch = scratchTree({});
  vi.stubEnv('TMPDIR', scratch.path);
  const master = await startOne();
  const { slave, client } = await pair(master);
  await slave.control('start');
  ask(slave, 1, IMAGE.hash);
  await give(client, IMAGE.hash, IMAGE.bytes);
  await whole(slave, 1);
  expect(readdirSync(scratch.path)).toHaveLength(1);
  await master[Symbol.asyncDispose]();
  expect(readdirSync(scratch.path)).toEqual([]);
});

/** Large enough to be passed on while it comes. */
const LARGE = randomBytes(3 * 1024 * 1024);
const LARGE_HASH = blobHasher().update(LARGE).digest('hex');
const LARGE_IMAGE = encodeImage({
  program: '/bin/large',
  entries: [{ kind: 'file', path: '/bin/large', blob: LARGE_HASH, size: LARGE.length, mode: 0o755 }],
});

/** A slave that has asked for the large blob, and a client that was asked for it. */
async function largePair(master: Master): Promise<{ slave: RawPeer; client: RawPeer }> {
  const { slave, client } = await pair(master, LARGE_IMAGE);
  await slave.control('start');
  ask(slave, 1, LARGE_HASH, LARGE_IMAGE.hash);
  await give(client, LARGE_IMAGE.hash, LARGE_IMAGE.bytes);
  return { slave, client };
}

/** Sends a part of the large blob, as far as the master's window allows. */
async function part(client: RawPeer, bytes: Buffer, from: number, to: number, fin = false): Promise<void> {
  const { transfer } = await client.until('FETCH of the large blob', () =>
    fetches(client).find((fetch) => Buffer.from(fetch.blob).toString('hex') === LARGE_HASH),
  );
  const step = 256 * 1024;
  for (let at = from; at < to; at += step) {
    const end = Math.min(to, at + step);
    client.channel.sendData(transfer * 4 + 3, at, bytes.subarray(at, end), fin && end === to);
  }
  client.flush();
}

/** How much of transfer 1 a slave has, which it says, and that it is what it should be. */
function prefix(slave: RawPeer, of: Buffer): number {
  const pieces = slave.heard.flatMap((heard) =>
    heard.kind === 'data' && heard.stream === 7 ? [Buffer.from(heard.text, 'latin1')] : [],
  );
  const all = Buffer.concat(pieces);
  expect(all.equals(of.subarray(0, all.length))).toBe(true);
  slave.channel.sendCredit(7, { acked: all.length, limit: LARGE.length, rewind: false });
  slave.flush();
  return all.length;
}

const HALF = LARGE.length / 2;

test('a large blob is passed on while it comes, and its last byte when it was checked [PROTOCOL 10.2]', async () => {
  const { slave, client } = await largePair(await startOne());
  await part(client, LARGE, 0, HALF);
  await until('the first half', () => prefix(slave, LARGE) === HALF);
  await part(client, LARGE, HALF, LARGE.length);
  await until('all but a byte', () => prefix(slave, LARGE) === LARGE.length - 1);
  await part(client, LARGE, LARGE.length, LARGE.length + 1, true);
  await until('all of it', () => prefix(slave, LARGE) === LARGE.length);
  expect(fetches(client)).toHaveLength(2);
});

test('a large blob that is wrong in the middle is never passed on whole [PROTOCOL 10.2]', async () => {
  const { slave, client } = await largePair(await startOne());
  const wrong = Buffer.from(LARGE);
  wrong[HALF] = (wrong[HALF] ?? 0) ^ 1;
  await part(client, wrong, 0, HALF + 1);
  await until('what is wrong', () => prefix(slave, wrong) >= HALF);
  await part(client, wrong, HALF + 1, LARGE.length, true);
  await until('an end', () => prefix(slave, wrong) > 0 && slave.heard.some(isFailure));
  expect(await failure(slave, 1)).toBe('EPROTO');
  expect(prefix(slave, wrong)).toBeLessThan(LARGE.length);
});

test('a large blob whose client leaves in the middle goes on from another one', async () => {
  const master = await startOne();
  const { slave, client } = await largePair(master);
  const other = await rawClient(master.connect(), idOf(8));
  startImage(other, LARGE_IMAGE, idOf(6));
  await until('its start', () => slave.heard.filter(isStart).length === 2);
  await part(client, LARGE, 0, HALF);
  await until('the first half', () => prefix(slave, LARGE) === HALF);
  client.send({ goodbye: { reason: '' } });
  await part(other, LARGE, 0, LARGE.length, true);
  await until('all of it', () => prefix(slave, LARGE) === LARGE.length);
});

test('a large blob that its slave wants no more of comes on for the next one', async () => {
  const { slave, client } = await largePair(await startOne());
  await part(client, LARGE, 0, HALF);
  await until('the first half', () => prefix(slave, LARGE) === HALF);
  slave.channel.sendStop(7);
  ask(slave, 2, LARGE_IMAGE.hash, LARGE_IMAGE.hash);
  await whole(slave, 2);
  await part(client, LARGE, HALF, LARGE.length, true);
  await client.until('the end', (heard) => (heard.kind === 'credit' && heard.acked > LARGE.length ? true : undefined));
  expect(prefix(slave, LARGE)).toBe(HALF);
});

function isStart(heard: Heard): boolean {
  return heard.kind === 'control' && heard.message.body === 'start';
}

function isFailure(heard: Heard): boolean {
  return heard.kind === 'control' && heard.message.body === 'fetchFailed';
}
