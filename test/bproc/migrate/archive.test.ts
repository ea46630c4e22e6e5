/** Checkpoints as archives: PROTOCOL.md 12.8. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { packTar, type TarEntry } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packCheckpoint, unpackCheckpoint, writeCheckpoint } from '../../../src/bproc/migrate/index.ts';
import { BprocError } from '../../../src/errors.ts';

const FILES: Readonly<Record<string, Buffer>> = {
  'pages-1.img': Buffer.alloc(3 * 1024 * 1024, 'pages'),
  'pstree.img': Buffer.from('tree'),
  'empty.img': Buffer.alloc(0),
};

let scratch: string;
let taken: string;
let archive: Buffer;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'bproc-test-archive-'));
  taken = join(scratch, 'taken');
  mkdirSync(taken);
  for (const [name, bytes] of Object.entries(FILES)) writeFileSync(join(taken, name), bytes);
  const facts = {
    engine: 'criu 4.2',
    pid: 7,
    command: 'x',
    uid: 0,
    takenAt: 1e12,
    pipes: [0, 1, 2],
    needs: [],
  } as const;
  await writeCheckpoint(taken, facts);
  archive = await packed();
});

afterAll(() => rmSync(scratch, { recursive: true }));

async function packed(): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const target = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      pieces.push(piece);
      done();
    },
  });
  await packCheckpoint(taken, target);
  return Buffer.concat(pieces);
}

/** Unpacks bytes that come in pieces of some size. */
async function unpack(bytes: Uint8Array, pieceBytes = 65_536): Promise<string> {
  const directory = mkdtempSync(join(scratch, 'unpacked-'));
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) => {
    return bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes);
  });
  await unpackCheckpoint(Readable.from(pieces), directory);
  return directory;
}

/** An archive of the checkpoint, but for what is changed. */
async function changed(change: (entries: TarEntry[]) => TarEntry[]): Promise<Uint8Array> {
  const names = ['checkpoint.json', ...Object.keys(FILES)];
  const entries = names.map((name): TarEntry => {
    const body = readFileSync(join(taken, name));
    return { header: { name, size: body.length, type: 'file' }, body };
  });
  return packTar(change(entries));
}

function expectSame(directory: string): void {
  expect(readdirSync(directory).sort()).toEqual(['checkpoint.json', ...Object.keys(FILES)].sort());
  for (const name of readdirSync(directory)) {
    expect(readFileSync(join(directory, name)).equals(readFileSync(join(taken, name)))).toBe(true);
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  }
}

describe('an archive', () => {
  it('becomes the checkpoint again, in whatever pieces it comes', async () => {
    for (const pieceBytes of [700, 512, 1 << 20, archive.length]) expectSame(await unpack(archive, pieceBytes));
  });

  it('is one for tar(1), too, and says first what it is', () => {
    const directory = mkdtempSync(join(scratch, 'by-tar-'));
    execFileSync('tar', ['xf', '-', '-C', directory], { input: archive });
    expectSame(directory);
    const listed = execFileSync('tar', ['tf', '-'], { input: archive, encoding: 'utf8' });
    expect(listed.split('\n')[0]).toBe('checkpoint.json');
  });

  it('may have its files in any order', async () => {
    expectSame(await unpack(await changed(([first, ...others]) => [...(first ? [first] : []), ...others.reverse()])));
  });

  it('that its stream does not take fails with what the stream says', async () => {
    const cause = Object.assign(new Error('no room'), { code: 'ENOSPC' });
    const full = new Writable({ write: (_piece, _encoding, done) => done(cause) });
    await expect(packCheckpoint(taken, full)).rejects.toMatchObject({ code: 'ENOSPC', message: 'no room' });
  });

  it('whose stream fails is read no further, and fails with that', async () => {
    const broken = Readable.from(
      (function* () {
        yield archive.subarray(0, 1 << 20);
        throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
      })(),
    );
    const directory = mkdtempSync(join(scratch, 'unpacked-'));
    await expect(unpackCheckpoint(broken, directory)).rejects.toMatchObject({ code: 'ECONNRESET', message: 'gone' });
    expect(broken.destroyed).toBe(true);
  });
});

