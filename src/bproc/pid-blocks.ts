/** Global pids: blocks that the master gives out, and a node's way through its own. PROTOCOL.md 4.2. */
import type { PidBlock } from '../wire/index.ts';
import { MAX_PID } from './ids.ts';

export type { PidBlock };

/** Pids of a block: more than a node usually runs at once. */
export const BLOCK_SIZE = 4096;
/** The first pid given out; what is below looks like a machine's own daemons. */
const FIRST_PID = 4096;

/** The master's side: which node each block belongs to. */
export class BlockRegistry {
  readonly #owners = new Map<number, number>();
  #next = FIRST_PID;

  /** A block nobody has. Undefined when all 2^30 pids are given out. */
  allocate(node: number): PidBlock | undefined {
    while (this.#owners.has(this.#next)) this.#next += BLOCK_SIZE;
    if (this.#next + BLOCK_SIZE - 1 > MAX_PID) return undefined;
    const first = this.#next;
    this.#next += BLOCK_SIZE;
    this.#owners.set(first, node);
    return { first, count: BLOCK_SIZE };
  }

  /** Notes a block that a slave already has from an earlier master. False where it is another node's. */
  adopt(node: number, block: PidBlock): boolean {
    if (block.first % BLOCK_SIZE !== 0 || block.count !== BLOCK_SIZE || block.first < FIRST_PID) return false;
    const owner = this.#owners.get(block.first);
    if (owner !== undefined && owner !== node) return false;
    this.#owners.set(block.first, node);
    return true;
  }

  /** The node whose block a pid is in. */
  nodeOf(pid: number): number | undefined {
    return this.#owners.get(pid - (pid % BLOCK_SIZE));
  }
}

/** The slave's side: pids from its blocks, round and round, so that a freed one rests longest. */
export class PidSource {
  readonly #blocks: PidBlock[] = [];
  #block = 0;
  #offset = 0;

  get blocks(): readonly PidBlock[] {
    return this.#blocks;
  }

  /** Pids in all blocks together. */
  get size(): number {
    return this.#blocks.reduce((sum, block) => sum + block.count, 0);
  }

  add(block: PidBlock): void {
    if (!this.#blocks.some((known) => known.first === block.first)) this.#blocks.push(block);
  }

  /** Forgets all blocks: another master's table does not know them. */
  clear(): void {
    this.#blocks.length = 0;
    this.#block = 0;
    this.#offset = 0;
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
