/** Blobs over real connections: PROTOCOL.md 10.2. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blobHasher } from '../../../src/bproc/image/blob-hash.ts';
import type { BlobSource } from '../../../src/bproc/image/index.ts';
import { BlobCache, BlobFetcher, BlobSender, bytesSource, transferOf } from '../../../src/bproc/image/index.ts';
import { systemClock } from '../../../src/clock.ts';
import { BprocError } from '../../../src/errors.ts';
import { Connection, memoryPair } from '../../../src/transport/index.ts';
import { ReceiveStream } from '../../../src/wire/index.ts';
import { scratchTree } from '../../support/scratch.ts';

const MIB = 1024 * 1024;
const clock = systemClock();
const nameOf = (bytes: Buffer): string => blobHasher().update(bytes).digest('hex');
const IMAGE = nameOf(Buffer.from('an image'));

let scratch: ReturnType<typeof scratchTree>;
let cache: BlobCache;
let fetcher: BlobFetcher;
/** What the sender has: it may lie. */
let blobs: Map<string, Buffer | BprocError>;
/** Data bytes that the fetcher's side has been sent. */
let carried: number;
/** Called when data comes, before it is taken. */
let onData: (() => void) | undefined;

beforeEach(() => {
  scratch = scratchTree({});
  cache = new BlobCache({ directory: join(scratch.path, 'cache'), maxBytes: 64 * MIB });
  fetcher = new BlobFetcher({ cache, clock, stallMs: Number.POSITIVE_INFINITY });
  blobs = new Map();
  carried = 0;
  onData = undefined;
});

afterEach(async () => {
  await fetcher.stop(new BprocError('ECANCELED', 'the test is over'));
  cache[Symbol.dispose]();
  scratch[Symbol.dispose]();
});

async function open(_image: string, blob: string): Promise<BlobSource> {
  const known = blobs.get(blob) ?? new BprocError('ENOENT', 'there is no such blob here');
  if (BprocError.is(known)) throw known;
  return bytesSource(known);
}

function ignored(): void {}

/** A connection with a sender at its far end, to which the fetcher is attached. */
function connectPair(): { cut(): void } {
  const [mine, theirs] = memoryPair();
  const near = new Connection(mine, clock, 'near');
  const far = new Connection(theirs, clock, 'far');
  const sender = new BlobSender(far, open);
  far.open({
    control: (message) => (message.body === 'fetch' ? sender.fetch(message.fetch) : undefined),
    data: ignored,
    credit: (stream, credit) => sender.credit(transferOf(stream) ?? 0, credit),
    stop: (stream) => sender.stop(transferOf(stream) ?? 0),
    drained: () => sender.drained(),
    closed: () => sender[Symbol.dispose](),
  });
  near.open({
    control: (message) => (message.body === 'fetchFailed' ? fetcher.failed(message.fetchFailed) : undefined),
    data: (stream, offset, bytes, fin) => {
      carried += bytes.length;
      onData?.();
      fetcher.data(transferOf(stream) ?? 0, offset, bytes, fin);
    },
    credit: ignored,
    stop: ignored,
    drained: ignored,
    closed: () => fetcher.detach(),
  });
  for (const side of [near, far]) side.establish(1);
  fetcher.attach(near);
  return { cut: () => near.destroy() };
}

function drafts(): readonly string[] {
  return readdirSync(join(scratch.path, 'cache', 'drafts'));
}

