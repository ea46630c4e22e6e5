/** Global pids: blocks that the master gives out, and a node's way through its own. PROTOCOL.md 4.2. */
import type { PidBlock } from '../wire/index.ts';
import { MAX_PID } from './ids.ts';
import { NODE_MASTER } from './node-info.ts';

export type { PidBlock };

/** Pids of a block: more than a node usually runs at once. */
export const BLOCK_SIZE = 4096;
/** The first pid given out; what is below looks like a machine's own daemons. */
const FIRST_PID = 4096;
/** Nodes, from the master's own on, that have blocks of their own, and how many each has. */
const NODES_WITH_HOME = 65_536;
const HOME_BLOCKS = 3;
/** The first block that is nobody's own. */
const FIRST_COMMON = FIRST_PID + BLOCK_SIZE * NODES_WITH_HOME * HOME_BLOCKS;

/**
 * The master's side: which node each block belongs to. A node's first blocks follow from its number,
 * so that a master that knows nothing of an earlier one's still gives no node another node's pids.
 */
export class BlockRegistry {
  readonly #owners = new Map<number, number>();
  readonly #blocks = new Map<number, number[]>();
  #common = FIRST_COMMON;

  /** A block nobody has. Undefined when all 2^30 pids are given out. */
  allocate(node: number): PidBlock | undefined {
    for (let turn = 0; turn < HOME_BLOCKS; turn += 1) {
      const first = homeBlock(node, turn);
      if (first !== undefined && !this.#owners.has(first)) return this.#give(node, first);
    }
    while (this.#owners.has(this.#common)) this.#common += BLOCK_SIZE;
    if (this.#common + BLOCK_SIZE - 1 > MAX_PID) return undefined;
    return this.#give(node, this.#common);
  }

  #give(node: number, first: number): PidBlock {
    this.adopt(node, { first, count: BLOCK_SIZE });
    return { first, count: BLOCK_SIZE };
  }

  /** Whether a block that a slave has from an earlier master can be its node's. */
  canAdopt(node: number, block: PidBlock): boolean {
    if (block.first % BLOCK_SIZE !== 0 || block.count !== BLOCK_SIZE || block.first < FIRST_PID) return false;
    const owner = this.#owners.get(block.first) ?? ownerOf(block.first);
    return owner === undefined || owner === node;
  }

  /**
   * Notes which blocks a slave has, and that its node has no others, and gives it its first one where it lacks that: it
   * is the one of its own that has pids which a kernel can give.
   */
  settle(node: number, blocks: readonly PidBlock[]): PidBlock | undefined {
    this.release(node);
    for (const block of blocks) this.adopt(node, block);
    const first = homeBlock(node, 0);
    const isSettled = first === undefined ? blocks.length > 0 : this.#owners.get(first) === node;
    return isSettled ? undefined : this.allocate(node);
  }

  /** Notes a block that a slave already has from an earlier master. */
  adopt(node: number, block: PidBlock): void {
    if (this.#owners.get(block.first) === node) return;
    this.#owners.set(block.first, node);
    this.#blocks.set(node, [...(this.#blocks.get(node) ?? []), block.first]);
  }

  /** What a node was given in an earlier life is free again. */
  release(node: number): void {
    for (const first of this.#blocks.get(node) ?? []) {
      this.#owners.delete(first);
      if (first >= FIRST_COMMON) this.#common = Math.min(this.#common, first);
    }
    this.#blocks.delete(node);
  }

  /** The node whose block a pid is in, whether or not its slave has been here. */
  nodeOf(pid: number): number | undefined {
    const first = pid - (pid % BLOCK_SIZE);
    return this.#owners.get(first) ?? ownerOf(first);
  }
}

function homeBlock(node: number, turn: number): number | undefined {
  const place = node - NODE_MASTER;
  return place < NODES_WITH_HOME ? FIRST_PID + BLOCK_SIZE * (place + turn * NODES_WITH_HOME) : undefined;
}

function ownerOf(first: number): number | undefined {
  if (first < FIRST_PID || first >= FIRST_COMMON) return undefined;
  return (((first - FIRST_PID) / BLOCK_SIZE) % NODES_WITH_HOME) + NODE_MASTER;
}

/** Which of its blocks a source gives from: those with all their pids below a limit, or the others. */
type Range = 'low' | 'high';

/** How far a source leaps. Has no divisor in common with the size of a block, so that leaps come by all of its pids. */
const LEAP = 509;

/** The slave's side: pids from its blocks, round and round, so that a freed one rests longest. */
export class PidSource {
  readonly #blocks: { readonly block: PidBlock; offset: number }[] = [];
  readonly #start: number;
  /** Place of the block from which the next one is given. */
  readonly #turn: Record<Range, number> = { low: 0, high: 0 };
  #last: { readonly block: PidBlock; offset: number } | undefined;

  /** @param start where in its first block it begins, 0 up to 1: two lives of a slave hardly give the same pids */
  constructor(start = 0) {
    this.#start = start;
  }

  get blocks(): readonly PidBlock[] {
    return this.#blocks.map(({ block }) => block);
  }

  /** Pids in all blocks together. */
  get size(): number {
    return this.#blocks.reduce((sum, { block }) => sum + block.count, 0);
  }

  add(block: PidBlock): void {
    if (this.#blocks.some((known) => known.block.first === block.first)) return;
    const start = this.#blocks.length === 0 ? this.#start : 0;
    this.#blocks.push({ block, offset: Math.floor(start * block.count) });
  }

  /** Whether a pid is in one of its blocks. */
  has(pid: number): boolean {
    return this.#blocks.some(({ block: { first, count } }) => pid >= first && pid < first + count);
  }

  /**
   * The next pid for which `isTaken` is false; undefined where all are taken.
   *
   * @param limit as long as blocks below it have a free one it is one of these
   */
  take(isTaken: (pid: number) => boolean, limit = 0): number | undefined {
    return this.#from('low', limit, isTaken) ?? this.#from('high', limit, isTaken);
  }

  /** Goes on some way behind the pid that was given last. */
  leap(): void {
    if (this.#last !== undefined) this.#last.offset = (this.#last.offset + LEAP) % this.#last.block.count;
  }

  #from(range: Range, limit: number, isTaken: (pid: number) => boolean): number | undefined {
    const blocks = this.#blocks;
    // the first one twice: from where it is, and at last up to there
    for (let visits = 0; visits <= blocks.length; visits += 1) {
      const at = (this.#turn[range] + visits) % blocks.length;
      const source = blocks[at];
      if (source === undefined) return undefined;
      const { block } = source;
      if (block.first + block.count <= limit !== (range === 'low')) continue;
      for (; source.offset < block.count; source.offset += 1) {
        const pid = block.first + source.offset;
        if (isTaken(pid)) continue;
        source.offset += 1;
        this.#turn[range] = at;
        this.#last = source;
        return pid;
      }
      source.offset = 0;
    }
    return undefined;
  }
}
