/** A connection that is read into one buffer: what its handler keeps stays as it came. */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Connection, dial, type LinkHandler, listen } from '../../src/transport/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { until } from './transport-suite.ts';

const [KEPT, TAKEN] = [1, 2];
const PIECE = 30_000;
const PIECES = 100;

function ignored(): void {}

const deaf: LinkHandler = {
  control: ignored,
  data: ignored,
  credit: ignored,
  stop: ignored,
  drained: ignored,
  closed: ignored,
};

test('messages and streams keep what came, but for streams that are taken at once', async () => {
  using scratch = scratchTree({});
  const accepted: Duplex[] = [];
  await using listener = await listen({ kind: 'unix', path: `${scratch.path}/socket` }, (socket) => {
    accepted.push(socket);
  });
  const clock = systemClock();
  const isTaken = (stream: number): boolean => stream === TAKEN;
  const readInto = Buffer.alloc(100_000);
  const near = new Connection(await dial(listener.address, undefined, readInto), clock, 'near', { isTaken });
  await until('a connection', () => accepted.length > 0);
  const [socket] = accepted;
  if (socket === undefined) throw new Error('unreachable');
  const far = new Connection(socket, clock, 'far');
  for (const link of [near, far]) link.establish(1);
  const kept: Buffer[] = [];
  const keys: Uint8Array[] = [];
  const copies: Buffer[] = [];
  let isOverwritten = false;
  near.open({
    ...deaf,
    control: (message) => void (message.body === 'peerAddress' && keys.push(message.peerAddress.key)),
    data: (stream, _offset, bytes) => {
      if (stream === KEPT) return void kept.push(bytes);
      copies.push(Buffer.from(bytes));
      isOverwritten ||= bytes.buffer === readInto.buffer;
    },
  });
  far.open(deaf);
  const key = randomBytes(32);
  const all = new Map([KEPT, TAKEN].map((stream) => [stream, randomBytes(PIECE * PIECES)]));
  for (let at = 0; at < PIECE * PIECES; at += PIECE) {
    far.send({ peerAddress: { address: 'unix:/nowhere', key } });
    for (const [stream, bytes] of all) far.sendData(stream, at, bytes.subarray(at, at + PIECE), false);
  }
  const lengthOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, { length }) => sum + length, 0);
  await until('all of it', () => lengthOf(kept) + lengthOf(copies) === 2 * PIECE * PIECES && keys.length === PIECES);
  expect(Buffer.concat(kept).equals(all.get(KEPT) ?? key)).toBe(true);
  expect(Buffer.concat(copies).equals(all.get(TAKEN) ?? key)).toBe(true);
  expect(keys.every((each) => key.equals(each))).toBe(true);
  expect(isOverwritten).toBe(true);
  for (const link of [near, far]) link.destroy();
});
