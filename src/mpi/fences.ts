/** Fences, in the master: each gathers the shares of its nodes and gives all of them to each. PROTOCOL.md 14.2. */
import { BprocError } from '../errors.ts';
import { failureOf } from '../transport/index.ts';
import type { Init, MpiMember, MpiPiece, MpiShare } from '../wire/index.ts';
import { MPI_MESSAGES } from '../wire/index.ts';
import { type JobLayout, nodeOfRank } from './job.ts';
import { ALL_RANKS } from './node-home.ts';

/** Bytes of shares in one message. */
export const PIECE_BYTES = 256 * 1024;
/** Bytes of all shares of a fence. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Fences of one job that are remembered. */
const MOST_FENCES = 4096;

/** What a master knows of a job's ranks. */
export interface FencedJob {
  readonly layout: JobLayout;
  readonly uid: number;
  readonly gone: ReadonlySet<number>;
}

/** How fences reach others. */
export interface FenceParts {
  readonly jobOf: (id: string) => FencedJob | undefined;
  readonly send: (node: number, command: Uint8Array) => void;
}

interface Fence {
  readonly name: string;
  readonly members: readonly MpiMember[];
  /** In the order in which shares are given. */
  readonly nodes: readonly number[];
  /** How often it was whole. */
  round: number;
  /** What was said when it was so last, for those who have not heard it. */
  said: readonly Uint8Array[];
  readonly shares: Map<number, { readonly data: Buffer[]; isWhole: boolean }>;
  bytes: number;
}

/** The fences of a master's jobs. */
export class Fences {
  readonly #parts: FenceParts;
  /** By name and members. */
  readonly #fences = new Map<string, Fence>();

  constructor(parts: FenceParts) {
    this.#parts = parts;
  }

  /** A node has given a share, or more of it. One that it cannot give fails. */
  share(node: number, share: MpiShare): void {
    const { fence: name, members, round } = share;
    const key = fenceKey(name, members);
    try {
      this.#add(node, this.#fences.get(key) ?? this.#create(key, name, members), share);
    } catch (error) {
      // it would wait for an answer
      const shares = { fence: key, round, failure: failureOf(BprocError.from(error)) };
      this.#tell([node], [MPI_MESSAGES.command.encode({ shares })]);
    }
  }

