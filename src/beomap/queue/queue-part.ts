/** The part of the queue in a master: it takes jobs, has them started when it is their turn, and tells of them. PROTOCOL.md 13.7. */
import { mkdirSync } from 'node:fs';
import type { Client, MasterHome, MasterService, MasterServing, ServiceCaller } from '../../bproc/index.ts';
import type { Cancel } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Init, QueueAnswer, QueueJob, QueueOrder } from '../../wire/index.ts';
import { QUEUE_MESSAGES } from '../../wire/index.ts';
import { LEASE_MS, type Reservations } from '../reservations.ts';
import { Backlog } from './backlog.ts';
import type { Entry, JobOutcome } from './entry.ts';
import { specOf } from './job-spec.ts';
import { QueueJournal } from './journal.ts';
import { QueuePlaces } from './places.ts';
import { plan } from './plan.ts';
import { listed } from './queue-list.ts';
import { ClientRunner, type Runner } from './runner.ts';

/** Name of the service. */
export const QUEUE = 'queue';

/** How a master keeps its queue. */
export interface QueueOptions {
  /** Where jobs are kept, so that the next master has them too. @default nowhere */
  readonly stateDir?: string | undefined;
  /** A client of the master, with its rights; asked for once, when the first job starts. */
  readonly connect: () => Promise<Client>;
  /** What others have reserved; the queue's own is in there too. */
  readonly reservations: Reservations;
  /** @internal What starts jobs instead of the client. */
  readonly runner?: Runner;
}

/** How often it is looked again whether there is room, where something waits: nodes come and go. In milliseconds. */
const LOOK_MS = 1000;
/** How long it is waited until the journal is tried again that a job's start could not be kept in. In milliseconds. */
const AGAIN_MS = 1000;
/** How long it takes until it is decided what has time: submissions behind others, nodes that come. In milliseconds. */
const TOGETHER_MS = 20;

/** The master's part. */
export function masterQueue(options: QueueOptions): MasterService {
  return { name: QUEUE, serve: (home) => new MasterQueue(home, options) };
}

class MasterQueue implements MasterServing {
  readonly #home: MasterHome;
  readonly #places: QueuePlaces;
  readonly #backlog: Backlog;
  readonly #runner: Runner;
  /** Whoever waits until a job is over. */
  readonly #waiters = new Set<() => void>();
  #cancelLook: Cancel | undefined;
  #isPlanned = false;
  #cancelPlan: Cancel | undefined;
  #isOver = false;

