/** Messages on a connection of PMIx: 16 bytes in front of each say how long it is and what it answers. */
import { endianness } from 'node:os';
import { BprocError } from '../../errors.ts';

/** A message. */
export interface Frame {
  /** The client's number for its question, which the answer has too; 0: an event. */
  readonly tag: number;
  readonly payload: Buffer;
}

/** Most bytes of a message. What ranks tell each other at the start is some kilobytes. */
export const MOST_FRAME_BYTES = 4 * 1024 * 1024;

const HEADER_BYTES = 16;
const TAG_AT = 4;
const LENGTH_AT = 8;

/** The first message of a client, whose header alone is in the machine's own order. */
const GREETING_BYTES = 8192;

/** Cuts what arrives into messages. The first is the greeting. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #length = 0;
  #isGreeted = false;
  /** Bytes that have to be there before there is anything to look at. */
  #wanted = HEADER_BYTES;

  /** @returns the messages that are complete now. @throws BprocError EPROTO for one that is too long. */
  push(chunk: Buffer): readonly Frame[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#length);
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const frame = this.#frameAt(bytes, at);
      if (frame === undefined) break;
      frames.push(frame);
      at += HEADER_BYTES + frame.payload.length;
    }
    const rest = bytes.subarray(at);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return frames;
  }

  #frameAt(bytes: Buffer, at: number): Frame | undefined {
    this.#wanted = HEADER_BYTES;
    if (bytes.length - at < HEADER_BYTES) return undefined;
    const isLittle = !this.#isGreeted && endianness() === 'LE';
    const length = isLittle ? bytes.readUInt32LE(at + LENGTH_AT) : bytes.readUInt32BE(at + LENGTH_AT);
    const most = this.#isGreeted ? MOST_FRAME_BYTES : GREETING_BYTES;
    if (length > most)
      throw new BprocError('EPROTO', `a message of PMIx has ${length} bytes: at most ${most} are read`);
    this.#wanted = HEADER_BYTES + length;
    if (bytes.length - at < this.#wanted) return undefined;
    const tag = bytes.readUInt32BE(at + TAG_AT);
    this.#isGreeted = true;
    return { tag, payload: bytes.subarray(at + HEADER_BYTES, at + this.#wanted) };
  }
}

/** A message as a server sends it. */
export function frameOf({ tag, payload }: { readonly tag: number; readonly payload: Uint8Array }): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + payload.length);
  frame.writeUInt32BE(tag, TAG_AT);
  frame.writeUInt32BE(payload.length, LENGTH_AT);
  frame.set(payload, HEADER_BYTES);
  return frame;
}
