/** What a master knows of one node's load. */
import { BprocError } from '../errors.ts';
import type { Init, StatOrder } from '../wire/index.ts';
import { STAT_MESSAGES } from '../wire/index.ts';
import { History } from './history.ts';
import type { Layout } from './layout.ts';
import type { SharedLayouts } from './layouts.ts';
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
  readonly #layouts: SharedLayouts;
  /** What its slave was told is here, from the last one that it took as a base on: it takes no others. */
  readonly #bases = new Map<number, Base>();
  /** What has come last, which is the next of them. */
  #last: Base | undefined;
  #newest = 0;
  #answered = 0;
  /** Its slave is to say all of the next sample: there was one that made no sense. */
  #isAnew = false;
  /** It says all of each sample until it knows of one that is here. */
  #isWhole = false;

  constructor(historyMs: number, layouts: SharedLayouts) {
    this.history = new History(historyMs);
    this.#layouts = layouts;
  }

  /** Its slave has connected anew, and knows of nothing. */
  restart(): void {
    this.#bases.clear();
    this.#last = undefined;
    this.#newest = 0;
    this.#answered = 0;
    this.#isAnew = false;
    this.#isWhole = false;
  }

  /** Whether the slave is to be told how far its samples have come. */
  get isAnswerDue(): boolean {
    return this.#newest - this.#answered >= (this.#isWhole ? 1 : ANSWERED_EACH);
  }

  /** What to tell it. */
  order(intervalMs: number): Init<StatOrder> {
    this.intervalMs = intervalMs;
    this.#answered = this.#newest;
    if (this.#last !== undefined) this.#bases.set(this.#newest, this.#last);
    if (this.#bases.size > MOST_BASES) this.#forgetBefore(this.#newest);
    return { have: this.#newest, intervalMs, anew: this.#isAnew };
  }

  /** Takes a report. After one that makes no sense the slave has to begin anew. */
  take(body: Uint8Array, now: number, number: number): 'kept' | 'passed' | 'malformed' {
    try {
      return this.#take(body, now, number);
    } catch (error) {
      if (!BprocError.is(error)) throw error;
      this.#bases.clear();
      this.#last = undefined;
      this.#isAnew = true;
      return 'malformed';
    }
  }

  #take(body: Uint8Array, now: number, number: number): 'kept' | 'passed' {
    const report = STAT_MESSAGES.report.decode(body);
    if (report.number <= this.#newest) throw new BprocError('EPROTO', 'a sample came before one that was after it');
    const isWhole = report.base === 0 && report.layout !== null;
    const base = this.#bases.get(report.base);
    const layout = report.base === 0 && report.layout !== null ? this.#layouts.of(report.layout) : base?.layout;
    // what was on its way when the slave was told to begin anew
    if (layout === undefined && this.#isAnew) return 'passed';
    if (layout === undefined) throw new BprocError('EPROTO', 'a sample builds on one that is not here');
    const figures = unpack(report.figures, isWhole ? undefined : base?.figures, layout.size);
    if (!isWhole) this.#forgetBefore(report.base);
    this.#isWhole = isWhole;
    this.#isAnew = false;
    this.#last = { layout, figures };
    this.#newest = report.number;
    const { newest } = this.history;
    const afterMs = now - (newest?.seenAt ?? Number.NEGATIVE_INFINITY);
    // a clock that was set back must not silence anybody
    if (afterMs >= 0 && afterMs < LEAST_MS) return 'passed';
    this.history.add({ seenAt: now, layout, figures, missing: report.missing });
    this.number = number;
    return 'kept';
  }

  #forgetBefore(base: number): void {
    for (const earlier of this.#bases.keys()) if (earlier < base) this.#bases.delete(earlier);
  }
}
