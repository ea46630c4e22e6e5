/** One image on its way to a node: from its master, or from other nodes that the master names. PROTOCOL.md 10.3. */
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { failureOf, type Link } from '../../transport/index.ts';
import type { FetchFailed, Source } from '../../wire/index.ts';
import { idBytes } from '../ids.ts';
import { type BlobCache, BlobFetcher, type TransferNumbers } from '../image/index.ts';
import { openPeer } from './peer-link.ts';
import type { PeerNetwork } from './peer-network.ts';

/** How long another slave may send nothing before another source is asked for, in milliseconds. */
const STALL_MS = 3000;

/** The connection to the master, and what that can do. */
export interface Uplink {
  readonly link: Link;
  readonly node: number;
  /** Whether it says where to fetch what is lacking. */
  readonly hasTree: boolean;
}

/** What a supply works with. */
export interface SupplyParts {
  readonly image: string;
  readonly cache: BlobCache;
  readonly clock: Clock;
  /** @default its own: it shares its connections with no other */
  readonly numbers?: TransferNumbers;
  /** Absent: it fetches from the master alone. */
  readonly network: PeerNetwork | undefined;
  /** Who gives it where no other slave does, and where there is no master; with `nobody` that is the end of it. @default the master */
  readonly giver?: Link | 'nobody' | undefined;
  /** The node that has it, which is asked first. */
  readonly from?: number | undefined;
}

/** The supply. It begins when it is told to, and ends with {@link close}. */
export class ImageSupply {
  readonly #parts: SupplyParts;
  readonly #fetcher: BlobFetcher;
  #uplink: Uplink | undefined;
  #isBegun = false;
  /** Of the SOURCE that it goes by; 0: of none. */
  #number = 0;
  #from: 'nobody' | 'master' | 'peer' = 'nobody';
  #closePeer: Cancel = () => {};
  /** Why the last node did not give it. */
  #why: BprocError | undefined;

  constructor(parts: SupplyParts) {
    this.#parts = parts;
    // the master says when it gives up
    this.#fetcher = new BlobFetcher({ ...parts, isRelayed: true, stallMs: Number.POSITIVE_INFINITY });
  }

  /** Fetches a blob, once it has begun. @throws BprocError as {@link BlobFetcher.fetch}. */
  fetch(blob: string, size: number): Promise<void> {
    return this.#fetcher.fetch(this.#parts.image, blob, size);
  }

  begin(uplink: Uplink | undefined): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.attach(uplink);
  }

  /** A master is there, or none any more. What comes from another slave comes on. */
  attach(uplink: Uplink | undefined): void {
    const { network, giver } = this.#parts;
    this.#uplink = uplink;
    if (!this.#isBegun || this.#from === 'peer') return;
    this.#from = 'nobody';
    this.#fetcher.detach();
    if (uplink?.hasTree === true && network !== undefined) return this.#ask(0);
    const link = giver ?? uplink?.link;
    if (link !== undefined) this.#fetchFrom(link);
  }

  /** The master says where to fetch. */
  source({ number, node, address, ticket }: Source): void {
    const { network, clock, image } = this.#parts;
    if (this.#uplink === undefined || !this.#isBegun) return;
    this.#leave();
    this.#number = number;
    if (node === null || network === undefined) return this.#fetchFrom(this.#parts.giver ?? this.#uplink.link);
    const { node: self, link } = this.#uplink;
    this.#from = 'peer';
    if (!isNear(address, link.peer)) {
      return this.#lost(new BprocError('EPERM', `node ${node} is at an address that this one does not connect to`));
    }
    const present = { image: idBytes(image), node: self, number, ticket };
    this.#closePeer = openPeer(
      network,
      clock,
      { address, node, greeting: { present } },
      {
        admitted: (peer) => this.#fetcher.attach(peer, { stallMs: STALL_MS, fail: (error) => this.#lost(error) }),
        data: (transfer, offset, bytes, fin) => this.#fetcher.data(transfer, offset, bytes, fin),
        control: (message) => (message.body === 'fetchFailed' ? this.#fetcher.failed(message.fetchFailed) : undefined),
        closed: (reason) => this.#lost(reason),
      },
    );
  }

  /** Of the master, or of who gives it in its place, which may be asked no more. */
  data(transfer: number, offset: number, bytes: Buffer, fin: boolean): void {
    if (this.#from === 'master') this.#fetcher.data(transfer, offset, bytes, fin);
  }

  failed(message: FetchFailed): void {
    if (this.#from === 'master') this.#fetcher.failed(message);
  }

  /** All of it is there, or it is given up for a reason. Resolves when no file is open any more. */
  async close(error: BprocError | undefined): Promise<void> {
    const { network, image } = this.#parts;
    this.#leave();
    if (this.#isBegun && this.#uplink?.hasTree === true && network !== undefined) {
      const failure = error === undefined ? {} : { failure: failureOf(error) };
      this.#uplink.link.send({ fetched: { image: idBytes(image), number: this.#number, ...failure } });
    }
    this.#isBegun = false;
    await this.#fetcher.stop(error ?? new BprocError('ECANCELED', 'it is there'));
  }

  #fetchFrom(link: Link | 'nobody'): void {
    if (link === 'nobody') return void this.#fetcher.stop(this.#why ?? new BprocError('ENOENT', 'no node gives it'));
    this.#from = 'master';
    this.#fetcher.attach(link);
  }

  /** The source is none any more. */
  #lost(error: BprocError): void {
    if (this.#from !== 'peer') return;
    this.#leave();
    this.#why = error;
    const number = this.#number;
    // one that is told to another master is told without it
    this.#number = 0;
    this.#ask(number, error);
  }

  #leave(): void {
    if (this.#from === 'nobody') return;
    this.#from = 'nobody';
    this.#fetcher.leave();
    this.#closePeer();
  }

  #ask(number: number, error?: BprocError): void {
    const { giver, from } = this.#parts;
    if (this.#uplink === undefined && giver !== undefined && giver !== 'nobody') return this.#fetchFrom(giver);
    const failure = error === undefined ? {} : { failure: failureOf(error) };
    const first = error === undefined && from !== undefined ? { node: from } : {};
    this.#uplink?.link.send({ lack: { image: idBytes(this.#parts.image), number, ...failure, ...first } });
  }
}

/**
 * Whether an address is of the kind that goes with how the master was reached: by a lying one a slave could be made to send
 * something to whoever listens on its machine [PROTOCOL 10.4].
 */
export function isNear(address: string, master: string): boolean {
  const [kind = ''] = address.split(':', 1);
  const [way = ''] = master.split(/[: ]/, 1);
  return kind === (way === 'tcp' ? 'unix' : way);
}
