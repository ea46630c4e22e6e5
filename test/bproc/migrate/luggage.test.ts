/** The files of a captured process over real connections: PROTOCOL.md 12.3. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlobSender, transferOf } from '../../../src/bproc/image/index.ts';
import { LuggageTaker, openLuggage, packLuggage } from '../../../src/bproc/migrate/index.ts';
import { systemClock } from '../../../src/clock.ts';
import { BprocError } from '../../../src/errors.ts';
import { Connection, memoryPair } from '../../../src/transport/index.ts';
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

/** Takes all files of a directory, as they are announced. */
async function take(files: Files, announce = (size: number): number => size, cutAfter = Infinity): Promise<void> {
  using source = scratchTree(files);
  const packed = await packLuggage(source.path);
  const [mine, theirs] = memoryPair();
  const near = new Connection(mine, clock, 'near');
  const far = new Connection(theirs, clock, 'far');
  const sender = new BlobSender(far, (_, blob) => openLuggage(source.path, packed, blob));
  const announced = packed.map(({ name = '', size = 0 }) => ({ name, size: announce(size) }));
  const taker = new LuggageTaker({ link: near, puid: PUID, directory: target, files: announced });
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
    await taker.takeAll();
  } finally {
    near.destroy();
  }
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
});
