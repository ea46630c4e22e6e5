/** Frames, the unit of the wire: PROTOCOL.md 2.1 and 2.2. */
import { BprocError } from '../errors.ts';
import {
  HEADER_BYTES,
  MAX_CONTROL_BYTES,
  MAX_DATA_BYTES,
  MAX_GREETING_BYTES,
  MAX_OFFSET,
  MAX_SMALL_BYTES,
} from './limits.ts';

/** What a frame is; an unknown type is skipped. */
export const FrameType = {
  /** One encoded Control message. */
  CONTROL: 1,
  /** Bytes of one stream, after their 8-byte offset. */
  DATA: 2,
  /** How far a stream's receiver is and how far its sender may go: acked, limit. */
  CREDIT: 3,
  /** The receiver of a stream wants no more of it. */
  STOP: 4,
  /** Answer with a PONG. Payload: in how many milliseconds at the latest the next one comes. */
  PING: 5,
  PONG: 6,
  /** The sender closes the connection; payload: the reason, as an encoded Failure. */
  CLOSE: 7,
} as const;
export type FrameType = (typeof FrameType)[keyof typeof FrameType];

/** Flags of a frame; their meaning depends on its type. */
export const FrameFlag = {
  /** DATA: the stream ends after these bytes. */
  FIN: 1,
  /** CREDIT: send again from `acked` on. */
  REWIND: 1,
} as const;

/** A frame's fixed header. */
export interface FrameHeader {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly session: number;
  readonly sequence: number;
}

/** Bytes that a DATA frame carries before its data. */
export const OFFSET_BYTES = 8;

const NOTHING = Buffer.alloc(0);
/** Bytes of room for something that comes in parts, at first. */
const SMALLEST_ROOM = 64;

/** Writes a header into `target` at `at`; the caller has made sure of the room. */
export function writeHeader(target: Buffer, at: number, header: FrameHeader): void {
  target.writeUInt32BE(header.length, at);
  target.writeUInt8(header.type, at + 4);
  target.writeUInt8(header.flags, at + 5);
  target.writeUInt16BE(0, at + 6);
  target.writeUInt32BE(header.stream, at + 8);
  target.writeUInt32BE(header.session, at + 12);
  target.writeUInt32BE(header.sequence, at + 16);
}

/** Reads a header; `source` holds at least {@link HEADER_BYTES} from `at` on. */
export function readHeader(source: Buffer, at: number): FrameHeader {
  return {
    length: source.readUInt32BE(at),
    type: source.readUInt8(at + 4),
    flags: source.readUInt8(at + 5),
    stream: source.readUInt32BE(at + 8),
    session: source.readUInt32BE(at + 12),
    sequence: source.readUInt32BE(at + 16),
  };
}

/**
 * Writes a 64-bit unsigned number, big endian.
 *
 * @throws RangeError for a negative, broken or unsafe number.
 */
