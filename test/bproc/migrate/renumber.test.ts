import { linkSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { expect, test } from 'vitest';
import { numbersIn, renumber, renumberTree } from '../../../src/bproc/migrate/criu/renumber.ts';
import { scratchTree } from '../../support/scratch.ts';

const MAGIC = Buffer.alloc(8, 7);

/** An image of one process as CRIU writes it. */
function image(pid: number, threads: readonly number[], more: Uint8Array = new Uint8Array(0)): Buffer {
  const writer = protobuf.Writer.create().uint32(8).uint32(pid).uint32(16).uint32(0).uint32(24).uint32(pid);
  writer.uint32(32).uint32(pid);
  for (const thread of threads) writer.uint32(40).uint32(thread);
  const entry = Buffer.concat([writer.finish(), more]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(entry.length);
  return Buffer.concat([MAGIC, length, entry]);
}

test('a process, its group, its session and its first thread get the new number, and nothing else does', () => {
  const pid = fc.integer({ min: 2, max: 4_194_303 });
  fc.assert(
    fc.property(pid, pid, fc.array(pid, { maxLength: 5 }), (from, to, others) => {
      const threads = [from, ...others.filter((each) => each !== from)];
      // a field of a later version, whose bytes are the old number
      const later = protobuf.Writer.create().uint32(96).uint32(from).uint32(106).string('later').finish();
      const renumbered = renumberTree(image(from, threads, later), from, to);
      expect(renumbered).toEqual(image(to, [to, ...threads.slice(1)], later));
    }),
  );
});

test('several processes are refused', () => {
  const two = Buffer.concat([image(5, [5]), image(6, [6]).subarray(8)]);
  expect(() => renumberTree(two, 5, 9)).toThrow(expect.objectContaining({ code: 'ENOTSUP' }));
});

test('what is no image is refused, and nothing else happens', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        renumberTree(Buffer.from(bytes), 5, 9);
      } catch (error) {
        expect(['EPROTO', 'ENOTSUP']).toContain((error as { code?: string }).code);
      }
    }),
  );
});

test('another name of the same image keeps the old number', async () => {
  using tree = scratchTree({ 'pstree.img': image(5, [5]), 'core-5.img': 'core' });
  const other = join(tree.path, 'other.img');
  linkSync(join(tree.path, 'pstree.img'), other);
  await renumber(tree.path, 5, 9);
  expect(readFileSync(other)).toEqual(image(5, [5]));
  expect(readFileSync(join(tree.path, 'pstree.img'))).toEqual(image(9, [9]));
  expect(readFileSync(join(tree.path, 'core-9.img'), 'utf8')).toBe('core');
});

test('all numbers of all processes are known, their threads’ too, each once', async () => {
  using tree = scratchTree({ 'pstree.img': Buffer.concat([image(5, [5, 7]), image(6, [6, 9]).subarray(8)]) });
  expect(await numbersIn(tree.path)).toEqual([5, 7, 6, 9]);
  using cut = scratchTree({ 'pstree.img': image(5, [5]).subarray(0, -1) });
  await expect(numbersIn(cut.path)).rejects.toMatchObject({ code: 'EPROTO' });
});
