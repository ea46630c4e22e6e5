/** CRIU's images: after two numbers that say what one is, of the inventory one, entries of a length, a message, and what that announces. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import { BprocError } from '../../../errors.ts';

const INVENTORY = 'inventory.img';
const MAGIC_BYTES = 8;
const INVENTORY_MAGIC_BYTES = 4;
/** Far more than is in any of those that are read here. */
const MOST_IMAGE_BYTES = 256 * 1024 * 1024;

/** An entry of an image; both are views of it. */
export interface Entry {
  readonly message: Buffer;
  /** The bytes after it. */
  readonly more: Buffer;
}

/** A field of a message. */
export interface Field {
  readonly number: number;
  /** Its value, where it is a number of at most 53 bits; 0 where it is none. */
  readonly value: number;
  /** Where its value begins and ends in the message. */
  readonly from: number;
  readonly to: number;
}

/**
 * Reads an image; undefined where there is none, since CRIU had nothing to put there.
 *
 * @throws BprocError EPROTO for one of more than 256 MiB.
 */
export async function readImage(directory: string, name: string): Promise<Buffer | undefined> {
  const path = join(directory, name);
  const found = await stat(path).catch((error: unknown) => {
    if (BprocError.from(error).code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  if (found.size > MOST_IMAGE_BYTES) throw broken(name, `its ${found.size} bytes are more than it can have`);
  return readFile(path);
}

/**
 * The entries of an image.
 *
 * @param announced how many bytes follow a message.
 * @throws BprocError EPROTO for an image that is none.
 */
export function* entriesOf(
  image: Buffer,
  name: string,
  announced: (message: Buffer) => number = () => 0,
): Generator<Entry> {
  let at = name === INVENTORY ? INVENTORY_MAGIC_BYTES : MAGIC_BYTES;
  while (at < image.length) {
    if (image.length - at < 4) throw broken(name, 'an entry is cut off');
    const length = image.readUInt32LE(at);
    at += 4;
    if (length > image.length - at) throw broken(name, 'an entry is longer than the image');
    const message = image.subarray(at, at + length);
    at += length;
    const follows = announced(message);
    if (follows > image.length - at) throw broken(name, 'there are less bytes than announced');
    yield { message, more: image.subarray(at, at + follows) };
    at += follows;
  }
}

/** The same image with other entries, which announce nothing. */
export function withEntries(image: Buffer, messages: readonly Buffer[]): Buffer {
  const parts = messages.flatMap((message) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(message.length);
    return [length, message];
  });
  return Buffer.concat([image.subarray(0, MAGIC_BYTES), ...parts]);
}

/** The fields of a message. */
export function* fieldsOf(message: Buffer, name: string): Generator<Field> {
  const reader = protobuf.Reader.create(message);
  while (reader.pos < reader.len) yield nextField(reader, name);
}

function nextField(reader: protobuf.Reader, name: string): Field {
  try {
    const tag = reader.uint32();
    const type = tag & 7;
    if (type === 2) {
      const length = reader.uint32();
      const from = reader.pos;
      reader.skip(length);
      return { number: tag >>> 3, value: 0, from, to: reader.pos };
    }
    const from = reader.pos;
    const value = type === 0 ? Number(reader.uint64()) : 0;
    if (type !== 0) reader.skipType(type);
    return { number: tag >>> 3, value, from, to: reader.pos };
  } catch (cause) {
    throw new BprocError('EPROTO', `${name} of a checkpoint is damaged: an entry is no message`, { cause });
  }
}

function broken(name: string, why: string): BprocError {
  return new BprocError('EPROTO', `${name} of a checkpoint is damaged: ${why}`);
}
