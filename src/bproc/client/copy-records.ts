/** The records that file agents speak [PROTOCOL 11.2]. */
import { BprocError } from '../../errors.ts';

/** The types of records that a client knows by itself; all others it only passes on. */
export const RECORD = {
  give: 1,
  take: 2,
  total: 16,
  file: 18,
  data: 20,
  end: 23,
  done: 26,
  have: 48,
  progress: 49,
  failure: 50,
  result: 51,
} as const;

/** Flags of GIVE and TAKE. */
export const GIVE = { recursive: 1, resumable: 2, total: 4 } as const;
export const TAKE = { into: 1, auto: 2, preserve: 4, resumable: 8 } as const;

/** What stands for no mode in TAKE. */
const NO_MODE = 0xffff_ffff;
const HEADER_BYTES = 8;
const ATTRIBUTE_BYTES = 24;
/** [PROTOCOL 11.2] */
export const MOST_RECORD_BYTES = 262_144;

/** One record. */
export interface FileRecord {
  readonly type: number;
  readonly flags: number;
  readonly payload: Buffer;
}

/** A record as it is sent. */
export function encodeRecord(type: number, flags = 0, payload: Uint8Array = new Uint8Array()): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(payload.length);
  header.writeUInt8(type, 4);
  header.writeUInt8(flags, 5);
  return Buffer.concat([header, payload]);
}

/** Makes an agent give files. @throws BprocError E2BIG for paths of more than a record holds. */
export function giveOrder(paths: readonly string[], flags: number): Buffer {
  const payload = Buffer.concat(paths.map((path) => Buffer.from(`${path}\0`)));
  if (payload.length > MOST_RECORD_BYTES) {
    throw new BprocError('E2BIG', `the paths to copy have ${payload.length} bytes: copy fewer of them at once`);
  }
  return encodeRecord(RECORD.give, flags, payload);
}

/** Makes an agent take them. */
export function takeOrder(path: string, flags: number, mode: number | undefined): Buffer {
  const forced = Buffer.alloc(4);
  forced.writeUInt32BE(mode ?? NO_MODE);
  return encodeRecord(RECORD.take, flags, Buffer.concat([forced, Buffer.from(`${path}\0`)]));
}

/** Begins a file that is made of bytes, at `atMs` of the wall clock. */
export function fileRecord(size: number, mode: number, atMs: number): Buffer {
  const payload = Buffer.alloc(ATTRIBUTE_BYTES + 16);
  payload.writeUInt32BE(mode);
  payload.writeBigInt64BE(BigInt(Math.floor(atMs / 1000)), 12);
  payload.writeUInt32BE(Math.floor(atMs % 1000) * 1_000_000, 20);
  payload.writeBigUInt64BE(BigInt(size), ATTRIBUTE_BYTES);
  return encodeRecord(RECORD.file, 0, Buffer.concat([payload, Buffer.from('bytes')]));
}

/** Ends it: `errno` where there is no more of it though there should be. */
export function endRecord(size: number, errno: number): Buffer {
  const payload = Buffer.alloc(12);
  payload.writeUInt32BE(errno);
  payload.writeBigUInt64BE(BigInt(size), 4);
  return encodeRecord(RECORD.end, 0, payload);
}

/** Makes records of what an agent writes, however it is cut. */
export class RecordReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The records that are whole now. @throws BprocError EPROTO for one that is longer than any. */
  read(chunk: Buffer): readonly FileRecord[] {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const records: FileRecord[] = [];
    while (bytes.length >= HEADER_BYTES) {
      const length = bytes.readUInt32BE();
      if (length > MOST_RECORD_BYTES) throw new BprocError('EPROTO', `a file agent sent a record of ${length} bytes`);
      const end = HEADER_BYTES + length;
      if (bytes.length < end) break;
      const payload = bytes.subarray(HEADER_BYTES, end);
      records.push({ type: bytes.readUInt8(4), flags: bytes.readUInt8(5), payload });
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
    return records;
  }
}

/** Some 64-bit numbers, one after the other. @throws BprocError EPROTO for too few, or more than JavaScript counts. */
export function numbersOf({ payload, type }: FileRecord, from: number, count: number): number[] {
  if (payload.length < from + 8 * count) throw new BprocError('EPROTO', `a file agent cut record ${type} short`);
  return Array.from({ length: count }, (_, at) => {
    const number = payload.readBigUInt64BE(from + 8 * at);
    if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw new BprocError('EPROTO', `a file agent counts to ${number}`);
    return Number(number);
  });
}
