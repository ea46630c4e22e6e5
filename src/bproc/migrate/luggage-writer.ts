/**
 * A file of a capture on its way in. What comes is copied together at once, into memory that is used again, and while something is
 * written more comes: chunks that are kept until they are written bring the garbage collector on, which takes longer than all else.
 */
import type { FileHandle } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import { Pieces } from '../image/index.ts';

/** Writes what comes, in its order. */
export class LuggageWriter {
  readonly #file: FileHandle;
  readonly #most: number;
  readonly #pieces = new Pieces();
  #taken = 0;
  /** What is to be written: full pieces, and the last one as far as it goes. */
  #waiting: Buffer[] = [];
  /** Bytes of the last one that are filled. */
  #filled = 0;

  /** @param most how many bytes are to come; Infinity where that is not known yet. */
  constructor(file: FileHandle, most: number) {
    this.#file = file;
    this.#most = most;
  }

  /** Bytes that have come. */
  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes what comes next, and keeps nothing of it as it is.
   *
   * @throws BprocError EPROTO where there are more bytes than there should be.
   */
  take(bytes: Buffer): void {
    if (this.#taken + bytes.length > this.#most) {
      throw new BprocError('EPROTO', `a file of ${this.#most} bytes has come with more`);
    }
    for (let from = 0; from < bytes.length; ) {
      const piece = this.#unfilled();
      const copied = bytes.copy(piece, this.#filled, from);
      this.#filled += copied;
      this.#taken += copied;
      from += copied;
    }
  }

  /**
   * Writes what has come; one write at a time.
   *
   * @returns its bytes: 0 where nothing waits.
   * @throws BprocError ENOSPC and others of the file.
   */
  async write(): Promise<number> {
    const pieces = this.#waiting.splice(0);
    const chunks = pieces.map((piece, at) => (at < pieces.length - 1 ? piece : piece.subarray(0, this.#filled)));
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    try {
      for (let rest = chunks; rest.length > 0; ) rest = after(rest, (await this.#file.writev(rest)).bytesWritten);
    } catch (cause) {
      throw BprocError.from(cause);
    }
    for (const piece of pieces) this.#pieces.give(piece);
    return bytes;
  }

  /** The last piece, if there is room in it, or another one. */
  #unfilled(): Buffer {
    const last = this.#waiting.at(-1);
    if (last !== undefined && this.#filled < last.length) return last;
    const piece = this.#pieces.take(this.#most - this.#taken);
    this.#waiting.push(piece);
    this.#filled = 0;
    return piece;
  }
}

/** The chunks without so many bytes of their beginning: a file system that is nearly full takes a part. */
function after(chunks: readonly Buffer[], bytes: number): Buffer[] {
  let left = bytes;
  return chunks.flatMap((chunk) => {
    const from = Math.min(left, chunk.length);
    left -= from;
    return from === chunk.length ? [] : [chunk.subarray(from)];
  });
}
