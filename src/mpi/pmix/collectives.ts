/** Fences, and what is like them: processes of several nodes wait for each other, and each node's share of it is said once. */
import { BprocError } from '../../errors.ts';
import { ALL_RANKS, type JobHome, type Member } from '../node-home.ts';

/** What processes wait for each other in. */
export type CollectiveKind = 'fence' | 'connect' | 'disconnect';

/** One process's part in a collective. */
export interface Part {
  readonly kind: CollectiveKind;
  /** The process's rank; it is one of this node's. */
  readonly rank: number;
  /** All of them, as it has named them. */
  readonly members: readonly Member[];
}

/** What the node has to do with a collective; that of the process that comes last counts. */
export interface Exchange {
  /** What the node has to say. */
  give(): Uint8Array;
  /** What every node has said, before any process goes on. */
  take(shares: readonly Uint8Array[]): void;
}

/** A collective that processes of this node have begun. */
interface Pending {
  readonly kind: CollectiveKind;
  readonly members: readonly Member[];
  /** Those of this node that are not in it yet. */
  readonly missing: Set<number>;
  readonly joined: Set<number>;
  readonly done: Promise<void>;
  resolve(done: PromiseLike<void>): void;
  reject(error: BprocError): void;
}

/** Most members that a collective names one by one. */
const MOST_MEMBERS = 65_536;

/** The collectives of one node's ranks. */
export class Collectives {
  readonly #home: JobHome;
  /** The job's ranks on this node. */
  readonly own: readonly number[];
  readonly #pending = new Map<string, Pending>();
  readonly #gone = new Set<number>();

  constructor(home: JobHome) {
    this.#home = home;
    const node = home.job.nodes.find(({ node: number }) => number === home.node);
    this.own = node?.ranks ?? [];
  }

  /**
   * A process of this node is there. Resolves when all are.
   *
   * @throws BprocError EINVAL for members that cannot be, or a process that is in it already; ECANCELED where one is gone.
   */
  join({ kind, rank, members }: Part, { give, take }: Exchange): Promise<void> {
    if (members.length === 0 || members.length > MOST_MEMBERS) {
      return Promise.reject(new BprocError('EINVAL', `a ${kind} of ${members.length} processes`));
    }
    const dead = [...this.#gone].find((gone) => this.#includes(members, gone));
    if (dead !== undefined) return Promise.reject(waitsInVain(kind, dead));
    const sorted = inOrder(members);
    const name = `${kind} ${sorted.map(nameOf).join(' ')}`;
    const pending = this.#pending.get(name) ?? this.#begin(name, kind, sorted);
    if (!pending.missing.delete(rank)) {
      if (pending.joined.size === 0) this.#pending.delete(name);
      const why = pending.joined.has(rank) ? 'is in it already' : 'is not among those who are to be';
      return Promise.reject(new BprocError('EINVAL', `rank ${rank} begins a ${kind}, and ${why}`));
    }
    pending.joined.add(rank);
    if (pending.missing.size === 0) pending.resolve(this.#home.fence(kind, sorted, give()).then(take));
    return pending.done;
  }

  /** A process of the job has ended: what waits for it waits in vain. */
  gone(rank: number): void {
    this.#gone.add(rank);
    for (const { members, missing, reject, kind } of this.#pending.values()) {
      const isMember = missing.has(rank) || (!this.own.includes(rank) && this.#includes(members, rank));
      if (isMember) reject(waitsInVain(kind, rank));
    }
  }

  /** Nobody is served any more. */
  end(): void {
    for (const { reject } of this.#pending.values()) reject(new BprocError('ECANCELED', 'the job is over'));
  }

  #includes(members: readonly Member[], rank: number): boolean {
    return members.some(
      (member) => member.job === this.#home.job.id && (member.rank === rank || member.rank === ALL_RANKS),
    );
  }

  #begin(name: string, kind: CollectiveKind, members: readonly Member[]): Pending {
    let resolve: Pending['resolve'] = () => {};
    let reject: Pending['reject'] = () => {};
    const done = new Promise<void>((onDone, onError) => {
      resolve = onDone;
      reject = onError;
    });
    const missing = new Set<number>();
    for (const rank of this.own) if (this.#includes(members, rank)) missing.add(rank);
    const pending: Pending = { kind, members, missing, joined: new Set(), done, resolve, reject };
    this.#pending.set(name, pending);
    const over = (): void => {
      if (this.#pending.get(name) === pending) this.#pending.delete(name);
    };
    done.then(over, over);
    return pending;
  }
}

function waitsInVain(kind: CollectiveKind, rank: number): BprocError {
  return new BprocError('ECANCELED', `rank ${rank} has ended, and a ${kind} waits for it`);
}

/** The same order for all who name the same. */
function inOrder(members: readonly Member[]): readonly Member[] {
  return [...members].sort((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : a.rank - b.rank));
}

function nameOf({ job, rank }: Member): string {
  return `${job}.${rank}`;
}
