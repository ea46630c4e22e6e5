/** Images that a slave's processes run from: what it lacks of them is fetched. PROTOCOL.md section 10. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { makeMemoryDirectory } from '../../linux/index.ts';
import { CacheAction, type CacheState, type FetchFailed, type Init, type Source } from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import type { BlobCache, BlobSource, CacheHome, EncodedImage, ImageUse, PreparedImage } from '../image/index.ts';

import {
  checkAnnounced,
  decodeImage,
  type Image,
  ImageRoots,
  keepBlob,
  needsRoot,
  programOf,
  TransferNumbers,
} from '../image/index.ts';

import type { Ticketed } from '../tickets.ts';
import { CacheFacts, cacheAttributes } from './cache-facts.ts';
import { ImageContents } from './image-contents.ts';
import { ImageSupply, type Uplink } from './image-supply.ts';
import { Parcels } from './parcels.ts';
import { type Invitation, PeerDoor } from './peer-door.ts';
import type { PeerNetwork } from './peer-network.ts';
import { type Luggages, PeerSources, type PeerSourcesParts, type Visits } from './peer-sources.ts';
import { Troubles } from './troubles.ts';

/** An image by its name and the size of its manifest. */
export interface WantedImage {
  readonly name: string;
  readonly bytes: number;
}

/** An image that a process runs from, and how it does. */
export interface HeldImage extends WantedImage, ImageUse {}

/** How often a blob may be displaced before its image could be had. */
const MOST_TRIES = 3;
/** Images that are fetched at the same time: each takes some of the transfers that a connection may have. */
const MOST_SUPPLIES = 4;

export type { PreparedImage, Uplink };

/** How images pass between this slave and others. */
export interface ImagePeers {
  readonly network: PeerNetwork;
  readonly parcels: Parcels;
  readonly sources: PeerSources;
}

/** What the images of a node work with. */
export interface SlaveImagesParts {
  readonly home: CacheHome;
  readonly clock: Clock;
  /** Whether processes are given images as their roots. */
  readonly mounts: boolean;
  /** Absent: the master alone is asked, and nobody is given anything. */
  readonly peers?: ImagePeers | undefined;
}

/** The images of a node, which pass to and from others by this network, if there is one. */
export function createImages(
  parts: PeerSourcesParts & { readonly mounts: boolean; readonly network: PeerNetwork | undefined },
): SlaveImages {
  const { network, ...common } = parts;
  const { clock } = parts;
  const parcels = network && new Parcels({ clock, network, directory: makeMemoryDirectory });
  const peers = network && parcels && { network, parcels, sources: new PeerSources({ ...common, parcels }) };
  return new SlaveImages({ ...common, peers });
}

/** The images of a node. */
export class SlaveImages implements AsyncDisposable {
  readonly #parts: SlaveImagesParts;
  #roots: ImageRoots | undefined;
  #uplink: Uplink | undefined;
  readonly #numbers = new TransferNumbers();
  /** Starts that wait for an image, by its name. */
  readonly #waiting = new Map<string, number>();
  /** Nodes that are known to have an image which is waited for. */
  readonly #havers = new Map<string, number>();
  /** Images on their way in, by their names; those of which something was asked for already are first. */
  readonly #supplies = new Map<string, ImageSupply>();
  /** Blobs on their way in, by their images' names and theirs. */
  readonly #coming = new Map<string, Promise<void>>();
  /** Images that the present master knows to be here. */
  readonly #told = new Set<string>();
  readonly #facts: CacheFacts;
  readonly #troubles = new Troubles();
  /** Images that something runs from since before this slave began. */
  readonly #resumed = new Set<string>();
  readonly #door: PeerDoor | undefined;
  readonly #contents = new ImageContents();
  #over: BprocError | undefined;

