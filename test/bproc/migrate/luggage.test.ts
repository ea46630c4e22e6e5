/** The files of a captured process over real connections: PROTOCOL.md 12.3. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlobSender, transferOf } from '../../../src/bproc/image/index.ts';
import { LuggageGiver, LuggageTaker } from '../../../src/bproc/migrate/index.ts';
import { systemClock } from '../../../src/clock.ts';
import { BprocError } from '../../../src/errors.ts';
import { Connection, memoryPair } from '../../../src/transport/index.ts';
import { until } from '../../linux/recorder.ts';
import { scratchTree } from '../../support/scratch.ts';

const MIB = 1024 * 1024;
const clock = systemClock();
const PUID = Buffer.alloc(16, 7);

interface Files {
  readonly [name: string]: Buffer;
}

let scratch: ReturnType<typeof scratchTree>;
let target: string;
let unmount: (() => void) | undefined;

beforeEach(() => {
  scratch = scratchTree({});
  target = join(scratch.path, 'target');
  mkdirSync(target);
  unmount = undefined;
});

afterEach(() => {
  unmount?.();
  scratch[Symbol.dispose]();
});

function ignored(): void {}

interface Way {
  readonly taker: LuggageTaker;
  /** Bytes that have come. */
  readonly come: () => number;
  /** The first failure that its user was told of. */
  readonly broken: Promise<BprocError>;
}

/** What is in a directory can be taken until this is over; after so many bytes the sender is gone. */
async function onTheWay<Result>(
  giver: LuggageGiver,
  act: (way: Way) => Promise<Result>,
  cutAfter = Number.POSITIVE_INFINITY,
): Promise<Result> {
  const [mine, theirs] = memoryPair();
  const near = new Connection(mine, clock, 'near');
  const far = new Connection(theirs, clock, 'far');
  const sender = new BlobSender(far, (_, blob) => giver.open(blob));
  let tell = (_error: BprocError): void => {};
  const broken = new Promise<BprocError>((resolve) => {
    tell = resolve;
  });
  await using taker = new LuggageTaker({ link: near, puid: PUID, directory: target, broken: tell });
  let come = 0;
  far.open({
    control: (message) => (message.body === 'fetch' ? sender.fetch(message.fetch) : undefined),
    data: ignored,
    credit: (stream, credit) => sender.credit(transferOf(stream) ?? 0, credit),
    stop: ignored,
    drained: () => sender.drained(),
    closed: () => sender[Symbol.dispose](),
  });
  near.open({
    control: (message) => (message.body === 'fetchFailed' ? taker.failed(message.fetchFailed) : undefined),
    data: (stream, offset, bytes, fin) => {
      come += bytes.length;
      taker.data(transferOf(stream) ?? 0, offset, bytes, fin);
      if (come > cutAfter) far.destroy();
    },
    credit: ignored,
    stop: ignored,
    drained: ignored,
    closed: (reason) => taker.fail(reason ?? new BprocError('ECONNRESET', 'cut')),
  });
  for (const side of [near, far]) side.establish(1);
  try {
    return await act({ taker, come: () => come, broken });
  } finally {
    near.destroy();
  }
}

/** Takes all of some files, as they are announced. */
async function take(files: Files, announce = (size: number): number => size, cutAfter?: number): Promise<void> {
  using source = scratchTree(files);
  const giver = new LuggageGiver(source.path, ignored);
  const packed = await giver.pack();
  const announced = packed.map(({ name, size }) => ({ name, size: announce(size) }));
  await onTheWay(giver, ({ taker }) => taker.takeAll(announced), cutAfter);
}

describe('what a process consists of', () => {
  test('comes whole, whatever the sizes of its files', async () => {
    const sizes = [0, 1, 4096, 512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1, 20 * MIB + 77];
    const files = Object.fromEntries(sizes.map((size) => [`file-${size}`, randomBytes(size)]));
    await take(files);
    for (const [name, bytes] of Object.entries(files)) {
      expect(readFileSync(join(target, name)).equals(bytes), name).toBe(true);
    }
  });

  test('is refused where a file has another size than was announced', async () => {
    for (const difference of [1, -1, MIB, -MIB]) {
      rmSync(target, { recursive: true });
      mkdirSync(target);
      await expect(
        take({ 'pages-1.img': randomBytes(3 * MIB) }, (size) => size + difference),
        `${difference} bytes more`,
      ).rejects.toMatchObject({ code: 'EPROTO', message: expect.stringContaining(`of ${3 * MIB + difference} bytes`) });
    }
  });

  test('is given up where its sender goes away in the middle', async () => {
    const files = { 'pages-1.img': randomBytes(20 * MIB) };
    await expect(take(files, undefined, 5 * MIB)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test.skipIf(process.getuid?.() !== 0)('is given up where there is no room for it, and says so', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', target]);
    unmount = () => execFileSync('umount', [target]);
    const files = { 'pages-1.img': randomBytes(20 * MIB), 'core-1.img': randomBytes(100) };
    await expect(take(files)).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  test('comes while it is still written, and then whole', async () => {
    const bytes = randomBytes(12 * MIB + 5);
    using source = scratchTree({ 'pages-1.img': bytes.subarray(0, 8 * MIB) });
    const begun: string[] = [];
    const giver = new LuggageGiver(source.path, (name) => begun.push(name));
    giver.grows('pages-1.img');
    expect(begun).toEqual(['pages-1.img']);
    await onTheWay(giver, async ({ taker, come }) => {
      taker.begin('pages-1.img');
      await until(() => come() === 8 * MIB, 'what was written');
      appendFileSync(join(source.path, 'pages-1.img'), bytes.subarray(8 * MIB));
      giver.grows('pages-1.img');
      await until(() => come() >= 12 * MIB, 'what was written later');
      writeFileSync(join(source.path, 'core-1.img'), 'of the core');
      const files = await giver.pack();
      expect(files.map(({ name }) => name)).toEqual(['pages-1.img', 'core-1.img']);
      await taker.takeAll(files);
    });
    expect(begun).toEqual(['pages-1.img']);
    expect(readFileSync(join(target, 'pages-1.img')).equals(bytes)).toBe(true);
    expect(readFileSync(join(target, 'core-1.img'), 'utf8')).toBe('of the core');
  });

  test('is refused where what was begun is something else in the end', async () => {
    using source = scratchTree({ 'pages-1.img': randomBytes(MIB), 'pages-2.img': randomBytes(MIB) });
    for (const [name, size] of [
      ['pages-2.img', MIB],
      ['pages-1.img', MIB + 1],
      ['pages-1.img', MIB - 1],
    ] as const) {
      rmSync(target, { recursive: true });
      mkdirSync(target);
      const giver = new LuggageGiver(source.path, ignored);
      giver.grows('pages-1.img');
      const taken = onTheWay(giver, async ({ taker }) => {
        taker.begin('pages-1.img');
        await giver.pack();
        await taker.takeAll([{ name, size }]);
      });
      await expect(taken, `${name} ${size}`).rejects.toMatchObject({ code: 'EPROTO' });
    }
  });

  test.skipIf(process.getuid?.() !== 0)(
    'is given up at once where there is no room for what is still written',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', target]);
      unmount = () => execFileSync('umount', [target]);
      using source = scratchTree({ 'pages-1.img': randomBytes(8 * MIB) });
      const giver = new LuggageGiver(source.path, ignored);
      giver.grows('pages-1.img');
      await onTheWay(giver, async ({ taker, broken }) => {
        taker.begin('pages-1.img');
        expect(await broken).toMatchObject({ code: 'ENOSPC' });
      });
    },
  );
});
