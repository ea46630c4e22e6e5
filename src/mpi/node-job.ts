/** One job on one node: its ranks there, and the servers of their protocols. */
import type { Outfit, OutfitWish } from '../bproc/index.ts';
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { ExitStatus } from '../linux/index.ts';
import type { Init, MpiCall, MpiNotice, MpiReply } from '../wire/index.ts';
import { nodesOfMembers } from './fences.ts';
import { type JobLayout, type JobNode, nodeOfJob } from './job.ts';
import type { NodeFences } from './node-fences.ts';
import type {
  JobHome,
  LookupOptions,
  Member,
  NameScope,
  Protocol,
  ProtocolServer,
  PublishedName,
  RankGone,
  SpawnWish,
} from './node-home.ts';
import { type ServedJob, servedJob, wirePresets } from './wire-job.ts';

/** What a job needs of its slave. */
export interface NodeJobParts {
  readonly clock: Clock;
  readonly hasDescriptors: boolean;
  readonly fences: NodeFences;
  readonly layoutOf: (id: string) => JobLayout | undefined;
  readonly send: (notice: Init<MpiNotice>) => void;
  readonly ask: (call: Init<MpiCall>, signal?: AbortSignal) => Promise<MpiReply>;
  /** The job has no rank here that lives, and gets none. */
  readonly over: () => void;
}

/** A job of a node. Disposing it closes its servers. */
export class NodeJob implements AsyncDisposable {
  readonly job: ServedJob;
  readonly node: number;
  readonly #place: JobNode;
  readonly #parts: NodeJobParts;
  readonly #servers = new Map<string, ProtocolServer>();
  /** Ranks of this node that are to run or do. */
  readonly #left: Set<number>;
  readonly #gone: RankGone[] = [];
  #running = 0;
  #isClosing = false;

  constructor(job: ServedJob, node: number, protocols: readonly Protocol[], parts: NodeJobParts) {
    this.job = job;
    this.node = node;
    this.#parts = parts;
    this.#place = nodeOfJob(job.layout, node);
    this.#left = new Set(this.#place.ranks);
    for (const protocol of protocols) {
      if (job.protocols.length > 0 && !job.protocols.includes(protocol.name)) continue;
      this.#servers.set(protocol.name, protocol.serve(this.#homeOf(protocol.name)));
    }
  }

