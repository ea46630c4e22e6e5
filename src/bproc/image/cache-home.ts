/** Where a role's blob cache is: made when it is first needed, since most roles never need one. */
import { chmodSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { makeOwnDirectory } from '../../linux/index.ts';
import { BlobCache } from './blob-cache.ts';

/** How many bytes of images a role keeps where nobody says otherwise. */
export const DEFAULT_IMAGE_CACHE_BYTES = 1024 ** 3;

/** The place of a cache, and how much it may hold. */
export interface CacheHomeOptions {
  /** Its directory, in which blobs outlive the role; absent: one that ends with it. */
  readonly directory: string | undefined;
  readonly maxBytes: number;
  /** Whether other users run what is in it, so that they have to get to it. */
  readonly isShared: boolean;
}

/** A cache to be. Disposing of it closes the cache. */
export class CacheHome implements Disposable {
  readonly #options: CacheHomeOptions;
  #cache: BlobCache | undefined;
  #temporary: string | undefined;

  constructor(options: CacheHomeOptions) {
    this.#options = options;
  }

  /** How many bytes it may hold. */
  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  /** Whether it was needed yet. */
  get isOpen(): boolean {
    return this.#cache !== undefined;
  }

  /** The cache. @throws BprocError as {@link BlobCache} does. */
  open(): BlobCache {
    if (this.#cache !== undefined) return this.#cache;
    const { directory = this.#makeTemporary(), maxBytes, isShared } = this.#options;
    this.#cache = new BlobCache({ directory, maxBytes });
    // what is beside it is its owner's alone, file by file
    if (isShared) letThrough(dirname(directory));
    return this.#cache;
  }

  [Symbol.dispose](): void {
    this.#cache?.[Symbol.dispose]();
    this.#cache = undefined;
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
    this.#temporary = undefined;
  }

  #makeTemporary(): string {
    this.#temporary ??= makeOwnDirectory('images');
    return join(this.#temporary, 'blobs');
  }
}

/** Others get to what they can name in a directory, and still cannot look around in it. */
function letThrough(directory: string): void {
  try {
    const { mode, uid } = statSync(directory);
    if (uid === process.geteuid?.() && (mode & 0o011) !== 0o011) chmodSync(directory, (mode & 0o7777) | 0o011);
  } catch (cause) {
    throw BprocError.from(cause);
  }
}
