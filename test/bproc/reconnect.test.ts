/** How long slaves and clients wait before they look for their master again [PROTOCOL 3.2]. */
import { expect, test } from 'vitest';
import { retryDelayMs } from '../../src/bproc/reconnect.ts';
import type { Random } from '../../src/random.ts';

const always = (byte: number): Random => ({ bytes: (length) => new Uint8Array(length).fill(byte) });

const delays = (random: Random): number[] =>
  [0, 1, 2, 6, 7, 1000].map((tries) => retryDelayMs({ firstMs: 50, longestMs: 5000 }, tries, random));

test('doubles up to the longest, and half of it is chance', () => {
  expect(delays(always(0))).toEqual([25, 50, 100, 1600, 2500, 2500]);
  expect(delays(always(0xff)).map(Math.round)).toEqual([50, 100, 200, 3200, 5000, 5000]);
});
