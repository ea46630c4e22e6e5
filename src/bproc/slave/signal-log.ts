/**
 * Signals by the order that asked for each, where a later life of the daemon finds them: what is kept while no daemon
 * is there may get none of them twice [PROTOCOL 6.4].
 */
import type { RecordLog } from '../../state/index.ts';
import { Recent } from '../recent.ts';

/** What became of a signal. Unknown: the daemon that was to send it ended first. */
export type SignalOutcome = 'pending' | 'delivered' | 'missed' | 'unknown';

/** Signals remembered so that a repeated order does nothing. */
export const SIGNALS = 4096;
/** Records after which the log is written anew. */
const MOST_RECORDS = 4 * SIGNALS;

/** The log; without records of its own it forgets with the daemon. */
export class SignalLog {
  /** What is known of each order. */
  readonly outcomes = new Recent<SignalOutcome>(SIGNALS);
  readonly #records: RecordLog | undefined;
  #count = 0;

  constructor(records: RecordLog | undefined) {
    this.#records = records;
    for (const record of records?.load() ?? []) {
      if (isSignal(record)) this.outcomes.set(record.order, record.outcome === 'pending' ? 'unknown' : record.outcome);
    }
    if (!this.outcomes.entries().next().done) this.#rewrite();
  }

  /**
   * Notes what becomes of an order.
   *
   * @throws BprocError where that cannot be written: ENOSPC, EROFS, EACCES.
   */
  note(order: string, outcome: SignalOutcome): void {
    if (this.#records === undefined) return;
    this.outcomes.set(order, outcome);
    this.#count += 1;
    if (this.#count > MOST_RECORDS) this.#rewrite();
    else this.#records.append({ order, outcome });
  }

  #rewrite(): void {
    const records = Array.from(this.outcomes.entries(), ([order, outcome]) => ({ order, outcome }));
    this.#count = records.length;
    this.#records?.rewrite(records);
  }
}

function isSignal(record: unknown): record is { readonly order: string; readonly outcome: SignalOutcome } {
  if (typeof record !== 'object' || record === null || !('order' in record) || !('outcome' in record)) return false;
  const known: readonly unknown[] = ['pending', 'delivered', 'missed', 'unknown'];
  return typeof record.order === 'string' && known.includes(record.outcome);
}
