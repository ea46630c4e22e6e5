/** All jobs, what they wait for, and what becomes of them. It starts nothing itself: the queue's part in the master does. */
import { BprocError } from '../../errors.ts';
import { type Entry, hasSucceeded, type JobOutcome, keyOf } from './entry.ts';
import type { JobSpec } from './job-spec.ts';
import { type QueueJournal, type QueueRecord, recordsOf } from './journal.ts';
import { Line } from './line.ts';

/** Jobs that are not over, at a time: of all, and of one user. */
const MOST_JOBS = { all: 200_000, user: 100_000 } as const;
/** Jobs that are over and still shown, and may be depended on. */
const MOST_ENDED = 10_000;

/** Who has submitted something, and when. */
export interface Submission {
  readonly uid: number;
  readonly gids: readonly number[];
  readonly at: number;
}

/** The jobs. Whatever changes them is in the journal before anybody knows of it, who waits until it is `kept`. */
export class Backlog implements AsyncDisposable {
  readonly #journal: QueueJournal;
  readonly #jobs = new Map<number, Entry[]>();
  readonly #waiting = new Line();
  readonly #running = new Set<Entry>();
  readonly #ended: Entry[] = [];
  readonly #dependents = new Map<number, Entry[]>();
  readonly #ofUser = new Map<number, number>();
  #next = 1;
  #open = 0;
  #isReplaying = true;
  /** When the last thing happened that the journal tells of. */
  #lastAt = 0;