  constructor(home: MasterHome, { stateDir, connect, reservations, runner }: QueueOptions) {
    this.#home = home;
    this.#places = new QueuePlaces(home, reservations);
    if (stateDir !== undefined) mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    this.#backlog = new Backlog(new QueueJournal(stateDir));
    this.#runner = runner ?? new ClientRunner(connect, home.clock);
    for (const entry of this.#backlog.running) this.#follow(entry, this.#runner.find(entry));
    this.#planSoon();
  }

  attached(): void {
    this.#planSoon();
  }

  async request(body: Uint8Array, caller: ServiceCaller, signal: AbortSignal): Promise<Uint8Array> {
    const { submit, order, list } = QUEUE_MESSAGES.question.decode(body);
    let answer: Init<QueueAnswer> = {};
    if (submit !== null) {
      answer = { job: await this.#submit(submit, caller) };
    } else if (order !== null) {
      this.#order(order, caller);
      await this.#backlog.kept();
    } else if (list !== null) {
      await this.#until(list.until, signal);
      answer = listed(this.#backlog, list);
    }
    return QUEUE_MESSAGES.answer.encode(answer);
  }

  /** Takes a job in, which nothing takes out again from then on but what is told. */
  async #submit(job: QueueJob, { uid, gids, isAdministrator }: ServiceCaller): Promise<number> {
    const spec = specOf(job);
    if (spec.priority > 0 && !isAdministrator)
      throw new BprocError('EPERM', 'a priority above 0 is for the administrator to give');
    const isFirst = this.#backlog.waiting.length === 0;
    const id = this.#backlog.submit(spec, { uid, gids, at: this.#wall });
    try {
      await this.#backlog.kept();
    } catch (cause) {
      const { code, message } = BprocError.from(cause);
      const reason = `it could not be kept: ${message}`;
      for (const entry of this.#backlog.job(id)) this.#end(entry, { end: 'failed', code: 0, reason });
      throw new BprocError(code, `the job was not taken: ${reason}`, { cause });
    }
    // behind others it can wait a little for those that are submitted with it
    if (isFirst) this.#planNow();
    else this.#planSoon();
    return id;
  }

  get #wall(): number {
    return Math.floor(this.#home.clock.wallTime());
  }

  #order({ job, task, what }: QueueOrder, { uid, isAdministrator }: ServiceCaller): void {
    const all = this.#backlog.job(job);
    const entries = task === 0 ? all : all.filter((entry) => entry.task === task - 1);
    if (entries.length === 0) throw new BprocError('ESRCH', `job ${job} has no task ${task - 1}`);
    const [first] = entries;
    if (first !== undefined && first.uid !== uid && !isAdministrator)
      throw new BprocError('EPERM', `job ${job} is of uid ${first.uid}`);
    if (!['cancel', 'hold', 'release'].includes(what))
      throw new BprocError('EINVAL', `a job cannot be told to ${JSON.stringify(what.slice(0, 20))}`);
    for (const entry of entries) {
      if (what === 'cancel') this.#cancel(entry);
      else this.#backlog.hold(entry, what === 'hold');
    }
    this.#planNow();
  }

  #cancel(entry: Entry): void {
    if (entry.state === 'ended') return;
    if (entry.state !== 'running') return this.#end(entry, CANCELLED);
    entry.reason = CANCELLED.reason;
    void this.#runner.end(entry);
  }

  #end(entry: Entry, outcome: JobOutcome): void {
    this.#backlog.end(entry, this.#wall, outcome);
    // who is told of it is told what stays so, where that can be had
    const isKept = this.#backlog.kept().catch(() => undefined);
    void isKept.then(() => {
      for (const wake of [...this.#waiters]) wake();
    });
  }

  async #until(job: number, signal: AbortSignal): Promise<void> {
    if (job === 0) return;
    while (this.#backlog.job(job).some(({ state }) => state !== 'ended')) {
      if (signal.aborted || this.#isOver) throw new BprocError('ECANCELED', `nobody waits for job ${job} any more`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiters.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiters.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  }

  /** Once for all that happens at this moment. */
  #planNow(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      if (!this.#isOver) this.#plan();
    });
  }

  /** Once for all that happens in a little while. */
  #planSoon(): void {
    this.#cancelPlan ??= this.#home.clock.after(TOGETHER_MS, () => this.#plan());
  }

  #plan(): void {
    this.#cancelPlan?.();
    this.#cancelPlan = undefined;
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    this.#backlog.tidy();
    const { waiting, running } = this.#backlog;
    if (waiting.length > 0) {
      const rooms = this.#places.rooms(running);
      const usable = this.#places.usable(rooms);
      for (const { entry, slots } of plan({ waiting, rooms, running, now: this.#wall, usable })) {
        this.#backlog.start(entry, this.#wall, slots, this.#runner.idsFor(entry, slots));
        this.#follow(entry, this.#run(entry));
      }
    }
    this.#places.reserve(running);
    if (this.#backlog.waiting.length > 0) this.#cancelLook = this.#home.clock.after(LOOK_MS, () => this.#planSoon());
    // a lease that nobody renews is over
    else if (running.size > 0) this.#cancelLook = this.#home.clock.after(LEASE_MS.most / 3, () => this.#planSoon());
  }

  /** Runs it once that outlives the machine: the next master must know of what may run. */
  async #run(entry: Entry): Promise<JobOutcome> {
    while (!this.#isOver) {
      try {
        await this.#backlog.kept();
        break;
      } catch {
        await new Promise<void>((resolve) => this.#home.clock.after(AGAIN_MS, resolve));
      }
    }
    return this.#isOver || entry.state === 'ended' ? CANCELLED : this.#runner.run(entry);
  }

  #follow(entry: Entry, running: Promise<JobOutcome>): void {
    void running.then((outcome) => {
      // what is cut off by the master's own end goes on, and is found by the next one
      if (this.#isOver) return;
      this.#end(entry, entry.reason === CANCELLED.reason ? CANCELLED : outcome);
      this.#planNow();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#cancelLook?.();
    this.#cancelPlan?.();
    for (const wake of [...this.#waiters]) wake();
    await this.#runner[Symbol.asyncDispose]();
    await this.#backlog[Symbol.asyncDispose]();
  }
}

const CANCELLED: JobOutcome = { end: 'cancelled', code: 0, reason: 'cancelled' };
