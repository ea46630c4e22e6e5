import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader, frameOf, MOST_FRAME_BYTES } from '../../../src/mpi/pmix/frames.ts';
import { readGreeting } from '../../../src/mpi/pmix/greeting.ts';
import { header, helloFrame } from '../../support/pmix-peer.ts';

const HELLO = helloFrame({ job: 'j', rank: 3 });

describe('messages', () => {
  test('are cut out of what arrives, however that is cut', () => {
    const message = fc.record({ tag: fc.nat(2 ** 32 - 1), payload: fc.uint8Array({ maxLength: 300 }) });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
        (all, cuts) => {
          const bytes = Buffer.concat([HELLO, ...all.map(frameOf)]);
          const reader = new FrameReader();
          const frames = [];
          for (let at = 0, cut = 0; at < bytes.length; cut++) {
            const length = cuts[cut % cuts.length] ?? 1;
            frames.push(...reader.push(bytes.subarray(at, at + length)));
            at += length;
          }
          expect(frames.length).toBe(all.length + 1);
          for (const [index, { tag, payload }] of all.entries()) {
            expect(frames[index + 1]?.tag).toBe(tag);
            expect(frames[index + 1]?.payload.equals(payload)).toBe(true);
          }
        },
      ),
    );
  });

  test('are refused that are too long, before they are there', () => {
    const reader = new FrameReader();
    reader.push(HELLO);
    expect(reader.push(header(1, MOST_FRAME_BYTES))).toEqual([]);
    const other = new FrameReader();
    other.push(HELLO);
    expect(() => other.push(header(1, MOST_FRAME_BYTES + 1))).toThrow(/at most/);
    expect(() => new FrameReader().push(Buffer.alloc(16, 0xff))).toThrow(/at most/);
  });
});

describe('greetings', () => {
  test('say who a client is', () => {
    const [frame] = new FrameReader().push(HELLO);
    expect(readGreeting(frame?.payload ?? Buffer.alloc(0))).toEqual({ job: 'j', rank: 3, version: '4.2.2rc2' });
  });

  test.each([
    { title: 'another security', hello: { security: 'munge' } },
    { title: 'a tool', hello: { kind: 4 } },
    { title: 'another encoding', hello: { encoding: 'v41' } },
    { title: 'described buffers', hello: { described: 2 } },
  ])('are refused: $title', ({ hello }) => {
    const payload = helloFrame({ job: 'j', rank: 3, ...hello }).subarray(16);
    expect(() => readGreeting(payload)).toThrow(expect.objectContaining({ code: 'ENOTSUP' }));
  });

  test('are refused that have no end', () => {
    const payload = HELLO.subarray(16);
    const least = payload.indexOf('v3') + 4;
    for (let length = 0; length < least; length++) {
      expect(() => readGreeting(payload.subarray(0, length))).toThrow(/PMIx/);
    }
  });
});
