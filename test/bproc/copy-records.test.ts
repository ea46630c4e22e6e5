/** What a client makes of the records of file agents, honest ones and others: PROTOCOL.md 11.2. */
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FileAgent } from '../../src/bproc/client/copy-agents.ts';
import { encodeRecord, giveOrder, RECORD, RecordReader } from '../../src/bproc/client/copy-records.ts';
import { Taking } from '../../src/bproc/client/copy-taking.ts';
import type { CopyOptions } from '../../src/index.ts';
import { BprocError } from '../../src/index.ts';

const anyRecord = fc.record({ type: fc.nat(255), flags: fc.nat(255), payload: fc.uint8Array({ maxLength: 300 }) });

/** Cuts bytes into pieces. */
function cut(bytes: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** A taker whose agent answers these bytes and is over. */
async function answers(bytes: Uint8Array, options: CopyOptions = {}) {
  const stdout = new PassThrough();
  let stopped = 0;
  const agent: FileAgent = {
    node: 3,
    stdin: new PassThrough(),
    stdout,
    ended: Promise.resolve(undefined),
    isWithinReach: true,
    watch: () => () => {},
    stop: () => {
      stopped += 1;
    },
  };
  const taking = new Taking(agent, options, undefined);
  stdout.end(bytes);
  return { result: await taking.result, stopped };
}

const result = (errno: number, ...numbers: readonly number[]): Buffer => {
  const payload = Buffer.alloc(4 + 8 * numbers.length);
  payload.writeUInt32BE(errno);
  numbers.forEach((number, at) => void payload.writeBigUInt64BE(BigInt(number), 4 + 8 * at));
  return encodeRecord(RECORD.result, 0, payload);
};

test('records are the same however they are cut', () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 8 }), fc.array(fc.nat(200), { maxLength: 20 }), (records, sizes) => {
      const bytes = Buffer.concat(records.map(({ type, flags, payload }) => encodeRecord(type, flags, payload)));
      const reader = new RecordReader();
      const seen = cut(bytes, sizes).flatMap((piece) => reader.read(piece));
      expect(seen).toEqual(records.map((record) => ({ ...record, payload: Buffer.from(record.payload) })));
    }),
  );
});

test('one that is longer than any is refused when its header is there', () => {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(262_145);
  const reader = new RecordReader();
  expect(reader.read(header.subarray(0, 7))).toEqual([]);
  expect(() => reader.read(header.subarray(7))).toThrow(expect.objectContaining({ code: 'EPROTO' }));
  expect(() => giveOrder(['x'.repeat(4000)].concat(Array(100).fill('y'.repeat(4000))), 0)).toThrow(
    expect.objectContaining({ code: 'E2BIG' }),
  );
});

test('whatever an agent answers, its copy has an end', async () => {
  const known = fc.constantFrom(RECORD.have, RECORD.progress, RECORD.failure, RECORD.result, 99);
  const one = fc.tuple(known, fc.nat(3), fc.uint8Array({ maxLength: 60 }));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each)),
    fc.array(one, { maxLength: 6 }).map((all) => Buffer.concat(all.map((each) => encodeRecord(...each)))),
  );
  const options = { onProgress: () => {}, onFailure: () => {} };
  await fc.assert(
    fc.asyncProperty(bytes, async (answer) => {
      const { result: outcome } = await answers(answer, options);
      if (BprocError.is(outcome)) expect(outcome.message.length).toBeGreaterThan(10);
      else expect(Object.values(outcome).every(Number.isSafeInteger)).toBe(true);
    }),
  );
});

test('a result that counts no failure is one, every other an error', async () => {
  const good = await answers(result(0, 10, 1, 2, 3, 0));
  expect(good).toEqual({ result: { node: 3, bytes: 10, files: 1, directories: 2, links: 3 }, stopped: 0 });
  expect((await answers(result(28, 0, 0, 0, 0, 0))).result).toMatchObject({ code: 'ENOSPC', node: 3 });
  expect((await answers(result(0, 0, 0, 0, 0, 1))).result).toMatchObject({ node: 3 });
  expect((await answers(result(0, 2 ** 53))).result).toMatchObject({ code: 'EPROTO' });
  expect((await answers(Buffer.alloc(0))).result).toMatchObject({ code: 'EPROTO', node: 3 });
});

test('the first of many failures is told, with how many there were', async () => {
  const failure = (errno: number, path: string): Buffer => {
    const payload = Buffer.concat([Buffer.alloc(4), Buffer.from(path)]);
    payload.writeUInt32BE(errno);
    return encodeRecord(RECORD.failure, 0, payload);
  };
  const seen: unknown[] = [];
  const options: CopyOptions = { onFailure: ({ node, path, error }) => void seen.push([node, path, error.code]) };
  const answer = Buffer.concat([failure(13, '/a'), failure(9999, '/b'), result(0, 0, 0, 0, 0, 7)]);
  const { result: outcome } = await answers(answer, options);
  expect(outcome).toMatchObject({ code: 'EACCES', message: expect.stringMatching(/^7 files .* "\/a" on node 3/) });
  expect(seen).toEqual([
    [3, '/a', 'EACCES'],
    [3, '/b', 'EIO'],
  ]);
});
