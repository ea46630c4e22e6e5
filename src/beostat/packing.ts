/**
 * Figures as bytes: each the difference to a base, as a varint of zigzag form; a 0 is followed by how many more of them
 * come: PROTOCOL.md 13.4. An idle processor is two bytes, and an interface that nobody uses is none of its own.
 */
import { BprocError } from '../errors.ts';

/** The largest figure: its double is exact. */
export const MOST = 2 ** 52;
/** Most bytes of one number of 54 bits. */
const LONGEST = 8;

/** Packs the differences of whole numbers to others; without a base, to nothing. */
export function pack(figures: Float64Array, base: Float64Array | undefined): Uint8Array {
  const out = Buffer.allocUnsafe(figures.length * LONGEST);
  let at = 0;
  for (let i = 0; i < figures.length; ) {
    const difference = (figures[i] ?? 0) - (base?.[i] ?? 0);
    if (difference !== 0) {
      at = putVarint(out, at, difference > 0 ? difference * 2 : -difference * 2 - 1);
      i += 1;
      continue;
    }
    const from = i;
    do i += 1;
    while (i < figures.length && figures[i] === (base?.[i] ?? 0));
    out[at] = 0;
    at = putVarint(out, at + 1, i - from - 1);
  }
  return Buffer.from(out.subarray(0, at));
}

/**
 * Unpacks as many figures as there are to be.
 *
 * @throws BprocError EPROTO for bytes that are not so many.
 */
export function unpack(bytes: Uint8Array, base: Float64Array | undefined, size: number): Float64Array {
  const figures = new Float64Array(size);
  if (base !== undefined) figures.set(base);
  const reader = { bytes, at: 0 };
  for (let i = 0; i < size; i += 1) {
    const value = takeVarint(reader);
    if (value === 0) {
      i += takeVarint(reader);
      if (i >= size) throw malformed('they are too many');
      continue;
    }
    const sum = (figures[i] ?? 0) + (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
    if (Math.abs(sum) > MOST) throw malformed('one is beyond 2^52');
    figures[i] = sum;
  }
  if (reader.at !== bytes.length) throw malformed('there are more than its layout has');
  return figures;
}

function putVarint(out: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 128) {
    out[at] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
    at += 1;
  }
  out[at] = rest;
  return at + 1;
}

function takeVarint(reader: { readonly bytes: Uint8Array; at: number }): number {
  let value = 0;
  let factor = 1;
  for (let i = 0; i < LONGEST; i += 1) {
    const byte = reader.bytes[reader.at];
    if (byte === undefined) throw malformed('they are too few');
    reader.at += 1;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
  throw malformed('a number has more than eight bytes');
}

function malformed(why: string): BprocError {
  return new BprocError('EPROTO', `malformed figures of a sample: ${why}`);
}
