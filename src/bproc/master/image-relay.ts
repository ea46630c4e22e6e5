/**
 * Blobs on their way from clients to slaves: PROTOCOL.md 10.2. The master keeps what passes, so that it asks a client for
 * each blob once, and for none that any client has sent before.
 */
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Link } from '../../transport/index.ts';
import type { Credit, Fetch, FetchFailed } from '../../wire/index.ts';
import type { BlobSource, CacheHome } from '../image/index.ts';
import { BlobFetcher, BlobSender, blobsOf, decodeImage, FollowingSource, fileSource } from '../image/index.ts';
import type { MasterClient, MasterState } from './state.ts';

/** How long a client may send nothing of what it was asked for, in milliseconds. */
const STALL_MS = 30_000;
/** Bytes of a blob that is worth it to be passed on while it comes. */
const LEAST_FOLLOWED = 1024 * 1024;
/** Images of which it is remembered what is in them. */
const MOST_IMAGES = 64;

/** A client that is asked for blobs. */
interface Giver {
  readonly fetcher: BlobFetcher;
  /** The link it is asked over. */
  link: number | undefined;
}

/** What an image relay works with. */
export interface ImageRelayParts {
  /** Only read. */
  readonly state: MasterState;
  readonly links: ReadonlyMap<number, Link>;
  readonly clock: Clock;
  readonly home: CacheHome;
}

/** The relay of blobs. */
export class ImageRelay implements AsyncDisposable {
  readonly #parts: ImageRelayParts;
  readonly #senders = new Map<number, BlobSender>();
  /** By senders that are gone. */
  #sentBytes = 0;
  readonly #givers = new Map<MasterClient, Giver>();
  /** Blobs on their way in, by their names. */
  readonly #coming = new Map<string, Promise<void>>();
  /** The blobs of images, by the images' names. */
  readonly #contents = new Map<string, ReadonlyMap<string, number>>();

  constructor(parts: ImageRelayParts) {
    this.#parts = parts;
  }

