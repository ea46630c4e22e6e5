/** The part of `mpi` in a slave: the jobs of its node. PROTOCOL.md section 14. */
import type { Outfit, OutfitWish, SlaveHome, SlaveService, SlaveServing } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { Init, MpiJob, MpiNotice } from '../wire/index.ts';
import { MPI_MESSAGES } from '../wire/index.ts';
import { MPI } from './master-part.ts';
import { NodeFences } from './node-fences.ts';
import type { Protocol } from './node-home.ts';
import { NodeJob } from './node-job.ts';
import { servedJob, wireJob } from './wire-job.ts';

/** Jobs of a node. */
const MOST_JOBS = 4096;

/** The slave's part. @param protocols that ranks can be served. */
export function slaveJobs(protocols: readonly Protocol[]): SlaveService {
  return { name: MPI, serve: (home) => new SlaveJobs(home, protocols) };
}

class SlaveJobs implements SlaveServing {
  readonly #home: SlaveHome;
  readonly #protocols: readonly Protocol[];
  readonly #jobs = new Map<string, NodeJob>();
  readonly #fences: NodeFences;
  readonly #over = new AbortController();

  constructor(home: SlaveHome, protocols: readonly Protocol[]) {
    this.#home = home;
    this.#protocols = protocols;
    this.#fences = new NodeFences((notice) => this.#send(notice));
  }

  attached(): void {
    for (const job of this.#jobs.values()) {
      this.#send({ held: wireJob(job.job) });
      job.sayAgain();
    }
    this.#fences.sayAgain();
  }

  message(body: Uint8Array): void {
    const { open, close, shares, gone, tell } = MPI_MESSAGES.command.decode(body);
    if (open !== null) this.#open(open);
    else if (shares !== null) this.#fences.heard(shares);
    else if (gone !== null)
      this.#jobs.get(gone.job)?.rankGone({ rank: gone.rank, node: gone.node, code: gone.code ?? undefined });
    else if (tell !== null) this.#jobs.get(tell.job)?.told(tell.protocol, tell.data);
    else this.#jobs.get(close)?.close();
  }

  async asked(body: Uint8Array): Promise<Uint8Array> {
    const { fetch } = MPI_MESSAGES.call.decode(body);
    if (fetch === null) throw new BprocError('EPROTO', 'a slave can only be asked for what its servers have');
    const job = this.#jobs.get(fetch.job);
    if (job === undefined) throw new BprocError('ENOENT', `there is no job ${fetch.job.slice(0, 40)}`);
    const value = await job.fetched(fetch.protocol, fetch.rank, fetch.key, this.#over.signal);
    return MPI_MESSAGES.reply.encode({ found: true, value });
  }

  async outfit(wish: OutfitWish): Promise<Outfit> {
    const { job: id, first } = MPI_MESSAGES.ranks.decode(wish.body);
    const job = this.#jobs.get(id);
    if (job === undefined) throw new BprocError('ESRCH', `node ${this.#home.node} knows no job ${id.slice(0, 40)}`);
    return job.outfit(first + wish.rank, wish);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const job of jobs) await job[Symbol.asyncDispose]();
  }

  #open(said: MpiJob): void {
    const { node } = this.#home;
    if (node === undefined || this.#jobs.has(said.id) || this.#jobs.size >= MOST_JOBS) return;
    const { clock, hasDescriptors } = this.#home;
    const served = servedJob(said);
    const { id } = served.layout;
    const job = new NodeJob(served, node, this.#protocols, {
      clock,
      hasDescriptors,
      fences: this.#fences,
      layoutOf: (other) => this.#jobs.get(other)?.job.layout,
      send: (notice) => this.#send(notice),
      ask: async (call, signal) => {
        const bounds = { timeoutMs: Number.POSITIVE_INFINITY, ...(signal && { signal }) };
        return MPI_MESSAGES.reply.decode(await this.#home.ask(MPI_MESSAGES.call.encode(call), bounds));
      },
      over: () => this.#drop(id),
    });
    this.#jobs.set(id, job);
  }

  #drop(id: string): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    this.#jobs.delete(id);
    this.#fences.drop(id);
    this.#send({ dropped: id });
    void job[Symbol.asyncDispose]();
  }

  #send(notice: Init<MpiNotice>): void {
    this.#home.send(MPI_MESSAGES.notice.encode(notice));
  }
}
