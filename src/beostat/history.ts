/** The samples of one node that its master keeps. */
import type { Layout } from './layout.ts';
import { fromZigzag, pack, putVarint, type Reader, takeFigures, takeVarint, toZigzag } from './packing.ts';

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
const OWN_BYTES = 512;
/** Most bytes of what a sample has besides its figures. */
const HEAD_BYTES = 16;

/** Consecutive samples of one layout: the first whole, each other one by what differs. All of it in one array, since there are ten thousand of these. */
class Block {
  readonly layout: Layout;
  count = 0;
  lastSeenAt = 0;
  #bytes = new Uint8Array(FIRST_BYTES);
  #end = 0;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  get size(): number {
    return this.#bytes.length + OWN_BYTES;
  }

  add({ seenAt, figures, missing }: PastSample, before: Float64Array | undefined): void {
    const packed = pack(figures, this.count === 0 ? undefined : before);
    const most = this.#end + HEAD_BYTES + packed.length;
    if (most > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(most, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#end));
      this.#bytes = larger;
    }
    // clocks are set back
    const at = putVarint(this.#bytes, this.#end, toZigzag(seenAt - this.lastSeenAt));
    const from = putVarint(this.#bytes, at, missing);
    this.#bytes.set(packed, from);
    this.#end = from + packed.length;
    this.lastSeenAt = seenAt;
    this.count += 1;
    // it grows no more
    if (this.count === BLOCK) this.#bytes = this.#bytes.slice(0, this.#end);
  }

  *samples(): Generator<PastSample> {
    const reader: Reader = { bytes: this.#bytes, at: 0 };
    const { layout } = this;
    let seenAt = 0;
    let before: Float64Array | undefined;
    for (let i = this.count; i > 0; i -= 1) {
      seenAt += fromZigzag(takeVarint(reader));
      const missing = takeVarint(reader);
      const figures = takeFigures(reader, before, layout.size);
      before = figures;
      yield { seenAt, layout, figures, missing };
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