  /** Bytes of blobs that slaves were sent. */
  get sentBytes(): number {
    let sum = this.#sentBytes;
    for (const { sentBytes } of this.#senders.values()) sum += sentBytes;
    return sum;
  }

  /** A slave asks for a blob; from others this means nothing. */
  fetch(from: number, message: Fetch): void {
    const link = this.#parts.links.get(from);
    const who = this.#parts.state.links.get(from)?.who;
    if (link === undefined || who?.role !== 'slave' || who.node.link !== from) return;
    const sender = this.#senders.get(from) ?? new BlobSender(link, (image, blob) => this.#open(image, blob));
    this.#senders.set(from, sender);
    sender.fetch(message);
  }

  /** A client cannot give what it was asked for. */
  fetchFailed(from: number, message: FetchFailed): void {
    this.#giverAt(from)?.fetcher.failed(message);
  }

  data(from: number, transfer: number, offset: number, bytes: Buffer, fin: boolean): void {
    this.#giverAt(from)?.fetcher.data(transfer, offset, bytes, fin);
  }

  credit(from: number, transfer: number, credit: Credit): void {
    this.#senders.get(from)?.credit(transfer, credit);
  }

  stop(from: number, transfer: number): void {
    this.#senders.get(from)?.stop(transfer);
  }

  drained(id: number): void {
    this.#senders.get(id)?.drained();
  }

  closed(id: number): void {
    const sender = this.#senders.get(id);
    sender?.[Symbol.dispose]();
    this.#sentBytes += sender?.sentBytes ?? 0;
    this.#senders.delete(id);
    const giver = this.#giverAt(id);
    if (giver === undefined) return;
    giver.link = undefined;
    giver.fetcher.detach();
  }

  /** Goes by what has become of the clients: those that are back are asked again, those that are gone no more. */
  follow(): void {
    for (const [client, giver] of this.#givers) {
      if (this.#parts.state.clients.get(client.key) !== client) {
        this.#givers.delete(client);
        void giver.fetcher.stop(new BprocError('ECONNRESET', 'the client that had the image is gone'));
      } else if (client.link !== giver.link) this.#attach(client, giver);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const sender of this.#senders.values()) sender[Symbol.dispose]();
    this.#senders.clear();
    const reason = new BprocError('ECANCELED', 'the master is shutting down');
    await Promise.all([...this.#givers.values()].map(({ fetcher }) => fetcher.stop(reason)));
    this.#givers.clear();
    this.#parts.home[Symbol.dispose]();
  }

  #giverAt(link: number): Giver | undefined {
    const who = this.#parts.state.links.get(link)?.who;
    const giver = who?.role === 'client' ? this.#givers.get(who.client) : undefined;
    return giver?.link === link ? giver : undefined;
  }

  async #open(image: string, blob: string): Promise<BlobSource> {
    const cache = this.#parts.home.open();
    const known = await cache.find(blob);
    if (known !== undefined) return fileSource(known);
    const size = image === blob ? 0 : ((await this.#contentOf(image)).get(blob) ?? 0);
    const coming = this.#bring(image, blob);
    const open = async (): Promise<BlobSource> => {
      const path = await cache.find(blob);
      if (path === undefined) throw new BprocError('ENOSPC', 'it was displaced as soon as it had come');
      return fileSource(path);
    };
    if (size >= LEAST_FOLLOWED)
      return new FollowingSource({ hash: blob, size, incoming: cache.incoming, coming, open });
    await coming;
    return open();
  }

  /** Brings a blob in, once for all who ask for it. */
  #bring(image: string, blob: string): Promise<void> {
    const coming = this.#coming.get(blob);
    if (coming !== undefined) return coming;
    const bringing = this.#fetch(image, blob).finally(() => this.#coming.delete(blob));
    this.#coming.set(blob, bringing);
    return bringing;
  }

  /** Asks the clients that have started the image, one after another. */
  async #fetch(image: string, blob: string): Promise<void> {
    const size = image === blob ? undefined : (await this.#contentOf(image)).get(blob);
    if (image !== blob && size === undefined) throw new BprocError('ENOENT', `image ${image} has no such blob`);
    let failure = new BprocError('ENOENT', 'no client that is here has started its image');
    for (const client of [...this.#parts.state.clients.values()]) {
      const manifestBytes = client.images.get(image);
      if (manifestBytes === undefined) continue;
      try {
        return await this.#giver(client).fetcher.fetch(image, blob, size ?? manifestBytes);
      } catch (cause) {
        failure = BprocError.from(cause);
      }
    }
    throw failure;
  }

  async #contentOf(image: string): Promise<ReadonlyMap<string, number>> {
    const known = this.#contents.get(image);
    if (known !== undefined) return known;
    const cache = this.#parts.home.open();
    if ((await cache.find(image)) === undefined) await this.#bring(image, image);
    const path = await cache.find(image);
    if (path === undefined) throw new BprocError('ENOSPC', `the manifest of image ${image} found no room`);
    const content = blobsOf(decodeImage(await readFile(path)));
    const [oldest] = this.#contents.keys();
    if (this.#contents.size >= MOST_IMAGES && oldest !== undefined) this.#contents.delete(oldest);
    this.#contents.set(image, content);
    return content;
  }

  #giver(client: MasterClient): Giver {
    const known = this.#givers.get(client);
    if (known !== undefined) return known;
    const { clock, home } = this.#parts;
    const giver = { fetcher: new BlobFetcher({ cache: home.open(), clock, stallMs: STALL_MS }), link: undefined };
    this.#givers.set(client, giver);
    this.#attach(client, giver);
    return giver;
  }

  #attach(client: MasterClient, giver: Giver): void {
    const link = client.link === undefined ? undefined : this.#parts.links.get(client.link);
    giver.link = link === undefined ? undefined : client.link;
    if (link === undefined) giver.fetcher.detach();
    else giver.fetcher.attach(link);
  }
}
