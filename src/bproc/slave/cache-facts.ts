/** What a node's attributes say of its image cache, told to the master when it has changed, and not too often. */
import type { Cancel, Clock } from '../../clock.ts';
import type { BlobCacheStats } from '../image/index.ts';

/** Between two reports, in milliseconds: starts come in bursts, and the last of them is what counts. */
const EVERY_MS = 1000;

/** The attributes. */
export function cacheAttributes(stats: BlobCacheStats): Record<string, string> {
  const { bytes, blobs, hits, misses, fetchedBytes } = stats;
  const facts = {
    cacheBytes: bytes,
    cacheBlobs: blobs,
    cacheHits: hits,
    cacheMisses: misses,
    cacheFetched: fetchedBytes,
  };
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]));
}

/** Tells them. Disposing of it tells nothing more. */
export class CacheFacts implements Disposable {
  readonly #clock: Clock;
  readonly #tell: () => void;
  #told = Number.NEGATIVE_INFINITY;
  #cancel: Cancel | undefined;
  #isOver = false;

  constructor(clock: Clock, tell: () => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Something may be different. */
  changed(): void {
    if (this.#isOver) return;
    this.#cancel ??= this.#clock.after(Math.max(0, this.#told + EVERY_MS - this.#clock.now()), () => {
      this.#cancel = undefined;
      this.#told = this.#clock.now();
      this.#tell();
    });
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#cancel?.();
  }
}
