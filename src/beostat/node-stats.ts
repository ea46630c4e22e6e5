/** What a master knows of one node's load. */
import { BprocError } from '../errors.ts';
import type { Init, StatOrder } from '../wire/index.ts';
import { STAT_MESSAGES } from '../wire/index.ts';
import { History } from './history.ts';
import { type Layout, layoutOf } from './layout.ts';
import { unpack } from './packing.ts';

/** After how many samples a slave is told that they are here. */
const ANSWERED_EACH = 4;
/** Samples that may serve as a base: more than a slave has open. */
const MOST_BASES = 16;
/** What comes sooner after another one is not kept: nobody asks for so much, in milliseconds. */
const LEAST_MS = 25;

interface Base {
  readonly layout: Layout;
  readonly figures: Float64Array;
}

/** One node's samples, on whatever connections they come. */
export class NodeStats {
  readonly history: History;
  /** The master's number of the newest. */
  number = 0;
  /** How often its slave was told to take one, in milliseconds; 0: it was told nothing. */
  intervalMs = 0;
  #bases = new Map<number, Base>();
  #newest = 0;
  #answered = 0;

  constructor(historyMs: number) {
    this.history = new History(historyMs);
  }

  /** Its slave has connected anew, and knows of nothing. */
  restart(): void {
    this.#bases.clear();
    this.#newest = 0;
    this.#answered = 0;
  }

  /** Whether the slave is to be told how far its samples have come. */
  get isAnswerDue(): boolean {
    return this.#newest - this.#answered >= ANSWERED_EACH;
  }

  /** What to tell it. */
  order(intervalMs: number): Init<StatOrder> {
    this.intervalMs = intervalMs;
    this.#answered = this.#newest;
    return { have: this.#newest, intervalMs, anew: this.#bases.size === 0 && this.#newest > 0 };
  }

  /** Takes a report. After one that makes no sense the slave has to begin anew. */
  take(body: Uint8Array, now: number, number: number): 'kept' | 'passed' | 'malformed' {
    try {
      return this.#take(body, now, number);
    } catch (error) {
      if (!BprocError.is(error)) throw error;
      this.#bases.clear();
      return 'malformed';
    }
  }

  #take(body: Uint8Array, now: number, number: number): 'kept' | 'passed' {
    const report = STAT_MESSAGES.report.decode(body);
    const base = this.#bases.get(report.base);
    const layout = report.base === 0 && report.layout !== null ? layoutOf(report.layout) : base?.layout;
    // what was on its way when the slave was told to begin anew
    if (layout === undefined) return 'passed';
    const figures = unpack(report.figures, report.base === 0 ? undefined : base?.figures, layout.size);
    this.#bases.set(report.number, { layout, figures });
    this.#newest = Math.max(this.#newest, report.number);
    for (const oldest of this.#bases.keys()) {
      if (this.#bases.size <= MOST_BASES) break;
      this.#bases.delete(oldest);
    }
    const { newest } = this.history;
    const afterMs = now - (newest?.seenAt ?? Number.NEGATIVE_INFINITY);
    // a clock that was set back must not silence anybody
    if (afterMs >= 0 && afterMs < LEAST_MS) return 'passed';
    this.history.add({ seenAt: now, layout, figures, missing: report.missing });
    this.number = number;
    return 'kept';
  }
}
