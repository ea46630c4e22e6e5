/** Cutting bytes into frames [PROTOCOL 2.1, 2.2, 2.4]. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FrameHeader, FrameSink } from '../../src/wire/frame.ts';
import {
  FrameDecoder,
  FrameFlag,
  FrameType,
  readHeader,
  readUint64,
  writeHeader,
  writeUint64,
} from '../../src/wire/frame.ts';
import { HEADER_BYTES, MAX_CONTROL_BYTES, MAX_DATA_BYTES, MAX_GREETING_BYTES } from '../../src/wire/index.ts';
import { MAX_OFFSET, MAX_SMALL_BYTES } from '../../src/wire/limits.ts';

/** A frame as bytes. */
function frame(header: Partial<FrameHeader>, payload: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const rest = { type: 1, flags: 0, stream: 0, session: 0, sequence: 0 };
  writeHeader(bytes, 0, { length: payload.length, ...rest, ...header });
  return Buffer.concat([bytes, payload]);
}

function data(offset: number, content: Buffer, flags = 0, stream = 1): Buffer {
  const head = Buffer.alloc(8);
  writeUint64(head, offset, 0);
  return frame({ type: FrameType.DATA, flags, stream }, Buffer.concat([head, content]));
}

/** A decoder whose finds are collected, the pieces of each DATA frame put together. */
function collector(skip: (header: FrameHeader) => boolean = () => false) {
  const frames: { header: FrameHeader; payload: string }[] = [];
  let pieces: { offset: number; bytes: Buffer[] } | undefined;
  const sink: FrameSink = {
    header: (header) => !skip(header),
    frame: (header, payload) => frames.push({ header, payload: payload.toString('hex') }),
    piece: (header, offset, bytes, last) => {
      pieces ??= { offset, bytes: [] };
      expect(offset).toBe(pieces.offset + pieces.bytes.reduce((sum, each) => sum + each.length, 0));
      pieces.bytes.push(bytes);
      if (!last) return;
      const head = Buffer.alloc(8);
      writeUint64(head, pieces.offset, 0);
      frames.push({ header, payload: Buffer.concat([head, ...pieces.bytes]).toString('hex') });
      pieces = undefined;
    },
  };
  const decoder = new FrameDecoder(sink);
  decoder.greeting = false;
  return { decoder, frames };
}

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyFrame = fc.oneof(
  fc.record({
    header: fc.record({
      type: fc.integer({ min: 0, max: 255 }).filter((type) => type !== FrameType.DATA),
      flags: fc.integer({ min: 0, max: 255 }),
      stream: uint32,
      session: uint32,
      sequence: uint32,
    }),
    payload: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({
    header: fc.record({
      type: fc.constant(FrameType.DATA),
      flags: fc.constantFrom(0, 1),
      stream: uint32,
      sequence: uint32,
    }),
    payload: fc
      .tuple(fc.integer({ min: 0, max: MAX_OFFSET - 1000 }), fc.uint8Array({ maxLength: 300 }))
      .map(([offset, content]) => data(offset, Buffer.from(content)).subarray(HEADER_BYTES)),
  }),
);

/** Bytes in chunks whose sizes repeat. */
function chunks(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const result: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    result.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return result;
}

describe('frames', () => {
  test('come back as they went, however their bytes are cut and whatever the budget', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        (list, sizes, budget) => {
          const { decoder, frames } = collector();
          const bytes = Buffer.concat(list.map(({ header, payload }) => frame(header, payload)));
          for (const chunk of chunks(bytes, sizes)) {
            for (let at = 0; at < chunk.length; ) at = decoder.push(chunk, at, budget);
            // nothing of a chunk may be needed after it was pushed, but what was handed out
            const copy = Buffer.from(chunk);
            expect(copy.equals(chunk)).toBe(true);
          }
          const rest = { flags: 0, session: 0 };
          expect(frames).toEqual(
            list.map(({ header, payload }) => ({
              header: { ...rest, ...header, length: payload.length },
              payload: payload.toString('hex'),
            })),
          );
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('that are not wanted are skipped whole', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (list, size) => {
        const skip = (header: FrameHeader) => header.type % 2 === 0;
        const { decoder, frames } = collector(skip);
        for (const chunk of chunks(Buffer.concat(list.map((each) => frame(each.header, each.payload))), [size])) {
          decoder.push(chunk);
        }
        expect(frames).toHaveLength(list.filter(({ header }) => header.type % 2 !== 0).length);
      }),
      { numRuns: 300 },
    );
  });

  test('have the layout of the specification', () => {
    const bytes = frame(
      { type: 2, flags: 1, stream: 0x01020304, session: 0x05060708, sequence: 0x090a0b0c },
      Buffer.alloc(3),
    );
    expect(bytes.toString('hex')).toBe('00000003020100000102030405060708090a0b0c000000');
    expect(readHeader(bytes, 0)).toEqual({
      length: 3,
      type: 2,
      flags: 1,
      stream: 0x01020304,
      session: 0x05060708,
      sequence: 0x090a0b0c,
    });
    // what is reserved is ignored
    bytes.writeUInt16BE(0xffff, 6);
    expect(readHeader(bytes, 0).stream).toBe(0x01020304);
  });

  test('that carry data are handed on before they are whole', () => {
    const pieces: [number, string, boolean][] = [];
    const decoder = new FrameDecoder({
      header: () => true,
      frame: () => expect.unreachable(),
      piece: (_header, offset, bytes, last) => pieces.push([offset, bytes.toString(), last]),
    });
    const bytes = data(10, Buffer.from('abcdef'), FrameFlag.FIN);
    decoder.push(bytes.subarray(0, -4));
    expect(pieces).toEqual([[10, 'ab', false]]);
    decoder.push(bytes.subarray(-4));
    expect(pieces).toEqual([
      [10, 'ab', false],
      [12, 'cdef', true],
    ]);
  });
});

describe('numbers of 64 bits', () => {
  test('come back as they went', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const bytes = Buffer.alloc(8);
        writeUint64(bytes, value, 0);
        expect(readUint64(bytes, 0)).toBe(value);
        expect(bytes.readBigUInt64BE(0)).toBe(BigInt(value));
      }),
    );
  });

  test('beyond 2^53 - 1 are refused, and no such is written', () => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(2n ** 53n, 0);
    expect(() => readUint64(bytes, 0)).toThrow('beyond 2^53');
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => writeUint64(bytes, value, 0)).toThrow(RangeError);
  });

  test('a stream ends at 2^53 - 2 at the latest: its end is an offset too [PROTOCOL 5.2]', () => {
    const { decoder } = collector();
    decoder.push(data(MAX_OFFSET - 3, Buffer.from('ab')));
    expect(() => decoder.push(data(MAX_OFFSET - 2, Buffer.from('ab')))).toThrow('ends beyond 2^53');
    expect(() => collector().decoder.push(data(MAX_OFFSET, Buffer.alloc(0)))).toThrow('ends beyond 2^53');
  });
});

