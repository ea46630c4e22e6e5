import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST, pack, unpack } from '../../src/beostat/packing.ts';

const figure = fc.oneof(
  fc.constant(0),
  fc.nat(200),
  fc.maxSafeInteger().map((n) => n % MOST),
  fc.constant(-MOST + 1),
);
const figures = fc.array(figure, { maxLength: 300 }).map((list) => Float64Array.from(list));

describe('packed figures', () => {
  test('are unpacked as they were, with a base and without [PROTOCOL 13.4]', () => {
    fc.assert(
      fc.property(figures, fc.array(fc.nat(100), { maxLength: 300 }), (now, changes) => {
        expect(unpack(pack(now, undefined), undefined, now.length)).toEqual(now);
        const base = now.map((value, index) => value - (index < changes.length ? (changes[index] ?? 0) : 0));
        expect(unpack(pack(now, base), base, now.length)).toEqual(now);
      }),
    );
  });

  test('that do not change are a few bytes, however many they are', () => {
    const many = Float64Array.from({ length: 10_000 }, (_, i) => i);
    expect(pack(many, many).length).toBe(3);
  });

  test('are the bytes of the specification', () => {
    const text = /```hex figures\n([^`]*)```/.exec(readFileSync('PROTOCOL.md', 'utf8'))?.[1] ?? '';
    const bytes = Buffer.from(text.replace(/;.*$/gm, '').replace(/\s+/g, ''), 'hex');
    const example = Float64Array.from([1, -1, 0, 0, 0, 0, 64]);
    expect(Buffer.from(pack(example, undefined))).toEqual(bytes);
    expect(unpack(bytes, undefined, 7)).toEqual(example);
  });

  test('of any bytes at all are figures, or are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, size) => {
        try {
          expect(unpack(bytes, undefined, size)).toHaveLength(size);
        } catch (error) {
          expect(error).toMatchObject({ code: 'EPROTO' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('that are too few, too many, or too large are refused', () => {
    const bytes = pack(Float64Array.from([1, 2, 0, 0]), undefined);
    expect(() => unpack(bytes, undefined, 5)).toThrow('too few');
    expect(() => unpack(bytes, undefined, 3)).toThrow('too many');
    expect(() => unpack(bytes, undefined, 1)).toThrow('more than its layout');
    const large = pack(Float64Array.from([MOST]), undefined);
    expect(() => unpack(large, Float64Array.from([1]), 1)).toThrow('beyond 2^52');
    expect(() => unpack(Buffer.alloc(9, 0xff), undefined, 1)).toThrow('more than eight bytes');
  });
});
