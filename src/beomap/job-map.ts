/** A job map: on which node each process of a job is to run. It is a list of slots, not of nodes. */
import { NODE_MASTER } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';

/** Most slots of one map. */
export const MOST_SLOTS = 1_000_000;
/** Highest number of a node that a map can name. */
const MOST_NODE = 2 ** 31 - 1;

/** A stretch of ranks that follow each other on one node. */
export interface SlotRun {
  readonly node: number;
  readonly slots: number;
}

/**
 * Slots in the order of the ranks: the process of rank 0 runs on the first one's node. A node may have several, and -1, the master, is a
 * node like any other. As text it is Scyld's: `-1:0:0:1`.
 */
export class JobMap implements Iterable<number> {
  /** The node of each rank. */
  readonly slots: readonly number[];

  /** @throws BprocError EINVAL for what is no node; E2BIG for more than a million slots. */
  constructor(slots: readonly number[]) {
    if (slots.length > MOST_SLOTS) {
      throw new BprocError(
        'E2BIG',
        `a job map of ${slots.length} slots is too large: at most ${MOST_SLOTS} can be had`,
      );
    }
    for (const node of slots) {
      if (!Number.isInteger(node) || node < NODE_MASTER || node > MOST_NODE) {
        throw new BprocError(
          'EINVAL',
          `${node} in a job map is no node: give -1 for the master, or a number from 0 up`,
        );
      }
    }
    this.slots = Object.freeze([...slots]);
  }

  /**
   * Reads the text of a map, `-1:0:0:1`; the empty one has no slots.
   *
   * @throws BprocError EINVAL for anything else, E2BIG.
   */
  static parse(text: string): JobMap {
    const trimmed = text.trim();
    if (trimmed === '') return new JobMap([]);
    const slots = trimmed.split(':').map((item, rank) => {
      if (/^(?:-1|\d{1,10})$/.test(item)) return Number(item);
      const rule = 'a job map is node numbers with colons between them, such as -1:0:0:1';
      throw new BprocError('EINVAL', `${JSON.stringify(item.slice(0, 40))}, for rank ${rank}, is no node: ${rule}`);
    });
    return new JobMap(slots);
  }

  /** A map of so many slots of each node, in this order. */
  static fromCounts(counts: Iterable<readonly [node: number, slots: number]>): JobMap {
    const slots: number[] = [];
    for (const [node, count] of counts) {
      if (!Number.isInteger(count) || count < 0) {
        throw new BprocError('EINVAL', `node ${node} cannot have ${count} slots: give a whole number from 0 up`, {
          node,
        });
      }
      if (slots.length + count > MOST_SLOTS) {
        throw new BprocError(
          'E2BIG',
          `a job map can have ${MOST_SLOTS} slots, which are all taken before node ${node}`,
        );
      }
      for (let slot = 0; slot < count; slot += 1) slots.push(node);
    }
    return new JobMap(slots);
  }

  /** How many processes it is for. */
  get size(): number {
    return this.slots.length;
  }

  /** Its nodes, each once, in the order in which they come first. */
  get nodes(): readonly number[] {
    return [...new Set(this.slots)];
  }

  /** How many slots each node has, in the order of {@link nodes}. */
  counts(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const node of this.slots) counts.set(node, (counts.get(node) ?? 0) + 1);
    return counts;
  }

  /** Its slots as stretches of one node each, as they follow each other. */
  runs(): readonly SlotRun[] {
    const runs: { node: number; slots: number }[] = [];
    for (const node of this.slots) {
      const last = runs.at(-1);
      if (last?.node === node) last.slots += 1;
      else runs.push({ node, slots: 1 });
    }
    return runs;
  }

  /** The map's text: `-1:0:0:1`. */
  toString(): string {
    return this.slots.join(':');
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this.slots[Symbol.iterator]();
  }
}
