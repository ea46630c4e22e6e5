/** Captured processes that slaves have from each other: PROTOCOL.md 12.10. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlobSender, bytesSource, encodeImage, type ImageEntry, transferOf } from '../../src/bproc/image/index.ts';
import { filesOf, type PackedParcel, packLuggage, packParcel } from '../../src/bproc/migrate/index.ts';
import { type ParcelLease, Parcels } from '../../src/bproc/slave/parcels.ts';
import { MemoryPeers } from '../../src/bproc/slave/peer-network.ts';
import { systemClock } from '../../src/clock.ts';
import { systemRandom } from '../../src/random.ts';
import { Connection, memoryPair } from '../../src/transport/index.ts';
import type { Control } from '../../src/wire/index.ts';
import { scratchTree } from '../support/scratch.ts';

const clock = systemClock();
const FILES = { 'pages-1.img': Buffer.alloc(3_000_000, 5), 'core-7.img': 'core', 'empty.img': '' };
const BLOB = '0'.repeat(64);

function ignored(): void {}

let captured: ReturnType<typeof scratchTree>;
let scratch: ReturnType<typeof scratchTree>;
let parcel: PackedParcel;

beforeEach(async () => {
  captured = scratchTree(FILES);
  scratch = scratchTree({});
  parcel = await packParcel(captured.path, await packLuggage(captured.path), systemRandom());
});

afterEach(() => {
  captured[Symbol.dispose]();
  scratch[Symbol.dispose]();
});

/** A slave's parcels, whose directories are in the scratch one. */
function createParcels(): Parcels {
  let made = 0;
  const directory = (): string => {
    made += 1;
    const path = join(scratch.path, `move-${made}`);
    mkdirSync(path, { mode: 0o700 });
    return path;
  };
  return new Parcels({ clock, network: new MemoryPeers(clock).join(), directory });
}

/** Leases a parcel from who gives all that is asked for. */
function lease(parcels: Parcels, { hash, bytes, open }: PackedParcel = parcel): ParcelLease {
  const [mine, theirs] = memoryPair();
  const near = new Connection(mine, clock, 'near');
  const far = new Connection(theirs, clock, 'far');
  const sender = new BlobSender(far, (_, blob) => open(blob));
  const common = { stop: ignored, data: ignored, credit: ignored, drained: ignored, closed: ignored };
  far.open({
    ...common,
    control: (message) => (message.body === 'fetch' ? sender.fetch(message.fetch) : undefined),
    credit: (stream, credit) => sender.credit(transferOf(stream) ?? 0, credit),
    drained: () => sender.drained(),
  });
  const leased = parcels.lease(hash, bytes.length, near);
  near.open({
    ...common,
    control: (message) => (message.body === 'fetchFailed' ? leased.failed(message.fetchFailed) : undefined),
    data: (stream, offset, piece, fin) => leased.data(transferOf(stream) ?? 0, offset, piece, fin),
  });
  for (const side of [near, far]) side.establish(1);
  return leased;
}

/** A master that is told things, and says nothing. */
function silentMaster(): { readonly told: unknown[]; readonly uplink: Parameters<Parcels['attach']>[0] } {
  const told: unknown[] = [];
  const [mine, theirs] = memoryPair();
  const near = new Connection(mine, clock, 'near');
  const far = new Connection(theirs, clock, 'far');
  const control = (message: Control): void => {
    if (message.body !== 'fetched') return;
    const { image, failure } = message.fetched;
    told.push([Buffer.from(image).toString('hex'), failure?.code]);
  };
  for (const side of [near, far]) {
    side.open({ control, data: ignored, credit: ignored, stop: ignored, drained: ignored, closed: ignored });
    side.establish(1);
  }
  return { told, uplink: { link: near, node: 4, hasTree: true } };
}

describe('a parcel', () => {
  test('has the files of a capture, and a name that is another one each time', async () => {
    expect(filesOf(parcel.bytes).map(({ name, size }) => [name, size])).toEqual([
      ['core-7.img', 4],
      ['empty.img', 0],
      ['pages-1.img', 3_000_000],
    ]);
    const again = await packParcel(captured.path, await packLuggage(captured.path), systemRandom());
    expect(again.hash).not.toBe(parcel.hash);
  });

  test('gives nothing but what it consists of', async () => {
    await expect(parcel.open(BLOB)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each<[string, ImageEntry]>([
    ['a directory', { kind: 'file', path: '/a/core-7.img', blob: BLOB, size: 1, mode: 0o600 }],
    ['a hidden file', { kind: 'file', path: '/.bashrc', blob: BLOB, size: 1, mode: 0o600 }],
    ['a link', { kind: 'link', path: '/core-7.img', target: '/etc/shadow' }],
  ])('with %s is refused', (_, entry) => {
    const entries: ImageEntry[] = [{ kind: 'file', path: '/inventory.img', blob: BLOB, size: 1, mode: 0o600 }, entry];
    const { bytes } = encodeImage({ program: '/inventory.img', entries });
    expect(() => filesOf(bytes)).toThrow(expect.objectContaining({ code: 'EPROTO' }));
  });
});

describe('a slave', () => {
  test('has one of who brings it where it has no master, for as long as somebody needs it', async () => {
    await using parcels = createParcels();
    const first = lease(parcels);
    await first.ready;
    expect(first.isOnly).toBe(true);
    const second = lease(parcels);
    await second.ready;
    expect([first.isOnly, second.isOnly]).toEqual([false, false]);
    const target = join(scratch.path, 'target');
    mkdirSync(target);
    await second.place(target);
    for (const [name, content] of Object.entries(FILES)) {
      expect(readFileSync(join(target, name)).equals(Buffer.from(content))).toBe(true);
    }
    expect(parcels.cacheOf(parcel.hash)).toBeDefined();
    await first.leave();
    await first.leave();
    expect(readdirSync(scratch.path)).toEqual(['move-1', 'target']);
    await second.leave();
    expect(parcels.cacheOf(parcel.hash)).toBeUndefined();
    expect(readdirSync(scratch.path)).toEqual(['target']);
  });

  test('fails where it is not what its name says, and leaves nothing', async () => {
    await using parcels = createParcels();
    const wrong = async () => bytesSource(Buffer.alloc(parcel.bytes.length));
    const failed = lease(parcels, { ...parcel, open: wrong });
    await expect(failed.ready).rejects.toMatchObject({ code: 'EPROTO' });
    expect(parcels.cacheOf(parcel.hash)).toBeUndefined();
    await failed.leave();
    expect(readdirSync(scratch.path)).toEqual([]);
  });

  test('tells each master what can be had from it, and when it cannot any more', async () => {
    await using parcels = createParcels();
    const leased = lease(parcels);
    await leased.ready;
    const { told, uplink } = silentMaster();
    parcels.attach(uplink);
    await expect.poll(() => told).toEqual([[parcel.hash, undefined]]);
    await leased.leave();
    await expect
      .poll(() => told)
      .toEqual([
        [parcel.hash, undefined],
        [parcel.hash, 'ECANCELED'],
      ]);
  });

  test('that ends leaves nothing of those that it has', async () => {
    const parcels = createParcels();
    const leased = lease(parcels);
    await leased.ready;
    await parcels[Symbol.asyncDispose]();
    await leased.leave();
    expect(existsSync(join(scratch.path, 'move-1'))).toBe(false);
  });
});
