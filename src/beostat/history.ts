/** The samples of one node that its master keeps. */
import type { Layout } from './layout.ts';
import { pack, unpack } from './packing.ts';

/** One sample that is kept. */
export interface PastSample {
  /** When it came, in milliseconds since 1970 by the clock of whoever keeps it. */
  readonly seenAt: number;
  readonly layout: Layout;
  readonly figures: Float64Array;
  /** Bit by bit, sources that could not be read. */
  readonly missing: number;
}

/** Samples of one block: as many differences as have to be gone through for the last one. */
const BLOCK = 64;
/** Bytes that one is made for at first, and a node's history may have whatever its machine is like. */
const FIRST_BYTES = 4096;
const MOST_BYTES = 32 * 1024 * 1024;
/** What a block takes besides its samples. */
const OWN_BYTES = 1024;

/** Consecutive samples of one layout: the first whole, each other one by what differs. */
class Block {
  readonly layout: Layout;
  count = 0;
  readonly #seenAt = new Float64Array(BLOCK);
  readonly #missing = new Uint32Array(BLOCK);
  readonly #ends = new Uint32Array(BLOCK);
  #bytes = new Uint8Array(FIRST_BYTES);

  constructor(layout: Layout) {
    this.layout = layout;
  }

  get size(): number {
    return this.#bytes.length + OWN_BYTES;
  }

  get lastSeenAt(): number {
    return this.#seenAt[this.count - 1] ?? 0;
  }

  add({ seenAt, figures, missing }: PastSample, before: Float64Array | undefined): void {
    const packed = pack(figures, this.count === 0 ? undefined : before);
    const from = this.#ends[this.count - 1] ?? 0;
    const end = from + packed.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, from));
      this.#bytes = larger;
    }
    this.#bytes.set(packed, from);
    this.#seenAt[this.count] = seenAt;
    this.#missing[this.count] = missing;
    this.#ends[this.count] = end;
    this.count += 1;
    // it grows no more
    if (this.count === BLOCK) this.#bytes = this.#bytes.slice(0, end);
  }

  *samples(): Generator<PastSample> {
    let before: Float64Array | undefined;
    for (let i = 0; i < this.count; i += 1) {
      const bytes = this.#bytes.subarray(i === 0 ? 0 : this.#ends[i - 1], this.#ends[i]);
      const figures = unpack(bytes, before, this.layout.size);
      before = figures;
      yield { seenAt: this.#seenAt[i] ?? 0, layout: this.layout, figures, missing: this.#missing[i] ?? 0 };
    }
  }
}

/** Bounded by time, and by bytes. */
export class History {
  readonly #keptMs: number;
  #blocks: Block[] = [];
  #newest: PastSample | undefined;
  #before: PastSample | undefined;

  /** @param keptMs how long samples are kept, in milliseconds; a block more than that may be there. */
  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  get newest(): PastSample | undefined {
    return this.#newest;
  }

  /** The one before the newest, where that is of the same layout. */
  get before(): PastSample | undefined {
    return this.#before?.layout === this.#newest?.layout ? this.#before : undefined;
  }

  /** Bytes that it takes. */
  get size(): number {
    return this.#blocks.reduce((sum, { size }) => sum + size, 0);
  }

  add(sample: PastSample): void {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.count === BLOCK || block.layout !== sample.layout) {
      block = new Block(sample.layout);
      this.#blocks.push(block);
      this.#forget(sample.seenAt);
    }
    block.add(sample, this.#newest?.figures);
    this.#before = this.#newest;
    this.#newest = sample;
  }

  #forget(now: number): void {
    const from = now - this.#keptMs;
    while (this.#blocks.length > 1) {
      const [oldest] = this.#blocks;
      if (oldest === undefined || (oldest.lastSeenAt >= from && this.size <= MOST_BYTES)) return;
      this.#blocks.shift();
    }
  }

  /** Those that came after a moment, oldest first. */
  *since(seenAt: number): Generator<PastSample> {
    for (const block of this.#blocks) {
      if (block.lastSeenAt <= seenAt) continue;
      for (const sample of block.samples()) if (sample.seenAt > seenAt) yield sample;
    }
  }
}
