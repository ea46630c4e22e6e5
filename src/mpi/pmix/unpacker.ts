/** Reads what {@link Packer} writes, from whoever has written it: nothing that is said there about lengths is believed before it was checked. */
import { BprocError } from '../../errors.ts';
import type { Member } from '../node-home.ts';
import { TYPE } from './numbers.ts';
import type { Value } from './packer.ts';

/** A key with its value, and what is to be done with it. */
export interface Info {
  readonly key: string;
  readonly value: Value;
}

/** Arrays within arrays; real ones have two or three. */
const DEEPEST = 16;
/** PMIX_MAX_KEYLEN and PMIX_MAX_NSLEN. */
const LONGEST_KEY = 511;
const LONGEST_NAMESPACE = 255;

/** Bytes of a value of each type that always has as many. */
const WIDTHS: ReadonlyMap<number, number> = new Map<number, number>([
  [TYPE.BOOL, 1],
  [TYPE.BYTE, 1],
  [TYPE.INT8, 1],
  [TYPE.UINT8, 1],
  [TYPE.PERSIST, 1],
  [TYPE.SCOPE, 1],
  [TYPE.DATA_RANGE, 1],
  [TYPE.COMMAND, 1],
  [TYPE.PROC_STATE, 1],
  [TYPE.ALLOC_DIRECTIVE, 1],
  [TYPE.INT16, 2],
  [TYPE.UINT16, 2],
  [TYPE.DATA_TYPE, 2],
  [TYPE.IOF_CHANNEL, 2],
  [TYPE.INT32, 4],
  [TYPE.UINT32, 4],
  [TYPE.STATUS, 4],
  [TYPE.INFO_DIRECTIVES, 4],
  [TYPE.PROC_RANK, 4],
  [TYPE.INT64, 8],
  [TYPE.UINT64, 8],
  [TYPE.TIME, 8],
  [TYPE.TIMEVAL, 16],
]);

/** Types that are written with the type by which they are. */
const DESCRIBED: ReadonlySet<number> = new Set<number>([TYPE.SIZE, TYPE.PID, TYPE.INT, TYPE.UINT]);

/** What values of a type are made of, one after the other; a type of {@link WIDTHS} or one below. */
const PARTS: ReadonlyMap<number, readonly number[]> = new Map<number, readonly number[]>([
  [TYPE.FLOAT, [TYPE.STRING]],
  [TYPE.DOUBLE, [TYPE.STRING]],
  [TYPE.PROC, [TYPE.STRING, TYPE.PROC_RANK]],
  [TYPE.INFO, [TYPE.STRING, TYPE.INFO_DIRECTIVES, TYPE.VALUE]],
  [TYPE.KVAL, [TYPE.STRING, TYPE.VALUE]],
  [TYPE.PDATA, [TYPE.PROC, TYPE.STRING, TYPE.VALUE]],
  [TYPE.PROC_INFO, [TYPE.PROC, TYPE.STRING, TYPE.STRING, TYPE.PID, TYPE.PROC_STATE]],
  [TYPE.COMPRESSED_STRING, [TYPE.BYTE_OBJECT]],
  [TYPE.MODEX, [TYPE.BYTE_OBJECT]],
  [TYPE.BUFFER, [TYPE.BYTE, TYPE.BYTE_OBJECT]],
  [TYPE.ENVAR, [TYPE.STRING, TYPE.STRING, TYPE.BYTE]],
]);

/** Reads values one after the other. Every call throws BprocError EPROTO for what cannot be. */
export class Unpacker {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Bytes that are not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** How many values follow. */
  count(): number {
    const values = this.i32();
    // not one byte for each of them: whoever waited for so many would wait in vain
    if (values < 0 || values > this.left) throw broken(`an item of ${values} values`);
    return values;
  }

