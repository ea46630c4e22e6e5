/** One captured process on its way to a node, in a directory of its own: what is in there is a user's memory, and in no cache. */
import { linkSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Link } from '../../transport/index.ts';
import type { FetchFailed, Source } from '../../wire/index.ts';
import { idBytes } from '../ids.ts';
import { BlobCache, checkAnnounced, TransferNumbers } from '../image/index.ts';
import { filesOf, type ParcelFile } from '../migrate/index.ts';
import { ImageSupply, type Uplink } from './image-supply.ts';
import type { PeerNetwork } from './peer-network.ts';

/** What it is, and what it works with. */
export interface ParcelParts {
  readonly name: string;
  /** Of its manifest. */
  readonly bytes: number;
  /** Who gives it where no other node does. */
  readonly giver: Link;
  readonly clock: Clock;
  readonly network: PeerNetwork;
  /** Its own, which goes with it. */
  readonly directory: string;
}

/** The parcel. */
export class Parcel {
  readonly cache: BlobCache;
  readonly #parts: ParcelParts;
  readonly #supply: ImageSupply;
  #files: readonly ParcelFile[] = [];
  #isHere = false;
  #setReady: (outcome: Promise<void>) => void = () => {};
  /** Resolves when all of it is here. Rejects where it cannot be had. */
  readonly ready = new Promise<void>((resolve) => {
    this.#setReady = resolve;
  });

  constructor(parts: ParcelParts) {
    const { name, giver, clock, network, directory } = parts;
    this.#parts = parts;
    // its file system bounds it
    this.cache = new BlobCache({ directory: join(directory, 'parcel'), maxBytes: Number.MAX_SAFE_INTEGER });
    const numbers = new TransferNumbers();
    this.#supply = new ImageSupply({ image: name, cache: this.cache, clock, numbers, network, giver });
  }

  /** Whether all of it is here. */
  get isHere(): boolean {
    return this.#isHere;
  }

  begin(uplink: Uplink | undefined): void {
    this.#supply.begin(uplink);
    this.#setReady(this.#fetch());
    // it may have nobody waiting for it any more
    this.ready.catch(() => {});
  }

  attach(uplink: Uplink | undefined): void {
    this.#supply.attach(uplink);
  }

  source(message: Source): void {
    this.#supply.source(message);
  }

  data(transfer: number, offset: number, bytes: Buffer, fin: boolean): void {
    this.#supply.data(transfer, offset, bytes, fin);
  }

  failed(message: FetchFailed): void {
    this.#supply.failed(message);
  }

  /** Puts its files into a directory of the same file system. @throws BprocError with the code of what failed. */
  async place(directory: string): Promise<void> {
    for (const { name, blob } of this.#files) {
      await this.#find(blob);
      try {
        this.cache.relink(blob, (path) => linkSync(path, join(directory, name)));
      } catch (cause) {
        throw BprocError.from(cause);
      }
    }
  }

  /** Nobody needs it any more. */
  async remove(error: BprocError): Promise<void> {
    await this.#supply.close(error);
    await this.ready.catch(() => {});
    this.cache[Symbol.dispose]();
    await rm(this.#parts.directory, { recursive: true, force: true });
  }

  async #fetch(): Promise<void> {
    const { name, bytes } = this.#parts;
    try {
      checkAnnounced(idBytes(name), bytes);
      await this.#supply.fetch(name, bytes);
      this.#files = filesOf(await readFile(await this.#find(name)));
      const sizes = new Map(this.#files.map(({ blob, size }) => [blob, size]));
      const coming = [...sizes].map(([blob, size]) => this.#supply.fetch(blob, size));
      // the others are of no use without one
      await Promise.all(coming);
    } catch (cause) {
      const error = BprocError.from(cause);
      await this.#supply.close(error);
      throw error;
    }
    this.#isHere = true;
    await this.#supply.close(undefined);
  }

  async #find(blob: string): Promise<string> {
    const path = await this.cache.find(blob);
    if (path === undefined) throw new BprocError('EIO', `blob ${blob} has changed since it came`);
    return path;
  }
}
