/** What is read of CRIU's images: the bytes that waited in a process's pipes, which it does not give to others' pipes. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import { BprocError } from '../../../errors.ts';

/** Two numbers that say what an image is. */
const MAGIC_BYTES = 8;
const PIPE_ID = 1;
const BYTES = 2;
/** A pipe holds 1 MiB, or what its user was granted beyond that. */
const MOST_IMAGE_BYTES = 256 * 1024 * 1024;

/**
 * The bytes that a pipe held.
 *
 * @param directory where the images are.
 * @param pipe its inode.
 * @throws BprocError EPROTO for an image that is none, or is of more than 256 MiB.
 */
export async function unreadOf(directory: string, pipe: number): Promise<Buffer> {
  const path = join(directory, 'pipes-data.img');
  const found = await stat(path).catch((error: unknown) => {
    // no pipe held anything
    if (BprocError.from(error).code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return Buffer.alloc(0);
  if (found.size > MOST_IMAGE_BYTES) throw broken(`its ${found.size} bytes are more than pipes hold`);
  return pipeData(await readFile(path)).get(pipe) ?? Buffer.alloc(0);
}

/** What `pipes-data.img` has: entries of a length, a message of that length, and the bytes that it announces. */
export function pipeData(image: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer[]>();
  let at = MAGIC_BYTES;
  while (at < image.length) {
    if (image.length - at < 4) throw broken('an entry is cut off');
    const length = image.readUInt32LE(at);
    at += 4;
    if (length > image.length - at) throw broken('an entry is longer than the image');
    const { pipe, bytes } = readEntry(image.subarray(at, at + length));
    at += length;
    if (bytes > image.length - at) throw broken('there are less bytes than announced');
    const pieces = found.get(pipe) ?? [];
    pieces.push(image.subarray(at, at + bytes));
    found.set(pipe, pieces);
    at += bytes;
  }
  return new Map([...found].map(([pipe, pieces]) => [pipe, Buffer.concat(pieces)]));
}

function readEntry(message: Buffer): { readonly pipe: number; readonly bytes: number } {
  let [pipe, bytes] = [0, 0];
  try {
    const reader = protobuf.Reader.create(message);
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag >>> 3 === PIPE_ID) pipe = reader.uint32();
      else if (tag >>> 3 === BYTES) bytes = reader.uint32();
      else reader.skipType(tag & 7);
    }
  } catch (cause) {
    throw new BprocError('EPROTO', 'pipes-data.img of a checkpoint is damaged: an entry is no message', { cause });
  }
  return { pipe, bytes };
}

function broken(why: string): BprocError {
  return new BprocError('EPROTO', `pipes-data.img of a checkpoint is damaged: ${why}`);
}