export function writeUint64(target: Buffer, value: number, at: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not an offset`);
  target.writeUInt32BE(Math.floor(value / 2 ** 32), at);
  target.writeUInt32BE(value % 2 ** 32, at + 4);
}

/**
 * Reads a 64-bit unsigned number.
 *
 * @throws BprocError EPROTO above 2^53 - 1.
 */
export function readUint64(source: Buffer, at: number): number {
  const value = source.readUInt32BE(at) * 2 ** 32 + source.readUInt32BE(at + 4);
  if (value > MAX_OFFSET) throw new BprocError('EPROTO', 'a frame carries an offset beyond 2^53');
  return value;
}

/** What a {@link FrameDecoder} finds. */
export interface FrameSink {
  /**
   * A frame's header has come, and is within bounds.
   *
   * @returns false to skip the frame.
   */
  header(header: FrameHeader): boolean;
  /** A whole frame other than DATA. The payload is valid until the call returns. */
  frame(header: FrameHeader, payload: Buffer): void;
  /** A piece of a DATA frame, handed on as it comes; `last` on the frame's last one. */
  piece(header: FrameHeader, offset: number, bytes: Buffer, last: boolean): void;
}

function longest(type: number, greeting: boolean): number {
  if (greeting) return MAX_GREETING_BYTES;
  if (type === FrameType.CONTROL) return MAX_CONTROL_BYTES;
  if (type === FrameType.DATA) return MAX_DATA_BYTES + OFFSET_BYTES;
  return MAX_SMALL_BYTES;
}

/**
 * Cuts a byte stream into frames, wherever its chunks begin and end. Data bytes are handed on
 * without being copied or waited for; everything else is small and comes whole.
 */
export class FrameDecoder {
  /** Whether the narrow bounds of the greeting hold; the channel clears it with the session. */
  greeting = true;
  readonly #sink: FrameSink;
  /** A header, offset or payload that has not come whole, in the first {@link #held} bytes. */
  #partial = NOTHING;
  #held = 0;
  #header: FrameHeader | undefined;
  /** Data bytes of the current DATA frame that are still to come. */
  #dataLeft = 0;
  #offset = 0;
  #inData = false;
  #skipped = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /**
   * Decodes from `chunk[start]` on, at most `budget` frames or pieces.
   *
   * @returns where it stopped: `chunk.length`, or less where the budget ran out.
   * @throws BprocError EPROTO on a frame out of bounds; the connection cannot go on.
   */
  push(chunk: Buffer, start = 0, budget = Number.POSITIVE_INFINITY): number {
    let at = start;
    for (let left = budget; left > 0 && at < chunk.length; left -= 1) {
      if (this.#skipped > 0) at = this.#skip(chunk, at);
      else if (this.#inData) at = this.#data(chunk, at);
      else if (this.#header === undefined) at = this.#head(chunk, at);
      else at = this.#payload(chunk, at, this.#header);
    }
    return at;
  }

  #head(chunk: Buffer, at: number): number {
    const [bytes, next] = this.#gather(chunk, at, HEADER_BYTES);
    if (bytes === undefined) return next;
    const header = readHeader(bytes, 0);
    if (header.length > longest(header.type, this.greeting)) {
      throw new BprocError('EPROTO', `a frame of type ${header.type} claims ${header.length} bytes, more than allowed`);
    }
    if (header.type === FrameType.DATA && header.length < OFFSET_BYTES) {
      throw new BprocError('EPROTO', 'a data frame is too short for its offset');
    }
    if (!this.#sink.header(header)) this.#skipped = header.length;
    else if (header.length === 0) this.#sink.frame(header, bytes.subarray(0, 0));
    else this.#header = header;
    return next;
  }

  #payload(chunk: Buffer, at: number, header: FrameHeader): number {
    const isData = header.type === FrameType.DATA;
    const [bytes, next] = this.#gather(chunk, at, isData ? OFFSET_BYTES : header.length);
    if (bytes === undefined) return next;
    if (!isData) {
      this.#header = undefined;
      this.#sink.frame(header, bytes);
      return next;
    }
    this.#offset = readUint64(bytes, 0);
    this.#dataLeft = header.length - OFFSET_BYTES;
    // the end of a stream counts as one byte more [PROTOCOL 5.2], and it too must have an offset
    if (this.#offset + this.#dataLeft >= MAX_OFFSET) throw new BprocError('EPROTO', 'a data frame ends beyond 2^53');
    if (this.#dataLeft > 0) {
      this.#inData = true;
    } else {
      this.#header = undefined;
      this.#sink.piece(header, this.#offset, bytes.subarray(0, 0), true);
    }
    return next;
  }

  #data(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#dataLeft);
    const header = this.#header;
    if (header === undefined) throw new Error('unreachable: data without a header');
    const offset = this.#offset;
    this.#dataLeft -= end - at;
    this.#offset += end - at;
    const last = this.#dataLeft === 0;
    if (last) {
      this.#inData = false;
      this.#header = undefined;
    }
    this.#sink.piece(header, offset, chunk.subarray(at, end), last);
    return end;
  }

  #skip(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#skipped);
    this.#skipped -= end - at;
    return end;
  }

  /** The next `wanted` bytes in one piece, or undefined until they have come. */
  #gather(chunk: Buffer, at: number, wanted: number): [Buffer | undefined, number] {
    const missing = wanted - this.#held;
    if (this.#held === 0 && chunk.length - at >= wanted) return [chunk.subarray(at, at + wanted), at + wanted];
    const end = Math.min(chunk.length, at + missing);
    this.#keep(chunk, at, end, wanted);
    if (this.#held < wanted) return [undefined, end];
    const whole = this.#partial.subarray(0, wanted);
    this.#partial = NOTHING;
    this.#held = 0;
    return [whole, end];
  }

  /**
   * Copies what has come of `wanted` bytes. The room grows with what has come, not with what was
   * announced, and a payload that drips in byte by byte costs no more than one that comes at once.
   */
  #keep(chunk: Buffer, at: number, end: number, wanted: number): void {
    const needed = this.#held + end - at;
    if (needed > this.#partial.length) {
      const larger = Buffer.allocUnsafe(Math.min(wanted, Math.max(needed, 2 * this.#partial.length, SMALLEST_ROOM)));
      this.#partial.copy(larger, 0, 0, this.#held);
      this.#partial = larger;
    }
    chunk.copy(this.#partial, this.#held, at, end);
    this.#held = needed;
  }
}
