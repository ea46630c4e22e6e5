/**
 * Values as PMIx writes them down: its "v3" encoding, not described. All numbers are in network order. What clients know as an item of a message is a
 * count ({@link Packer.count}) and as many values; within a value there is no count.
 */
import type { Member } from '../node-home.ts';
import { TYPE } from './numbers.ts';

/** A value, as it is written after its type. */
export interface Value {
  readonly type: number;
  readonly content: Uint8Array;
}

const FIRST_ROOM = 256;

/** Writes values one after the other. */
export class Packer {
  #buffer = Buffer.allocUnsafe(FIRST_ROOM);
  #length = 0;

  /** How many values follow: an item of a message. */
  count(values = 1): this {
    return this.i32(values);
  }

  u8(value: number): this {
    const at = this.#take(1);
    this.#buffer.writeUInt8(value, at);
    return this;
  }

  u16(value: number): this {
    const at = this.#take(2);
    this.#buffer.writeUInt16BE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#take(4);
    this.#buffer.writeUInt32BE(value >>> 0, at);
    return this;
  }

  i32(value: number): this {
    const at = this.#take(4);
    this.#buffer.writeInt32BE(value, at);
    return this;
  }

  /** A number of things: it carries its own type. */
  size(value: number): this {
    this.u16(TYPE.UINT64);
    const at = this.#take(8);
    this.#buffer.writeBigUInt64BE(BigInt(value), at);
    return this;
  }

  /** C's `int`: it carries its own type. */
  int(value: number): this {
    return this.u16(TYPE.INT32).i32(value);
  }

  raw(bytes: Uint8Array): this {
    const at = this.#take(bytes.length);
    this.#buffer.set(bytes, at);
    return this;
  }

  /** @param text undefined: NULL. */
  string(text: string | undefined): this {
    if (text === undefined) return this.i32(0);
    const bytes = Buffer.from(text);
    return this.i32(bytes.length + 1)
      .raw(bytes)
      .u8(0);
  }

  /** Bytes that say how many they are. */
  object(bytes: Uint8Array): this {
    return this.size(bytes.length).raw(bytes);
  }

  proc({ job, rank }: Member): this {
    return this.string(job).u32(rank);
  }

  value({ type, content }: Value): this {
    return this.u16(type).raw(content);
  }

  /** A whole item: a key with its value. */
  kval(key: string, value: Value): this {
    return this.count().string(key).value(value);
  }

  /** One of the infos of an item, with no flags. */
  info(key: string, value: Value): this {
    return this.string(key).u32(0).value(value);
  }

  /** What was written; the packer is not to be used any more. */
  done(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #take(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#buffer.length) {
      const wider = Buffer.allocUnsafe(Math.max(this.#length, this.#buffer.length * 2));
      this.#buffer.copy(wider, 0, 0, at);
      this.#buffer = wider;
    }
    return at;
  }
}

function made(type: number, write: (packer: Packer) => Packer): Value {
  return { type, content: write(new Packer()).done() };
}

/** Values by their types. */
export const value = {
  bool: (truth: boolean): Value => made(TYPE.BOOL, (packer) => packer.u8(truth ? 1 : 0)),
  string: (text: string): Value => made(TYPE.STRING, (packer) => packer.string(text)),
  int: (number: number): Value => made(TYPE.INT, (packer) => packer.int(number)),
  uint16: (number: number): Value => made(TYPE.UINT16, (packer) => packer.u16(number)),
  uint32: (number: number): Value => made(TYPE.UINT32, (packer) => packer.u32(number)),
  status: (number: number): Value => made(TYPE.STATUS, (packer) => packer.i32(number)),
  rank: (rank: number): Value => made(TYPE.PROC_RANK, (packer) => packer.u32(rank)),
  proc: (proc: Member): Value => made(TYPE.PROC, (packer) => packer.proc(proc)),
  object: (bytes: Uint8Array): Value => made(TYPE.BYTE_OBJECT, (packer) => packer.object(bytes)),
  /** @param elements each as it is written without its type. */
  array: (type: number, elements: readonly Uint8Array[]): Value =>
    made(TYPE.DATA_ARRAY, (packer) => packer.u16(type).size(elements.length).raw(Buffer.concat(elements))),
} as const;
