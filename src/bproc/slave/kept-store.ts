/** The checkpoints that a node keeps for longer than its slave lives: their pieces in a cache that throws nothing away, and a file for each. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { BlobCache, CacheHome, EncodedImage } from '../image/index.ts';
import { blobHasher, bytesSource, keepBlob } from '../image/index.ts';
import { type KeptCheckpoint, keptCheckpointIn, syncAt } from '../migrate/index.ts';

/** A node keeps no more than these: a list of them fits into one message. */
const MOST_KEPT = 4096;
const KEPT = 'kept';
const NAME = /^[0-9a-f]{64}$/;
/** Files that are put on the disk at the same time. */
const AT_ONCE = 8;

/** One that is kept. */
export interface Kept {
  readonly name: string;
  /** Of its manifest. */
  readonly bytes: number;
  readonly checkpoint: KeptCheckpoint;
}

interface Opened {
  readonly cache: BlobCache;
  readonly kept: Map<string, Kept & { readonly pins: Disposable }>;
}

/** The store. One thing is done to it at a time, which whoever uses it sees to. */
export class KeptStore {
  readonly #home: CacheHome;
  readonly #directory: string | undefined;
  #opened: Opened | undefined;

  /** @param directory where it says which ones it keeps; absent: it keeps none, and what passes through it goes with the slave. */
  constructor(home: CacheHome, directory: string | undefined) {
    this.#home = home;
    this.#directory = directory;
  }

  /** Where pieces are, and come to. @throws BprocError as a cache does. */
  get cache(): BlobCache {
    return this.#open().cache;
  }

  /** Whether it keeps this one; nothing is opened for that. */
  has(name: string): boolean {
    return this.#directory !== undefined && NAME.test(name) && existsSync(join(this.#directory, KEPT, name));
  }

  list(): readonly Kept[] {
    return [...this.#open().kept.values()];
  }

  /** Whether it can keep one more. @throws BprocError ENOTSUP, EAGAIN. */
  check(node: number | undefined): void {
    if (this.#directory === undefined) {
      throw new BprocError('ENOTSUP', `node ${node} has nowhere to keep checkpoints: start its slave with a stateDir`);
    }
    if (this.#open().kept.size < MOST_KEPT) return;
    throw new BprocError('EAGAIN', `node ${node} keeps ${MOST_KEPT} checkpoints already: remove some`);
  }

  /** Keeps one whose pieces are here. Resolves when it is on the disk. @throws BprocError as a file operation that failed. */
  async keep({ hash, bytes }: EncodedImage): Promise<Kept> {
    const { cache, kept } = this.#open();
    const known = kept.get(hash);
    if (known !== undefined) return known;
    const checkpoint = keptCheckpointIn(bytes);
    await keepBlob(cache, hash, async () => bytesSource(bytes));
    const blobs = blobsIn(hash, checkpoint);
    const pins = cache.pin(blobs);
    try {
      await syncBlobs(cache, blobs);
      await this.#write(hash, bytes);
    } catch (cause) {
      pins[Symbol.dispose]();
      throw BprocError.from(cause);
    }
    const entry = { name: hash, bytes: bytes.length, checkpoint, pins };
    kept.set(hash, entry);
    return entry;
  }

  /** Keeps one no more; false where it did not. */
  remove(name: string): boolean {
    const { kept } = this.#open();
    const found = kept.get(name);
    if (found === undefined) return false;
    if (this.#directory !== undefined) rmSync(join(this.#directory, KEPT, name), { force: true });
    kept.delete(name);
    found.pins[Symbol.dispose]();
    return true;
  }

  /** Throws away what is none of those that are kept. */
  sweep(): void {
    this.#opened?.cache.purge();
  }

  #open(): Opened {
    if (this.#opened !== undefined) return this.#opened;
    const cache = this.#home.open();
    const kept: Opened['kept'] = new Map();
    for (const { name, bytes, checkpoint } of this.#read()) {
      kept.set(name, { name, bytes, checkpoint, pins: cache.pin(blobsIn(name, checkpoint)) });
    }
    // what was not finished in an earlier life
    cache.purge();
    this.#opened = { cache, kept };
    return this.#opened;
  }

  /** What an earlier life has kept. What is damaged is none of it. */
  *#read(): Generator<Kept> {
    if (this.#directory === undefined) return;
    const directory = join(this.#directory, KEPT);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(directory)) {
      if (!NAME.test(name)) continue;
      const manifest = readFileSync(join(directory, name));
      if (blobHasher().update(manifest).digest('hex') !== name) continue;
      yield { name, bytes: manifest.length, checkpoint: keptCheckpointIn(manifest) };
    }
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#directory === undefined) return;
    const directory = join(this.#directory, KEPT);
    const draft = join(directory, 'draft');
    await using file = await open(draft, 'w', 0o600);
    await file.writeFile(bytes);
    await file.sync();
    await rename(draft, join(directory, name));
    await syncAt(directory);
  }
}

/** The manifest of one, read where it is. @throws BprocError EIO where it is gone. */
export async function manifestIn(cache: BlobCache, name: string): Promise<Buffer> {
  const path = await cache.find(name);
  if (path === undefined) throw new BprocError('EIO', `the manifest ${name} of a checkpoint is damaged or gone`);
  return readFile(path);
}

function blobsIn(name: string, { files }: KeptCheckpoint): ReadonlySet<string> {
  return new Set([name, ...[...files.values()].flat().map(({ blob }) => blob)]);
}

async function syncBlobs(cache: BlobCache, blobs: Iterable<string>): Promise<void> {
  const left = [...blobs];
  const directories = new Set<string>();
  const syncSome = async (): Promise<void> => {
    for (let blob = left.pop(); blob !== undefined; blob = left.pop()) {
      const path = await cache.find(blob);
      if (path === undefined) throw new BprocError('EIO', `piece ${blob} of a checkpoint has gone`);
      directories.add(dirname(path));
      await syncAt(path);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, syncSome));
  for (const directory of directories) await syncAt(directory);
}
