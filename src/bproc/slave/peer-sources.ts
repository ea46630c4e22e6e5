/** What a slave gives to others of the images that it has: the sending end of PROTOCOL.md 10.4. */
import { readFile } from 'node:fs/promises';
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Random } from '../../random.ts';
import type { Link } from '../../transport/index.ts';
import type { Bring, Control, Credit, Present } from '../../wire/index.ts';
import { idText, isId, newTag } from '../ids.ts';
import type { BlobCache, BlobSource, CacheHome } from '../image/index.ts';
import { BlobSender, blobsOf, decodeImage, fileSource, transferOf } from '../image/index.ts';
import { isTicketOf, TICKET_KEY_BYTES } from '../tickets.ts';
import type { KeptCheckpoints } from './kept-checkpoints.ts';
import type { Parcels } from './parcels.ts';
import type { NodePipes } from './pipes.ts';

/** Slaves that fetch at the same time; and connections that have not shown a ticket. */
const MOST_PEERS = 16;
const MOST_STRANGERS = 64;
/** How long these have to show it, and those to say something, in milliseconds. */
const GREETING_MS = 5000;
const IDLE_MS = 60_000;
/** How long a key is good for new tickets, in milliseconds; tickets by it are good for as long again. */
const KEY_MS = 600_000;

/** What becomes of the connection of a slave that brings a process. */
export interface Visit {
  control(message: Control): void;
  data(transfer: number, offset: number, bytes: Buffer, fin: boolean): void;
  closed(reason: BprocError | undefined): void;
}

/** Who takes such connections. */
export interface Visits {
  /** What the ticket has to name in place of an image; undefined for what makes no sense. */
  ticketName(bring: Bring): Uint8Array | undefined;
  /** Takes a connection whose ticket is good. @throws BprocError to refuse it. */
  visit(link: Link, bring: Bring): Visit;
}

/** Who gives the files of processes that go to other slaves. */
export interface Luggages {
  /** What sends those of a process on a connection of their own; undefined: none such goes there now. */
  luggageSender(key: string, number: number, link: Link): BlobSender | undefined;
}

/** What it works with. */
export interface PeerSourcesParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly home: CacheHome;
  /** What others may read besides. */
  readonly pipes?: NodePipes | undefined;
  /** What they may fetch besides. */
  readonly parcels?: Pick<Parcels, 'cacheOf'> | undefined;
  readonly kept?: Pick<KeptCheckpoints, 'cacheOf'> | undefined;
}

/** The connections of other slaves to this one. Disposing of it closes them. */
export class PeerSources implements Disposable {
  readonly #parts: PeerSourcesParts;
  /** The newest first. */
  #keys: readonly { readonly key: Uint8Array; readonly madeAt: number }[] = [];
  readonly #strangers = new Set<Link>();
  readonly #peers = new Set<Link>();
  #isOpen = true;
  /** Absent: nobody brings anything. */
  visits: Visits | undefined;
  /** Absent: nobody takes any away. */
  luggages: Luggages | undefined;

  constructor(parts: PeerSourcesParts) {
    this.#parts = parts;
  }

  /** The key for new tickets; another one where it has become old. */
  key(): Uint8Array {
    const now = this.#parts.clock.now();
    const [newest] = this.#keys;
    if (newest !== undefined && now - newest.madeAt < KEY_MS) return newest.key;
    const key = this.#parts.random.bytes(TICKET_KEY_BYTES);
    this.#keys = [{ key, madeAt: now }, ...this.#keys.slice(0, 1)];
    return key;
  }

