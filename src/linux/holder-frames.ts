/**
 * The frames that an engine and its holder exchange, as native/README.md has them: a header of 12 bytes
 * (length u32, type u8, flags u8, 0 u16, id u32) and a payload, all numbers little-endian.
 */

/** What the engine says. */
export const SAY = {
  hello: 1,
  start: 2,
  input: 3,
  credit: 4,
  close: 5,
  discard: 6,
  finish: 7,
  signal: 8,
  forget: 9,
  list: 10,
  resize: 11,
  shutdown: 12,
  forkpids: 13,
  note: 14,
  hold: 15,
  preload: 16,
  keeppids: 17,
} as const;

/** What the holder tells. */
export const TOLD = {
  welcome: 64,
  held: 65,
  ready: 66,
  started: 67,
  failed: 68,
  output: 69,
  outend: 70,
  taken: 71,
  inclosed: 72,
  stopped: 73,
  continued: 74,
  exited: 75,
  result: 76,
  listed: 77,
  refused: 78,
  forgotten: 79,
  noted: 80,
  still: 81,
} as const;

/** The version of the frames. */
export const HOLDER_VERSION = 1;
/** Flags: of INPUT the last of it, of FORGET that the process runs on as nobody's and that its record is kept, of LISTED that more follow, of HOLD that the input is to stand still, and that the process does. */
export const FLAG_FIN = 1;
export const FLAG_RELEASE = 1;
export const FLAG_KEEP = 2;
export const FLAG_MORE = 1;
export const FLAG_STILL = 1;
export const FLAG_FROZEN = 2;
/** Bytes of a name that is remembered of what was forgotten. */
export const NAME_BYTES = 16;
/** A process's number in the frames is smaller than this. */
export const MOST_IDS = 2 ** 20;
/** The longest payload either side takes, in bytes. */
export const MOST_PAYLOAD = 8 * 1024 * 1024;

const HEADER = 12;
const BLOCK = 64 * 1024;
/** What is shorter is copied between the frames; what is longer goes out from where it is. */
const COPIED_BYTES = 16 * 1024;
const TWO_32 = 2 ** 32;

/** Reads a u64 as a number; what is beyond 2^53 loses its lowest bits. */
export function readU64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * TWO_32;
}

/** Builds frames one after the other in blocks of memory, which are given away as they fill. */
export class FrameWriter {
  #block = Buffer.allocUnsafeSlow(BLOCK);
  /** What of the block was given away, and what is filled. */
  #from = 0;
  #at = 0;
  #frame = 0;
  readonly #full: Uint8Array[] = [];

  /** Whether there is nothing to be sent. */
  get isEmpty(): boolean {
    return this.#at === this.#from && this.#full.length === 0;
  }

