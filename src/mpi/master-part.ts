/** The part of `mpi` in a master: which jobs there are, and what passes between their nodes and to who has launched them. PROTOCOL.md section 14. */
import type { MasterHome, MasterService, MasterServing, ServiceCaller } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type {
  Init,
  MpiAnswer,
  MpiCall,
  MpiEvent,
  MpiJob,
  MpiNotice,
  MpiReply,
  MpiSpawned,
  MpiWatch,
} from '../wire/index.ts';
import { MPI_MESSAGES } from '../wire/index.ts';
import { Fences } from './fences.ts';
import { nodeOfRank } from './job.ts';
import { MasterJob } from './master-job.ts';
import { Names } from './names.ts';
import { wireJob } from './wire-job.ts';

/** Name of the service. */
export const MPI = 'mpi';
/** How long a job is known that nobody watches, in milliseconds: its launcher may be looking for another way here. */
const LEFT_MS = 300_000;
/** Jobs of one user that are open at a time. */
const MOST_JOBS = 1024;

/** The master's part. */
export function masterJobs(): MasterService {
  return { name: MPI, serve: (home) => new MasterJobs(home) };
}

class MasterJobs implements MasterServing {
  readonly #home: MasterHome;
  readonly #jobs = new Map<string, MasterJob>();
  readonly #names: Names;
  readonly #fences: Fences;

