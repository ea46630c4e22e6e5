/** A job that runs, and how it ends. */
import type { Readable, Writable } from 'node:stream';
import type { JobMap } from '../beomap/index.ts';
import { isSuccess, type ProcessEnd, RemoteProcess, type VectorEntry } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { SignalLike } from '../linux/index.ts';
import type { MpiEvent, MpiSpawn } from '../wire/index.ts';
import type { JobLayout } from './job.ts';
import type { OpenJob } from './job-calls.ts';
import type { LaunchOptions } from './launch-options.ts';
import { RunOutput } from './output.ts';
import { type JobCause, type JobReport, type RankReport, reportOf } from './report.ts';

/** What a run is made of. */
export interface RunParts {
  readonly options: LaunchOptions;
  readonly layout: JobLayout;
  readonly map: JobMap;
  readonly job: OpenJob;
  readonly entries: readonly VectorEntry[];
  readonly graceMs: number;
  /** Starts what a rank wants started. */
  /** Where its ranks write, where that is its parent's. */
  readonly output?: RunOutput;
  readonly spawn: (wish: MpiSpawn, parent: MpiRun) => Promise<MpiRun>;
}

/** A job that was launched. Disposing of it ends what runs of it. */
export class MpiRun implements AsyncDisposable {
  readonly job: JobLayout;
  readonly map: JobMap;
  /** The ranks in their order, each a process or what kept it from starting. With stdio `rank` their streams are the caller's to read. */
  readonly entries: readonly VectorEntry[];
  /** Goes to rank 0. */
  readonly stdin: Writable | undefined;
  readonly #parts: RunParts;
  /** @internal */
  readonly output: RunOutput;
  readonly #children: MpiRun[] = [];
  readonly #ending: Promise<JobReport>;
  /** Ranks that have given the job up. */
  readonly #aborted = new Set<number>();
  /** One that has ended as none may. */
  #lapse: JobCause | undefined;
  #cause: JobCause | undefined;
  #starting: Promise<unknown> = Promise.resolve();
  #isOver = false;

  /** @internal Use {@link launch}. */
  constructor(parts: RunParts) {
    const { options, layout, entries, output } = parts;
    this.#parts = parts;
    this.job = layout;
    this.map = parts.map;
    this.entries = entries;
    this.output = output ?? new RunOutput(options.stdio ?? 'rank');
    const [first, ...others] = entries;
    const reads = options.stdin !== false && layout.parent === undefined;
    this.stdin = reads && first instanceof RemoteProcess ? first.stdin : undefined;
    for (const entry of reads ? others : entries) if (entry instanceof RemoteProcess) entry.stdin.end();
    this.#ending = this.#end(output === undefined);
    // who does not ask is not to be told by an unhandled rejection
    this.#ending.catch(() => {});
  }

  /** With stdio `merged` and `tagged`: what the ranks write to stdout, by whole lines. */
  get stdout(): Readable {
    return this.output.stdout;
  }

  /** The same for stderr; and what MPI has to say to people. */
  get stderr(): Readable {
    return this.output.stderr;
  }

  /**
   * Resolves when all ranks have ended, and those of jobs that they have spawned.
   *
   * @throws BprocError ECANCELED where the launch's signal has ended it; what keeps outputs from their files.
   */
  wait(): Promise<JobReport> {
    return this.#ending;
  }

  /** Signals every rank that runs. */
  async kill(signal: SignalLike = 'SIGTERM'): Promise<void> {
    await Promise.all([
      ...this.#running.map((process) => process.kill(signal).catch(unlessGone)),
      ...this.#children.map((child) => child.kill(signal)),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#endFor({ kind: 'cancelled' });
    await this.#ending.catch((error: unknown) => {
      if (!BprocError.is(error)) throw error;
    });
  }