  /** In how many milliseconds {@link key} gives another one. */
  get keyMs(): number {
    const [newest] = this.#keys;
    return newest === undefined ? 0 : Math.max(0, newest.madeAt + KEY_MS - this.#parts.clock.now());
  }

  /** Serves a connection, if who is at its other end shows a ticket. */
  accept(link: Link, node: number | undefined): void {
    if (!this.#isOpen || this.#strangers.size >= MOST_STRANGERS) return link.destroy();
    this.#strangers.add(link);
    let sender: BlobSender | undefined;
    let leave = (): void => {};
    let visit: Visit | undefined;
    let cancel: Cancel = this.#parts.clock.after(GREETING_MS, () => {
      link.close(new BprocError('ETIMEDOUT', 'no ticket was shown in time'));
    });
    const present = (message: Control): void => {
      cancel();
      try {
        if (message.body === 'bring') visit = this.#receive(link, node, message.bring);
        else ({ sender, leave } = this.#admit(link, node, message));
        cancel = this.#watch(link);
      } catch (error) {
        this.#strangers.delete(link);
        link.close(BprocError.from(error, 'EPERM'));
      }
    };
    link.open({
      control: (message) => {
        if (visit !== undefined) return visit.control(message);
        if (sender === undefined) return present(message);
        return message.body === 'fetch' ? sender.fetch(message.fetch) : undefined;
      },
      data: (stream, offset, bytes, fin) => visit?.data(transferOf(stream) ?? 0, offset, bytes, fin),
      credit: (stream: number, credit: Credit) => sender?.credit(transferOf(stream) ?? 0, credit),
      stop: (stream) => sender?.stop(transferOf(stream) ?? 0),
      drained: () => sender?.drained(),
      closed: (reason) => {
        cancel();
        visit?.closed(reason);
        sender?.[Symbol.dispose]();
        leave();
        this.#strangers.delete(link);
        this.#peers.delete(link);
      },
    });
  }

  [Symbol.dispose](): void {
    this.#isOpen = false;
    for (const link of [...this.#strangers, ...this.#peers]) link.destroy();
  }

  #admit(link: Link, node: number | undefined, message: Control): { sender: BlobSender; leave: () => void } {
    if (message.body !== 'present') throw new BprocError('EPROTO', 'here a slave shows a ticket first');
    const { present } = message;
    if (!this.#isGood(present) || (node !== undefined && node !== present.node)) {
      throw new BprocError('EPERM', 'the ticket is not good: ask the master for another one');
    }
    if (this.#peers.size >= MOST_PEERS) throw new BprocError('EAGAIN', `${MOST_PEERS} others fetch from here now`);
    const image = idText(present.image);
    const luggage = isId(present.image) ? this.#luggageOf(image, present.number, link) : undefined;
    // from here on nothing of a pipe is missed [PROTOCOL 11.6]
    const reader = this.#parts.pipes?.reader(image);
    this.#strangers.delete(link);
    this.#peers.add(link);
    const session = newTag(this.#parts.random);
    link.send({ admitted: { session } });
    link.establish(session);
    if (luggage !== undefined) return { sender: luggage, leave: () => {} };
    const { parcels, kept } = this.#parts;
    const cache = parcels?.cacheOf(image) ?? kept?.cacheOf(image);
    let blobs: Promise<ReadonlyMap<string, number>> | undefined;
    const sender = new BlobSender(link, async (of, blob) => {
      if (of !== image) throw new BprocError('EPERM', 'the ticket is for another image');
      if (reader !== undefined) return reader;
      if (blob === image) return this.#open(image, cache);
      blobs ??= this.#contentOf(image, cache);
      if (!(await blobs).has(blob)) throw new BprocError('ENOENT', `image ${image} has no such blob`);
      return this.#open(blob, cache);
    });
    return { sender, leave: () => reader?.cancel() };
  }

  /** Who is not let in goes on by the connection that there is [PROTOCOL 12.20]. */
  #luggageOf(key: string, number: number, link: Link): BlobSender {
    const sender = this.luggages?.luggageSender(key, number, link);
    if (sender === undefined) throw new BprocError('BE_INVALIDPROC', 'the process is not on its way any more');
    return sender;
  }

  #receive(link: Link, node: number | undefined, bring: Bring): Visit {
    const { number, ticket } = bring;
    const image = this.visits?.ticketName(bring);
    const isGood = image !== undefined && this.#isGood({ image, number, ticket, node: bring.node });
    if (!isGood || (node !== undefined && node !== bring.node)) {
      throw new BprocError('EPERM', 'the ticket is not good: the process has to be sent by the master again');
    }
    if (this.visits === undefined) throw new BprocError('ENOSYS', 'this slave takes no processes');
    this.#strangers.delete(link);
    this.#peers.add(link);
    return this.visits.visit(link, bring);
  }

  #isGood(present: Present): boolean {
    const now = this.#parts.clock.now();
    return this.#keys.some(({ key, madeAt }) => now - madeAt < 2 * KEY_MS && isTicketOf(key, present));
  }

  /** Closes a connection on which nothing comes any more. */
  #watch(link: Link): Cancel {
    const { clock } = this.#parts;
    let cancel: Cancel = () => {};
    const look = (): void => {
      const quietMs = clock.now() - link.heardAt;
      if (quietMs >= IDLE_MS) link.destroy();
      else cancel = clock.after(IDLE_MS - quietMs, look);
    };
    cancel = clock.after(IDLE_MS, look);
    return () => cancel();
  }

  async #contentOf(image: string, cache?: BlobCache): Promise<ReadonlyMap<string, number>> {
    return blobsOf(decodeImage(await readFile(await this.#find(image, cache))));
  }

  async #open(blob: string, cache?: BlobCache): Promise<BlobSource> {
    return fileSource(await this.#find(blob, cache));
  }

  async #find(blob: string, cache = this.#parts.home.open()): Promise<string> {
    const path = await cache.find(blob);
    if (path === undefined) throw new BprocError('ENOENT', `blob ${blob} is not here any more`);
    return path;
  }
}
