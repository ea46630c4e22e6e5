import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobCache, type EncodedImage, encodeImage, ImageRoots } from '../../../src/bproc/image/index.ts';
import { createHolderSpawner } from '../../../src/linux/index.ts';
import { Recorder, request, until } from '../../linux/recorder.ts';
import { openScratch } from '../../support/other-user.ts';
import { pack, put } from './packed.ts';

const isRoot = process.getuid?.() === 0;
/** A node with a root of its own: so its images are roots too. */
const IN_ROOT = { root: '/' };

let scratch: ReturnType<typeof openScratch>;
let cache: BlobCache;
let roots: ImageRoots;

beforeEach(() => {
  scratch = openScratch();
  open();
});

afterEach(() => {
  close();
  scratch[Symbol.dispose]();
});

function open(): void {
  cache = new BlobCache({ directory: at('cache'), maxBytes: 1 << 30 });
  roots = new ImageRoots({ cache, mounts: true });
}

function close(): void {
  roots[Symbol.dispose]();
  cache[Symbol.dispose]();
}

const at = (...names: string[]): string => join(scratch.path, ...names);
const treeOf = ({ hash }: EncodedImage): string => at('cache/roots', hash);

/** An image of two files with one content, one more, and a link. */
async function small(): Promise<EncodedImage & { readonly blobs: readonly string[] }> {
  const [one, two] = [await put(cache, Buffer.from('#!/bin/sh\n')), await put(cache, Buffer.from('two'))];
  const file = (path: string, blob: string, size: number) => ({ kind: 'file', path, blob, size, mode: 0o755 }) as const;
  const entries = [file('/bin/a', one, 10), file('/bin/b', one, 10), file('/lib/deep/c', two, 3)];
  const link = { kind: 'link', path: '/lib/link', target: '/bin/a' } as const;
  return { ...encodeImage({ program: '/bin/a', entries: [...entries, link] }), blobs: [one, two] };
}

describe('the tree of an image', () => {
  it('is further names of the blobs, which stay as verified as they were', async () => {
    const image = await small();
    using _prepared = await roots.prepare(image, IN_ROOT);
    const [one = ''] = image.blobs;
    expect(statSync(join(treeOf(image), 'bin/a')).ino).toBe(statSync(at('cache/blobs', one)).ino);
    expect(statSync(join(treeOf(image), 'bin/b')).nlink).toBe(3);
    expect(readFileSync(join(treeOf(image), 'lib/link'), 'utf8')).toBe('#!/bin/sh\n');
    writeFileSync(at('cache/blobs', one), '#!/bin/ls\n');
    expect(await cache.find(one)).toBeUndefined();
    expect(cache.stats.rotten).toBe(1);
    expect(existsSync(join(treeOf(image), 'bin/a'))).toBe(false);
  });

  it('costs no hashing later, though further names change how a file looks', async () => {
    const image = await small();
    (await roots.prepare(image, IN_ROOT))[Symbol.dispose]();
    close();
    for (const hash of image.blobs) {
      const { ino, size, ctimeNs } = statSync(at('cache/blobs', hash), { bigint: true });
      expect(readFileSync(at('cache/index'), 'utf8')).toContain(`${hash} ${ino} ${size} ${ctimeNs}\n`);
    }
    open();
  });

  it('is made once, however many want it, and again where something of it is gone', async () => {
    const image = await small();
    const all = await Promise.all(Array.from({ length: 5 }, () => roots.prepare(image, IN_ROOT)));
    const first = lstatSync(join(treeOf(image), 'lib/link')).ino;
    for (const each of all) each[Symbol.dispose]();
    using _again = await roots.prepare(image, IN_ROOT);
    expect(lstatSync(join(treeOf(image), 'lib/link')).ino).toBe(first);
  });

  it('keeps its blobs while somebody has it, and goes with them', async () => {
    const image = await small();
    const prepared = await roots.prepare(image, IN_ROOT);
    cache.purge();
    expect(cache.stats.blobs).toBe(2);
    prepared[Symbol.dispose]();
    prepared[Symbol.dispose]();
    expect(existsSync(treeOf(image))).toBe(true);
    cache.purge();
    expect(readdirSync(at('cache/roots'))).toEqual([]);
    await expect(roots.prepare(image, IN_ROOT)).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringMatching('/bin/a'),
    });
    await small();
    using _back = await roots.prepare(image, IN_ROOT);
    expect(readFileSync(join(treeOf(image), 'lib/deep/c'), 'utf8')).toBe('two');
  });

  it('is refused where a blob has changed between being found and being started', async () => {
    const image = await small();
    (await roots.prepare(image, IN_ROOT))[Symbol.dispose]();
    writeFileSync(at('cache/blobs', image.blobs[1] ?? ''), 'owt');
    await expect(roots.prepare(image, IN_ROOT)).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringMatching('/lib/deep/c'),
    });
    expect(existsSync(treeOf(image))).toBe(false);
    await put(cache, Buffer.from('two'));
    (await roots.prepare(image, IN_ROOT))[Symbol.dispose]();
  });

  it('is taken up by another life, but for what is not as it should be, and follows no link that is there', async () => {
    const image = await small();
    (await roots.prepare(image, IN_ROOT))[Symbol.dispose]();
    close();
    mkdirSync(at('elsewhere'));
    rmSync(join(treeOf(image), 'lib'), { recursive: true });
    symlinkSync(at('elsewhere'), join(treeOf(image), 'lib'));
    rmSync(join(treeOf(image), 'bin/a'));
    symlinkSync(at('elsewhere/a'), join(treeOf(image), 'bin/a'));
    open();
    using _prepared = await roots.prepare(image, IN_ROOT);
    expect(readdirSync(at('elsewhere'))).toEqual([]);
    expect(readFileSync(join(treeOf(image), 'bin/a'), 'utf8')).toBe('#!/bin/sh\n');
    expect(readFileSync(join(treeOf(image), 'lib/deep/c'), 'utf8')).toBe('two');
  });

  it('has who may run each file, never set-user-ID, and each content once where that can be', async () => {
    const blob = await put(cache, Buffer.from('#!/bin/sh\n'));
    const file = (path: string, mode: number) => ({ kind: 'file', path, blob, size: 10, mode }) as const;
    const image = encodeImage({ program: '/a', entries: [file('/a', 0o755), file('/b', 0o644), file('/c', 0o775)] });
    using _prepared = await roots.prepare(image, IN_ROOT);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => statSync(join(treeOf(image), name)));
    expect([a, b, c].map((each) => (each?.mode ?? 0) & 0o7777)).toEqual([0o555, 0o444, 0o555]);
    expect(c?.ino).toBe(a?.ino);
    expect(await cache.verify()).toEqual([]);
  });

  it('with files that not everybody may read is for its user alone', async () => {
    const blob = await put(cache, Buffer.from('secret'));
    const entries = [{ kind: 'file', path: '/key', blob, size: 6, mode: 0o700 } as const];
    const image = encodeImage({ program: '/key', entries });
    const user = { uid: 4711, gid: 4712, groups: [] };
    const own = process.getuid?.() ?? 0;
    for (const who of isRoot ? [undefined, user] : [undefined]) {
      using _prepared = await roots.prepare(image, { ...IN_ROOT, user: who });
      const { mode, uid } = statSync(`${treeOf(image)}.${who?.uid ?? own}`);
      expect([mode & 0o777, uid]).toEqual([0o700, who?.uid ?? own]);
    }
  });

  it('of an earlier life goes, unless something runs in it', async () => {
    const [image, other] = [await small(), await pack(cache, '/bin/true')];
    for (const each of [image, other]) (await roots.prepare(each, IN_ROOT))[Symbol.dispose]();
    close();
    open();
    roots.sweep([other.hash]);
    expect(readdirSync(at('cache/roots'))).toEqual([other.hash]);
  });

  it('is not made of what would leave it, or is not what it is said to be', async () => {
    const image = await small();
    const blob = image.blobs[0] ?? '';
    const file = { kind: 'file', path: '/usr/x', blob, size: 10, mode: 0o755 } as const;
    const bad = encodeImage({ program: '/usr/x', entries: [file, { kind: 'link', path: '/usr', target: '/etc' }] });
    await expect(roots.prepare(bad, IN_ROOT)).rejects.toMatchObject({ code: 'EPROTO' });
    const up = encodeImage({ program: '/../x', entries: [{ ...file, path: '/../x' }] });
    await expect(roots.prepare(up, IN_ROOT)).rejects.toMatchObject({ code: 'EPROTO' });
    await expect(roots.prepare({ hash: image.hash, bytes: bad.bytes }, IN_ROOT)).rejects.toMatchObject({
      code: 'EPROTO',
    });
    expect(readdirSync(at('cache/roots'))).toEqual([]);
  });
});