  /** What one of its ranks is given. @throws BprocError EINVAL, EPERM, or what keeps a server from serving it. */
  async outfit(rank: number, { uid }: OutfitWish): Promise<Outfit> {
    const local = this.#place.ranks.indexOf(rank);
    if (local < 0) throw new BprocError('EINVAL', `job ${this.job.layout.id} has no rank ${rank} on node ${this.node}`);
    if (uid !== this.job.uid) throw new BprocError('EPERM', `the job is of uid ${this.job.uid}, and not of uid ${uid}`);
    const given = await Promise.all([...this.#servers.values()].map((server) => server.outfit(rank)));
    const common = { MPI_LOCALNRANKS: String(this.#place.ranks.length), MPI_LOCALRANKID: String(local) };
    return {
      env: Object.assign({}, common, ...given.map(({ env }) => env)),
      descriptors: given.flatMap(({ descriptors = [] }) =>
        descriptors.map(({ fd, socket, first }) => ({ fd, to: { socket, first } })),
      ),
      started: (pid) => {
        this.#running += 1;
        for (const server of this.#servers.values()) server.rankStarted?.(rank, pid);
      },
      ended: (status) => this.#ended(rank, status),
    };
  }

  /** Nothing more is started of it. */
  close(): void {
    this.#isClosing = true;
    this.#lookWhetherOver();
  }

  /** A rank of another node is no more. */
  rankGone(gone: RankGone): void {
    for (const server of this.#servers.values()) server.rankGone?.(gone);
  }

  told(protocol: string, data: Uint8Array): void {
    this.#servers.get(protocol)?.told?.(data);
  }

  /** What a server of it has. @throws BprocError ENOSYS where it has none that can be asked. */
  fetched(protocol: string, rank: number, key: string, signal: AbortSignal): Promise<Uint8Array> {
    const asked = this.#servers.get(protocol)?.fetched?.(rank, key, signal);
    return asked ?? Promise.reject(new BprocError('ENOSYS', `job ${this.job.layout.id} has nobody who says that`));
  }

  /** There is a master again. */
  sayAgain(): void {
    for (const { rank, node, code } of this.#gone) this.#parts.send({ gone: this.#goneOf(rank, node, code) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers.values()) await server[Symbol.asyncDispose]();
  }

  #ended(rank: number, status: ExitStatus | undefined): void {
    this.#running -= 1;
    this.#left.delete(rank);
    const code = status?.kind === 'exited' ? status.code : undefined;
    const gone: RankGone = { rank, node: this.node, code };
    this.#gone.push(gone);
    for (const server of this.#servers.values()) {
      const bad = server.rankEnded?.(gone);
      if (bad !== undefined) this.#abort(rank, 1, bad, true);
    }
    this.#parts.send({ gone: this.#goneOf(rank, this.node, code) });
    this.rankGone(gone);
    this.#lookWhetherOver();
  }

  #goneOf(rank: number, node: number, code: number | undefined): NonNullable<Init<MpiNotice>['gone']> {
    return { job: this.job.layout.id, rank, node, code };
  }

  #lookWhetherOver(): void {
    if (this.#running === 0 && (this.#isClosing || this.#left.size === 0)) this.#parts.over();
  }

  #abort(rank: number, code: number, message: string, ended = false): void {
    this.#parts.send({ abort: { job: this.job.layout.id, rank, code, message, ended } });
  }

  #homeOf(protocol: string): JobHome {
    const { clock, hasDescriptors, fences, layoutOf, send, ask } = this.#parts;
    const { layout, uid } = this.job;
    const job = layout.id;
    const { node } = this;
    const layouts = (id: string): JobLayout | undefined => (id === job ? layout : layoutOf(id));
    return {
      job: layout,
      node,
      uid,
      clock,
      hasDescriptors,
      fence: async (name: string, members: readonly Member[], data: Uint8Array) => {
        if (areOn(node, members, layouts)) return [data];
        return fences.give(`${protocol}:${name}`, members, data);
      },
      fetch: async ({ job: of, rank }, key, signal) =>
        (await ask({ fetch: { job: of, rank, protocol, key } }, signal)).value,
      publish: async ({ scope, name, value, once }: PublishedName) =>
        (await ask({ publish: { job, wide: scope === 'user', name, value, once: once === true } })).found,
      lookup: async (scope: NameScope, name: string, { wait = false, signal }: LookupOptions = {}) => {
        for (;;) {
          const { found, value } = await ask({ lookup: { job, wide: scope === 'user', name, wait } }, signal);
          if (found) return value;
          if (!wait) return undefined;
        }
      },
      unpublish: async (scope: NameScope, name: string) =>
        (await ask({ unpublish: { job, wide: scope === 'user', name } })).found,
      tell: (data) => send({ tell: { job, protocol, data } }),
      log: (rank, stream, text) => send({ log: { job, rank, stderr: stream === 'stderr', text } }),
      abort: (rank, code, message) => this.#abort(rank, code, message),
      spawn: async ({ rank, apps, presets }: SpawnWish) => {
        const wish = apps.map(({ argv, np, env = [], cwd = '', hosts = [] }) => {
          return { argv: [...argv], np, env: [...env], cwd, hosts: [...hosts] };
        });
        const reply = await ask({ spawn: { job, rank, apps: wish, presets: wirePresets(presets) } });
        if (reply.job === null) throw new BprocError('EPROTO', 'a spawn was answered without a job');
        return servedJob(reply.job).layout;
      },
    };
  }
}

/** Whether all members of a fence are on one node; of a job that is not there nobody knows. */
function areOn(node: number, members: readonly Member[], layouts: (id: string) => JobLayout | undefined): boolean {
  if (members.some(({ job }) => layouts(job) === undefined)) return false;
  return nodesOfMembers(members, layouts).every((each) => each === node);
}
