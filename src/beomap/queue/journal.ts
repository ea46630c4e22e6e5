/** What the queue keeps where it survives its program: a record for whatever happens to a job, read again from the beginning. */
import { BprocError } from '../../errors.ts';
import { fileGroupLog, type GroupLog } from '../../state/index.ts';
import { type Entry, type JobOutcome, keyOf } from './entry.ts';
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
export class QueueJournal implements AsyncDisposable {
  readonly #log: GroupLog | undefined;
  readonly #makeAccounts: () => GroupLog | undefined;
  #accounts: GroupLog | undefined;

  /** @param directory that is there; none: nothing is kept. */
  constructor(directory: string | undefined) {
    // it is read by others
    this.#makeAccounts = () =>
      directory === undefined ? undefined : fileGroupLog(directory, 'accounting', { marks: false });
    this.#accounts = this.#makeAccounts();
    if (directory === undefined) return;
    this.#log = fileGroupLog(directory, 'queue');
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

  /** Adds one, which outlives program and machine once it is `kept`. */
  add(record: QueueRecord): void {
    this.#log?.append(record);
  }

  /** Whether it has to be written anew before anything is kept. */
  get isBroken(): boolean {
    return this.#log?.isBroken === true;
  }

  /** Whether it is worth it to write it anew. */
  get isOvergrown(): boolean {
    return this.#log?.isOvergrown === true;
  }

  /** Resolves when all that was added outlives the machine. @throws BprocError EIO, ENOSPC: it has to be written anew. */
  async kept(): Promise<void> {
    await this.#log?.kept();
  }

  rewrite(records: readonly QueueRecord[]): void {
    this.#log?.rewrite(records);
  }

  /** Leaves what a job was for whoever counts. Jobs go on where that cannot be. */
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
    if (this.#accounts?.isBroken === true) this.#accounts = this.#makeAccounts();
    this.#accounts?.append(record);
    void this.#accounts?.kept().catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log?.[Symbol.asyncDispose]();
    await this.#accounts?.[Symbol.asyncDispose]();
  }
}

/** What says of a task where it stands, after its job was submitted. */
export function recordsOf(entry: Entry): readonly QueueRecord[] {
  const { spec, state, startedAt, endedAt, slots, puids, outcome } = entry;
  const key = keyOf(entry);
  const records: QueueRecord[] = [];
  if (startedAt > 0) records.push({ kind: 'start', key, at: startedAt, slots, puids });
  else if (state !== 'ended' && (state === 'held') !== spec.held)
    records.push({ kind: state === 'held' ? 'held' : 'released', key });
  if (outcome !== undefined) records.push({ kind: 'end', key, at: endedAt, outcome });
  return records;
}
