/**
 * A node's blobs: files named by the hash of what is in them, on tmpfs or disk. What is used longest ago goes first
 * where room is needed; what is pinned stays.
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { type DirectoryLock, lockDirectory } from '../../linux/index.ts';
import { BLOB_HASH, hashFile } from './blob-hash.ts';
import { type FileLook, leaveIndex, takeIndex } from './blob-index.ts';
import { BlobWriter } from './blob-writer.ts';
import { IncomingBlobs } from './incoming-blobs.ts';
import { Pieces } from './pieces.ts';

/** How a cache is set up. */
export interface BlobCacheOptions {
  /** Where it is; for one cache at a time. */
  readonly directory: string;
  /** How many bytes of blobs it keeps. */
  readonly maxBytes: number;
}

/** Hears of a blob that is about to go. It takes no turn. */
export type BlobGoing = (hash: string) => void;

/** What a cache has, and what came of asking it. */
export interface BlobCacheStats {
  readonly blobs: number;
  readonly bytes: number;
  readonly pinnedBytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  /** Blobs that were not what they were when they came, and so were thrown away. */
  readonly rotten: number;
  /** Of blobs that came in this life of the cache. */
  readonly fetchedBytes: number;
}

interface Blob {
  readonly hash: string;
  readonly size: number;
  /** How its file looked when it was verified; absent: not in this life of the cache. */
  look: FileLook | undefined;
  pins: number;
}

const DRAFTS = 'drafts';
const BLOBS = 'blobs';

/** The cache. Disposing of it leaves its blobs to the next one in the same directory. */
export class BlobCache implements Disposable {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #lock: DirectoryLock;
  /** In the order of their last use. */
  readonly #blobs = new Map<string, Blob>();
  readonly #counts = { hits: 0, misses: 0, evictions: 0, rotten: 0, fetchedBytes: 0 };
  #bytes = 0;
  /** Bytes of blobs on their way in. */
  #reserved = 0;
  #drafts = 0;
  /** Of them, those that are still being written; and what they pass through. */
  #writers = 0;
  readonly #pieces = new Pieces();
  /** Blobs on their way in. */
  readonly incoming = new IncomingBlobs();
  #isOpen = true;
  readonly #listeners = new Set<BlobGoing>();

  /**
   * Opens a directory, which is made where it is missing.
   *
   * @throws BprocError EBUSY where another cache has it, or the code of the file operation that failed.
   */
  constructor({ directory, maxBytes }: BlobCacheOptions) {
    if (!(Number.isSafeInteger(maxBytes) && maxBytes > 0)) {
      throw new BprocError('EINVAL', `maxBytes is ${maxBytes}: a cache keeps a whole number of bytes, at least 1`);
    }
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    try {
      // everyone may run what is in it, and nobody else may change it
      mkdirSync(directory, { recursive: true, mode: 0o711 });
      this.#lock = lockDirectory(directory);
    } catch (cause) {
      throw BprocError.from(cause);
    }
    try {
      rmSync(join(directory, DRAFTS), { recursive: true, force: true });
      for (const each of [DRAFTS, BLOBS]) mkdirSync(join(directory, each), { recursive: true, mode: 0o711 });
      this.#takeUp();
      this.#evict(0);
    } catch (cause) {
      this.#lock.release();
      throw BprocError.from(cause);
    }
  }

  /** Where it is. */
  get directory(): string {
    return this.#directory;
  }

