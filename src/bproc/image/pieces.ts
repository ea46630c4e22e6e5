/**
 * Memory that blobs pass through, used again and again: to allocate it anew for each piece costs page faults and garbage collections
 * that take longer than the blob's hash.
 */

/** Bytes of a piece: large enough that a turn of the event loop, or of another thread, for each costs little. */
export const PIECE_BYTES = 512 * 1024;
/** Pieces that are kept while nobody uses them. */
const MOST_FREE = 8;

/** The pieces of some transfers. */
export class Pieces {
  #free: Buffer[] = [];

  /** Memory for the next of `left` bytes, in which anything may be. */
  take(left: number): Buffer {
    // of small blobs there are thousands
    if (left < PIECE_BYTES) return Buffer.allocUnsafe(left);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
  }

  /** Takes memory back that nobody reads or writes any more. */
  give(piece: Buffer): void {
    if (piece.length === PIECE_BYTES && this.#free.length < MOST_FREE) this.#free.push(piece);
  }

  /** Keeps nothing for later. */
  clear(): void {
    this.#free = [];
  }
}
