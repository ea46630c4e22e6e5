/** Images that a slave's processes run from: what it lacks of them is fetched from its master. PROTOCOL.md section 10. */
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { FetchFailed } from '../../wire/index.ts';
import { idBytes } from '../ids.ts';
import type { BlobCache, CacheHome, PreparedImage } from '../image/index.ts';
import { BlobFetcher, blobsOf, checkAnnounced, decodeImage, ImageRoots } from '../image/index.ts';

/** An image by its name and the size of its manifest. */
export interface WantedImage {
  readonly name: string;
  readonly bytes: number;
}

/** How often a blob may be displaced before its image could be had. */
const MOST_TRIES = 3;

export type { PreparedImage };

type FetchLink = Parameters<BlobFetcher['attach']>[0];

/** The images of a node. */
export class SlaveImages implements AsyncDisposable {
  readonly #home: CacheHome;
  readonly #clock: Clock;
  readonly #mounts: boolean;
  #roots: ImageRoots | undefined;
  #fetcher: BlobFetcher | undefined;
  #link: FetchLink | undefined;
  /** Blobs on their way in, by their names. */
  readonly #coming = new Map<string, Promise<void>>();
  #over: BprocError | undefined;

  /** @param mounts whether processes are given images as their roots. */
  constructor(home: CacheHome, clock: Clock, mounts: boolean) {
    this.#home = home;
    this.#mounts = mounts;
    this.#clock = clock;
  }

  /** A master has the slave: blobs come from it. */
  attach(link: FetchLink): void {
    this.#link = link;
    this.#fetcher?.attach(link);
  }

  detach(): void {
    this.#link = undefined;
    this.#fetcher?.detach();
  }

  data(transfer: number, offset: number, bytes: Buffer, fin: boolean): void {
    this.#fetcher?.data(transfer, offset, bytes, fin);
  }

  failed(message: FetchFailed): void {
    this.#fetcher?.failed(message);
  }

  /**
   * Gets all that an image consists of, and makes it ready to run. Its blobs stay until what is returned is disposed of.
   *
   * @throws BprocError EPROTO for what is no image; ENOSPC where it is more than the cache holds; why a blob cannot be had.
   */
  async prepare({ name, bytes }: WantedImage): Promise<PreparedImage> {
    const pins: Disposable[] = [];
    try {
      if (this.#over !== undefined) throw this.#over;
      checkAnnounced(idBytes(name), bytes);
      const cache = this.#home.open();
      const manifest = await readFile(await this.#get(cache, name, name, bytes, pins));
      const blobs = [...blobsOf(decodeImage(manifest))];
      this.#checkRoom(blobs.reduce((sum, [, size]) => sum + size, bytes));
      const got = await Promise.allSettled(blobs.map(([blob, size]) => this.#get(cache, name, blob, size, pins)));
      for (const each of got) if (each.status === 'rejected') throw each.reason;
      this.#roots ??= new ImageRoots({ cache, mounts: this.#mounts });
      return await this.#roots.prepare({ hash: name, bytes: manifest });
    } catch (cause) {
      const error = BprocError.from(cause);
      throw new BprocError(error.code, `image ${name.slice(0, 16)} cannot be had: ${error.message}`, { cause });
    } finally {
      for (const pin of pins) pin[Symbol.dispose]();
    }
  }

  /** Gives up what is being fetched. */
  async stop(error: BprocError): Promise<void> {
    this.#over = error;
    await this.#fetcher?.stop(error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(new BprocError('ECANCELED', 'the slave has stopped'));
    this.#roots?.[Symbol.dispose]();
    this.#home[Symbol.dispose]();
  }

  #checkRoom(bytes: number): void {
    const { maxBytes } = this.#home;
    if (bytes <= maxBytes) return;
    throw new BprocError('ENOSPC', `it has ${bytes} bytes, and the cache ${maxBytes}: give it more (imageCacheBytes)`);
  }

  /** Where a blob is, pinned. */
  async #get(cache: BlobCache, image: string, blob: string, size: number, pins: Disposable[]): Promise<string> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (tries > 0 || (await cache.find(blob)) === undefined) await this.#fetch(cache, image, blob, size);
      pins.push(cache.pin([blob]));
      const path = await cache.find(blob);
      if (path !== undefined) return path;
    }
    throw new BprocError('ENOSPC', `blob ${blob} is displaced as soon as it has come`);
  }

  #fetch(cache: BlobCache, image: string, blob: string, size: number): Promise<void> {
    const coming = this.#coming.get(blob);
    if (coming !== undefined) return coming;
    this.#fetcher ??= this.#createFetcher(cache);
    const fetching = this.#fetcher.fetch(image, blob, size).finally(() => this.#coming.delete(blob));
    this.#coming.set(blob, fetching);
    return fetching;
  }

  #createFetcher(cache: BlobCache): BlobFetcher {
    // the master says when it gives up
    const fetcher = new BlobFetcher({ cache, clock: this.#clock, stallMs: Number.POSITIVE_INFINITY });
    if (this.#link !== undefined) fetcher.attach(this.#link);
    return fetcher;
  }
}
