import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BprocError } from '../../../src/errors.ts';
import { COMMAND, TYPE } from '../../../src/mpi/pmix/numbers.ts';
import { Packer, type Value, value } from '../../../src/mpi/pmix/packer.ts';
import { find, isSet, numberOf, procOf, procsOf, textOf } from '../../../src/mpi/pmix/reading.ts';
import { Unpacker } from '../../../src/mpi/pmix/unpacker.ts';

/** Text as C has it. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((one) => !one.includes('\0'));
const member = fc.record({ job: text, rank: fc.integer({ min: -2, max: 2 ** 31 - 1 }) });

/** Values of every type that has a fixed width: their bytes may be any. */
const plain = fc
  .constantFrom(
    [TYPE.BOOL, 1],
    [TYPE.BYTE, 1],
    [TYPE.INT16, 2],
    [TYPE.UINT16, 2],
    [TYPE.INT32, 4],
    [TYPE.STATUS, 4],
    [TYPE.UINT64, 8],
    [TYPE.TIME, 8],
    [TYPE.TIMEVAL, 16],
    [TYPE.PROC_STATE, 1],
    [TYPE.UNDEF, 0],
  )
  .chain(([type = 0, width = 0]) =>
    fc.uint8Array({ minLength: width, maxLength: width }).map((content): Value => ({ type, content })),
  );

function written(type: number, write: (packer: Packer) => Packer): Value {
  return { type, content: write(new Packer()).done() };
}

const leaf: fc.Arbitrary<Value> = fc.oneof(
  plain,
  text.map(value.string),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(value.int),
  member.map(value.proc),
  fc.uint8Array({ maxLength: 64 }).map(value.object),
  fc.double().map((number) => written(TYPE.DOUBLE, (to) => to.string(String(number)))),
  fc.tuple(text, text).map(([name, is]) => written(TYPE.ENVAR, (to) => to.string(name).string(is).u8(58))),
  fc.constant(written(TYPE.POINTER, (to) => to.u8(1))),
);

/** Values within values, as deep as real ones. */
const anyValue = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    leaf,
    fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((infos) =>
      value.array(
        TYPE.INFO,
        infos.map(([key, one]) => new Packer().info(key, one).done()),
      ),
    ),
    fc.array(text, { maxLength: 4 }).map((all) =>
      value.array(
        TYPE.STRING,
        all.map((one) => value.string(one).content),
      ),
    ),
    tie('value').map((one) => written(TYPE.VALUE, (to) => to.value(one))),
  ),
})).value;

/** Reads as much of anything as there is. */
const READERS: readonly ((from: Unpacker) => unknown)[] = [
  (from) => from.value(),
  (from) => from.infos(),
  (from) => from.kval(),
  (from) => from.proc(),
  (from) => from.string(),
  (from) => from.object(),
  (from) => from.list((one) => one.proc()),
];

describe('values', () => {
  test('are read as they were written, whatever follows them', () => {
    fc.assert(
      fc.property(anyValue, fc.uint8Array({ maxLength: 8 }), (one, rest) => {
        const from = new Unpacker(new Packer().value(one).raw(rest).done());
        const read = from.value();
        expect(read.type).toBe(one.type);
        expect(Buffer.from(read.content).equals(one.content)).toBe(true);
        expect(from.left).toBe(rest.length);
      }),
      { numRuns: 500 },
    );
  });

  test('are refused where they end too early', () => {
    fc.assert(
      fc.property(anyValue, fc.double({ min: 0, max: 0.999, noNaN: true }), (one, part) => {
        const bytes = new Packer().value(one).done();
        const cut = bytes.subarray(0, Math.floor(bytes.length * part));
        expect(() => new Unpacker(cut).value()).toThrow(BprocError);
      }),
      { numRuns: 500 },
    );
  });

  test('of any bytes are read, or refused as what they are not', () => {
    fc.assert(
      fc.property(
        anyValue,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.uint8Array(),
        (one, changes, tail) => {
          const bytes = Buffer.concat([new Packer().count().string('key').value(one).done(), tail]);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          for (const read of READERS) {
            const from = new Unpacker(bytes);
            try {
              while (from.left > 0) read(from);
            } catch (error) {
              expect(BprocError.from(error).code).toBe('EPROTO');
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('are refused that say they are larger than all that is there', () => {
    const endless = new Packer().u16(TYPE.UINT64).raw(Buffer.alloc(8, 0xff)).done();
    const refuse = (bytes: Buffer, read: (from: Unpacker) => unknown) =>
      expect(() => read(new Unpacker(bytes))).toThrow(expect.objectContaining({ code: 'EPROTO' }));
    refuse(new Packer().i32(2 ** 31 - 1).done(), (from) => from.string());
    refuse(new Packer().i32(-1).done(), (from) => from.string());
    refuse(new Packer().i32(2 ** 31 - 1).done(), (from) => from.count());
    refuse(endless, (from) => from.object());
    refuse(Buffer.concat([new Packer().count().done(), endless]), (from) => from.infos());
    refuse(Buffer.concat([new Packer().u16(TYPE.DATA_ARRAY).u16(TYPE.INFO).done(), endless]), (from) => from.value());
    refuse(new Packer().proc({ job: 'j'.repeat(256), rank: 0 }).done(), (from) => from.proc());
    refuse(new Packer().info('k'.repeat(512), value.bool(true)).done(), (from) => from.info());
  });

  test('are refused that are within others without an end', () => {
    const levels = 100;
    const to = new Packer().u16(TYPE.VALUE);
    for (let level = 0; level < levels; level++) to.u16(TYPE.VALUE);
    expect(() => new Unpacker(to.u16(TYPE.BOOL).u8(1).done()).value()).toThrow(/deep/);
  });

  test('have the bytes that libpmix writes', () => {
    const bytes = new Packer().count().u8(COMMAND.GETNB).count().string('a.b').count().u32(-2).count().size(1).done();
    expect(bytes.toString('hex')).toBe(
      '0000000104' + '0000000100000004612e6200' + '00000001fffffffe' + '00000001000f0000000000000001',
    );
    expect(new Packer().kval('k', value.uint16(7)).done().toString('hex')).toBe('00000001000000026b00000d0007');
    expect(new Packer().info('k', value.bool(true)).done().toString('hex')).toBe('000000026b0000000000000101');
  });
});

describe('what values say', () => {
  test('is undefined where they are of another kind', () => {
    fc.assert(
      fc.property(anyValue, (one) => {
        expect(textOf(one) === undefined || one.type === TYPE.STRING).toBe(true);
        expect(procOf(one) === undefined || one.type === TYPE.PROC).toBe(true);
        expect(procsOf(one) === undefined || one.type === TYPE.DATA_ARRAY).toBe(true);
        numberOf(one);
      }),
    );
    expect(textOf(value.string('so'))).toBe('so');
    expect(numberOf(value.int(-5))).toBe(-5);
    expect(numberOf(value.uint16(5))).toBe(5);
    expect(procsOf(value.array(TYPE.PROC, [new Packer().proc({ job: 'j', rank: 3 }).done()]))).toEqual([
      { job: 'j', rank: 3 },
    ]);
  });

  test('counts as true where it is missing, not where it is false', () => {
    const infos = [
      { key: 'bare', value: { type: TYPE.UNDEF, content: new Uint8Array() } },
      { key: 'no', value: value.bool(false) },
      { key: 'yes', value: value.bool(true) },
    ];
    expect(['bare', 'no', 'yes', 'absent'].map((key) => isSet(infos, key))).toEqual([true, false, true, false]);
    expect(find(infos, 'absent')).toBeUndefined();
  });
});
