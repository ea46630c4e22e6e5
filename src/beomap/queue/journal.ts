/** What the queue keeps where it survives its program: a record for whatever happens to a job, read again from the beginning. */
import { BprocError } from '../../errors.ts';
import { fileRecordLog, type RecordLog } from '../../state/index.ts';
import type { Entry, JobOutcome } from './entry.ts';
import type { JobSpec } from './job-spec.ts';

/** A record. */
export type QueueRecord =
  | {
      readonly kind: 'submit';
      readonly id: number;
      readonly uid: number;
      readonly gids: readonly number[];
      readonly at: number;
      readonly spec: JobSpec;
    }
  | { readonly kind: 'held' | 'released'; readonly key: string }
  | {
      readonly kind: 'start';
      readonly key: string;
      readonly at: number;
      readonly slots: readonly number[];
      readonly puids: readonly string[];
    }
  | { readonly kind: 'end'; readonly key: string; readonly at: number; readonly outcome: JobOutcome }
  | { readonly kind: 'next'; readonly id: number };

/** What is left for whoever counts who has used what: one line of JSON for each job that is over. Times are in milliseconds. */
export interface AccountingRecord {
  readonly job: number;
  readonly task?: number;
  readonly name: string;
  readonly uid: number;
  readonly np: number;
  readonly slots: readonly number[];
  readonly submittedAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Slots times how long it had them. */
  readonly slotMs: number;
  readonly end: string;
  readonly code: number;
}

/** Where records go. */
export class QueueJournal {
  readonly #log: RecordLog | undefined;
  readonly #accounts: RecordLog | undefined;

  /** @param directory that is there; none: nothing is kept. */
  constructor(directory: string | undefined) {
    if (directory === undefined) return;
    // what is added outlives the program; to have each submission wait for a disk would cost a hundred times its time
    this.#log = fileRecordLog(directory, 'queue', 'program');
    this.#accounts = fileRecordLog(directory, 'accounting', 'program');
  }

  /** @throws BprocError EIO for a journal that is none. */
  load(): readonly QueueRecord[] {
    const records = this.#log?.load() ?? [];
    for (const record of records) {
      const isOne = typeof record === 'object' && record !== null && 'kind' in record;
      if (!isOne) throw new BprocError('EIO', 'the journal of the queue holds a line that is no record of it');
    }
    return records as readonly QueueRecord[];
  }

  add(record: QueueRecord): void {
    this.#log?.append(record);
  }

  rewrite(records: readonly QueueRecord[]): void {
    this.#log?.rewrite(records);
  }

  account(entry: Entry): void {
    const { id, task, spec, uid, slots, submittedAt, startedAt, endedAt, outcome } = entry;
    const ran = startedAt === 0 ? 0 : (endedAt - startedAt) * slots.length;
    const record: AccountingRecord = {
      job: id,
      ...(task === undefined ? {} : { task }),
      name: spec.name,
      uid,
      np: spec.np,
      slots,
      submittedAt,
      startedAt,
      endedAt,
      slotMs: ran,
      end: outcome?.end ?? 'lost',
      code: outcome?.code ?? 0,
    };
    this.#accounts?.append(record);
  }
}
