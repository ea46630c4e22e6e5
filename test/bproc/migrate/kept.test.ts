/** Checkpoints in pieces: PROTOCOL.md 12.16. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { BlobCache, decodeImage, encodeImage } from '../../../src/bproc/image/index.ts';
import { cutsOf, pageCutsIn } from '../../../src/bproc/migrate/criu/page-cuts.ts';
import { cutCheckpoint, keptCheckpointIn, PIECE_BYTES, piecesOf, placeFiles } from '../../../src/bproc/migrate/kept.ts';
import { systemRandom } from '../../../src/random.ts';
import { scratchTree } from '../../support/scratch.ts';

const PAGE = 4096;
const MIB = 2 ** 20;
const FACTS = { pid: 12, command: 'program', uid: 3, takenAt: 5000 };

const runs = fc
  .array(fc.record({ gap: fc.integer({ min: 0, max: 600 }), pages: fc.integer({ min: 1, max: 900 }) }), {
    maxLength: 12,
  })
  .map((given) => {
    let address = 0x7f0000000000;
    return given.map(({ gap, pages }) => {
      const run = { address: address + gap * PAGE, pages };
      address = run.address + pages * PAGE;
      return run;
    });
  });

describe('memory', () => {
  it('is cut where it crosses a multiple, wherever in the file that is', () => {
    fc.assert(
      fc.property(runs, (given) => {
        const addresses = given.flatMap(({ address, pages }) =>
          Array.from({ length: pages }, (_, at) => address + at * PAGE),
        );
        const wanted = addresses.flatMap((address, at) => {
          const before = addresses[at - 1];
          return before !== undefined && Math.floor(before / MIB) !== Math.floor(address / MIB) ? [at * PAGE] : [];
        });
        const size = addresses.length * PAGE;
        expect(cutsOf(given, size, MIB)).toEqual(size === 0 ? undefined : wanted);
      }),
    );
  });

  it('is found by its maps, as each version of CRIU writes them; what is not in the image is not counted', async () => {
    using scratch = scratchTree({});
    const head = protobuf.Writer.create().uint32(8).uint32(3).finish();
    // address; pages, in the field of before or the one of now; flags
    const entry = (address: number, pages: number, field: number, flags: number) => {
      const message = protobuf.Writer.create()
        .uint32(8)
        .uint64(address)
        .uint32(field << 3)
        .uint32(pages);
      return message.uint32(32).uint32(flags).finish();
    };
    const messages = [head, entry(MIB - PAGE, 2, 2, 4), entry(2 * MIB, 7, 5, 1), entry(3 * MIB, 1, 5, 4)];
    const framed = messages.flatMap((message) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(message.length);
      return [length, message];
    });
    writeFileSync(join(scratch.path, 'pagemap-9.img'), Buffer.concat([Buffer.alloc(8), ...framed]));
    writeFileSync(join(scratch.path, 'pages-3.img'), Buffer.alloc(3 * PAGE));
    expect(await pageCutsIn(scratch.path, MIB)).toEqual(new Map([['pages-3.img', [PAGE, 2 * PAGE]]]));
    // pages that the map does not know
    writeFileSync(join(scratch.path, 'pages-3.img'), Buffer.alloc(4 * PAGE));
    expect(await pageCutsIn(scratch.path, MIB)).toEqual(new Map());
  });
});

it('cuts all of a file, in pieces that are not too large', () => {
  const sizes = fc.integer({ min: 0, max: 5 * PIECE_BYTES });
  fc.assert(
    fc.property(sizes, fc.array(sizes), (size, given) => {
      const cuts = [...new Set(given)].filter((cut) => cut > 0 && cut < size).sort((a, b) => a - b);
      const pieces = piecesOf(size, cuts);
      expect(pieces[0]?.[0]).toBe(0);
      expect(pieces.at(-1)?.[1]).toBe(size);
      for (const [at, [from, to]] of pieces.entries()) {
        expect(to - from).toBeLessThanOrEqual(PIECE_BYTES);
        if (at > 0) expect(from).toBe(pieces[at - 1]?.[1]);
      }
      const starts = new Set(pieces.map(([from]) => from));
      expect(cuts.filter((cut) => !starts.has(cut))).toEqual([]);
    }),
  );
});

it('puts together what was cut, and keeps what recurs once', async () => {
  using scratch = scratchTree({});
  const [from, first, second] = ['from', 'first', 'second'].map((name) => join(scratch.path, name)) as [
    string,
    string,
    string,
  ];
  for (const directory of [from, first, second]) mkdirSync(directory);
  const large = Buffer.alloc(2 * PIECE_BYTES + 5, 1);
  writeFileSync(join(from, 'checkpoint.json'), '{}');
  writeFileSync(join(from, 'pages-1.img'), large);
  writeFileSync(join(from, 'empty.img'), '');
  writeFileSync(join(from, 'dump.log'), 'nobody wants it');
  using cache = new BlobCache({ directory: join(scratch.path, 'cache'), maxBytes: 100 * MIB });
  const random = systemRandom();
  const one = await cutCheckpoint(from, FACTS, { cache, cuts: new Map(), random });
  const before = cache.stats;
  // two pieces of it are alike
  expect(before.bytes).toBe(PIECE_BYTES + 5 + 2);
  large[0] = 2;
  writeFileSync(join(from, 'pages-1.img'), large);
  const two = await cutCheckpoint(from, FACTS, { cache, cuts: new Map(), random });
  expect(cache.stats.bytes - before.bytes).toBe(PIECE_BYTES);
  expect(two.hash).not.toBe(one.hash);
  const kept = keptCheckpointIn(two.bytes);
  expect(kept).toMatchObject({ ...FACTS, bytes: large.length + 2 });
  await placeFiles(keptCheckpointIn(one.bytes), cache, first);
  await placeFiles(kept, cache, second);
  expect(readFileSync(join(first, 'pages-1.img')).equals(Buffer.alloc(large.length, 1))).toBe(true);
  expect(readFileSync(join(second, 'pages-1.img')).equals(large)).toBe(true);
  expect(readFileSync(join(second, 'empty.img'), 'utf8')).toBe('');
  rmSync(join(second, 'pages-1.img'));
  cache.purge();
  await expect(
    placeFiles({ ...kept, files: new Map([['a', kept.files.get('pages-1.img') ?? []]]) }, cache, second),
  ).rejects.toMatchObject({ code: 'EIO' });
});

it('gives the same process another name each time: nobody can guess it', async () => {
  using scratch = scratchTree({});
  writeFileSync(join(scratch.path, 'checkpoint.json'), '{}');
  using cache = new BlobCache({ directory: join(scratch.path, 'cache'), maxBytes: MIB });
  const names = new Set<string>();
  for (let count = 0; count < 3; count += 1) {
    names.add((await cutCheckpoint(scratch.path, FACTS, { cache, cuts: new Map(), random: systemRandom() })).hash);
  }
  expect(names.size).toBe(3);
});

describe('a manifest is refused', () => {
  const blob = 'ab'.repeat(32);
  const facts = {
    kind: 'link',
    path: '/.checkpoint',
    target: JSON.stringify({ version: 1, ...FACTS, bytes: 1 }),
  } as const;
  const piece = (path: string) => ({ kind: 'file', path, blob, size: 1, mode: 0o600 }) as const;
  const codeOf = (...entries: Parameters<typeof encodeImage>[0]['entries'][number][]): string => {
    const [program] = entries.filter(({ kind }) => kind === 'file');
    try {
      keptCheckpointIn(encodeImage({ program: program?.path ?? '', entries }).bytes);
      return 'none';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it.each([
    ['without what it is of', [piece('/a/00000000')]],
    ['with a file that leads elsewhere', [facts, piece('/a/b/00000000')]],
    ['with a file of another name', [facts, piece('/..a/00000000')]],
    ['with a piece that is missing', [facts, piece('/a/00000000'), piece('/a/00000002')]],
    ['with a file that is no piece', [facts, piece('/a')]],
    ['with facts that are none', [{ ...facts, target: 'x' }, piece('/a/00000000')]],
    ['with facts that are missing', [{ ...facts, target: '{}' }, piece('/a/00000000')]],
  ])('%s', (_, entries) => {
    expect(codeOf(...entries)).toBe('EPROTO');
    expect(codeOf(facts, piece('/a/00000000'), piece('/a/00000001'))).toBe('none');
  });

  it('of a later version', () => {
    const later = { ...facts, target: JSON.stringify({ version: 2 }) };
    expect(codeOf(later, piece('/a/00000000'))).toBe('ENOTSUP');
    expect(
      decodeImage(encodeImage({ program: '/a/00000000', entries: [later, piece('/a/00000000')] }).bytes).entries,
    ).toHaveLength(2);
  });
});
