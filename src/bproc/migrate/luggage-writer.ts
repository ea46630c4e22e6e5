/**
 * A file of a capture on its way in. What comes while something is written is written after it, at one go: to write each chunk by itself,
 * or to copy it, takes longer than to send it.
 */
import type { FileHandle } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';

/** Chunks of one write, of which the kernel takes no more at once. */
const MOST_CHUNKS = 1024;

/** Writes what comes, in its order. */
export class LuggageWriter {
  readonly #file: FileHandle;
  readonly #most: number;
  #taken = 0;
  #waiting: Buffer[] = [];

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
   * Takes what comes next, and keeps it as it is until it is written.
   *
   * @throws BprocError EPROTO where there are more bytes than there should be.
   */
  take(bytes: Buffer): void {
    if (this.#taken + bytes.length > this.#most) {
      throw new BprocError('EPROTO', `a file of ${this.#most} bytes has come with more`);
    }
    this.#taken += bytes.length;
    this.#waiting.push(bytes);
  }

  /**
   * Writes what has come; one write at a time.
   *
   * @returns its bytes: 0 where nothing waits.
   * @throws BprocError ENOSPC and others of the file.
   */
  async write(): Promise<number> {
    const waiting = this.#waiting.splice(0, MOST_CHUNKS);
    const bytes = waiting.reduce((sum, { length }) => sum + length, 0);
    try {
      for (let rest = waiting; rest.length > 0; ) rest = after(rest, (await this.#file.writev(rest)).bytesWritten);
    } catch (cause) {
      throw BprocError.from(cause);
    }
    return bytes;
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