  /** Takes up what a journal says. Jobs that had been started are in `running`. */
  constructor(journal: QueueJournal) {
    this.#journal = journal;
    for (const record of journal.load()) this.#replay(record);
    this.#isReplaying = false;
    // whoever wrote it may have died between the end of a job and what followed from it
    for (const job of [...this.#dependents.keys()]) this.#settle(job, this.#lastAt);
    journal.rewrite(this.#records());
  }

  /** Those that may start, in their order. */
  get waiting(): readonly Entry[] {
    return this.#waiting.entries;
  }

  get running(): ReadonlySet<Entry> {
    return this.#running;
  }

  /** All that are not over, by their numbers, and those that are where they are wanted. */
  *entries(withEnded: boolean): Generator<Entry> {
    for (const tasks of this.#jobs.values()) {
      for (const entry of tasks) if (withEnded || entry.state !== 'ended') yield entry;
    }
  }

  /** The tasks of a job. @throws BprocError ESRCH for one that is not known, or not any more. */
  job(id: number): readonly Entry[] {
    const found = this.#jobs.get(id);
    if (found !== undefined) return found;
    throw new BprocError('ESRCH', `there is no job ${id}${id < this.#next ? ' any more' : ''}`);
  }

  /** Takes a job in; gives its number. @throws BprocError ESRCH for a dependency that is not known, EDQUOT. */
  submit(spec: JobSpec, { uid, gids, at }: Submission): number {
    // only what is there already can be depended on, so that there are no circles
    for (const { job } of spec.after) this.job(job);
    const count = Math.max(1, spec.tasks.length);
    if (this.#open + count > MOST_JOBS.all || (this.#ofUser.get(uid) ?? 0) + count > MOST_JOBS.user) {
      throw new BprocError(
        'EDQUOT',
        `the queue has too many jobs${this.#open + count > MOST_JOBS.all ? '' : ` of uid ${uid}`} already`,
      );
    }
    const id = this.#next;
    this.#journal.add({ kind: 'submit', id, uid, gids, at, spec });
    this.#take(id, spec, { uid, gids, at });
    return id;
  }

  /** Resolves when all that has changed outlives the machine. @throws BprocError EIO, ENOSPC where it does not; asked again, all is written anew. */
  async kept(): Promise<void> {
    if (this.#journal.isBroken) this.#journal.rewrite(this.#records());
    await this.#journal.kept();
  }

  /** Leaves out of the journal what is over, where that is most of it. */
  tidy(): void {
    if (!this.#journal.isOvergrown) return;
    try {
      this.#journal.rewrite(this.#records());
    } catch {
      // it is as it was, and grows on
    }
  }

  /** Whether one waits until it is released. */
  hold(entry: Entry, isHeld: boolean): void {
    if (entry.state !== (isHeld ? 'waiting' : 'held')) return;
    this.#journal.add({ kind: isHeld ? 'held' : 'released', key: keyOf(entry) });
    this.#hold(entry, isHeld);
  }

  /** It is about to run. */
  start(entry: Entry, at: number, slots: readonly number[], puids: readonly string[]): void {
    this.#journal.add({ kind: 'start', key: keyOf(entry), at, slots, puids });
    this.#start(entry, at, slots, puids);
  }

  /** It is over; so are those that wait for something else of it. */
  end(entry: Entry, at: number, outcome: JobOutcome): void {
    if (entry.state === 'ended') return;
    this.#journal.add({ kind: 'end', key: keyOf(entry), at, outcome });
    this.#end(entry, at, outcome);
    this.#journal.account(entry);
  }

  #take(id: number, spec: JobSpec, { uid, gids, at }: Submission): void {
    this.#next = Math.max(this.#next, id + 1);
    const tasks = spec.tasks.length === 0 ? [undefined] : spec.tasks;
    const who = `${uid}:${gids.join()}`;
    const entries = tasks.map((task): Entry => {
      const pending = new Set(spec.after.map(({ job }) => job));
      const common = { id, task, spec, uid, gids, who, submittedAt: at, pending, startedAt: 0, endedAt: 0 };
      return { ...common, state: 'held', reason: '', slots: [], puids: [], outcome: undefined };
    });
    this.#jobs.set(id, entries);
    this.#open += entries.length;
    this.#ofUser.set(uid, (this.#ofUser.get(uid) ?? 0) + entries.length);
    const others = new Set(spec.after.map(({ job }) => job));
    for (const job of others) {
      const dependents = this.#dependents.get(job) ?? [];
      this.#dependents.set(job, dependents);
      dependents.push(...entries);
    }
    for (const entry of entries) this.#hold(entry, spec.held);
    for (const job of others) this.#settle(job, at);
  }

  #hold(entry: Entry, isHeld: boolean): void {
    entry.state = isHeld ? 'held' : 'waiting';
    entry.reason = isHeld ? 'held' : waitsFor(entry);
    if (isHeld) this.#waiting.leave(entry);
    else if (entry.pending.size === 0) this.#waiting.join(entry);
  }

  #start(entry: Entry, at: number, slots: readonly number[], puids: readonly string[]): void {
    this.#waiting.leave(entry);
    this.#running.add(entry);
    Object.assign(entry, { state: 'running', reason: '', startedAt: at, slots, puids });
  }

  #end(entry: Entry, at: number, outcome: JobOutcome): void {
    this.#waiting.leave(entry);
    this.#running.delete(entry);
    Object.assign(entry, { state: 'ended', reason: outcome.reason, endedAt: at, outcome });
    this.#open -= 1;
    const left = (this.#ofUser.get(entry.uid) ?? 1) - 1;
    if (left > 0) this.#ofUser.set(entry.uid, left);
    else this.#ofUser.delete(entry.uid);
    this.#settle(entry.id, at);
    this.#ended.push(entry);
    if (this.#ended.length > MOST_ENDED) this.#forget(this.#ended.shift());
  }

  /** Whoever depends on a job that is over now has its turn, or never will. */
  #settle(job: number, at: number): void {
    // what came of it is in the journal too
    if (this.#isReplaying) return;
    const tasks = this.#jobs.get(job) ?? [];
    if (tasks.some(({ state }) => state !== 'ended')) return;
    const succeeded = tasks.every(hasSucceeded);
    const dependents = this.#dependents.get(job) ?? [];
    this.#dependents.delete(job);
    for (const entry of dependents) {
      if (entry.state === 'ended') continue;
      const isMet = entry.spec.after.every(
        ({ job: other, on }) => other !== job || on === 'end' || (on === 'ok') === succeeded,
      );
      if (!isMet) {
        const reason = `job ${job}, on which it depends, has ${succeeded ? 'succeeded' : 'not succeeded'}`;
        this.end(entry, at, { end: 'unmet', code: 0, reason });
        continue;
      }
      entry.pending.delete(job);
      if (entry.state === 'waiting') this.#hold(entry, false);
    }
  }

  #forget(entry: Entry | undefined): void {
    const tasks = entry === undefined ? [] : (this.#jobs.get(entry.id) ?? []);
    if (entry !== undefined && tasks.every(({ state }) => state === 'ended')) this.#jobs.delete(entry.id);
  }

  #replay(record: QueueRecord): void {
    if ('at' in record) this.#lastAt = record.at;
    if (record.kind === 'next') {
      this.#next = Math.max(this.#next, record.id);
      return;
    }
    if (record.kind === 'submit') {
      this.#take(record.id, record.spec, record);
      return;
    }
    const entry = this.#byKey(record.key);
    // a job that was forgotten meanwhile
    if (entry === undefined || entry.state === 'ended') return;
    if (record.kind === 'start') this.#start(entry, record.at, record.slots, record.puids);
    else if (record.kind === 'end') this.#end(entry, record.at, record.outcome);
    else this.#hold(entry, record.kind === 'held');
  }

  #byKey(key: string): Entry | undefined {
    const [, id = '', task] = /^(\d+)(?:\[(\d+)\])?$/.exec(key) ?? [];
    return this.#jobs.get(Number(id))?.find((entry) => entry.task === (task === undefined ? undefined : Number(task)));
  }

  /** All that has to be known of what is not over, and nothing else. */
  #records(): readonly QueueRecord[] {
    const records: QueueRecord[] = [{ kind: 'next', id: this.#next }];
    for (const [id, tasks] of this.#jobs) {
      const [first] = tasks;
      const isOver = tasks.every(({ state }) => state === 'ended') && !this.#dependents.has(id);
      if (first === undefined || isOver) continue;
      const { uid, gids, submittedAt: at, spec } = first;
      // what depended on jobs that are forgotten now does so no more
      const after = spec.after.filter(({ job }) => first.pending.has(job));
      records.push({ kind: 'submit', id, uid, gids, at, spec: { ...spec, after } });
      for (const entry of tasks) records.push(...recordsOf(entry));
    }
    return records;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal[Symbol.asyncDispose]();
  }
}

function waitsFor({ pending }: Entry): string {
  return pending.size === 0 ? 'waits for its turn' : `waits for job ${[...pending].join(', ')}`;
}