  /** The count of an item that is one value. */
  one(): this {
    const values = this.i32();
    if (values !== 1) throw broken(`an item of ${values} values in place of one`);
    return this;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  u16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  rank(): number {
    return this.i32();
  }

  /** A number of things, each of which has a byte of what is left at the least. */
  size(): number {
    const type = this.u16();
    if (type !== TYPE.UINT64) throw broken(`a size of type ${type}`);
    const value = this.#bytes.readBigUInt64BE(this.#take(8));
    if (value > BigInt(this.left)) throw broken(`${value} bytes or things of which ${this.left} bytes are there`);
    return Number(value);
  }

  int(): number {
    const type = this.u16();
    if (type !== TYPE.INT32) throw broken(`an int of type ${type}`);
    return this.i32();
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  /** @returns undefined: NULL. */
  string(): string | undefined {
    const length = this.i32();
    if (length === 0) return undefined;
    if (length < 0 || length > this.left) throw broken(`a string of ${length} bytes`);
    const at = this.#take(length);
    const end = at + length - 1;
    if (this.#bytes[end] !== 0) throw broken('a string without an end');
    const text = this.#bytes.toString('utf8', at, end);
    if (text.includes('\0')) throw broken('a string with an end before its end');
    return text;
  }

  key(): string {
    const key = this.string() ?? '';
    if (key.length > LONGEST_KEY) throw broken(`a key of ${key.length} characters`);
    return key;
  }

  object(): Uint8Array {
    const length = this.size();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  proc(): Member {
    const job = this.string() ?? '';
    if (job.length > LONGEST_NAMESPACE) throw broken(`a namespace of ${job.length} characters`);
    return { job, rank: this.rank() };
  }

  value(): Value {
    const type = this.u16();
    return { type, content: this.#passed(() => this.#pass(type, 1, 0)) };
  }

  info(): Info {
    const key = this.key();
    this.u32();
    return { key, value: this.value() };
  }

  /** A size, then an item of as many values, which is missing where there are none. */
  list<T>(one: (from: this) => T): readonly T[] {
    this.one();
    const length = this.size();
    if (length === 0) return [];
    const values = this.count();
    if (values !== length) throw broken(`${values} values in place of ${length}`);
    return Array.from({ length }, () => one(this));
  }

  infos(): readonly Info[] {
    return this.list((from) => from.info());
  }

  /** A whole item that is a key with its value. @returns its bytes too. */
  kval(): { readonly key: string; readonly bytes: Uint8Array } {
    let key = '';
    const bytes = this.#passed(() => {
      key = this.one().key();
      this.#pass(TYPE.VALUE, 1, 0);
    });
    return { key, bytes };
  }

  /** The bytes that `read` goes over. */
  #passed(read: () => void): Uint8Array {
    const from = this.#at;
    read();
    return this.#bytes.subarray(from, this.#at);
  }

  /** Goes over as many values of a type. */
  #pass(type: number, values: number, depth: number): void {
    if (depth > DEEPEST) throw broken(`values within values, ${depth} deep`);
    const width = WIDTHS.get(type);
    if (width !== undefined) return this.skip(width * values);
    if (DESCRIBED.has(type)) return this.#passDescribed(values);
    // however many they are, as much is written
    if (type === TYPE.POINTER) return this.skip(1);
    for (let value = 0; value < values; value++) this.#passOne(type, depth);
  }

  #passOne(type: number, depth: number): void {
    const parts = PARTS.get(type);
    if (parts !== undefined) {
      for (const part of parts) this.#pass(part, 1, depth + 1);
      return;
    }
    switch (type) {
      case TYPE.UNDEF:
        return;
      case TYPE.STRING:
        this.string();
        return;
      case TYPE.BYTE_OBJECT:
        this.object();
        return;
      case TYPE.VALUE:
        return this.#pass(this.u16(), 1, depth + 1);
      case TYPE.INFO_ARRAY:
        return this.#pass(TYPE.INFO, this.size(), depth + 1);
      case TYPE.DATA_ARRAY:
        return this.#passArray(depth);
      default:
        throw broken(`a value of type ${type}`);
    }
  }

  #passArray(depth: number): void {
    const type = this.u16();
    const values = this.size();
    if (type !== TYPE.UNDEF && values > 0) this.#pass(type, values, depth + 1);
  }

  #passDescribed(values: number): void {
    const width = WIDTHS.get(this.u16());
    if (width === undefined) throw broken('a number of no type');
    this.skip(width * values);
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (bytes > this.#bytes.length - at) throw broken(`${bytes} bytes of which ${this.left} are there`);
    this.#at = at + bytes;
    return at;
  }
}

function broken(what: string): BprocError {
  return new BprocError('EPROTO', `a message of PMIx has ${what}`);
}