describe.skipIf(!isRoot)('a disk', () => {
  it('that is full is told of, and what was made is taken away', async () => {
    mkdirSync(at('small'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=64', 'none', at('small')]);
    try {
      using tight = new BlobCache({ directory: at('small'), maxBytes: 1 << 20 });
      using made = new ImageRoots({ cache: tight, mounts: true });
      const blob = await put(tight, Buffer.from('#!/bin/sh\n'));
      const entries = Array.from({ length: 60 }, (_, i) => ({ kind: 'link', path: `/d/${i}/x`, target: 'y' }) as const);
      const program = { kind: 'file', path: '/d/run', blob, size: 10, mode: 0o755 } as const;
      const image = encodeImage({ program: '/d/run', entries: [program, ...entries] });
      const error = {
        code: 'ENOSPC',
        message: expect.stringMatching(/image of \/d\/run cannot be made ready at \/d\/\d+/),
      };
      await expect(made.prepare(image, IN_ROOT)).rejects.toMatchObject(error);
      expect(readdirSync(at('small/roots'))).toEqual([]);
      execFileSync('mount', ['-o', 'remount,nr_inodes=256', at('small')]);
      using _prepared = await made.prepare(image, IN_ROOT);
    } finally {
      execFileSync('umount', [at('small')]);
    }
  });
});

describe.skipIf(!isRoot)('a process', () => {
  it('goes on when its image is evicted', async () => {
    await using spawner = await createHolderSpawner({ pidNamespace: 'none', cgroups: 'none' });
    const prepared = await roots.prepare(await pack(cache, '/bin/bash'), IN_ROOT);
    mkdirSync(at('node'));
    const sink = new Recorder();
    const asked = request('bash', ['-c', 'read x; echo got $x; read y; echo got $y'], { root: at('node') });
    const process = spawner.spawn(prepared.request(asked), sink);
    process.write(Buffer.from('one\n'));
    await until(() => sink.bytes(1).toString() === 'got one\n', 'the first answer');
    prepared[Symbol.dispose]();
    cache.purge();
    expect([cache.stats.blobs, readdirSync(at('cache/roots'))]).toEqual([0, []]);
    process.write(Buffer.from('two\n'));
    process.endStdin();
    expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
    expect(sink.bytes(1).toString()).toBe('got one\ngot two\n');
  });
});
