/** The part of the queue in a master: it takes jobs, has them started when it is their turn, and tells of them. PROTOCOL.md 13.7. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import {
  type Client,
  isUp,
  type MasterHome,
  type MasterService,
  type MasterServing,
  NODE_MASTER,
  type ServiceCaller,
} from '../../bproc/index.ts';
import type { Cancel } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Init, QueueAnswer, QueueEntry, QueueList, QueueOrder } from '../../wire/index.ts';
import { QUEUE_MESSAGES } from '../../wire/index.ts';
import { ID_BYTES } from '../master-part.ts';
import { LEASE_MS, type Reservations } from '../reservations.ts';
import { Backlog } from './backlog.ts';
import { compareTurns, type Entry, type JobOutcome } from './entry.ts';
import { specOf } from './job-spec.ts';
import { QueueJournal } from './journal.ts';
import { plan, type Room } from './plan.ts';
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

/** Jobs in one answer. */
const MOST_ENTRIES = 500;
/** How often it is looked again whether there is room, where something waits: nodes come and go. In milliseconds. */
const LOOK_MS = 1000;
/** How long it takes until it is decided what has time: submissions behind others, nodes that come. In milliseconds. */
const TOGETHER_MS = 20;
const LEASE = LEASE_MS.most;

/** The master's part. */
export function masterQueue(options: QueueOptions): MasterService {
  return { name: QUEUE, serve: (home) => new MasterQueue(home, options) };
}

class MasterQueue implements MasterServing {
  readonly #home: MasterHome;
  readonly #reservations: Reservations;
  readonly #backlog: Backlog;
  readonly #runner: Runner;
  readonly #reservation = randomBytes(ID_BYTES).toString('hex');
  /** Whoever waits until a job is over. */
  readonly #waiters = new Set<() => void>();
  #cancelLook: Cancel | undefined;
  #isPlanned = false;
  #cancelPlan: Cancel | undefined;
  #isOver = false;

  constructor(home: MasterHome, { stateDir, connect, reservations, runner }: QueueOptions) {
    this.#home = home;
    this.#reservations = reservations;
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
      const spec = specOf(submit);
      if (spec.priority > 0 && !caller.isAdministrator)
        throw new BprocError('EPERM', 'a priority above 0 is for the administrator to give');
      const { waiting } = this.#backlog;
      const isFirst = waiting.length === 0;
      answer = { job: this.#backlog.submit(spec, { uid: caller.uid, gids: caller.gids, at: this.#wall }) };
      // behind others it can wait a little for those that are submitted with it
      if (isFirst) this.#planNow();
      else this.#planSoon();
    } else if (order !== null) {
      this.#order(order, caller);
    } else if (list !== null) {
      await this.#until(list.until, signal);
      answer = this.#list(list);
    }
    return QUEUE_MESSAGES.answer.encode(answer);
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
    for (const wake of [...this.#waiters]) wake();
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

  #list({ jobs, ended, from }: QueueList): Init<QueueAnswer> {
    const found = jobs.length > 0 ? jobs.flatMap((id) => this.#backlog.job(id)) : [...this.#backlog.entries(ended)];
    if (jobs.length === 0) found.sort((a, b) => STATES[a.state] - STATES[b.state] || compareTurns(a, b));
    const shown = found.slice(from, from + MOST_ENTRIES);
    return { entries: shown.map(entryOf), rest: Math.max(0, found.length - from - shown.length) };
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
    const { waiting, running } = this.#backlog;
    if (waiting.length > 0) {
      const rooms = this.#rooms();
      const usable = this.#usable(rooms);
      for (const { entry, slots } of plan({ waiting: [...waiting], rooms, running, now: this.#wall, usable })) {
        this.#backlog.start(entry, this.#wall, slots, this.#runner.idsFor(entry, slots));
        this.#follow(entry, this.#runner.run(entry));
      }
    }
    this.#reserve();
    if (this.#backlog.waiting.length > 0) this.#cancelLook = this.#home.clock.after(LOOK_MS, () => this.#planSoon());
    // a lease that nobody renews is over
    else if (running.size > 0) this.#cancelLook = this.#home.clock.after(LEASE / 3, () => this.#planSoon());
  }

  #follow(entry: Entry, running: Promise<JobOutcome>): void {
    void running.then((outcome) => {
      // what is cut off by the master's own end goes on, and is found by the next one
      if (this.#isOver) return;
      this.#end(entry, entry.reason === CANCELLED.reason ? CANCELLED : outcome);
      this.#planNow();
    });
  }

  /** The nodes that take work, and what is free there of what neither the queue nor others have. */
  #rooms(): readonly Room[] {
    const here = new Set(this.#home.attached());
    const taken = this.#taken();
    const others = new Map(
      this.#reservations.held(this.#home.clock.now(), this.#reservation).map(({ node, slots }) => [node, slots]),
    );
    return this.#home.nodes().flatMap((info) => {
      if (info.node === NODE_MASTER || !isUp(info) || !here.has(info.node)) return [];
      const cpus = Math.max(1, Math.min(4096, Math.floor(Number(info.attributes['cpus'])) || 1));
      const free = cpus - (taken.get(info.node) ?? 0) - (others.get(info.node) ?? 0);
      return [{ node: info.node, cpus, free: Math.max(0, free) }];
    });
  }

  #taken(): ReadonlyMap<number, number> {
    const taken = new Map<number, number>();
    for (const { slots } of this.#backlog.running) {
      for (const node of slots) taken.set(node, (taken.get(node) ?? 0) + 1);
    }
    return taken;
  }

  /** The nodes of each user, looked up once. */
  #usable(rooms: readonly Room[]): (entry: Entry) => ReadonlySet<number> {
    const known = new Map<string, ReadonlySet<number>>();
    return ({ uid, gids }) => {
      const key = `${uid}:${gids.join()}`;
      const nodes =
        known.get(key) ??
        new Set(rooms.flatMap(({ node }) => (this.#home.mayPlace({ uid, gids }, node) ? [node] : [])));
      known.set(key, nodes);
      return nodes;
    };
  }

  /** What runs is busy to everybody who asks for a map. */
  #reserve(): void {
    const taken = [...this.#taken()];
    const hold = taken.map(([node, slots]) => ({ node, slots, most: Number.MAX_SAFE_INTEGER }));
    const uid = process.getuid?.() ?? 0;
    if (hold.length === 0) this.#reservations.release(this.#reservation, uid);
    else this.#reservations.hold(this.#home.clock.now(), this.#reservation, uid, hold, LEASE);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#cancelLook?.();
    this.#cancelPlan?.();
    for (const wake of [...this.#waiters]) wake();
    await this.#runner[Symbol.asyncDispose]();
  }
}

const CANCELLED: JobOutcome = { end: 'cancelled', code: 0, reason: 'cancelled' };
const STATES = { running: 0, waiting: 1, held: 2, ended: 3 } as const;

function entryOf(entry: Entry): Init<QueueEntry> {
  const { id, task, spec, uid, state, reason, submittedAt, startedAt, endedAt, slots, outcome } = entry;
  return {
    job: id,
    task: task === undefined ? 0 : task + 1,
    name: spec.name,
    uid,
    state,
    reason,
    np: spec.np,
    priority: spec.priority,
    limitMs: spec.limitMs,
    submittedAt,
    startedAt,
    endedAt,
    slots: [...slots],
    end: outcome?.end ?? '',
    code: outcome?.code ?? 0,
  };
}