describe('is refused', () => {
  it('one that is cut off, wherever', async () => {
    const length = fc.oneof(
      fc.nat(archive.length - 1),
      fc.integer({ min: 0, max: 20 }).map((count) => count * 512),
    );
    await fc.assert(
      fc.asyncProperty(length, async (bytes) => {
        await expect(unpack(archive.subarray(0, bytes))).rejects.toMatchObject({ code: 'EPROTO' });
      }),
      { numRuns: 30 },
    );
  });

  it('one in which any byte that counts is another one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const other = Buffer.from(archive);
        other[at] = ((other[at] ?? 0) + by) % 256;
        // what fills a block up is nobody's
        const directory = await unpack(other).catch((error: unknown) => {
          expect(BprocError.is(error) && error.code).toBe('EPROTO');
        });
        if (directory !== undefined) expectSame(directory);
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, (entries: TarEntry[]) => TarEntry[], RegExp]>([
    ['what does not begin with its manifest', ([first, ...more]) => [...more, ...(first ? [first] : [])], /begin with/],
    ['nothing', () => [], /checkpoint\.json is missing/],
    ['one without a file', (entries) => entries.slice(0, -1), /empty\.img is missing/],
    ['a file twice', (entries) => [...entries, ...entries.slice(-1)], /empty\.img is not in it/],
    ['the manifest twice', (entries) => [...entries, ...entries.slice(0, 1)], /checkpoint\.json is not in it/],
    ['a file that is not in it', (entries) => [...entries, named('other.img', 'x')], /other\.img is not in it/],
    ['a way out', (entries) => [...entries, named('../out', 'x')], /\.\.\/out is not in it/],
    ['an absolute name', (entries) => [...entries, named('/tmp/out', 'x')], /\/tmp\/out is not in it/],
    [
      'a link',
      (entries) => [...entries, { header: { name: 'pages-1.img', size: 0, type: 'symlink', linkname: '/etc/passwd' } }],
      /pages-1\.img is no file/,
    ],
    ['a directory', (entries) => [...entries, { header: { name: 'd/', size: 0, type: 'directory' } }], /is no file/],
    ['a file of another size', (entries) => [...entries.slice(0, -1), named('empty.img', 'x')], /not of 1 bytes/],
    [
      'a file with other bytes',
      ([first, pages, , ...more]) => [...(first && pages ? [first, pages] : []), named('pstree.img', 'eert'), ...more],
      /pstree\.img is not what was captured/,
    ],
    [
      'a manifest that is none',
      (entries) => [named('checkpoint.json', '{}'), ...entries.slice(1)],
      /does not describe/,
    ],
    [
      'a manifest of any size',
      (entries) => [named('checkpoint.json', ' '.repeat(5 * 1024 * 1024)), ...entries.slice(1)],
      /begin with/,
    ],
  ])('%s', async (_what, change, message) => {
    const bytes = await changed(change);
    await expect(unpack(bytes)).rejects.toMatchObject({ code: 'EPROTO', message: expect.stringMatching(message) });
  });

  it('what is of a later version', async () => {
    const bytes = await changed(() => [named('checkpoint.json', '{ "version": 2 }')]);
    await expect(unpack(bytes)).rejects.toMatchObject({ code: 'ENOTSUP' });
  });

  it('what is no archive at all', async () => {
    await expect(unpack(Buffer.from('#!/bin/sh\n'.repeat(200)))).rejects.toMatchObject({ code: 'EPROTO' });
    await expect(buffer(Readable.from([])).then((bytes) => unpack(bytes))).rejects.toMatchObject({ code: 'EPROTO' });
  });
});

function named(name: string, text: string): TarEntry {
  return { header: { name, size: text.length, type: 'file' }, body: text };
}
