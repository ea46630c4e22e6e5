import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { neededFiles } from '../../../src/bproc/migrate/criu/needed-files.ts';
import { checkNeeds, needsOf } from '../../../src/bproc/migrate/needs.ts';
import { BprocError } from '../../../src/errors.ts';
import { scratchTree } from '../../support/scratch.ts';

const REGULAR = 0o100644;

interface Named {
  readonly id: number;
  readonly path: string;
  readonly flags?: number;
  readonly size?: number;
  readonly mode?: number;
}

function entry(message: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(message.length);
  return Buffer.concat([length, message]);
}

/** An image of files as CRIU writes it: these, and a pipe. */
function filesOf(files: readonly Named[]): Buffer {
  const entries = files.map(({ id, path, flags = 0, size, mode = REGULAR }) => {
    const file = protobuf.Writer.create();
    file.uint32(1 << 3).uint32(id);
    file.uint32(2 << 3).uint32(flags);
    file.uint32((6 << 3) | 2).string(path);
    if (size !== undefined) file.uint32(8 << 3).uint64(size);
    file.uint32(10 << 3).uint32(mode);
    const whole = protobuf.Writer.create();
    whole.uint32(1 << 3).uint32(1);
    whole.uint32(2 << 3).uint32(id);
    whole.uint32((3 << 3) | 2).bytes(file.finish());
    return entry(whole.finish());
  });
  const pipe = protobuf.Writer.create();
  pipe.uint32(1 << 3).uint32(2);
  pipe.uint32((18 << 3) | 2).bytes(Buffer.from('0801', 'hex'));
  return Buffer.concat([Buffer.alloc(8), ...entries, entry(pipe.finish())]);
}

function remapsOf(ids: readonly number[]): Buffer {
  const entries = ids.map((id) => entry(protobuf.Writer.create().uint32(8).uint32(id).uint32(16).uint32(1).finish()));
  return Buffer.concat([Buffer.alloc(8), ...entries]);
}

describe('the files that a capture names', () => {
  it('are regular ones and directories, each once, but for what comes along', () => {
    const image = filesOf([
      { id: 1, path: '/bin/a', size: 9 },
      { id: 2, path: '/tmp/log', flags: 0o2001 },
      { id: 3, path: '/tmp/log', size: 5 },
      { id: 4, path: '/tmp/deleted', flags: 2, size: 1 },
      { id: 5, path: '/dev/null', mode: 0o020666 },
      { id: 6, path: '/home', mode: 0o040755 },
      { id: 7, path: '/tmp/x', flags: 2, size: 2 ** 40 },
    ]);
    expect(neededFiles(image, remapsOf([4]))).toEqual([
      { path: '/bin/a', isDirectory: false, size: 9, isWritten: false },
      { path: '/tmp/log', isDirectory: false, size: 5, isWritten: true },
      { path: '/home', isDirectory: true, size: undefined, isWritten: false },
      { path: '/tmp/x', isDirectory: false, size: 2 ** 40, isWritten: true },
    ]);
  });

  it('of whatever bytes there are is an error of its own, or nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          neededFiles(Buffer.from(bytes));
        } catch (error) {
          expect(BprocError.is(error) && error.code).toBe('EPROTO');
        }
      }),
    );
  });
});

describe('what a checkpoint needs', () => {
  it('is told by size and hash, but for what could be written', async () => {
    using tree = scratchTree({ read: 'abc', written: 'def' });
    const [read, written] = [join(tree.path, 'read'), join(tree.path, 'written')];
    const files = [
      { path: read, isDirectory: false, size: 3, isWritten: false },
      { path: written, isDirectory: false, size: 3, isWritten: true },
      { path: tree.path, isDirectory: true, size: undefined, isWritten: false },
      // what is another file by now, or is not seen here
      { path: read, isDirectory: false, size: 4, isWritten: false },
      { path: join(tree.path, 'gone'), isDirectory: false, size: 4, isWritten: true },
    ];
    const needs = await needsOf(files);
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(needs).toEqual([
      { path: read, kind: 'file', size: 3, sha256 },
      { path: written, kind: 'file', size: 3, sha256: undefined },
      { path: tree.path, kind: 'directory' },
    ]);
    await checkNeeds(needs, 4);
    writeFileSync(written, 'fed');
    await checkNeeds(needs, 4);
    writeFileSync(read, 'xyz');
    writeFileSync(written, 'more');
    await expect(checkNeeds(needs, 4)).rejects.toMatchObject({
      code: 'EIO',
      message: `on node 4 files are not what they were: ${read} has another content, ${written} has 4 bytes and not 3`,
    });
    rmSync(read);
    await expect(checkNeeds(needs, 4)).rejects.toMatchObject({
      code: 'ENOENT',
      message: `node 4 lacks what the process had open or mapped: ${read}`,
    });
  });

  it('is named as far as a person would read', async () => {
    const needs = Array.from({ length: 7 }, (_, index) => ({ path: `/none/${index}`, kind: 'file' as const }));
    await expect(checkNeeds(needs, 0)).rejects.toThrow(/: \/none\/0, .*\/none\/4 and 2 more$/);
  });
});
