/**
 * Figures as bytes: each the difference to a base, as a varint of zigzag form; a 0 is followed by how many more of them
 * come: PROTOCOL.md 13.4. An idle processor is two bytes, and an interface that nobody uses is none of its own.
 */
import { BprocError } from '../errors.ts';

/** The largest figure: its double is exact. */
export const MOST = 2 ** 52;
/** Most bytes of one number of 54 bits. */
const LONGEST = 8;

/** Bytes that are read from a place on. */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** Packs the differences of whole numbers to others; without a base, to nothing. */
export function pack(figures: Float64Array, base: Float64Array | undefined): Uint8Array {
  const out = Buffer.allocUnsafe(figures.length * LONGEST);
  let at = 0;
  for (let i = 0; i < figures.length; ) {
    const difference = (figures[i] ?? 0) - (base?.[i] ?? 0);
    if (difference !== 0) {
      at = putVarint(out, at, toZigzag(difference));
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
  const reader = { bytes, at: 0 };
  const figures = takeFigures(reader, base, size);
  if (reader.at !== bytes.length) throw malformed('there are more than its layout has');
  return figures;
}

/** Unpacks as many figures as there are to be, of bytes that go on after them. @throws BprocError EPROTO. */
export function takeFigures(reader: Reader, base: Float64Array | undefined, size: number): Float64Array {
  const figures = new Float64Array(size);
  if (base !== undefined) figures.set(base);
  for (let i = 0; i < size; i += 1) {
    const value = takeVarint(reader);
    if (value === 0) {
      i += takeVarint(reader);
      if (i >= size) throw malformed('they are too many');
      continue;
    }
    const sum = (figures[i] ?? 0) + fromZigzag(value);
    if (Math.abs(sum) > MOST) throw malformed('one is beyond 2^52');
    figures[i] = sum;
  }
  return figures;
}

/** A number that may be below 0 as one that is not: small ones stay small. */
export function toZigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

/** The number that {@link toZigzag} was given. */
export function fromZigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** Puts a whole number below 2^53 at a place; gives the one after it. */
export function putVarint(out: Uint8Array, start: number, value: number): number {
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

/** Takes such a number. @throws BprocError EPROTO for one of more than 8 bytes, or that is not all there. */
export function takeVarint(reader: Reader): number {
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
