/** Jobs without a cluster: what passes between nodes passes in memory, and ranks are processes that the test starts itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { systemClock } from '../../src/clock.ts';
import { BprocError } from '../../src/errors.ts';
import {
  ALL_RANKS,
  appsOf,
  type JobHome,
  type JobLayout,
  type Member,
  type NameScope,
  nodesOf,
  type Protocol,
  type ProtocolServer,
  type PublishedName,
  type RankGone,
  type SpawnedApp,
  type SpawnWish,
} from '../../src/mpi/index.ts';

interface Fence {
  /** By node. */
  readonly shares: Map<number, Uint8Array>;
  readonly wanted: readonly number[];
  readonly done: Promise<readonly Uint8Array[]>;
  resolve(shares: readonly Uint8Array[]): void;
  reject(error: BprocError): void;
}

/** How a rank has ended, and what it has written. */
export interface RankResult {
  readonly rank: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One job of them. */
export interface MemoryJob extends AsyncDisposable {
  readonly layout: JobLayout;
  /** By the number of their nodes. */
  readonly servers: ReadonlyMap<number, ProtocolServer>;
  readonly aborted: { readonly rank: number; readonly code: number; readonly message: string }[];
  readonly logged: { readonly rank: number; readonly stream: string; readonly text: string }[];
  /** What servers said of ranks that have ended otherwise than they should. */
  readonly complaints: Map<number, string>;
  readonly processes: Map<number, ChildProcess>;
  /** Starts its ranks, and waits until all have ended. */
  run(argv: readonly string[], options?: RunOptions): Promise<readonly RankResult[]>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Told of each process as it is started. */
  readonly onStart?: (rank: number, child: ChildProcess) => void;
}

export interface JobPlan {
  /** The node of each rank. */
  readonly slots: readonly number[];
  readonly universe?: number;
  /** As whom its ranks run. @default this process's user */
  readonly uid?: number;
  readonly parent?: string;
  readonly presets?: ReadonlyMap<string, string>;
  readonly apps?: readonly number[];
}

/** Jobs that can hear of each other. */
export class MemoryJobs implements AsyncDisposable {
  readonly #makeProtocol: () => Protocol;
  /** Of each node. */
  readonly #protocols = new Map<number, Protocol>();
  readonly #jobs = new Map<string, MemoryJob>();
  readonly #fences = new Map<string, Fence>();
  readonly #names = new Map<string, PublishedName & { readonly job: string }>();
  readonly #nameWaits = new Set<() => void>();
  /** What jobs were spawned by others; each is run as soon as it is made. */
  readonly spawned: { readonly job: MemoryJob; readonly results: Promise<readonly RankResult[]> }[] = [];
  readonly #env: Readonly<Record<string, string>>;
  /** How many jobs there were: ids differ by it. */
  #count = 0;

  /** @param env of ranks that other ranks have spawned. */
  constructor(makeProtocol: () => Protocol, env: Readonly<Record<string, string>> = {}) {
    this.#makeProtocol = makeProtocol;
    this.#env = env;
  }

  make(plan: JobPlan): MemoryJob {
    const id = `${'0'.repeat(24)}${process.pid.toString(16).padStart(6, '0')}${(++this.#count).toString(16).padStart(2, '0')}`;
    const layout: JobLayout = {
      id,
      size: plan.slots.length,
      universe: plan.universe ?? plan.slots.length,
      nodes: nodesOf(plan.slots, (node) => `n${node}`),
      apps: appsOf(plan.apps ?? [plan.slots.length]),
      parent: plan.parent,
      presets: plan.presets ?? new Map(),
    };
    const servers = new Map<number, ProtocolServer>();
    const aborted: MemoryJob['aborted'] = [];
    const logged: MemoryJob['logged'] = [];
    const complaints = new Map<number, string>();
    const processes = new Map<number, ChildProcess>();
    const uid = plan.uid ?? process.getuid?.() ?? 0;
    const clock = systemClock();
    for (const { node } of layout.nodes) {
      const home: JobHome = {
        job: layout,
        node,
        uid,
        clock,
        hasDescriptors: false,
        fence: (name, members, data) => this.#fence(node, name, members, data),
        fetch: (member, key, signal) => this.#fetch(member, key, signal ?? new AbortController().signal),
        publish: async (name) => this.#publish(id, name),
        lookup: (scope, name, options = {}) => this.#lookup(id, scope, name, options.wait ?? false, options.signal),
        unpublish: async (scope, name) => this.#names.delete(this.#nameOf(id, scope, name)),
        tell: (data) => {
          for (const [other, server] of servers) if (other !== node) server.told?.(data);
        },
        log: (rank, stream, text) => logged.push({ rank, stream, text }),
        abort: (rank, code, message) => {
          aborted.push({ rank, code, message });
          for (const child of processes.values()) child.kill('SIGKILL');
        },
        spawn: async (wish) => this.#spawn(id, plan, wish),
      };
      const protocol = this.#protocols.get(node) ?? this.#makeProtocol();
      this.#protocols.set(node, protocol);
      servers.set(node, protocol.serve(home));
    }
    const job: MemoryJob = {
      layout,
      servers,
      aborted,
      logged,
      complaints,
      processes,
      run: (argv, options = {}) => runRanks(job, argv, options, (rank) => this.#gone(id, rank)),
      [Symbol.asyncDispose]: async () => {
        for (const child of processes.values()) child.kill('SIGKILL');
        for (const server of servers.values()) await server[Symbol.asyncDispose]();
      },
    };
    this.#jobs.set(id, job);
    return job;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const job of this.#jobs.values()) await job[Symbol.asyncDispose]();
  }

  #fence(from: number, name: string, members: readonly Member[], data: Uint8Array): Promise<readonly Uint8Array[]> {
    const key = `${name} ${members.map(({ job, rank }) => `${job}.${rank}`).join(' ')}`;
    const fence = this.#fences.get(key) ?? this.#begin(key, members);
    if (fence.shares.has(from)) throw new Error(`node ${from} says its share of ${key} twice`);
    fence.shares.set(from, data);
    if (fence.wanted.every((node) => fence.shares.has(node))) {
      this.#fences.delete(key);
      fence.resolve(fence.wanted.map((node) => fence.shares.get(node) ?? new Uint8Array()));
    }
    return fence.done;
  }

