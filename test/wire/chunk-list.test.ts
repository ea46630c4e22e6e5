/** Small pieces are put together, and nothing is lost or overwritten by it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkList, SendStream } from '../../src/wire/index.ts';

const pieces = fc.array(
  fc.oneof(fc.uint8Array({ maxLength: 5 }), fc.uint8Array({ minLength: 2000, maxLength: 2100 })),
  {
    maxLength: 60,
  },
);

test('what was pushed is what is taken, however pushes and takes alternate', () => {
  fc.assert(
    fc.property(pieces, fc.infiniteStream(fc.boolean()), (all, coin) => {
      const list = new ChunkList();
      const taken: Buffer[] = [];
      for (const piece of all) {
        list.push(Buffer.from(piece));
        if (coin.next().value === true) taken.push(list.shift() ?? Buffer.alloc(0));
      }
      taken.push(...list);
      expect(Buffer.concat(taken)).toEqual(Buffer.concat(all));
    }),
  );
});

test('a piece that was taken stays as it is when more is pushed', () => {
  const stream = new SendStream(1_000_000);
  const taken: { bytes: Buffer; copy: Buffer }[] = [];
  for (let i = 0; i < 5000; i += 1) {
    stream.push(Buffer.from([i % 251]));
    const piece = i % 3 === 0 ? stream.take(100) : undefined;
    if (piece !== undefined) taken.push({ bytes: piece.bytes, copy: Buffer.from(piece.bytes) });
  }
  for (const { bytes, copy } of taken) expect(bytes.equals(copy)).toBe(true);
  expect(Buffer.concat(taken.map(({ bytes }) => bytes))).toEqual(
    Buffer.from(Array.from({ length: 4999 }, (_, i) => i % 251)),
  );
});

test('a million single bytes are a few chunks', () => {
  const list = new ChunkList();
  for (let i = 0; i < 1_000_000; i += 1) list.push(Buffer.from([1]));
  expect(list.length).toBeLessThan(100);
});