  constructor(parts: SlaveImagesParts) {
    this.#parts = parts;
    this.#facts = new CacheFacts(parts.clock, () => this.#tellFacts());
    const { clock, peers } = parts;
    const trouble = (cause: unknown): void => {
      if (this.#over === undefined) this.#noteTrouble('other nodes cannot fetch images from this one', cause);
    };
    this.#door = peers && new PeerDoor({ clock, network: peers.network, sources: peers.sources, trouble });
  }

  /** Captured processes that come and go as images do; absent: none do. */
  get parcels(): Parcels | undefined {
    return this.#parts.peers?.parcels;
  }

  /** Calls back with what it goes on without from now on. */
  onTrouble(listener: (error: BprocError) => void): void {
    this.#troubles.onTrouble(listener);
  }

  /** A master has the slave: it gives blobs, or says who does. */
  attach(uplink: Uplink): void {
    this.#uplink = uplink;
    this.parcels?.attach(uplink);
    this.#told.clear();
    for (const supply of this.#supplies.values()) supply.attach(uplink);
    void this.#door?.attach(uplink);
    if (this.#parts.home.isOpen || this.#troubles.text !== '') this.#facts.changed();
  }

  detach(): void {
    this.#uplink = undefined;
    this.parcels?.detach();
    this.#door?.detach();
    for (const supply of this.#supplies.values()) supply.attach(undefined);
  }

  data(transfer: number, offset: number, bytes: Buffer, fin: boolean): void {
    for (const supply of this.#supplies.values()) supply.data(transfer, offset, bytes, fin);
  }

  failed(message: FetchFailed): void {
    for (const supply of this.#supplies.values()) supply.failed(message);
  }

  /** The master says where an image is to be fetched. */
  source(message: Source): void {
    this.#supplies.get(idText(message.image))?.source(message);
    this.parcels?.source(message);
  }

  /**
   * Gets all that an image consists of, and makes it ready to run. Its blobs stay until what is returned is disposed of.
   *
   * @param from the node that has it, whom others may not know to have it yet.
   * @throws BprocError EPROTO for what is no image; ENOSPC where it is more than the cache holds; why a blob cannot be had.
   */
  async prepare({ name, bytes }: WantedImage, use: ImageUse, from?: number): Promise<PreparedImage> {
    const pins: Disposable[] = [];
    let failure: BprocError | undefined;
    if (from !== undefined) this.#havers.set(name, from);
    this.#waiting.set(name, (this.#waiting.get(name) ?? 0) + 1);
    try {
      if (this.#over !== undefined) throw this.#over;
      checkAnnounced(idBytes(name), bytes);
      const cache = this.#parts.home.open();
      const path = await this.#get(cache, name, name, bytes, pins);
      const { manifest, blobs } = this.#contents.get(name) ?? this.#contents.note(name, await readFile(path));
      this.#checkRoom(blobs.reduce((sum, [, size]) => sum + size, bytes));
      const got = await Promise.allSettled(blobs.map(([blob, size]) => this.#get(cache, name, blob, size, pins)));
      for (const each of got) if (each.status === 'rejected') throw each.reason;
      if (use.fileAgent === true) return await asInput(cache, decodeImage(manifest));
      this.#roots ??= this.#createRoots(cache);
      return await this.#roots.prepare({ hash: name, bytes: manifest }, use);
    } catch (cause) {
      const error = BprocError.from(cause);
      failure = error;
      throw new BprocError(error.code, `image ${name.slice(0, 16)} cannot be had: ${error.message}`, { cause });
    } finally {
      for (const pin of pins) pin[Symbol.dispose]();
      this.#leave(name, failure);
      this.#facts.changed();
    }
  }

  /**
   * Keeps an image of this machine's files, for other nodes, until what is returned is disposed of.
   *
   * @throws BprocError ENOSPC where the cache has no room for it; what keeps a file from being read.
   */
  async keep({ hash, bytes }: EncodedImage, open: (blob: string) => Promise<BlobSource>): Promise<Disposable> {
    const cache = this.#parts.home.open();
    const { blobs } = this.#contents.note(hash, Buffer.from(bytes));
    this.#checkRoom(blobs.reduce((sum, [, size]) => sum + size, bytes.length));
    const pins: Disposable[] = [];
    const release = (): void => {
      for (const pin of pins) pin[Symbol.dispose]();
    };
    try {
      for (const [blob] of [[hash] as const, ...blobs]) {
        await keepBlob(cache, blob, () => open(blob));
        pins.push(cache.pin([blob]));
      }
      this.#tellHeld(hash);
      return { [Symbol.dispose]: release };
    } catch (error) {
      release();
      throw error;
    } finally {
      this.#facts.changed();
    }
  }

  /** Whether processes that come to this node have an image as their root, since there is nothing else. */
  areRoots(root: string | undefined): boolean {
    return this.#parts.mounts && needsRoot(root);
  }

  /**
   * Throws away what nothing runs from, or what is not what its name says, or nothing.
   *
   * @returns what is there then.
   * @throws BprocError EIO and others where the disk fails.
   */
  async manage(action: CacheAction): Promise<Init<CacheState>> {
    const cache = this.#parts.home.open();
    if (action === CacheAction.PURGE) cache.purge();
    if (action === CacheAction.VERIFY) await cache.verify();
    this.#facts.changed();
    return { ...cache.stats, maxBytes: this.#parts.home.maxBytes };
  }

  /**
   * Prepares an image again that something has run from since before this slave began. Where it cannot be had any more
   * that is the node's trouble: what runs goes on with what it has.
   */
  async resume(image: WantedImage, use: ImageUse): Promise<PreparedImage | undefined> {
    this.spare(image.name);
    const what = 'what runs from an image since before this slave began may lack files of it';
    try {
      const prepared = await this.prepare(image, use);
      this.#noteTrouble(what, undefined);
      return prepared;
    } catch (error) {
      if (this.#over === undefined) this.#noteTrouble(what, error);
      return undefined;
    }
  }

  /** Something runs from an image since before this slave began, and it will be resumed. */
  spare(name: string): void {
    this.#resumed.add(name);
  }

  /** Lets other slaves bring processes, and take the files of those that go. */
  receive(visits: Visits, luggages: Luggages): void {
    const { peers } = this.#parts;
    if (peers === undefined) return;
    peers.sources.visits = visits;
    peers.sources.luggages = luggages;
  }

  /** Lets other slaves come, if they can already. */
  async listen(): Promise<void> {
    await this.#door?.listen();
  }

  /** Where one that the master need not send may fetch; undefined where it cannot. */
  invite(what: Ticketed): Invitation | undefined {
    return this.#door?.invite(what);
  }

  /** Gives up what is being fetched. */
  async stop(error: BprocError): Promise<void> {
    this.#over = error;
    this.#door?.detach();
    this.#facts[Symbol.dispose]();
    const supplies = [...this.#supplies.values()];
    this.#supplies.clear();
    await Promise.all(supplies.map((supply) => supply.close(error)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(new BprocError('ECANCELED', 'the slave has stopped'));
    const { peers, home } = this.#parts;
    await peers?.network[Symbol.asyncDispose]();
    peers?.sources[Symbol.dispose]();
    await peers?.parcels[Symbol.asyncDispose]();
    this.#roots?.[Symbol.dispose]();
    home[Symbol.dispose]();
  }

  /** What an earlier life has left takes room, but for what still runs. */
  #createRoots(cache: BlobCache): ImageRoots {
    const roots = new ImageRoots({ cache, mounts: this.#parts.mounts });
    roots.sweep(this.#resumed);
    return roots;
  }

  #tellFacts(): void {
    const { home } = this.#parts;
    const cache = home.isOpen ? cacheAttributes(home.open().stats) : {};
    this.#uplink?.link.send({ nodeFacts: { attributes: { ...cache, trouble: this.#troubles.text } } });
  }

  #noteTrouble(what: string, cause: unknown): void {
    if (this.#troubles.note(what, cause)) this.#facts.changed();
  }

  #checkRoom(bytes: number): void {
    const { maxBytes } = this.#parts.home;
    if (bytes <= maxBytes) return;
    throw new BprocError('ENOSPC', `it has ${bytes} bytes, and the cache ${maxBytes}: give it more (imageCacheBytes)`);
  }

  /** Where a blob is, pinned. */
  async #get(cache: BlobCache, image: string, blob: string, size: number, pins: Disposable[]): Promise<string> {
    for (let tries = 0; tries <= MOST_TRIES; tries += 1) {
      const pin = cache.pin([blob]);
      pins.push(pin);
      const path = await cache.find(blob);
      if (path !== undefined) return path;
      if (tries < MOST_TRIES) await this.#fetch(cache, image, blob, size);
    }
    throw new BprocError('ENOSPC', `blob ${blob} is displaced as soon as it has come`);
  }

  #fetch(cache: BlobCache, image: string, blob: string, size: number): Promise<void> {
    const key = `${image} ${blob}`;
    const coming = this.#coming.get(key);
    if (coming !== undefined) return coming;
    const fetching = this.#supplyOf(cache, image)
      .fetch(blob, size)
      .finally(() => this.#coming.delete(key));
    this.#coming.set(key, fetching);
    return fetching;
  }

  #supplyOf(cache: BlobCache, image: string): ImageSupply {
    const known = this.#supplies.get(image);
    if (known !== undefined) return known;
    const { clock, peers } = this.#parts;
    const from = this.#havers.get(image);
    const supply = new ImageSupply({ image, cache, clock, numbers: this.#numbers, network: peers?.network, from });
    this.#supplies.set(image, supply);
    this.#beginSome();
    return supply;
  }

  #beginSome(): void {
    for (const supply of [...this.#supplies.values()].slice(0, MOST_SUPPLIES)) supply.begin(this.#uplink);
  }

  /** A start waits no more for an image: it is here, unless it failed. */
  #leave(image: string, failure: BprocError | undefined): void {
    const left = (this.#waiting.get(image) ?? 1) - 1;
    if (left > 0) {
      this.#waiting.set(image, left);
      return;
    }
    this.#waiting.delete(image);
    this.#havers.delete(image);
    const supply = this.#supplies.get(image);
    this.#supplies.delete(image);
    this.#beginSome();
    if (supply !== undefined) void supply.close(failure);
    if (failure !== undefined) this.#told.delete(image);
    else if (supply !== undefined) this.#told.add(image);
    else this.#tellHeld(image);
  }

  /** What was here all along can be fetched from here. */
  #tellHeld(image: string): void {
    const { peers } = this.#parts;
    if (peers === undefined || this.#uplink?.hasTree !== true || this.#told.has(image)) return;
    this.#told.add(image);
    this.#uplink.link.send({ fetched: { image: idBytes(image), number: 0 } });
  }
}

/** A file agent does not run the image: the program of it is what it reads [PROTOCOL 11.5]. */
async function asInput(cache: BlobCache, image: Image): Promise<PreparedImage> {
  const { blob = '' } = programOf(image) ?? {};
  const pin = cache.pin([blob]);
  const found = await cache.find(blob);
  const input = resolve(found ?? '');
  if (found !== undefined) return { isRoot: false, request: (request) => ({ ...request, input }), ...pin };
  pin[Symbol.dispose]();
  throw new BprocError('ENOSPC', `blob ${blob} was displaced`);
}