  #begin(key: string, members: readonly Member[]): Fence {
    const wanted = new Set<number>();
    for (const { job, rank } of members) {
      for (const { node, ranks } of this.#jobs.get(job)?.layout.nodes ?? []) {
        if (rank === ALL_RANKS || ranks.includes(rank)) wanted.add(node);
      }
    }
    let resolve: Fence['resolve'] = () => {};
    let reject: Fence['reject'] = () => {};
    const done = new Promise<readonly Uint8Array[]>((onDone, onError) => {
      resolve = onDone;
      reject = onError;
    });
    done.catch(() => {});
    const fence: Fence = { shares: new Map(), wanted: [...wanted], done, resolve, reject };
    this.#fences.set(key, fence);
    return fence;
  }

  /** A rank has ended: whoever waits for it waits in vain. */
  #gone(job: string, rank: number): void {
    for (const [key, { reject }] of this.#fences) {
      const isMember = key.split(' ').some((member) => member === `${job}.${rank}` || member === `${job}.${ALL_RANKS}`);
      if (!isMember) continue;
      this.#fences.delete(key);
      reject(new BprocError('ECANCELED', `rank ${rank} has ended`));
    }
  }

  async #fetch({ job: id, rank }: Member, key: string, signal: AbortSignal): Promise<Uint8Array> {
    const job = this.#jobs.get(id);
    const node = job?.layout.nodes.find(({ ranks }) => ranks.includes(rank));
    const server = node === undefined ? undefined : job?.servers.get(node.node);
    if (server?.fetched === undefined) throw new BprocError('ENOENT', `nobody knows job ${id}`);
    return server.fetched(rank, key, signal);
  }

  #nameOf(job: string, scope: NameScope, name: string): string {
    return scope === 'job' ? `${job} ${name}` : name;
  }

  #publish(job: string, published: PublishedName): boolean {
    const name = this.#nameOf(job, published.scope, published.name);
    if (this.#names.has(name)) return false;
    this.#names.set(name, { ...published, job });
    for (const look of [...this.#nameWaits]) look();
    return true;
  }

  async #lookup(
    job: string,
    scope: NameScope,
    name: string,
    wait: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array | undefined> {
    const key = this.#nameOf(job, scope, name);
    for (;;) {
      const found = this.#names.get(key);
      if (found !== undefined) {
        if (found.once === true) this.#names.delete(key);
        return found.value;
      }
      if (!wait) return undefined;
      signal?.throwIfAborted();
      await new Promise<void>((resolve) => {
        const look = (): void => {
          this.#nameWaits.delete(look);
          resolve();
        };
        this.#nameWaits.add(look);
        signal?.addEventListener('abort', look, { once: true });
      });
    }
  }

  #spawn(parent: string, plan: JobPlan, { apps, presets }: SpawnWish): JobLayout {
    const [app] = apps;
    if (app === undefined) throw new BprocError('EINVAL', 'nothing is to be started');
    const nodes = [...new Set(plan.slots)];
    const np = apps.reduce((sum, one) => sum + one.np, 0);
    const slots = Array.from({ length: np }, (_, rank) => nodes[rank % nodes.length] ?? 0);
    const job = this.make({ slots, parent, presets, apps: apps.map((one) => one.np) });
    this.spawned.push({ job, results: job.run(app.argv, this.#runOptions(app)) });
    return job.layout;
  }

  #runOptions({ env = [], cwd }: SpawnedApp): RunOptions {
    const own = Object.fromEntries(env.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]));
    return { env: { ...this.#env, ...own }, ...(cwd === undefined ? {} : { cwd }) };
  }
}

async function runRanks(
  job: MemoryJob,
  argv: readonly string[],
  options: RunOptions,
  onEnd: (rank: number) => void,
): Promise<readonly RankResult[]> {
  const ends = job.layout.nodes.flatMap(({ node, ranks }) =>
    ranks.map(async (rank) => {
      const result = await runRank(job, node, rank, argv, options);
      onEnd(rank);
      return result;
    }),
  );
  return (await Promise.all(ends)).sort((a, b) => a.rank - b.rank);
}

async function runRank(
  job: MemoryJob,
  node: number,
  rank: number,
  [command = '', ...args]: readonly string[],
  { env, cwd, onStart }: RunOptions,
): Promise<RankResult> {
  const server = job.servers.get(node);
  if (server === undefined) throw new Error(`node ${node} has no server`);
  const outfit = await server.outfit(rank);
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env, ...outfit.env },
  });
  job.processes.set(rank, child);
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    texts.stderr += text;
  });
  if (child.pid !== undefined) server.rankStarted?.(rank, child.pid);
  onStart?.(rank, child);
  const { code, signal } = await new Promise<Pick<RankResult, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  job.processes.delete(rank);
  const gone: RankGone = { rank, node, code: code ?? undefined };
  const complaint = server.rankEnded?.(gone);
  if (complaint !== undefined) job.complaints.set(rank, complaint);
  for (const other of job.servers.values()) other.rankGone?.(gone);
  return { rank, code, signal, ...texts };
}