  get #running(): readonly RemoteProcess[] {
    return this.entries.filter((entry) => entry instanceof RemoteProcess && entry.end === undefined) as RemoteProcess[];
  }

  async #end(isFirst: boolean): Promise<JobReport> {
    const { job, options } = this.#parts;
    const { timeoutMs, signal } = options;
    const cancel = (): void => this.#endFor({ kind: 'cancelled' });
    const timer =
      timeoutMs === undefined || timeoutMs === Number.POSITIVE_INFINITY || !isFirst
        ? undefined
        : setTimeout(() => this.#endFor({ kind: 'timedOut', afterMs: timeoutMs }), timeoutMs);
    if (signal?.aborted === true) queueMicrotask(cancel);
    signal?.addEventListener('abort', cancel, { once: true });
    const following = job.follow((event) => this.#heard(event));
    try {
      const ends = await Promise.all(this.entries.map((entry, rank) => this.#rankEnd(rank, entry)));
      await this.#starting;
      await job.close((event) => this.#heard(event));
      await following;
      for (const child of this.#children) {
        const report = await child.wait();
        if (report.exitCode !== 0) this.#cause ??= { kind: 'spawned', report };
      }
      if (isFirst) await this.output.end();
      const ranks = ends.map((end, rank) => this.#reportOf(rank, end));
      if (this.#cause?.kind === 'cancelled' && signal?.aborted === true)
        throw new BprocError('ECANCELED', `job ${this.job.id} was cancelled`);
      return reportOf(ranks, this.#firstCause(ranks));
    } finally {
      this.#isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** The end of one rank, which may be that of the job. */
  async #rankEnd(rank: number, entry: VectorEntry): Promise<ProcessEnd | BprocError> {
    if (!(entry instanceof RemoteProcess)) {
      queueMicrotask(() => this.#endFor({ kind: 'failed', rank }));
      return entry;
    }
    const label = this.job.parent === undefined ? String(rank) : `${this.job.id.slice(0, 4)}.${rank}`;
    const lost = this.#watchNode(rank, entry);
    const output = this.output.take(rank, entry, label);
    const end = await Promise.race([entry.wait({ timeoutMs: Number.POSITIVE_INFINITY }), lost.promise]);
    lost.stop();
    if (!isSuccess(end)) this.#endFor({ kind: 'failed', rank });
    if (end.kind !== 'lost') await output;
    return end;
  }

  /** A rank whose node has fallen silent is not waited for: the job cannot go on without it. */
  #watchNode(
    rank: number,
    process: RemoteProcess,
  ): { readonly promise: Promise<ProcessEnd>; readonly stop: () => void } {
    let unwatch = (): void => {};
    const promise = new Promise<ProcessEnd>((resolve) => {
      const look = (): void => {
        if (process.state === 'unknown')
          resolve({ kind: 'lost', reason: `node ${process.node}, where rank ${rank} ran, is silent` });
      };
      unwatch = process.watch(look);
      look();
    });
    return { promise, stop: unwatch };
  }

  /**
   * A rank that ends without a word makes others give the job up, and their news may be here first: MPI itself never ends a rank so.
   */
  #firstCause(ranks: readonly RankReport[]): JobCause | undefined {
    if (this.#cause?.kind !== 'aborted') return this.#cause;
    if (this.#lapse !== undefined) return this.#lapse;
    const silent = ranks.find(({ rank, end }) => !this.#aborted.has(rank) && endedByItself(end));
    return silent === undefined ? this.#cause : { kind: 'failed', rank: silent.rank };
  }

  #reportOf(rank: number, end: ProcessEnd | BprocError): RankReport {
    const entry = this.entries[rank];
    const [node, pid] = entry instanceof RemoteProcess ? [entry.node, entry.pid] : [this.map.slots[rank] ?? 0, 0];
    return { rank, node, pid, end };
  }

  /** Something has happened that ends the job, unless something else has before. */
  #endFor(cause: JobCause): void {
    if (this.#isOver || this.#cause !== undefined) return;
    this.#cause = cause;
    const { graceMs } = this.#parts;
    for (const process of this.#running) {
      const ended = cause.kind === 'failed' ? process.terminate({ graceMs }) : process.kill('SIGKILL');
      void ended.catch(unlessGone);
    }
    for (const child of this.#children) child.#endFor({ kind: 'cancelled' });
  }

  #heard({ number, abort, spawn, log }: MpiEvent): void {
    if (abort !== null) {
      const { rank, code, message, ended } = abort;
      this.#aborted.add(rank);
      if (ended) this.#lapse ??= { kind: 'aborted', rank, code, message };
      // it says more of what its end tells already
      if (this.#cause?.kind === 'failed' && this.#cause.rank === rank && !this.#isOver) this.#cause = undefined;
      this.#endFor({ kind: 'aborted', rank, code, message });
    }
    if (log !== null) this.output.say(log.stderr ? 'stderr' : 'stdout', log.text);
    if (spawn !== null) this.#starting = Promise.all([this.#starting, this.#spawn(number, spawn)]);
  }

  async #spawn(number: number, wish: MpiSpawn): Promise<void> {
    const { job, spawn } = this.#parts;
    try {
      if (this.#cause !== undefined) throw new BprocError('ECANCELED', 'the job is being ended');
      const child = await spawn(wish, this);
      this.#children.push(child);
      await job.spawned(number, child.job.id);
      void child.wait().then(
        (report) => report.exitCode !== 0 && this.#endFor({ kind: 'spawned', report }),
        () => {},
      );
    } catch (cause) {
      await job.spawned(number, BprocError.from(cause)).catch(() => {});
    }
  }
}

/** Whether a rank ended badly, and not because it was told to. */
function endedByItself(end: ProcessEnd | BprocError): boolean {
  if (!('kind' in end) || isSuccess(end)) return false;
  return end.kind === 'exited' || (end.kind === 'signaled' && end.signal !== 'SIGKILL' && end.signal !== 'SIGTERM');
}

function unlessGone(error: unknown): void {
  if (!BprocError.is(error)) throw error;
}
