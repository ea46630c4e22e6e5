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
  /** How many of its own blocks each node was given, over all of its lives. */
  readonly #given = new Map<number, number>();
  #common = FIRST_COMMON;

  /** A block nobody has. Undefined when all 2^30 pids are given out. */
  allocate(node: number): PidBlock | undefined {
    const given = this.#given.get(node) ?? 0;
    for (let turn = 0; turn < HOME_BLOCKS; turn += 1) {
      // another one than last time: the pids of an earlier life rest as long as can be
      const first = homeBlock(node, (given + turn) % HOME_BLOCKS);
      if (first === undefined || this.#owners.has(first)) continue;
      this.#given.set(node, given + turn + 1);
      return this.#give(node, first);
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

/** The slave's side: pids from its blocks, round and round, so that a freed one rests longest. */
export class PidSource {
  readonly #blocks: PidBlock[] = [];
  readonly #start: number;
  #block = 0;
  #offset = 0;

  /** @param start where in its first block it begins, 0 up to 1: two lives of a slave hardly give the same pids */
  constructor(start = 0) {
    this.#start = start;
  }

  get blocks(): readonly PidBlock[] {
    return this.#blocks;
  }

  /** Pids in all blocks together. */
  get size(): number {
    return this.#blocks.reduce((sum, block) => sum + block.count, 0);
  }

  add(block: PidBlock): void {
    if (this.#blocks.length === 0) this.#offset = Math.floor(this.#start * block.count);
    if (!this.#blocks.some((known) => known.first === block.first)) this.#blocks.push(block);
  }

  /** The next pid for which `isTaken` is false; undefined where all are taken. */
  take(isTaken: (pid: number) => boolean): number | undefined {
    for (let tries = this.size; tries > 0; tries -= 1) {
      const block = this.#blocks[this.#block];
      if (block === undefined) return undefined;
      const pid = block.first + this.#offset;
      this.#offset += 1;
      if (this.#offset === block.count) {
        this.#offset = 0;
        this.#block = (this.#block + 1) % this.#blocks.length;
      }
      if (!isTaken(pid)) return pid;
    }
    return undefined;
  }
}
