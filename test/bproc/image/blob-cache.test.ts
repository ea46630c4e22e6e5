import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobCache } from '../../../src/bproc/image/index.ts';
import { scratchTree } from '../../support/scratch.ts';

const isRoot = process.getuid?.() === 0;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const blobOf = (text: string, size = text.length): Buffer => Buffer.alloc(size, text);

let tree: ReturnType<typeof scratchTree>;
let cache: BlobCache;

const open = (maxBytes = 1000): BlobCache => new BlobCache({ directory: join(tree.path, 'cache'), maxBytes });
const file = (hash: string): string => join(tree.path, 'cache/blobs', hash);

async function put(bytes: Buffer, into = cache): Promise<string> {
  const hash = sha256(bytes);
  await using writer = await into.receive(hash, bytes.length);
  writer.take(bytes.subarray(0, 3));
  writer.take(bytes.subarray(3));
  await writer.finish();
  return hash;
}

beforeEach(() => {
  tree = scratchTree({});
  cache = open();
});

afterEach(() => {
  cache[Symbol.dispose]();
  tree[Symbol.dispose]();
});

describe('a blob', () => {
  it('is there once it is whole, readable for all and writable for nobody', async () => {
    const hash = sha256(Buffer.from('hello'));
    const writer = await cache.receive(hash, 5);
    writer.take(Buffer.from('hel'));
    expect(await cache.find(hash)).toBeUndefined();
    writer.take(Buffer.from('lo'));
    await writer.finish();
    const path = await cache.find(hash);
    expect(path).toBe(file(hash));
    expect(readFileSync(path ?? '', 'utf8')).toBe('hello');
    expect(execFileSync('stat', ['-c', '%a', file(hash)]).toString()).toBe('444\n');
    expect(cache.stats).toMatchObject({ blobs: 1, bytes: 5, hits: 1, misses: 1 });
  });

  it('that is not what it is said to be leaves nothing', async () => {
    const hash = sha256(Buffer.from('hello'));
    const wrong = await cache.receive(hash, 5);
    wrong.take(Buffer.from('hallo'));
    await expect(wrong.finish()).rejects.toMatchObject({ code: 'EPROTO' });
    const short = await cache.receive(hash, 5);
    await expect(short.finish()).rejects.toMatchObject({ code: 'EPROTO' });
    const long = await cache.receive(hash, 5);
    expect(() => long.take(Buffer.from('hello!'))).toThrow(/longer than/);
    await long[Symbol.asyncDispose]();
    expect(cache.stats).toMatchObject({ blobs: 0, bytes: 0 });
    expect(readdirSync(join(tree.path, 'cache/drafts'))).toEqual([]);
    for (const name of ['', '../../etc/passwd', 'A'.repeat(64)]) {
      await expect(cache.receive(name, 1)).rejects.toMatchObject({ code: 'EINVAL' });
    }
    await expect(cache.receive(hash, -1)).rejects.toMatchObject({ code: 'EINVAL' });
  });

  it('may come twice at once', async () => {
    const bytes = Buffer.from('twice');
    await Promise.all([put(bytes), put(bytes), put(bytes)]);
    expect(cache.stats).toMatchObject({ blobs: 1, bytes: 5 });
  });
});