  get stats(): BlobCacheStats {
    let pinnedBytes = 0;
    for (const { pins, size } of this.#blobs.values()) if (pins > 0) pinnedBytes += size;
    return { blobs: this.#blobs.size, bytes: this.#bytes, pinnedBytes, ...this.#counts };
  }

  /**
   * Where a blob is, fit for use: its file looks as it did when it was verified, or is hashed again; undefined where it is not here.
   *
   * @throws BprocError EIO and others where the disk fails.
   */
  async find(hash: string): Promise<string | undefined> {
    const blob = this.#blobs.get(hash);
    const isGood = blob !== undefined && (await this.#isGood(blob));
    this.#counts[isGood ? 'hits' : 'misses'] += 1;
    if (!isGood) return undefined;
    this.#blobs.delete(hash);
    this.#blobs.set(hash, blob);
    return this.#path(hash);
  }

  /** Keeps blobs from being evicted until what it returns is disposed of; those that are not here are passed over. */
  pin(hashes: Iterable<string>): Disposable {
    const pinned = [...hashes].flatMap((hash) => this.#blobs.get(hash) ?? []);
    for (const blob of pinned) blob.pins += 1;
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) for (const blob of pinned) blob.pins -= 1;
        isHeld = false;
      },
    };
  }

  /**
   * Takes a blob in.
   *
   * @throws BprocError EINVAL for what is no hash or size; ENOSPC where what is pinned leaves no room for it; the code
   *   of the file operation that failed.
   */
  async receive(hash: string, size: number): Promise<BlobWriter> {
    if (!BLOB_HASH.test(hash)) throw new BprocError('EINVAL', `${JSON.stringify(hash)} is no SHA-256`);
    if (!(Number.isSafeInteger(size) && size >= 0)) throw new BprocError('EINVAL', `a blob of ${size} bytes is none`);
    if (!this.#isOpen) throw new BprocError('ECANCELED', `blob ${hash} cannot be kept: the cache is closed`);
    if (!this.#evict(size)) throw this.#full(hash, size);
    this.#reserved += size;
    this.#drafts += 1;
    this.#writers += 1;
    const draft = join(this.#directory, DRAFTS, `${hash}.${this.#drafts}`);
    const done = (isThere: boolean): void => {
      this.#reserved -= size;
      this.incoming.end(hash, draft);
      this.#writers -= 1;
      if (this.#writers === 0) this.#pieces.clear();
      // hashed on its way in
      if (!isThere) return;
      this.#counts.fetchedBytes += size;
      this.#enter(hash, lookAt(this.#path(hash)));
    };
    const makeRoom = (): boolean => this.#evictOne();
    const wrote = (bytes: number): void => this.incoming.wrote(hash, draft, bytes);
    const [path, pieces] = [this.#path(hash), this.#pieces];
    try {
      const writer = await BlobWriter.create({ hash, size, draft, path, pieces, makeRoom, wrote, done });
      this.incoming.begin(hash, draft);
      return writer;
    } catch (cause) {
      done(false);
      const error = BprocError.from(cause);
      throw new BprocError(error.code, `blob ${hash} cannot be kept: ${error.message}`, { cause });
    }
  }

  /**
   * Changes how many names a blob's file has, which is no change of the blob but looks like one.
   *
   * @param change gets the file's path, and takes no turn: whatever else changes the content in this moment and sets
   *   its time back is not seen.
   * @throws what `change` throws; BprocError ENOENT where the blob is not here.
   */
  relink(hash: string, change: (path: string) => void): void {
    const blob = this.#blobs.get(hash);
    const path = this.#path(hash);
    const before = blob === undefined ? undefined : lookAt(path);
    if (blob === undefined || before === undefined) throw new BprocError('ENOENT', `blob ${hash} is not in the cache`);
    try {
      change(path);
    } finally {
      const now = lookAt(path);
      const isGood = blob.look !== undefined && isSameLook(before, blob.look);
      const isSame = now?.ino === before.ino && now.size === before.size && now.mtimeNs === before.mtimeNs;
      blob.look = isGood && isSame ? now : undefined;
    }
  }

  /**
   * Hashes everything, and throws away what has changed.
   *
   * @returns the names of the blobs that are gone.
   */
  async verify(): Promise<readonly string[]> {
    const gone: string[] = [];
    for (const blob of [...this.#blobs.values()]) {
      blob.look = undefined;
      if (this.#blobs.get(blob.hash) === blob && !(await this.#isGood(blob))) gone.push(blob.hash);
    }
    return gone;
  }

  /** Calls back before a blob goes, whose file may have other names still, until what it returns is disposed of. */
  onGoing(listener: BlobGoing): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Throws away everything that is not pinned. */
  purge(): void {
    for (const blob of [...this.#blobs.values()]) if (blob.pins === 0) this.#remove(blob);
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    leaveIndex(this.#directory, this.#blobs.values());
    this.#lock.release();
  }

  #takeUp(): void {
    const found = new Set(readdirSync(join(this.#directory, BLOBS)));
    const known = takeIndex(this.#directory);
    const looks = new Map(known.map(({ hash, look }) => [hash, look]));
    // what the index does not know was used before everything that it knows
    for (const hash of [...[...found].filter((each) => !looks.has(each)), ...looks.keys()]) {
      if (!found.has(hash)) continue;
      if (BLOB_HASH.test(hash)) this.#enter(hash, looks.get(hash));
      else rmSync(join(this.#directory, BLOBS, hash), { recursive: true, force: true });
    }
  }

  /** Notes a blob whose file is there, and how that looked when it was verified. */
  #enter(hash: string, look: FileLook | undefined): void {
    const now = lookAt(this.#path(hash));
    if (now === undefined) return;
    const known = this.#blobs.get(hash);
    if (known !== undefined) {
      known.look = look;
      return;
    }
    const blob = { hash, size: Number(now.size), look, pins: 0 };
    this.#blobs.set(hash, blob);
    this.#bytes += blob.size;
  }

  async #isGood(blob: Blob): Promise<boolean> {
    const path = this.#path(blob.hash);
    const look = lookAt(path);
    if (look !== undefined && blob.look !== undefined && isSameLook(look, blob.look)) return true;
    if (look !== undefined && (await hashFile(path)) === blob.hash) {
      blob.look = look;
      return true;
    }
    this.#counts.rotten += 1;
    if (this.#blobs.get(blob.hash) === blob) this.#remove(blob);
    return false;
  }

  #remove(blob: Blob): void {
    for (const listener of this.#listeners) listener(blob.hash);
    rmSync(this.#path(blob.hash), { force: true });
    this.#blobs.delete(blob.hash);
    this.#bytes -= blob.size;
  }

  /** Makes room for so many bytes more; false where it cannot. */
  #evict(size: number): boolean {
    const isFull = (): boolean => this.#bytes + this.#reserved + size > this.#maxBytes;
    while (isFull() && this.#evictOne());
    return !isFull();
  }

  #evictOne(): boolean {
    for (const blob of this.#blobs.values()) {
      if (blob.pins > 0) continue;
      this.#remove(blob);
      this.#counts.evictions += 1;
      return true;
    }
    return false;
  }

  #full(hash: string, size: number): BprocError {
    const { pinnedBytes } = this.stats;
    const used = `${pinnedBytes} of ${this.#maxBytes} bytes are in use, ${this.#reserved} more are coming`;
    return new BprocError('ENOSPC', `blob ${hash} of ${size} bytes has no room in the cache: ${used}; give it more`);
  }

  #path(hash: string): string {
    return join(this.#directory, BLOBS, hash);
  }
}

function lookAt(path: string): (FileLook & { readonly mtimeNs: bigint }) | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && { ino: stat.ino, size: stat.size, ctimeNs: stat.ctimeNs, mtimeNs: stat.mtimeNs };
}

function isSameLook(a: FileLook, b: FileLook): boolean {
  return a.ino === b.ino && a.size === b.size && a.ctimeNs === b.ctimeNs;
}
