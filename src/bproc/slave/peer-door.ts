/** How other slaves find this one: where it listens, and the key that tickets for it are made with. PROTOCOL.md 10.4. */
import type { Cancel, Clock } from '../../clock.ts';
import { makeTicket, type Ticketed } from '../tickets.ts';
import type { Uplink } from './image-supply.ts';
import type { PeerNetwork } from './peer-network.ts';
import type { PeerSources } from './peer-sources.ts';

/** What it works with. */
export interface PeerDoorParts {
  readonly clock: Clock;
  readonly network: PeerNetwork;
  readonly sources: PeerSources;
  /** Told why nobody can come, and undefined once they can. */
  readonly trouble: (cause: unknown) => void;
}

/** Where another slave is to go, and what it is to show there. */
export interface Invitation {
  readonly address: string;
  readonly ticket: Uint8Array;
}

/** The door. */
export class PeerDoor {
  readonly #parts: PeerDoorParts;
  #uplink: Uplink | undefined;
  /** Empty where nobody can come. */
  #address = '';
  #cancelKey: Cancel = () => {};

  constructor(parts: PeerDoorParts) {
    this.#parts = parts;
  }

  /** Lets others come, if they can already; whether they can is told once a master has this slave. */
  async listen(): Promise<void> {
    await this.#listen().catch(() => {});
  }

  /** Says to a master where others can come, and again whenever the key is to be another one. */
  async attach(uplink: Uplink): Promise<void> {
    this.#uplink = uplink;
    if (!uplink.hasTree) return;
    const { sources, clock, trouble } = this.#parts;
    this.#address = await this.#listen().then(
      (address) => {
        trouble(undefined);
        return address;
      },
      (cause: unknown) => {
        trouble(cause);
        return '';
      },
    );
    const tell = (): void => {
      if (this.#uplink !== uplink) return;
      uplink.link.send({ peerAddress: { address: this.#address, key: sources.key() } });
      this.#cancelKey();
      this.#cancelKey = clock.after(sources.keyMs, tell);
    };
    if (this.#address !== '') tell();
  }

  detach(): void {
    this.#uplink = undefined;
    this.#cancelKey();
  }

  /** For a slave that the master need not send; undefined where nobody can come. */
  invite(what: Ticketed): Invitation | undefined {
    if (this.#address === '') return undefined;
    return { address: this.#address, ticket: makeTicket(this.#parts.sources.key(), what) };
  }

  #listen(): Promise<string> {
    const { network, sources } = this.#parts;
    return network.listen((peer, node) => sources.accept(peer, node));
  }
}
