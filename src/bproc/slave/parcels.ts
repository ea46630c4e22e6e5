/** Captured processes that several nodes get at once: each has them from another, as images are had. PROTOCOL.md 12.10. */
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Link } from '../../transport/index.ts';
import { failureOf } from '../../transport/index.ts';
import type { FetchFailed, Source } from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import type { BlobCache } from '../image/index.ts';
import type { Uplink } from './image-supply.ts';
import { Parcel } from './parcel.ts';
import type { PeerNetwork } from './peer-network.ts';

/** What parcels work with. */
export interface ParcelsParts {
  readonly clock: Clock;
  readonly network: PeerNetwork;
  /** Makes a directory that nobody else gets to, best in memory. */
  readonly directory: (kind: 'move') => string;
}

/** A parcel, for as long as somebody needs it here. */
export interface ParcelLease {
  /** Whether nobody else needs it here. */
  readonly isOnly: boolean;
  /** Resolves when all of it is here. Rejects where it cannot be had, such as with ENOSPC. */
  readonly ready: Promise<void>;
  /** From whoever brings the process. */
  data(transfer: number, offset: number, bytes: Buffer, fin: boolean): void;
  failed(message: FetchFailed): void;
  /** Puts its files into a directory of the same file system. They are not to be written. */
  place(directory: string): Promise<void>;
  /** It is needed no more. Resolves when it is gone, unless somebody else needs it. */
  leave(): Promise<void>;
}

interface Held {
  readonly parcel: Parcel;
  leases: number;
}

/** The parcels of a node. Disposing of it removes them. */
export class Parcels implements AsyncDisposable {
  readonly #parts: ParcelsParts;
  readonly #held = new Map<string, Held>();
  #uplink: Uplink | undefined;

  constructor(parts: ParcelsParts) {
    this.#parts = parts;
  }

  /** Whether others can be asked for some now. */
  get canTake(): boolean {
    return this.#uplink?.hasTree === true;
  }

  attach(uplink: Uplink): void {
    this.#uplink = uplink;
    for (const [name, { parcel }] of this.#held) {
      if (parcel.isHere) this.#tell(name);
      else parcel.attach(uplink);
    }
  }

  detach(): void {
    this.#uplink = undefined;
    for (const { parcel } of this.#held.values()) parcel.attach(undefined);
  }

  /** The master says where one is to be fetched. */
  source(message: Source): void {
    this.#held.get(idText(message.image))?.parcel.source(message);
  }

  /** Where the blobs of one are that is here; undefined where it is none. */
  cacheOf(name: string): BlobCache | undefined {
    const parcel = this.#held.get(name)?.parcel;
    return parcel?.isHere === true ? parcel.cache : undefined;
  }

  /**
   * Gets one.
   *
   * @param bytes the size of its manifest.
   * @param giver whoever brings the process, and gives its parcel in the master's place.
   * @throws BprocError as a file operation that failed.
   */
  lease(name: string, bytes: number, giver: Link): ParcelLease {
    const held = this.#held.get(name) ?? this.#begin(name, bytes, giver);
    held.leases += 1;
    const { parcel } = held;
    let isOpen = true;
    return {
      get isOnly() {
        return held.leases === 1;
      },
      ready: parcel.ready,
      data: (transfer, offset, piece, fin) => parcel.data(transfer, offset, piece, fin),
      failed: (message) => parcel.failed(message),
      place: (directory) => parcel.place(directory),
      leave: async () => {
        if (!isOpen) return;
        isOpen = false;
        held.leases -= 1;
        if (held.leases === 0) await this.#remove(name, parcel);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held].map(([name, { parcel }]) => this.#remove(name, parcel)));
  }

  #begin(name: string, bytes: number, giver: Link): Held {
    const { clock, network, directory } = this.#parts;
    const parcel = new Parcel({ name, bytes, giver, clock, network, directory: directory('move') });
    const held = { parcel, leases: 0 };
    this.#held.set(name, held);
    parcel.begin(this.#uplink);
    return held;
  }

  async #remove(name: string, parcel: Parcel): Promise<void> {
    if (!this.#held.delete(name)) return;
    const error = new BprocError('ECANCELED', 'it is needed no more');
    if (parcel.isHere) this.#tell(name, error);
    await parcel.remove(error);
  }

  /** One can be had from here; or, with an error, no more. */
  #tell(name: string, error?: BprocError): void {
    if (!this.canTake) return;
    const failure = error === undefined ? {} : { failure: failureOf(error) };
    this.#uplink?.link.send({ fetched: { image: idBytes(name), number: 0, ...failure } });
  }
}
