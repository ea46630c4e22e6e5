/** Bytes in the order they came, in pieces that are neither copied when large nor kept apart when small. */

/** Pieces up to this size are put together: a thousand single bytes should not be a thousand objects. */
const SMALL_BYTES = 2048;
const TAIL_BYTES = 16 * 1024;

/** A list of byte pieces that grows at the end and is taken from the front. */
export class ChunkList {
  #chunks: Buffer[] = [];
  /** Where small pieces are put together; its used part is the last chunk, or nothing. */
  #tail: Buffer | undefined;
  #used = 0;

  get length(): number {
    return this.#chunks.length;
  }

  at(index: number): Buffer | undefined {
    return this.#chunks[index];
  }

  [Symbol.iterator](): Iterator<Buffer> {
    return this.#chunks.values();
  }

  /** Adds bytes. True where they made the last chunk longer, false where they are a chunk of their own. */
  push(bytes: Buffer): boolean {
    if (bytes.length > SMALL_BYTES) {
      this.#chunks.push(bytes);
      this.#tail = undefined;
      return false;
    }
    const last = this.#chunks.at(-1);
    if (last !== undefined && this.#tail !== undefined && this.#used + bytes.length <= TAIL_BYTES) {
      this.#tail.set(bytes, this.#used);
      const start = this.#used - last.length;
      this.#used += bytes.length;
      this.#chunks[this.#chunks.length - 1] = this.#tail.subarray(start, this.#used);
      return true;
    }
    this.#chunks.push(last === undefined ? bytes : this.#startTail(bytes));
    return false;
  }

  /** The first of several small pieces; one that stands alone is not worth a copy. */
  #startTail(bytes: Buffer): Buffer {
    this.#tail = Buffer.allocUnsafeSlow(TAIL_BYTES);
    this.#tail.set(bytes, 0);
    this.#used = bytes.length;
    return this.#tail.subarray(0, this.#used);
  }

  /** Takes chunks from the front. */
  drop(count: number): void {
    if (count === 0) return;
    this.#chunks = this.#chunks.slice(count);
    if (this.#chunks.length === 0) this.#tail = undefined;
  }

  /** Takes the first chunk. */
  shift(): Buffer | undefined {
    const first = this.#chunks.shift();
    if (this.#chunks.length === 0) this.#tail = undefined;
    return first;
  }

  clear(): void {
    this.#chunks = [];
    this.#tail = undefined;
  }
}