  constructor(home: MasterHome) {
    this.#home = home;
    this.#names = new Names(home.clock);
    this.#fences = new Fences({
      jobOf: (id) => this.#jobs.get(id),
      send: (node, command) => void home.send(node, command),
    });
  }

  async request(body: Uint8Array, caller: ServiceCaller, signal: AbortSignal): Promise<Uint8Array> {
    const { open, close, watch, spawned, call } = MPI_MESSAGES.question.decode(body);
    let answer: Init<MpiAnswer> = {};
    if (open !== null) this.#open(open, caller);
    else if (watch !== null) answer = { events: [...(await this.#watch(watch, caller, signal))] };
    else if (spawned !== null) this.#spawned(spawned, caller);
    else if (call !== null) answer = { reply: await this.#call(call, (id) => this.#owned(id, caller)) };
    else answer = { events: [...this.#close(this.#owned(close, caller))] };
    return MPI_MESSAGES.answer.encode(answer);
  }

  message(node: number, body: Uint8Array): void {
    const { share, gone, abort, held, dropped, tell, log } = MPI_MESSAGES.notice.decode(body);
    if (share !== null) return this.#fences.share(node, share);
    if (held !== null) return this.#held(node, held);
    if (gone !== null) return this.#gone(node, gone);
    const id = tell?.job ?? abort?.job ?? log?.job ?? dropped;
    const job = this.#jobs.get(id);
    if (job?.isOn(node) !== true) return;
    if (tell !== null) this.#sendAll(job, { tell }, node);
    else if (abort !== null) job.happened({ abort });
    else if (log !== null) job.happened({ log });
    // who has launched it hears what has happened when he closes it
    else if (job.leftBy(node)) this.#forgetLater(job);
  }

  async asked(node: number, body: Uint8Array): Promise<Uint8Array> {
    const reply = await this.#call(MPI_MESSAGES.call.decode(body), (id) => {
      const job = this.#jobs.get(id);
      if (job?.isOn(node) === true) return job;
      throw new BprocError('ESRCH', `node ${node} has no job ${id.slice(0, 40)}`, { node });
    });
    return MPI_MESSAGES.reply.encode(reply);
  }

  /** A slave is there again, or for the first time: it says itself which jobs it has. */
  detached(node: number): void {
    this.#fences.detached(node);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const job of [...this.#jobs.values()]) this.#forget(job);
  }

  #open(said: MpiJob, caller: ServiceCaller): void {
    const job = MasterJob.of(said, caller.uid);
    if (job.uid !== caller.uid && !caller.isAdministrator)
      throw new BprocError('EPERM', `uid ${caller.uid} may not launch jobs as uid ${job.uid}`);
    if (this.#jobs.has(job.id)) throw new BprocError('EEXIST', `there is a job ${job.id} already`);
    const own = [...this.#jobs.values()].filter(({ owner }) => owner === caller.uid);
    if (own.length >= MOST_JOBS) throw new BprocError('EDQUOT', `${MOST_JOBS} jobs are open already`);
    for (const { node } of job.layout.nodes) {
      if (this.#home.nodeInfo(node) === undefined)
        throw new BprocError('BE_INVALIDNODE', `there is no node ${node}`, { node });
    }
    this.#jobs.set(job.id, job);
    this.#forgetLater(job);
    this.#sendAll(job, { open: wireJob(job) });
  }

  async #watch(
    { job: id, after }: MpiWatch,
    caller: ServiceCaller,
    signal: AbortSignal,
  ): Promise<readonly Init<MpiEvent>[]> {
    const job = this.#owned(id, caller);
    job.cancelForgetting();
    try {
      return await job.after(after, signal);
    } finally {
      this.#forgetLater(job);
    }
  }

  #forgetLater(job: MasterJob): void {
    job.cancelForgetting();
    if (this.#jobs.has(job.id)) job.cancelForgetting = this.#home.clock.after(LEFT_MS, () => void this.#close(job));
  }

  /** From an earlier life of the master's. */
  #held(node: number, said: MpiJob): void {
    const known = this.#jobs.get(said.id);
    if (known !== undefined) return;
    const job = MasterJob.of(said, said.uid);
    if (!job.isOn(node)) return;
    this.#jobs.set(job.id, job);
    this.#forgetLater(job);
  }

  #gone(node: number, gone: NonNullable<MpiNotice['gone']>): void {
    const job = this.#jobs.get(gone.job);
    if (job?.isOn(node) !== true || gone.rank >= job.layout.size || job.gone.has(gone.rank)) return;
    if (nodeOfRank(job.layout, gone.rank).node !== node) return;
    job.gone.add(gone.rank);
    this.#sendAll(job, { gone }, node);
    this.#fences.gone();
  }

  /** Slaves have it until its ranks are gone. */
  #close(job: MasterJob): readonly Init<MpiEvent>[] {
    this.#sendAll(job, { close: job.id });
    this.#forget(job);
    return job.unheard;
  }

  #forget(job: MasterJob): void {
    this.#jobs.delete(job.id);
    job.end();
    this.#names.drop(job.id);
    this.#fences.drop(job.id);
  }

  #spawned({ job: id, number, child, failure }: MpiSpawned, caller: ServiceCaller): void {
    const job = this.#owned(id, caller);
    const started = failure === null ? this.#owned(child, caller) : undefined;
    job.answer(number, started ?? new BprocError('EAGAIN', failure?.message ?? 'it could not be started'));
  }

  async #call(call: MpiCall, jobOf: (id: string) => MasterJob): Promise<Init<MpiReply>> {
    const { publish, lookup, unpublish, spawn, fetch } = call;
    const name = publish ?? lookup ?? unpublish;
    if (name !== null) {
      const job = jobOf(name.job);
      const space = name.wide ? (`user ${job.uid}` as const) : (`job ${job.id}` as const);
      const text = name.name;
      if (publish !== null) return { found: this.#names.publish(space, job.id, text, publish) };
      if (unpublish !== null) return { found: this.#names.unpublish(space, job.id, text) };
      const isOver = (): boolean => !name.wait || !this.#jobs.has(job.id);
      const value = await this.#names.whenThere(space, text, isOver);
      return value === undefined ? {} : { found: true, value };
    }
    if (spawn !== null) return { job: wireJob(await jobOf(spawn.job).spawn(spawn)) };
    if (fetch === null) throw new BprocError('EPROTO', 'a call of a job that asks nothing');
    const job = this.#jobs.get(fetch.job);
    if (job === undefined) throw new BprocError('ENOENT', `there is no job ${fetch.job.slice(0, 40)}`);
    const { node } = nodeOfRank(job.layout, fetch.rank);
    const body = MPI_MESSAGES.call.encode({ fetch });
    return MPI_MESSAGES.reply.decode(await this.#home.ask(node, body, { timeoutMs: Number.POSITIVE_INFINITY }));
  }

  /** @throws BprocError ESRCH, EPERM. */
  #owned(id: string, caller: ServiceCaller): MasterJob {
    const job = this.#jobs.get(id);
    if (job === undefined) throw new BprocError('ESRCH', `there is no job ${id.slice(0, 40)}`);
    if (job.owner !== caller.uid && !caller.isAdministrator)
      throw new BprocError('EPERM', `job ${id} is of uid ${job.owner}`);
    return job;
  }

  #sendAll(job: MasterJob, command: Parameters<typeof MPI_MESSAGES.command.encode>[0], except?: number): void {
    const body = MPI_MESSAGES.command.encode(command);
    for (const { node } of job.layout.nodes) if (node !== except) this.#home.send(node, body);
  }
}
