/** Control messages to bytes and back [PROTOCOL 2.3, 2.4]. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BprocError } from '../../src/errors.ts';
import {
  decodeControl,
  decodeFailure,
  decodeSpec,
  encodeControl,
  encodeFailure,
  encodeSpec,
  MAX_CONTROL_BYTES,
} from '../../src/wire/index.ts';
import { messageOf, plain, typeOf } from './schema.ts';

/** One field of the wire format: its number, its wire type, and what follows. */
function field(number: number, wireType: number, ...rest: readonly (number | Buffer)[]): Buffer {
  const tag = (number << 3) | wireType;
  return Buffer.concat([varint(tag), ...rest.map((each) => (typeof each === 'number' ? varint(each) : each))]);
}

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt(value);
  do {
    bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Buffer.from(bytes);
}

function refused(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (BprocError.is(error) && error.code === 'EPROTO') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('every message', () => {
  test.each([
    ['Control', encodeControl, decodeControl],
    ['Spec', encodeSpec, decodeSpec],
    ['Failure', encodeFailure, decodeFailure],
  ] as const)('of type %s comes back as it went', (name, encode, decode) => {
    const type = typeOf(name);
    fc.assert(
      fc.property(messageOf(type), (message) => {
        const bytes = (encode as (message: object) => Uint8Array)(message);
        expect(plain(type, decode(bytes))).toEqual(message);
        // also for who knows the schema only
        type.verify(type.toObject(type.decode(bytes)));
      }),
      { numRuns: 400 },
    );
  });

  test('of a later version keeps what this one knows: unknown fields are ignored at every depth', () => {
    const type = typeOf('Control');
    const unknown = fc.constantFrom(
      field(1000, 0, 7),
      field(1000, 1, Buffer.alloc(8)),
      field(1000, 2, 3, Buffer.from('abc')),
      field(1000, 5, Buffer.alloc(4)),
      Buffer.concat([field(1000, 3), field(1, 0, 1), field(1000, 4)]),
    );
    fc.assert(
      fc.property(messageOf(type), unknown, unknown, (message, before, after) => {
        const known = encodeControl(message);
        expect(plain(type, decodeControl(Buffer.concat([before, known, after])))).toEqual(message);
      }),
      { numRuns: 200 },
    );
    const inside = field(14, 2, 6, Buffer.concat([field(99, 0, 1), field(1, 2, 1, Buffer.from('x'))]));
    expect(decodeControl(inside)).toMatchObject({ body: 'goodbye', goodbye: { reason: 'x' } });
  });

  test('with an unknown body, or none, has none', () => {
    expect(decodeControl(field(39, 2, 0)).body).toBeUndefined();
    expect(decodeControl(Buffer.alloc(0))).toMatchObject({ body: undefined, domain: '', epoch: null });
  });
});

describe('what cannot be', () => {
  test('numbers of 64 bits: 2^53 - 1 is the last one', () => {
    const revision = (value: bigint) => field(1, 2, varint(value).length + 1, field(2, 0, varint(value)));
    expect(decodeControl(revision(2n ** 53n - 1n)).epoch?.revision).toBe(Number.MAX_SAFE_INTEGER);
    for (const value of [2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n]) {
      expect(refused(() => decodeControl(revision(value)))).toMatch('a number beyond 2^53');
    }
    const endless = Buffer.alloc(11, 0xff);
    expect(refused(() => decodeControl(field(1, 2, 12, field(2, 0, endless))))).toMatch('more than ten bytes');
    expect(
      refused(() => decodeControl(Buffer.concat([field(1, 2, 3), field(2, 0, Buffer.from([0x80, 0x80]))]))),
    ).toMatch('out of range');
  });

  test('lengths beyond the end, cut fields, fields of no type', () => {
    for (const bytes of [
      field(14, 2, 5, Buffer.from('x')),
      field(14, 2, 2 ** 32 - 1),
      Buffer.from([0x80]),
      field(14, 7),
      field(1000, 1, Buffer.alloc(3)),
      field(1000, 3),
    ]) {
      expect(refused(() => decodeControl(bytes))).toMatch(/^malformed control message: /);
    }
    expect(refused(() => decodeSpec(Buffer.from([0x80])))).toMatch(/^malformed process specification: /);
    expect(refused(() => decodeFailure(new Uint8Array([0x80])))).toMatch(/^malformed failure: /);
  });

  test('a depth that would exhaust the stack is refused', () => {
    const depth = 1_000_000;
    const groups = Buffer.concat([...Array.from({ length: depth }, () => field(20_000, 3)), field(20_000, 4)]);
    expect(refused(() => decodeControl(groups))).toMatch(/^malformed/);
  });

  test('any bytes are a message or refused with EPROTO, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeControl(bytes);
        } catch (error) {
          expect(BprocError.is(error) && error.code).toBe('EPROTO');
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('names of prototypes in a map are keys like any other', () => {
    const attributes = JSON.parse('{"__proto__": "a", "constructor": "b"}');
    const message = decodeControl(encodeControl({ hello: { attributes } }));
    const hello = message.body === 'hello' ? message.hello : undefined;
    expect(Object.entries(hello?.attributes ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(Object.getPrototypeOf(hello?.attributes)).toBe(Object.prototype);
  });
});

describe('the bound of a message', () => {
  const goodbye = (length: number) => ({ goodbye: { reason: 'x'.repeat(length) } });
  const around = encodeControl(goodbye(MAX_CONTROL_BYTES - 100)).length - (MAX_CONTROL_BYTES - 100);

  test.each([-1, 0])('%i above it is sent', (more) => {
    expect(encodeControl(goodbye(MAX_CONTROL_BYTES - around + more)).length).toBe(MAX_CONTROL_BYTES + more);
  });

  test('one above it is E2BIG, which says how long it is', () => {
    const long = goodbye(MAX_CONTROL_BYTES - around + 1);
    expect(() => encodeControl(long)).toThrow(`a message of ${MAX_CONTROL_BYTES + 1} bytes is longer`);
  });
});