describe('bounds', () => {
  const bounds: readonly (readonly [string, number, number, boolean])[] = [
    ['CONTROL', FrameType.CONTROL, MAX_CONTROL_BYTES, false],
    ['DATA', FrameType.DATA, MAX_DATA_BYTES + 8, false],
    ['CREDIT', FrameType.CREDIT, MAX_SMALL_BYTES, false],
    ['STOP', FrameType.STOP, MAX_SMALL_BYTES, false],
    ['PING', FrameType.PING, MAX_SMALL_BYTES, false],
    ['PONG', FrameType.PONG, MAX_SMALL_BYTES, false],
    ['CLOSE', FrameType.CLOSE, MAX_SMALL_BYTES, false],
    ['unknown', 99, MAX_SMALL_BYTES, false],
    ['CONTROL of a greeting', FrameType.CONTROL, MAX_GREETING_BYTES, true],
    ['DATA of a greeting', FrameType.DATA, MAX_GREETING_BYTES, true],
    ['unknown of a greeting', 99, MAX_GREETING_BYTES, true],
  ];

  test.each(bounds)(
    '%s: one below and at it is taken, one above is refused by the header alone',
    (_, type, most, greeting) => {
      for (const length of [most - 1, most]) {
        const { decoder, frames } = collector();
        decoder.greeting = greeting;
        decoder.push(frame({ type }, Buffer.alloc(length)));
        expect(frames).toHaveLength(1);
      }
      const { decoder } = collector();
      decoder.greeting = greeting;
      const header = frame({ type, length: most + 1 });
      decoder.push(header.subarray(0, HEADER_BYTES - 1));
      expect(() => decoder.push(header.subarray(HEADER_BYTES - 1))).toThrow(
        `a frame of type ${type} claims ${most + 1} bytes, more than allowed`,
      );
    },
  );

  test('a DATA frame holds its offset', () => {
    for (let length = 0; length < 8; length += 1) {
      expect(() => collector().decoder.push(frame({ type: FrameType.DATA, length }))).toThrow(
        'too short for its offset',
      );
    }
  });

  test('nothing is set aside for what is only announced', () => {
    const decoders = Array.from({ length: 1000 }, () => collector().decoder);
    const header = frame({ type: FrameType.CONTROL, length: MAX_CONTROL_BYTES });
    const before = process.memoryUsage();
    for (const decoder of decoders) {
      decoder.push(header);
      decoder.push(Buffer.alloc(100));
    }
    const after = process.memoryUsage();
    // 4 GB were announced and 120 kB came
    expect(after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(32 * 1024 * 1024);
    expect(decoders).toHaveLength(1000);
  });

  test('what drips in byte by byte costs little more than itself', () => {
    const { decoder, frames } = collector();
    const size = 1024 * 1024;
    decoder.push(frame({ type: FrameType.CONTROL, length: size }));
    const byte = Buffer.alloc(1, 7);
    const before = process.memoryUsage();
    for (let at = 0; at < size - 1; at += 1) decoder.push(byte);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(8 * size);
    expect(frames).toHaveLength(0);
    decoder.push(byte);
    expect(frames[0]?.payload).toBe(Buffer.alloc(size, 7).toString('hex'));
  });
});
