/** A whole cluster inside one program. */
import { join } from 'node:path';
import type {
  Client,
  ConnectOptions,
  EngineName,
  GhostOptions,
  Master,
  MasterOptions,
  Slave,
  SlaveOptions,
} from '../bproc/index.ts';
import { bestEngine, connect, Gateway, guestRules, MemoryPeers, NODE_MASTER, startGhosts } from '../bproc/index.ts';
import { systemClock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import { createChildProcessSpawner } from '../linux/index.ts';
import { startMaster, startSlave } from './roles.ts';

/** One node of an embedded cluster. */
export interface ClusterNode
  extends Pick<
    SlaveOptions,
    | 'attributes'
    | 'address'
    | 'environment'
    | 'power'
    | 'masterLostMs'
    | 'pidNamespace'
    | 'root'
    | 'imageCacheBytes'
    | 'peers'
    | 'services'
  > {
  /** Its number. @default its place in the list */
  readonly node?: number;
}

/** How an embedded cluster is set up. */
export interface ClusterOptions {
  /** How many nodes, numbered from 0, or each one's settings. @default 1 */
  readonly nodes?: number | readonly ClusterNode[];
  /**
   * Directory for what must survive the program. What it leaves running by dying is taken up where it is when it starts
   * again, or ended by the engine `child_process`, which keeps nothing.
   */
  readonly stateDir?: string;
  /**
   * Where the master listens for other programs. No port is opened otherwise; the only socket is
   * a private one by which processes of the cluster reach it.
   */
  readonly listen?: string | readonly string[];
  /** The engine that creates processes. Of `holder` each node has one of its own. @default `holder` where it was built, else `child_process` */
  readonly spawner?: EngineName;
  /** Whether what runs on nodes has ghosts on this machine, which takes the holder. See {@link startGhosts}. @default false */
  readonly ghosts?: boolean | GhostOptions;
  readonly master?: Omit<MasterOptions, 'listen' | 'stateDir' | 'nodes'>;
  readonly client?: Omit<ConnectOptions, 'master'>;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
}

/** Most nodes that one program serves. */
const MOST_NODES = 65_536;

/**
 * Starts a master and its slaves in this program, with real child processes, and connects to them.
 * Resolves when every node is up. The program itself is node -1.
 *
 * @throws BprocError EINVAL for settings that cannot be, EBUSY where `stateDir` is in use, ENOENT for `ghosts` without a holder,
 *   EADDRINUSE and others where it cannot listen, ECANCELED by `signal`.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const nodes = nodeSettings(options.nodes ?? 1);
  const parts: AsyncDisposable[] = [];
  try {
    return await build(options, nodes, parts);
  } catch (error) {
    for (const part of parts.reverse()) await part[Symbol.asyncDispose]();
    throw error;
  }
}

function nodeSettings(nodes: number | readonly ClusterNode[]): readonly ClusterNode[] {
  const list = typeof nodes === 'number' ? Array.from({ length: checkCount(nodes) }, () => ({})) : nodes;
  const settings = list.map((node: ClusterNode, index) => ({ node: index, ...node }));
  const numbers = new Set(settings.map(({ node }) => node));
  if (numbers.size < settings.length) throw new BprocError('EINVAL', 'two nodes of the cluster have the same number');
  return settings;
}

function checkCount(nodes: number): number {
  if (Number.isInteger(nodes) && nodes >= 0 && nodes <= MOST_NODES) return nodes;
  throw new BprocError('EINVAL', `nodes is ${nodes}: it must be a whole number from 0 to ${MOST_NODES}, or a list`);
}

async function build(
  options: ClusterOptions,
  nodes: readonly ClusterNode[],
  parts: AsyncDisposable[],
): Promise<Cluster> {
  const { stateDir } = options;
  const directory = (name: string) => (stateDir === undefined ? {} : { stateDir: join(stateDir, name) });
  const numbers = nodes.flatMap(({ node }) => node ?? []);
  const listen = options.listen === undefined ? {} : { listen: options.listen };
  const master = await startMaster({ ...options.master, ...listen, ...directory('master'), nodes: numbers });
  parts.push(master);
  const engine = await engineFor(options, parts);
  const slaves: Slave[] = [];
  const clock = options.master?.clock ?? systemClock();
  const rules = guestRules(options.spawner ?? bestEngine(), clock, () => slaves);
  const gateway = await Gateway.create({ connect: async () => master.connect(), rules, clock, stateDir });
  parts.push(gateway);
  const common = { master: () => master.connect(), domain: options.master?.domain ?? '', gateway: gateway.address };
  const self: ClusterNode = { node: NODE_MASTER, address: 'self' };
  const peers = new MemoryPeers(clock);
  for (const settings of [self, ...nodes]) {
    const slave = await startSlave({ ...common, ...settings, ...engine(settings.node), peerNetwork: peers.join() });
    slaves.push(slave);
    parts.push(slave);
  }
  const client = await connect({ ...options.client, domain: common.domain, master: () => master.connect() });
  parts.push(client);
  await allAttached(slaves, options.signal);
  if (options.ghosts !== undefined && options.ghosts !== false) {
    const own = await connect({ domain: common.domain, master: () => master.connect() });
    parts.push(own);
    parts.push(await startGhosts(own, options.ghosts === true ? {} : options.ghosts));
  }
  return new Cluster(master, slaves, client, parts);
}

/**
 * What each node's slave is to create processes with. A holder is a node's own, as its pids are. Of Node's own engine
 * one is enough for all: they share the machine, and the record of what runs on it.
 */
async function engineFor(
  { spawner = bestEngine(), stateDir }: ClusterOptions,
  parts: AsyncDisposable[],
): Promise<(node: number | undefined) => Pick<SlaveOptions, 'spawner' | 'stateDir'>> {
  if (spawner === 'holder') {
    return (node) => ({ spawner, ...(stateDir === undefined ? {} : { stateDir: join(stateDir, `node.${node}`) }) });
  }
  const shared = await createChildProcessSpawner(
    stateDir === undefined ? {} : { stateDir: join(stateDir, 'processes') },
  );
  parts.push(shared);
  return () => ({ spawner: shared });
}

function allAttached(slaves: readonly Slave[], signal: AbortSignal | undefined): Promise<unknown> {
  const all = Promise.all(slaves.map((slave) => slave.attached));
  if (signal === undefined) return all;
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void =>
      reject(new BprocError('ECANCELED', 'starting the cluster was cancelled', { cause: signal.reason }));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  return Promise.race([all, aborted]);
}

/** A cluster inside this program. Disposing it ends everything that runs in it. */
export class Cluster implements AsyncDisposable {
  readonly master: Master;
  /** The slaves, the master's own first. */
  readonly slaves: readonly Slave[];
  /** The program's own connection. */
  readonly client: Client;
  readonly #parts: readonly AsyncDisposable[];
  #disposed: Promise<void> | undefined;

  /** @internal Use {@link startCluster}. */
  constructor(master: Master, slaves: readonly Slave[], client: Client, parts: readonly AsyncDisposable[]) {
    this.master = master;
    this.slaves = slaves;
    this.client = client;
    this.#parts = parts;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await Promise.all(this.slaves.map((slave) => slave[Symbol.asyncDispose]()));
    for (const part of [...this.#parts].reverse()) await part[Symbol.asyncDispose]();
  }
}