describe('room', () => {
  it('is made by what was used longest ago, and never by what is pinned', async () => {
    const [a, b, c] = [await put(blobOf('a', 400)), await put(blobOf('b', 400)), await put(blobOf('c', 200))];
    await cache.find(a);
    const d = await put(blobOf('d', 300));
    expect(await Promise.all([a, b, c, d].map((hash) => cache.find(hash)))).toEqual([
      file(a),
      undefined,
      file(c),
      file(d),
    ]);
    const pin = cache.pin([a, d, 'none']);
    await expect(cache.receive(sha256(blobOf('e', 500)), 500)).rejects.toMatchObject({
      code: 'ENOSPC',
      message: expect.stringContaining('700 of 1000 bytes are in use'),
    });
    pin[Symbol.dispose]();
    pin[Symbol.dispose]();
    await put(blobOf('e', 500));
    expect(cache.stats.pinnedBytes).toBe(0);
    await expect(cache.receive(sha256(blobOf('f', 1001)), 1001)).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  it('is kept for what is on its way', async () => {
    const first = await cache.receive(sha256(blobOf('x', 800)), 800);
    await expect(cache.receive(sha256(blobOf('y', 300)), 300)).rejects.toMatchObject({ code: 'ENOSPC' });
    await first[Symbol.asyncDispose]();
    await put(blobOf('y', 300));
  });

  it('is thrown open by a purge, but for what is pinned', async () => {
    const kept = await put(Buffer.from('kept'));
    const other = await put(Buffer.from('other'));
    using _pin = cache.pin([kept]);
    cache.purge();
    expect([await cache.find(kept), await cache.find(other)]).toEqual([file(kept), undefined]);
  });

  it.skipIf(!isRoot)(
    'of a full disk is made too, and where there is none that is said and nothing is left',
    async () => {
      const directory = join(tree.path, 'small');
      mkdirSync(directory);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', directory]);
      try {
        using small = new BlobCache({ directory, maxBytes: 1 << 30 });
        const old = await put(blobOf('a', 150_000), small);
        const young = await put(blobOf('b', 150_000), small);
        expect([await small.find(old), await small.find(young)]).toEqual([undefined, expect.any(String)]);
        const pin = small.pin([young]);
        await expect(put(blobOf('c', 200_000), small)).rejects.toMatchObject({ code: 'ENOSPC' });
        expect(readdirSync(join(directory, 'drafts'))).toEqual([]);
        expect(await small.find(young)).toBeDefined();
        pin[Symbol.dispose]();
        await put(blobOf('c', 200_000), small);
      } finally {
        execFileSync('umount', [directory]);
      }
    },
  );
});

describe('another life', () => {
  it('has what the one before had, in its order of use', async () => {
    const [a, b] = [await put(blobOf('a', 500)), await put(blobOf('b', 500))];
    await cache.find(a);
    cache[Symbol.dispose]();
    cache = open();
    await put(blobOf('c', 100));
    expect([await cache.find(a), await cache.find(b)]).toEqual([file(a), undefined]);
  });

  it('with less room keeps what was used last', async () => {
    const [, b] = [await put(blobOf('a', 500)), await put(blobOf('b', 500))];
    cache[Symbol.dispose]();
    cache = open(600);
    expect(cache.stats).toMatchObject({ blobs: 1, bytes: 500 });
    expect(await cache.find(b)).toBe(file(b));
  });

  it('finds rot by the look of the file, even where its time was set back', async () => {
    const hash = await put(Buffer.from('good'));
    cache[Symbol.dispose]();
    writeFileSync(file(hash), 'evil', { mode: 0o755 });
    utimesSync(file(hash), 0, 0);
    cache = open();
    expect(await cache.find(hash)).toBeUndefined();
    expect(cache.stats).toMatchObject({ rotten: 1, blobs: 0 });
    await put(Buffer.from('good'));
    expect(await cache.find(hash)).toBe(file(hash));
  });

  it('after a crash believes nothing, and removes what was half there', async () => {
    const [good, bad] = [await put(Buffer.from('good')), await put(Buffer.from('evil'))];
    await using half = await cache.receive(sha256(Buffer.from('half')), 4);
    half.take(Buffer.from('ha'));
    // as a crash leaves it: no index, and the lock of a dead program
    rmSync(join(tree.path, 'cache/lock'));
    writeFileSync(join(tree.path, 'cache/blobs/stranger'), '');
    writeFileSync(file(bad), 'live', { mode: 0o755 });
    using second = open();
    expect([await second.find(good), await second.find(bad)]).toEqual([file(good), undefined]);
    expect(readdirSync(join(tree.path, 'cache/blobs'))).toEqual([good]);
    expect(readdirSync(join(tree.path, 'cache/drafts'))).toEqual([]);
  });

  it('hashes all of it when it is asked to', async () => {
    const [good, bad] = [await put(Buffer.from('good')), await put(Buffer.from('evil'))];
    expect(await cache.verify()).toEqual([]);
    writeFileSync(file(bad), 'live');
    expect(await cache.verify()).toEqual([bad]);
    expect(await cache.find(good)).toBe(file(good));
  });

  it('is for one at a time', () => {
    expect(() => open()).toThrow(expect.objectContaining({ code: 'EBUSY' }));
    expect(() => new BlobCache({ directory: tree.path, maxBytes: 0 })).toThrow(
      expect.objectContaining({ code: 'EINVAL' }),
    );
    writeFileSync(join(tree.path, 'plain'), '');
    const plain = { directory: join(tree.path, 'plain/x'), maxBytes: 1 };
    expect(() => new BlobCache(plain)).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });

  it('survives any index', async () => {
    const hash = await put(Buffer.from('good'));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `${hash} ${text}\n`),
        ),
        async (text) => {
          cache[Symbol.dispose]();
          writeFileSync(join(tree.path, 'cache/index'), text);
          cache = open();
          expect(await cache.find(hash)).toBe(file(hash));
        },
      ),
      { numRuns: 100 },
    );
  });
});
