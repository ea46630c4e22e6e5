/** Runs jobs of the queue as their users, and finds those again that an earlier master had started. */
import { randomBytes } from 'node:crypto';
import { type Client, isUp, type ProcessEnd, type ProcessInfo, type StartOptions } from '../../bproc/index.ts';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { JobMap } from '../job-map.ts';
import type { Entry, JobOutcome } from './entry.ts';
import { jobText } from './job-spec.ts';

/** Between TERM and KILL. */
const GRACE_MS = 5000;
/** How often it is looked for processes that an earlier master had started. */
const LOOK_MS = 1000;
/** How much longer than a job may run it is waited for a node that is away. */
const LATE_MS = 60_000;

/** What runs a job and ends it. */
export interface Runner extends AsyncDisposable {
  /** Ids for the processes of a job, to be kept before it is started. */
  idsFor(entry: Entry, slots: readonly number[]): readonly string[];
  /** What comes of it; never rejects. */
  run(entry: Entry): Promise<JobOutcome>;
  /** The same of one that an earlier master had started. */
  find(entry: Entry): Promise<JobOutcome>;
  /** Ends it: what comes of it then is what `run` gives. */
  end(entry: Entry): Promise<void>;
}

/** Runs them by a client of the master, which has its rights. */
export class ClientRunner implements Runner {
  readonly #connect: () => Promise<Client>;
  readonly #clock: Clock;
  readonly #pids = new Map<Entry, Set<number>>();
  /** Those that are to end; some are not known to run yet. */
  readonly #ending = new Set<Entry>();
  #client: Promise<Client> | undefined;
  #isOver = false;

  constructor(connect: () => Promise<Client>, clock: Clock) {
    this.#connect = connect;
    this.#clock = clock;
  }

  idsFor({ spec }: Entry, slots: readonly number[]): readonly string[] {
    return (spec.each ? slots : slots.slice(0, 1)).map(() => randomBytes(16).toString('hex'));
  }

