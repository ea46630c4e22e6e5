/** Fences, and what is like them: processes of several nodes wait for each other, and each node's share of it is said once, whichever jobs they are of. */
import { BprocError } from '../../errors.ts';
import { ALL_RANKS, type JobHome, type Member } from '../node-home.ts';
import { joinShares, readShare, type Share, writeShare } from './far.ts';

/** What processes wait for each other in. */
export type CollectiveKind = 'fence' | 'connect' | 'disconnect';

/** One process's part in a collective. */
export interface Part {
  readonly kind: CollectiveKind;
  /** The process. */
  readonly member: Member;
  /** All of them, as it has named them. */
  readonly members: readonly Member[];
}

/** What a job's server has to do with a collective; that of its process that comes last counts. */
export interface Exchange {
  /** What it has to say. */
  give(): Share;
  /** What every node has said, before any process goes on. */
  take(share: Share): void;
}

/** A collective that processes of this node have begun. */
interface Pending {
  readonly kind: CollectiveKind;
  readonly members: readonly Member[];
  /** Those of this node that are not in it yet, and those that are. */
  readonly missing: Set<string>;
  readonly joined: Set<string>;
  /** By job. */
  readonly exchanges: Map<string, Exchange>;
  readonly done: Promise<void>;
  resolve(done: PromiseLike<void>): void;
  reject(error: BprocError): void;
}

/** Most members that a collective names one by one: all of them have to be in one message between nodes. */
const MOST_MEMBERS = 8192;

/** The collectives of one node's ranks, of all jobs. */
export class Collectives {
  readonly #homes = new Map<string, JobHome>();
  readonly #pending = new Map<string, Pending>();
  readonly #gone = new Set<string>();

  /** There is a job. */
  enter(home: JobHome): void {
    this.#homes.set(home.job.id, home);
  }

  /** It is over: its processes are not served any more. */
  leave({ job: { id } }: JobHome): void {
    this.#homes.delete(id);
    for (const name of this.#gone) if (name.startsWith(`${id}.`)) this.#gone.delete(name);
    for (const { members, reject } of this.#pending.values()) {
      if (members.some(({ job }) => job === id)) reject(new BprocError('ECANCELED', 'the job is over'));
    }
  }

  /**
   * A process of this node is there. Resolves when all are.
   *
   * @throws BprocError EINVAL for members that cannot be, or a process that is in it already; ECANCELED where one is gone.
   */
  join({ kind, member, members }: Part, exchange: Exchange): Promise<void> {
    const home = this.#homes.get(member.job);
    if (home === undefined || members.length === 0 || members.length > MOST_MEMBERS) {
      return Promise.reject(new BprocError('EINVAL', `a ${kind} of ${members.length} processes`));
    }
    for (const gone of this.#gone) if (isAmong(members, gone)) return Promise.reject(waitsInVain(kind, gone));
    const sorted = inOrder(members);
    const key = `${kind} ${sorted.map(nameOf).join(' ')}`;
    const pending = this.#pending.get(key) ?? this.#begin(key, kind, sorted);
    const name = nameOf(member);
    if (!pending.missing.delete(name)) {
      if (pending.joined.size === 0) this.#pending.delete(key);
      const why = pending.joined.has(name) ? 'is in it already' : 'is not among those who are to be';
      return Promise.reject(new BprocError('EINVAL', `rank ${member.rank} begins a ${kind}, and ${why}`));
    }
    pending.joined.add(name);
    pending.exchanges.set(member.job, exchange);
    if (pending.missing.size === 0) pending.resolve(exchangeAll(home, pending));
    return pending.done;
  }

  /** A process has ended, here or elsewhere: what waits for it waits in vain. */
  gone(member: Member): void {
    const name = nameOf(member);
    this.#gone.add(name);
    for (const { members, joined, reject, kind } of this.#pending.values()) {
      if (!joined.has(name) && isAmong(members, name)) reject(waitsInVain(kind, name));
    }
  }

  #begin(key: string, kind: CollectiveKind, members: readonly Member[]): Pending {
    let resolve: Pending['resolve'] = () => {};
    let reject: Pending['reject'] = () => {};
    const done = new Promise<void>((onDone, onError) => {
      resolve = onDone;
      reject = onError;
    });
    const missing = new Set<string>();
    for (const home of this.#homes.values()) {
      for (const member of membersHere(home, members)) missing.add(nameOf(member));
    }
    const sets = { missing, joined: new Set<string>(), exchanges: new Map<string, Exchange>() };
    const pending: Pending = { kind, members, ...sets, done, resolve, reject };
    this.#pending.set(key, pending);
    const over = (): void => {
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    };
    done.then(over, over);
    return pending;
  }
}

/** Which members of a collective are a job's ranks of the node. */
export function membersHere({ job: { id, nodes }, node }: JobHome, members: readonly Member[]): readonly Member[] {
  const own = members.filter(({ job }) => job === id);
  const isAll = own.some(({ rank }) => rank === ALL_RANKS);
  const named = new Set(own.map(({ rank }) => rank));
  const ranks = nodes.find((each) => each.node === node)?.ranks ?? [];
  return ranks.filter((rank) => isAll || named.has(rank)).map((rank) => ({ job: id, rank }));
}

async function exchangeAll(home: JobHome, { kind, members, exchanges }: Pending): Promise<void> {
  const jobs = [...exchanges.values()];
  const shares = await home.fence(kind, members, writeShare(joinShares(jobs.map((job) => job.give()))));
  const share = joinShares(shares.map(readShare));
  for (const job of jobs) job.take(share);
}

function waitsInVain(kind: CollectiveKind, name: string): BprocError {
  return new BprocError('ECANCELED', `process ${name} has ended, and a ${kind} waits for it`);
}

/** Whether a process is one of them, by its name. */
function isAmong(members: readonly Member[], name: string): boolean {
  return members.some((member) => {
    return member.rank === ALL_RANKS ? name.startsWith(`${member.job}.`) : nameOf(member) === name;
  });
}

/** The same order for all who name the same. */
function inOrder(members: readonly Member[]): readonly Member[] {
  return [...members].sort((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : a.rank - b.rank));
}

function nameOf({ job, rank }: Member): string {
  return `${job}.${rank}`;
}
