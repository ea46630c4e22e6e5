/** How slaves reach each other: the seam, and the way of those in one program. */
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Link } from '../../transport/index.ts';
import { Connection, memoryPair } from '../../transport/index.ts';

/**
 * Takes another slave's connection.
 *
 * @param node its node, where that is certain; undefined: what it shows will tell.
 */
export type AcceptPeer = (link: Link, node: number | undefined) => void;

/** One slave's way to others and theirs to it. Disposing of it closes what listens. */
export interface PeerNetwork extends AsyncDisposable {
  /**
   * Listens, if it does not yet.
   *
   * @returns where others reach it; another one than before where the way to the master has changed.
   * @throws BprocError where nobody can come, and why.
   */
  listen(accept: AcceptPeer): Promise<string>;
  /** Tries once to reach the slave of a node and tells the outcome, never before it has returned. */
  connect(address: string, node: number, tell: (outcome: Link | BprocError) => void): Cancel;
}

/** Where the slaves of one program find each other. */
export class MemoryPeers {
  readonly #clock: Clock;
  readonly #slaves = new Map<string, AcceptPeer>();
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The network as one more slave sees it. */
  join(): PeerNetwork {
    const address = `memory:${this.#next}`;
    this.#next += 1;
    return {
      listen: async (accept) => {
        this.#slaves.set(address, accept);
        return address;
      },
      connect: (to, _node, tell) => {
        let isWanted = true;
        queueMicrotask(() => {
          if (isWanted) tell(this.#connect(to));
        });
        return () => {
          isWanted = false;
        };
      },
      [Symbol.asyncDispose]: async () => void this.#slaves.delete(address),
    };
  }

  #connect(to: string): Link | BprocError {
    const accept = this.#slaves.get(to);
    if (accept === undefined) return new BprocError('ECONNREFUSED', `there is no slave at ${to}`);
    const [mine, theirs] = memoryPair();
    accept(new Connection(theirs, this.#clock, 'memory'), undefined);
    return new Connection(mine, this.#clock, to);
  }
}
