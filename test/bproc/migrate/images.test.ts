import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { expect, it } from 'vitest';
import { ownNamespace, replaceNamespace } from '../../../src/bproc/migrate/criu/host-name.ts';
import { pipeData, unreadOf } from '../../../src/bproc/migrate/criu/pipe-data.ts';
import { wakeTimersIn } from '../../../src/bproc/migrate/criu/timers.ts';
import { BprocError } from '../../../src/errors.ts';
import { scratchTree } from '../../support/scratch.ts';

interface Piece {
  readonly pipe: number;
  readonly bytes: Uint8Array;
}

/** An image as CRIU writes it, with fields that this package does not know. */
function imageOf(pieces: readonly Piece[]): Buffer {
  const entries = pieces.flatMap(({ pipe, bytes }) => {
    const message = protobuf.Writer.create();
    message.uint32(8).uint32(pipe).uint32(16).uint32(bytes.length).uint32(24).uint32(65_536);
    const text = message.finish();
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return [length, text, bytes];
  });
  return Buffer.concat([Buffer.from('5643560123450123', 'hex'), ...entries]);
}

const pieces = fc.array(fc.record({ pipe: fc.integer({ min: 1, max: 5 }), bytes: fc.uint8Array({ maxLength: 300 }) }));

it('gives each pipe what it held, in order', () => {
  fc.assert(
    fc.property(pieces, (given) => {
      const found = pipeData(imageOf(given));
      for (const pipe of [1, 2, 3, 4, 5]) {
        const bytes = Buffer.concat(given.filter((piece) => piece.pipe === pipe).map((piece) => piece.bytes));
        expect(found.get(pipe) ?? Buffer.alloc(0)).toEqual(bytes);
      }
    }),
  );
});

it('takes no damaged image for a whole one', () => {
  fc.assert(
    fc.property(pieces, fc.nat(), (given, at) => {
      const image = imageOf(given);
      const cut = image.subarray(0, 8 + (at % Math.max(1, image.length - 8)));
      const whole = given.map((_, count) => imageOf(given.slice(0, count)).length);
      if (image.length <= 8 || whole.includes(cut.length)) return;
      expect(() => pipeData(cut)).toThrow(/^EPROTO: |pipes-data\.img of a checkpoint is damaged/);
    }),
  );
});

it('answers whatever bytes there are with an error of its own, or not at all', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      for (const read of [pipeData, wakeTimersIn, ownNamespace, (image: Buffer) => replaceNamespace(image, 1, 2)]) {
        try {
          read(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(BprocError);
          expect(error).toMatchObject({ code: 'EPROTO' });
        }
      }
    }),
    { numRuns: 2000 },
  );
});

it('finds nothing where no pipe held anything', async () => {
  using tree = scratchTree({});
  expect(await unreadOf(tree.path, 7)).toEqual(Buffer.alloc(0));
  writeFileSync(join(tree.path, 'pipes-data.img'), imageOf([{ pipe: 7, bytes: Buffer.from('seven') }]));
  expect((await unreadOf(tree.path, 7)).toString()).toBe('seven');
  expect(await unreadOf(tree.path, 8)).toEqual(Buffer.alloc(0));
});

it('changes no timer but those that rest, and nothing else of an image', () => {
  const numbers = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(300), fc.nat(2), fc.nat(300));
  fc.assert(
    fc.property(fc.array(numbers), (timers) => {
      const encode = (each: readonly (readonly number[])[]): Buffer => {
        const entries = each.map(([ticks = 0, seconds = 0, nanoseconds = 0, everySeconds = 0, every = 0]) => {
          const message = protobuf.Writer.create();
          message.uint32(8).uint32(17).uint32(16).uint32(7).uint32(98).fork();
          message.uint32(8).uint32(7).uint32(26).bytes(Buffer.from('owner')).uint32(40).uint64(ticks);
          message.uint32(56).uint64(seconds).uint32(64).uint64(nanoseconds).uint32(72).uint64(everySeconds);
          const text = message.uint32(80).uint64(every).ldelim().finish();
          const length = Buffer.alloc(4);
          length.writeUInt32LE(text.length);
          return Buffer.concat([length, text]);
        });
        return Buffer.concat([Buffer.from('5643560123450123', 'hex'), ...entries]);
      };
      const rests = timers.map(([ticks, s, ns, everyS, every]) => ticks > 0 && s + ns === 0 && everyS + every > 0);
      const image = encode(timers);
      expect(wakeTimersIn(image)).toBe(rests.filter(Boolean).length);
      expect(image).toEqual(
        encode(timers.map(([ticks, s, ns, ...every], index) => [ticks, s, rests[index] ? 1 : ns, ...every])),
      );
    }),
  );
});

it('changes the namespace of a name where it is that one, and nothing else', () => {
  const image = (uts: number): Buffer => {
    const message = protobuf.Writer.create().uint32(8).uint32(2).uint32(56).uint32(3).uint32(64).uint32(uts).uint32(72);
    const text = message.uint32(uts).finish();
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([Buffer.from('5643560123450123', 'hex'), length, text]);
  };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 127 }), fc.integer({ min: 1, max: 127 }), (uts, own) => {
      const changed = image(uts);
      expect(replaceNamespace(changed, uts, own)).toBe(uts !== own);
      const [expected, at] = [image(uts), image(uts).length - 3];
      expected[at] = own;
      expect(changed).toEqual(expected);
      expect(replaceNamespace(image(uts), uts + 1, own)).toBe(false);
    }),
  );
});