describe('a blob', () => {
  test('comes whole, whatever its size', async () => {
    connectPair();
    for (const size of [0, 1, 256 * 1024, 5 * MIB + 1]) {
      const bytes = randomBytes(size);
      blobs.set(nameOf(bytes), bytes);
      await fetcher.fetch(IMAGE, nameOf(bytes), size);
      expect(readFileSync((await cache.find(nameOf(bytes))) ?? '').equals(bytes)).toBe(true);
    }
    expect(carried).toBe(5 * MIB + 1 + 256 * 1024 + 1);
  });

  test('comes beside others, more of them than may come at the same time', async () => {
    connectPair();
    const all = Array.from({ length: 20 }, () => randomBytes(300_000));
    for (const each of all) blobs.set(nameOf(each), each);
    await Promise.all(all.map((each) => fetcher.fetch(IMAGE, nameOf(each), each.length)));
    expect(cache.stats).toMatchObject({ blobs: 20, bytes: 6_000_000 });
  });

  test('goes on from where it was when its connection breaks', async () => {
    const bytes = randomBytes(16 * MIB);
    blobs.set(nameOf(bytes), bytes);
    const broken: number[] = [];
    let link = connectPair();
    onData = () => {
      if (carried < 5 * MIB * (broken.length + 1) || broken.length === 2) return;
      broken.push(carried);
      // what has come counts, then nothing more does
      queueMicrotask(() => {
        link.cut();
        link = connectPair();
      });
    };
    await fetcher.fetch(IMAGE, nameOf(bytes), bytes.length);
    expect(broken).toHaveLength(2);
    expect(carried).toBeLessThan(bytes.length + 2 * MIB);
    expect(readFileSync((await cache.find(nameOf(bytes))) ?? '').equals(bytes)).toBe(true);
  });

  test('is refused where it is not what its name says, and nothing of it stays', async () => {
    connectPair();
    const bytes = randomBytes(MIB);
    blobs.set(nameOf(bytes), randomBytes(MIB));
    await expect(fetcher.fetch(IMAGE, nameOf(bytes), MIB)).rejects.toMatchObject({ code: 'EPROTO' });
    expect(await cache.find(nameOf(bytes))).toBeUndefined();
    expect(drafts()).toEqual([]);
  });

  test.each([
    ['longer', 3 * MIB],
    ['shorter', 10],
  ])('is refused where it is %s than it was said to be', async (_what, size) => {
    connectPair();
    const bytes = randomBytes(size);
    blobs.set(nameOf(bytes), bytes);
    await expect(fetcher.fetch(IMAGE, nameOf(bytes), MIB)).rejects.toMatchObject({ code: 'EPROTO' });
    expect(drafts()).toEqual([]);
    // the connection serves others as before
    const good = randomBytes(1000);
    blobs.set(nameOf(good), good);
    await fetcher.fetch(IMAGE, nameOf(good), good.length);
  });

  test('that is wrong is asked for once more of who passes on what was not checked', async () => {
    const asking = new BlobFetcher({ cache, clock, stallMs: Number.POSITIVE_INFINITY, isRelayed: true });
    fetcher = asking;
    connectPair();
    const bytes = randomBytes(2 * MIB);
    const name = nameOf(bytes);
    blobs.set(name, randomBytes(2 * MIB));
    onData = () => {
      if (carried >= 2 * MIB) blobs.set(name, bytes);
    };
    await asking.fetch(IMAGE, name, 2 * MIB);
    expect(carried).toBe(4 * MIB);
    expect(readFileSync((await cache.find(name)) ?? '').equals(bytes)).toBe(true);
    // and no third time
    blobs.set(IMAGE, randomBytes(10));
    await expect(asking.fetch(IMAGE, IMAGE, 10)).rejects.toMatchObject({ code: 'EPROTO' });
    expect(carried).toBe(4 * MIB + 20);
    expect(drafts()).toEqual([]);
  });

  test('fails for the reason that its sender gives', async () => {
    connectPair();
    await expect(fetcher.fetch(IMAGE, IMAGE, 10)).rejects.toMatchObject({ code: 'ENOENT' });
    blobs.set(IMAGE, new BprocError('EIO', 'the disk is broken'));
    await expect(fetcher.fetch(IMAGE, IMAGE, 10)).rejects.toThrow(/the disk is broken/);
    expect(drafts()).toEqual([]);
  });

  test('larger than the cache is not even asked for', async () => {
    connectPair();
    const failed = expect(fetcher.fetch(IMAGE, IMAGE, 2 ** 50)).rejects;
    await failed.toMatchObject({ code: 'ENOSPC' });
    expect(drafts()).toEqual([]);
  });

  test('that does not come is given up in time', async () => {
    const hasty = new BlobFetcher({ cache, clock, stallMs: 20 });
    hasty.attach({ send: ignored, sendCredit: ignored, sendStop: ignored });
    await expect(hasty.fetch(IMAGE, IMAGE, 10)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(drafts()).toEqual([]);
  });

  test('under way when its fetcher stops leaves no file', async () => {
    const bytes = randomBytes(8 * MIB);
    blobs.set(nameOf(bytes), bytes);
    connectPair();
    const begun = new Promise<void>((resolve) => {
      onData = resolve;
    });
    const fetched = expect(fetcher.fetch(IMAGE, nameOf(bytes), bytes.length)).rejects.toMatchObject({ code: 'EIO' });
    await begun;
    await fetcher.stop(new BprocError('EIO', 'enough'));
    await fetched;
    expect(drafts()).toEqual([]);
    expect(existsSync(join(scratch.path, 'cache', 'blobs', nameOf(bytes)))).toBe(false);
  });
});

describe('a sender', () => {
  test('bounds the transfers of a connection, and takes no number that can be none', () => {
    const told: (string | undefined)[] = [];
    const link = {
      congested: false,
      sendData: ignored,
      send: (message: { fetchFailed?: { failure?: { code?: string } | null } }) =>
        void told.push(message.fetchFailed?.failure?.code),
    };
    using sender = new BlobSender(link, () => new Promise(() => {}));
    const ask = (transfer: number) => {
      sender.fetch({ transfer, image: Buffer.from(IMAGE, 'hex'), blob: Buffer.from(IMAGE, 'hex'), offset: 0 });
    };
    ask(0);
    ask(2 ** 30);
    expect(told).toEqual(['EPROTO', 'EPROTO']);
    for (let transfer = 1; transfer <= 17; transfer += 1) ask(transfer);
    expect(told).toEqual(['EPROTO', 'EPROTO', 'EAGAIN']);
    sender.stop(1);
    ask(18);
    expect(told).toHaveLength(3);
  });

  test('reads again into what has arrived, and never into what may still be on its way', async () => {
    const bytes = randomBytes(12 * MIB + 5);
    const stream = new ReceiveStream(2 * MIB);
    const got = Buffer.alloc(bytes.length);
    /** On its way: it is looked at when it arrives. */
    const way: { readonly offset: number; readonly bytes: Buffer; readonly fin: boolean }[] = [];
    const buffers = new Set<ArrayBufferLike>();
    const link = {
      congested: false,
      send: ignored,
      sendData: (_stream: number, offset: number, piece: Buffer, fin: boolean) => {
        way.push({ offset, bytes: piece, fin });
        buffers.add(piece.buffer);
      },
    };
    using sender = new BlobSender(link, async () => bytesSource(bytes));
    sender.fetch({ transfer: 1, image: Buffer.from(IMAGE, 'hex'), blob: Buffer.from(IMAGE, 'hex'), offset: 0 });
    sender.credit(1, stream.restart());
    for (let count = 1; !stream.finished; count += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      const piece = way.shift();
      if (piece === undefined) continue;
      const accepted = stream.accept(piece.offset, piece.bytes, piece.fin);
      if (accepted.kind === 'bytes') {
        accepted.bytes.copy(got, stream.received - accepted.bytes.length);
        stream.consume(accepted.bytes.length);
      }
      // now and then all that is on its way is sent again
      const credit = count % 16 === 0 ? stream.rewind() : stream.grant();
      if (credit !== undefined) sender.credit(1, credit);
    }
    expect(got.equals(bytes)).toBe(true);
    expect(buffers.size).toBeLessThan(20);
  });
});
