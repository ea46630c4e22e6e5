/** Gives a captured process another pid: in the tree that its images say, and in their names. */
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import { BprocError } from '../../../errors.ts';

const TREE = 'pstree.img';
/** Images that are one process's, by its pid. */
const OWN = /^(?:core|fs|ids|mm|pagemap)-(\d+)\.img$/;
const MAGIC_BYTES = 8;
const VARINT = 0;
const BYTES = 2;
/** Fields of a process in the tree that are numbered: itself, its group, its session, its threads. */
const NUMBERS: ReadonlySet<number> = new Set([1, 3, 4, 5]);

/**
 * Renumbers the one process of a capture; its other threads keep their numbers.
 *
 * @returns these.
 * @throws BprocError ENOTSUP where there are several; EPROTO for images that are none.
 */
export async function renumber(directory: string, from: number, to: number): Promise<readonly number[]> {
  const numbers = await numbersIn(directory);
  const path = join(directory, TREE);
  const renumbered = renumberTree(await readFile(path), from, to);
  // it may have other names, by which it is to stay as it is
  await rm(path);
  await writeFile(path, renumbered, { mode: 0o600 });
  for (const name of await readdir(directory)) {
    if (OWN.exec(name)?.[1] !== String(from)) continue;
    await rename(join(directory, name), join(directory, name.replace(String(from), String(to))));
  }
  return numbers.filter((number) => number !== from);
}

/** All numbers in the tree of a capture. @throws BprocError EPROTO for images that are none. */
export async function numbersIn(directory: string): Promise<readonly number[]> {
  const image = await readFile(join(directory, TREE));
  const numbers = new Set<number>();
  for (let at = MAGIC_BYTES; at < image.length; ) {
    const length = at + 4 <= image.length ? image.readUInt32LE(at) : image.length;
    if (at + 4 + length > image.length) throw broken('it is cut off');
    renumberEntry(image.subarray(at + 4, at + 4 + length), (number) => {
      numbers.add(number);
      return number;
    });
    at += 4 + length;
  }
  return [...numbers];
}

/** The image of a tree of one process, with another pid: its group, session and first thread are numbered like it. */
export function renumberTree(image: Buffer, from: number, to: number): Buffer {
  const head = image.subarray(0, MAGIC_BYTES);
  const length = image.length >= MAGIC_BYTES + 4 ? image.readUInt32LE(MAGIC_BYTES) : 0;
  const entry = image.subarray(MAGIC_BYTES + 4, MAGIC_BYTES + 4 + length);
  if (length === 0 || entry.length < length) throw broken('it is cut off');
  if (image.length > MAGIC_BYTES + 4 + length) {
    throw new BprocError('ENOTSUP', `process ${from} has children, and only one process can be copied`, { pid: from });
  }
  const renamed = renumberEntry(entry, (pid) => (pid === from ? to : pid));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(renamed.length);
  return Buffer.concat([head, size, renamed]);
}

function renumberEntry(entry: Buffer, renamed: (pid: number) => number): Buffer {
  const parts: Uint8Array[] = [];
  try {
    const reader = protobuf.Reader.create(entry);
    while (reader.pos < reader.len) {
      const start = reader.pos;
      const tag = reader.uint32();
      const isNumber = NUMBERS.has(tag >>> 3);
      if (isNumber && (tag & 7) === VARINT) {
        parts.push(protobuf.Writer.create().uint32(tag).uint32(renamed(reader.uint32())).finish());
      } else if (isNumber && (tag & 7) === BYTES) {
        const end = reader.uint32() + reader.pos;
        const packed = protobuf.Writer.create().uint32(tag).fork();
        while (reader.pos < end) packed.uint32(renamed(reader.uint32()));
        parts.push(packed.ldelim().finish());
      } else {
        reader.skipType(tag & 7);
        parts.push(entry.subarray(start, reader.pos));
      }
    }
  } catch (cause) {
    throw new BprocError('EPROTO', `${TREE} of a checkpoint is damaged: it holds no message`, { cause });
  }
  return Buffer.concat(parts);
}

function broken(why: string): BprocError {
  return new BprocError('EPROTO', `${TREE} of a checkpoint is damaged: ${why}`);
}