  async run(entry: Entry): Promise<JobOutcome> {
    try {
      const client = await this.#own();
      const ends = await Promise.all(entry.puids.map((puid, rank) => this.#process(client, entry, puid, rank)));
      return outcomeOf(ends);
    } catch (cause) {
      const { message } = BprocError.from(cause);
      await this.end(entry);
      return { end: 'failed', code: 0, reason: `it could not be started: ${message}` };
    } finally {
      this.#forget(entry);
    }
  }

  async #process(client: Client, entry: Entry, puid: string, rank: number): Promise<ProcessEnd> {
    const { spec, slots } = entry;
    const started = await client.rexec(slots[rank] ?? 0, spec.file, [...spec.argv], {
      ...startOptions(entry, rank),
      puid,
    });
    const pids = this.#pids.get(entry) ?? new Set();
    this.#pids.set(entry, pids.add(started.pid));
    if (this.#ending.has(entry)) await this.end(entry);
    return started.wait();
  }

  async find(entry: Entry): Promise<JobOutcome> {
    for (;;) {
      try {
        const ends = await this.#look(await this.#own(), entry);
        if (ends.every((end) => end !== undefined)) {
          this.#forget(entry);
          return outcomeOf(ends);
        }
      } catch (cause) {
        if (this.#isOver) return { end: 'lost', code: 0, reason: BprocError.from(cause).message };
      }
      await new Promise<void>((resolve) => this.#clock.after(LOOK_MS, resolve));
    }
  }

  /** How its processes ended, of those that did. */
  async #look(client: Client, entry: Entry): Promise<readonly (ProcessEnd | undefined)[]> {
    const { puids, slots, startedAt, spec } = entry;
    // a node that is up has said what it holds: so first who is up, then what there is
    const nodes = new Set((await client.nodeList()).filter(isUp).map(({ node }) => node));
    const table = await client.procList({ startedOnly: true });
    const found = new Map(table.map((info) => [info.puid, info]));
    this.#pids.set(entry, new Set(puids.flatMap((puid) => found.get(puid)?.pid ?? [])));
    if (this.#ending.has(entry)) await this.end(entry);
    const isLate = this.#clock.wallTime() > startedAt + spec.limitMs + LATE_MS;
    return puids.map((puid, rank) => endOf(found.get(puid), !isLate && !nodes.has(slots[rank] ?? 0)));
  }

  async end(entry: Entry): Promise<void> {
    this.#ending.add(entry);
    const pids = this.#pids.get(entry) ?? new Set();
    // what cannot be told has ended, or is told when it is found
    await this.#own()
      .then((client) => Promise.all([...pids].map((pid) => client.terminate(pid, { graceMs: GRACE_MS }))))
      .catch(() => undefined);
  }

  #forget(entry: Entry): void {
    this.#pids.delete(entry);
    this.#ending.delete(entry);
  }

  #own(): Promise<Client> {
    if (this.#isOver) return Promise.reject(new BprocError('ECANCELED', 'the master ends'));
    this.#client ??= this.#connect();
    return this.#client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    // one that could not connect any more is none
    const client = await this.#client?.catch(() => undefined);
    await client?.[Symbol.asyncDispose]();
  }
}

/** How one of its processes is started; rank 0 of a job with one process is that. */
function startOptions(entry: Entry, rank: number): StartOptions {
  const { id, task, spec, slots, uid } = entry;
  const own = Object.fromEntries(spec.env.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  const path = (text: string) => {
    const file = text.replaceAll(/%([jt%])/g, (_, letter) =>
      letter === 'j' ? String(id) : letter === 't' ? String(task ?? 0) : '%',
    );
    return text === '' ? ('ignore' as const) : { file, append: true };
  };
  return {
    ...(uid === process.getuid?.() ? {} : { user: uid }),
    inheritEnv: false,
    env: {
      ...own,
      BEOWULF_JOB_MAP: new JobMap(slots).toString(),
      NP: String(spec.np),
      BPROC_JOB: jobText(id, undefined),
      ...(task === undefined ? {} : { BPROC_TASK: String(task) }),
      ...(spec.each ? { BPROC_JOB_RANK: String(rank) } : {}),
    },
    ...(spec.cwd === '' ? {} : { cwd: spec.cwd }),
    stdin: 'ignore',
    stdout: path(spec.output),
    stderr: path(spec.error),
    // a master that is started anew finds them again
    detached: true,
    lifetimeMs: spec.limitMs,
    killGraceMs: GRACE_MS,
  };
}

function endOf(info: ProcessInfo | undefined, isAwaited: boolean): ProcessEnd | undefined {
  if (info === undefined) {
    return isAwaited ? undefined : { kind: 'lost', reason: 'it was over before anybody asked for its end' };
  }
  return info.state === 'exited' ? (info.end ?? { kind: 'lost', reason: 'nobody knows how it ended' }) : undefined;
}

/** The worst of its processes' ends. */
function outcomeOf(ends: readonly (ProcessEnd | undefined)[]): JobOutcome {
  let worst: JobOutcome = { end: 'exited', code: 0, reason: '' };
  for (const end of ends) {
    if (end === undefined) continue;
    const outcome = single(end);
    if (outcome.end !== 'exited' && worst.end === 'exited') worst = outcome;
    else if (outcome.end === 'exited' && worst.end === 'exited' && outcome.code > worst.code) worst = outcome;
  }
  return worst;
}

function single(end: ProcessEnd): JobOutcome {
  switch (end.kind) {
    case 'exited':
      return { end: 'exited', code: end.code, reason: '' };
    case 'signaled':
      return { end: 'signaled', code: 0, reason: `killed by ${end.signal}` };
    case 'timedOut':
      return { end: 'timedOut', code: 0, reason: 'it took longer than it may' };
    case 'lost':
      return { end: 'lost', code: 0, reason: end.reason };
  }
}