  #add(node: number, fence: Fence, { fence: name, round, data, more }: MpiShare): void {
    if (!fence.nodes.includes(node)) throw new BprocError('EINVAL', `node ${node} has no share in fence ${name}`);
    // it is said again after a connection broke: what came of it may not have arrived
    if (round <= fence.round) return this.#tell([node], round === fence.round ? fence.said : []);
    const share = fence.shares.get(node) ?? { data: [], isWhole: false };
    if (share.isWhole) return;
    fence.shares.set(node, share);
    share.data.push(Buffer.from(data));
    fence.bytes += data.length;
    if (fence.bytes > MOST_BYTES) return this.#fail(fence, new BprocError('E2BIG', `fence ${name} has too much data`));
    share.isWhole = !more;
    const dead = this.#deadOf(fence);
    if (dead !== undefined) return this.#fail(fence, dead);
    if (fence.nodes.every((each) => fence.shares.get(each)?.isWhole)) this.#finish(fence);
  }

  /** A rank is no more: what waits for it waits in vain. */
  gone(): void {
    for (const fence of this.#fences.values()) {
      if (fence.shares.size === 0) continue;
      const dead = this.#deadOf(fence);
      if (dead !== undefined) this.#fail(fence, dead);
    }
  }

  /** A node's connection is gone: it says what it has not heard the end of once more. */
  detached(node: number): void {
    for (const fence of this.#fences.values()) {
      for (const part of fence.shares.get(node)?.data ?? []) fence.bytes -= part.length;
      fence.shares.delete(node);
    }
  }

  /** A job is over. */
  drop(job: string): void {
    for (const [key, fence] of this.#fences) {
      if (!fence.members.some((member) => member.job === job)) continue;
      this.#fences.delete(key);
      if (fence.shares.size > 0) this.#fail(fence, new BprocError('ECANCELED', 'a job that has a share in it is over'));
    }
  }

  #create(key: string, name: string, members: readonly MpiMember[]): Fence {
    const nodes = nodesOfMembers(members, (id) => this.#parts.jobOf(id)?.layout);
    if (this.#fences.size >= MOST_FENCES) {
      // what nobody waits for, the oldest first, is not missed but after a connection broke
      for (const [old, { shares }] of this.#fences) {
        if (shares.size > 0) continue;
        this.#fences.delete(old);
        break;
      }
    }
    const own = members.map(({ job, rank }) => ({ job, rank }));
    const fence: Fence = { name, members: own, nodes, round: 0, said: [], shares: new Map(), bytes: 0 };
    this.#fences.set(key, fence);
    return fence;
  }

  /** Why it never becomes whole; a member that ended after its node had given its share is none. */
  #deadOf({ name, members, shares }: Fence): BprocError | undefined {
    for (const { job: id, rank } of members) {
      const job = this.#parts.jobOf(id);
      if (job === undefined) return new BprocError('ECANCELED', `fence ${name}: a job that has a share in it is over`);
      const dead = rank === ALL_RANKS ? [...job.gone] : [rank].filter((each) => job.gone.has(each));
      const missed = dead.find((each) => shares.get(nodeOfRank(job.layout, each).node)?.isWhole !== true);
      if (missed !== undefined)
        return new BprocError('ECANCELED', `rank ${missed} has ended, and others wait for it in fence ${name}`);
    }
    return undefined;
  }

  #finish(fence: Fence): void {
    const messages: Uint8Array[] = [];
    let pieces: Init<MpiPiece>[] = [];
    let bytes = 0;
    const { name, members, round } = fence;
    const say = (more: boolean): void => {
      const shares = { fence: fenceKey(name, members), round: round + 1, pieces, more };
      messages.push(MPI_MESSAGES.command.encode({ shares }));
      [pieces, bytes] = [[], 0];
    };
    for (const [index, node] of fence.nodes.entries()) {
      for (const data of fence.shares.get(node)?.data ?? []) {
        if (bytes > 0 && bytes + data.length > PIECE_BYTES) say(true);
        pieces.push({ index, data });
        bytes += data.length;
      }
    }
    say(false);
    this.#end(fence, messages);
  }

  #fail(fence: Fence, error: BprocError): void {
    const { name, members, round } = fence;
    const shares = { fence: fenceKey(name, members), round: round + 1, failure: failureOf(error) };
    this.#end(fence, [MPI_MESSAGES.command.encode({ shares })]);
  }

  #end(fence: Fence, said: readonly Uint8Array[]): void {
    fence.round += 1;
    fence.said = said;
    fence.shares.clear();
    fence.bytes = 0;
    this.#tell(fence.nodes, said);
  }

  #tell(nodes: readonly number[], said: readonly Uint8Array[]): void {
    for (const node of nodes) for (const message of said) this.#parts.send(node, message);
  }
}

/** By what a fence is known. */
export function fenceKey(name: string, members: readonly { readonly job: string; readonly rank: number }[]): string {
  return `${name} ${members.map(({ job, rank }) => `${job}.${rank}`).join(' ')}`;
}

/** The nodes that have a share, in the order in which shares are given. @throws BprocError EINVAL for members that nobody knows. */
export function nodesOfMembers(
  members: readonly { readonly job: string; readonly rank: number }[],
  layoutOf: (id: string) => JobLayout | undefined,
): readonly number[] {
  const nodes = new Set<number>();
  for (const { job: id, rank } of members) {
    const layout = layoutOf(id);
    if (layout === undefined) throw new BprocError('EINVAL', `there is no job ${id}`);
    if (rank !== ALL_RANKS) nodes.add(nodeOfRank(layout, rank).node);
    else for (const { node } of layout.nodes) nodes.add(node);
  }
  return [...nodes];
}