  /** Begins a frame. */
  begin(type: number, flags: number, id: number): void {
    // First, so that making room moves nothing of the frame before.
    this.#frame = this.#at;
    this.#reserve(HEADER);
    const block = this.#block;
    block[this.#at + 4] = type;
    block[this.#at + 5] = flags;
    block[this.#at + 6] = 0;
    block[this.#at + 7] = 0;
    block.writeUInt32LE(id, this.#at + 8);
    this.#at += HEADER;
  }

  /** Ends the frame that was begun last. */
  end(): void {
    this.#block.writeUInt32LE(this.#at - this.#frame - HEADER, this.#frame);
  }

  /** Drops the frame that was begun last. */
  drop(): void {
    this.#at = this.#frame;
  }

  /** A whole frame without a payload. */
  empty(type: number, flags: number, id: number): void {
    this.begin(type, flags, id);
    this.end();
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#block[this.#at] = value;
    this.#at += 1;
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#at = this.#block.writeUInt16LE(value, this.#at);
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#at = this.#block.writeUInt32LE(value, this.#at);
  }

  /** `Infinity` is the largest there is. */
  u64(value: number): void {
    this.u32(value === Number.POSITIVE_INFINITY ? TWO_32 - 1 : value % TWO_32);
    this.u32(value === Number.POSITIVE_INFINITY ? TWO_32 - 1 : Math.floor(value / TWO_32));
  }

  /** A field of START: its tag and length, written once `write` has said the value. */
  field(tag: number, write: () => void): void {
    this.u16(tag);
    this.u32(0);
    const from = this.#at - this.#frame;
    write();
    const at = this.#frame + from;
    this.#block.writeUInt32LE(this.#at - at, at - 4);
  }

  /** A field whose value is text with its NUL. */
  textField(tag: number, text: string): void {
    // UTF-8 takes at most three bytes for each of the units that `length` counts.
    this.#reserve(7 + text.length * 3);
    const at = this.#at;
    const length = this.#block.write(text, at + 6, 'utf8') + 1;
    this.#block.writeUInt16LE(tag, at);
    this.#block.writeUInt32LE(length, at + 2);
    this.#block[at + 5 + length] = 0;
    this.#at = at + 6 + length;
  }

  /** Text without anything around it. */
  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#at += this.#block.write(text, this.#at, 'utf8');
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength);
    this.#block.set(bytes, this.#at);
    this.#at += bytes.byteLength;
  }

  /** The rest of a frame, and its end. Where it is long it is not copied, and must not change from now on. */
  endWith(bytes: Uint8Array): void {
    if (bytes.byteLength <= COPIED_BYTES) {
      this.bytes(bytes);
      this.end();
      return;
    }
    this.#block.writeUInt32LE(this.#at - this.#frame - HEADER + bytes.byteLength, this.#frame);
    this.#full.push(this.#block.subarray(this.#from, this.#at), bytes);
    this.#from = this.#at;
  }

  /** How long the frame that was begun last is by now. */
  get frameBytes(): number {
    return this.#at - this.#frame - HEADER;
  }

  /** A copy of that frame's payload, from an offset on. */
  copyFrom(offset: number): Buffer {
    return Buffer.from(this.#block.subarray(this.#frame + HEADER + offset, this.#at));
  }

  /** Everything since the last call, for a socket to write. */
  take(): readonly Uint8Array[] {
    const parts = this.#full.splice(0);
    if (this.#at > this.#from) parts.push(this.#block.subarray(this.#from, this.#at));
    this.#from = this.#at;
    return parts;
  }

  /** Makes room; an unfinished frame moves to the new block. */
  #reserve(count: number): void {
    if (this.#at + count <= this.#block.length) return;
    const begun = this.#at - this.#frame;
    if (this.#frame > this.#from) this.#full.push(this.#block.subarray(this.#from, this.#frame));
    const block = Buffer.allocUnsafeSlow(Math.max(BLOCK, (begun + count) * 2));
    this.#block.copy(block, 0, this.#frame, this.#at);
    this.#block = block;
    this.#from = 0;
    this.#frame = 0;
    this.#at = begun;
  }
}

/** What one frame is handed to; `payload` is only good until this returns. */
export type FrameHandler = (type: number, flags: number, id: number, payload: Buffer) => void;

/** Cuts what arrives into frames, in one buffer that a socket reads into. */
export class FrameReader {
  #buffer = Buffer.allocUnsafeSlow(4 * BLOCK);
  #filled = 0;

  /** Where the next bytes are to be put. */
  get room(): Buffer {
    return this.#buffer.subarray(this.#filled);
  }

  /**
   * Takes so many bytes that were put where `room` said, and hands on each frame that is whole.
   *
   * @returns false where a frame is longer than any may be; then nothing more can be read.
   */
  take(count: number, handle: FrameHandler): boolean {
    this.#filled += count;
    const buffer = this.#buffer;
    let at = 0;
    try {
      while (this.#filled - at >= HEADER) {
        const from = at;
        const length = buffer.readUInt32LE(from);
        if (length > MOST_PAYLOAD) return false;
        const end = from + HEADER + length;
        if (end > this.#filled) {
          if (end - from > buffer.length - BLOCK) this.#grow(end - from + BLOCK);
          break;
        }
        at = end;
        const payload = buffer.subarray(from + HEADER, end);
        handle(buffer[from + 4] ?? 0, buffer[from + 5] ?? 0, buffer.readUInt32LE(from + 8), payload);
      }
      return true;
    } finally {
      // Also where the handler throws: nothing is to be handed on twice.
      buffer.copy(this.#buffer, 0, at, this.#filled);
      this.#filled -= at;
    }
  }

  #grow(count: number): void {
    this.#buffer = Buffer.allocUnsafeSlow(count);
  }
}
