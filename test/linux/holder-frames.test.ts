import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameReader, FrameWriter, MOST_PAYLOAD, readU64 } from '../../src/linux/holder-frames.ts';

/** Puts bytes where a socket would, in pieces of some sizes, and gives the frames that come of them. */
function read(bytes: Buffer, pieces: readonly number[]) {
  const reader = new FrameReader();
  const frames: { type: number; flags: number; id: number; payload: string }[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const count = Math.min(reader.room.length, pieces[turn % pieces.length] ?? 1, bytes.length - at);
    bytes.copy(reader.room, 0, at, at + count);
    at += count;
    const fine = reader.take(count, (type, flags, id, payload) => {
      frames.push({ type, flags, id, payload: payload.toString('latin1') });
    });
    expect(fine).toBe(true);
  }
  return frames;
}

const frame = fc.record({
  type: fc.nat(255),
  flags: fc.nat(255),
  id: fc.nat(0xffff_ffff),
  size: fc.oneof(fc.nat(40), fc.nat(300_000)),
  isLong: fc.boolean(),
  isTakenAfter: fc.boolean(),
});

it('reads what it has written, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1 }),
      (frames, pieces) => {
        const writer = new FrameWriter();
        const sent: Uint8Array[] = [];
        for (const { type, flags, id, size, isLong, isTakenAfter } of frames) {
          const payload = Buffer.alloc(size, type);
          writer.begin(type, flags, id);
          if (isLong) writer.endWith(payload);
          else {
            writer.bytes(payload);
            writer.end();
          }
          // What is begun and dropped leaves nothing behind.
          writer.begin(1, 2, 3);
          writer.text('nothing of this');
          writer.drop();
          if (isTakenAfter) sent.push(...writer.take());
        }
        sent.push(...writer.take());
        expect(writer.take()).toEqual([]);
        expect(read(Buffer.concat(sent), pieces)).toEqual(
          frames.map(({ type, flags, id, size }) => {
            return { type, flags, id, payload: Buffer.alloc(size, type).toString('latin1') };
          }),
        );
      },
    ),
    { numRuns: 60 },
  );
});

it('writes numbers and text as they are read', () => {
  const writer = new FrameWriter();
  writer.begin(9, 8, 7);
  writer.u8(200);
  writer.u16(60_000);
  writer.u32(4_000_000_000);
  writer.u64(2 ** 53 - 1);
  writer.u64(Number.POSITIVE_INFINITY);
  writer.textField(3, 'Grüße ☃ \u{1f600}');
  writer.field(4, () => writer.text('x'.repeat(100_000)));
  writer.end();
  const bytes = Buffer.concat(writer.take()).subarray(12);
  expect([bytes[0], bytes.readUInt16LE(1), bytes.readUInt32LE(3), readU64(bytes, 7)]).toEqual([
    ...[200, 60_000, 4_000_000_000, 2 ** 53 - 1],
  ]);
  expect(bytes.subarray(15, 23).equals(Buffer.alloc(8, 0xff))).toBe(true);
  const length = bytes.readUInt32LE(25);
  expect(bytes.toString('utf8', 29, 29 + length)).toBe('Grüße ☃ \u{1f600}\0');
  expect(bytes.readUInt32LE(31 + length)).toBe(100_000);
  expect(bytes.length).toBe(35 + length + 100_000);
});

it('gives up on a frame that is longer than any may be', () => {
  const reader = new FrameReader();
  reader.room.writeUInt32LE(MOST_PAYLOAD + 1);
  expect(reader.take(12, () => {})).toBe(false);
});
