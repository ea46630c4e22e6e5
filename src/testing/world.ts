/** A whole cluster on a virtual network and clock, inside one program: real roles, nothing else real. */
import type { Client, ConnectOptions, HandleOptions, MasterOptions, Slave, SlaveService } from '../bproc/index.ts';
import { connect, Master } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { memoryEpochStore } from '../state/index.ts';
import type { ProgramEntry } from './program.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';
import { VirtualMachine } from './virtual-machine.ts';
import type { VirtualHost, VirtualNetworkOptions } from './virtual-network.ts';
import { VirtualNetwork } from './virtual-network.ts';
import type { SlaveCrash } from './virtual-node.ts';
import { VirtualNode } from './virtual-node.ts';
import type { VirtualSpawnerOptions } from './virtual-spawner.ts';
import { VirtualTime } from './virtual-time.ts';

/** How a virtual cluster is set up. */
export interface VirtualClusterOptions extends VirtualNetworkOptions {
  /** How many nodes, numbered from 0. @default 1 */
  readonly nodes?: number;
  /** What all randomness comes from. @default 1 */
  readonly seed?: number;
  /** Programs by name, beside the kit's own. */
  readonly programs?: Readonly<Record<string, ProgramEntry>>;
  readonly master?: Omit<MasterOptions, 'listen' | 'stateDir' | 'clock' | 'random' | 'nodes'>;
  readonly client?: Omit<ConnectOptions, 'master' | 'clock' | 'random' | 'connector' | 'signal'>;
  /** How long processes run on without a master, in milliseconds. @default Infinity */
  readonly masterLostMs?: number;
  readonly spawner?: Omit<VirtualSpawnerOptions, 'programs' | 'holder' | 'keeps'>;
  /**
   * Whether programs of this machine can be sent to nodes (`execmove`), which are in real files then, for which time
   * stands still: a run is repeated by its seed but for the order in which these are done. A node runs the program of
   * the same name that it has in `programs`. @default false
   */
  readonly images?: boolean;
  /** What each node's slave does besides; `master.services` is the other part. @default nothing */
  readonly services?: (node: number) => readonly SlaveService[];
  /** Whether nodes have a holder, which keeps what runs while their slave is away. @default false */
  readonly keeps?: boolean;
}

/** Address under which the master of a world is reached. */
export const MASTER_ADDRESS = 'master';

/** A master and the host it lives on. */
export interface VirtualMaster {
  readonly host: VirtualHost;
  readonly master: Master;
  /** Its epoch as text, and the revision in it. */
  readonly epoch: string;
  readonly revision: number;
}

/**
 * Hosts, roles and time of a virtual cluster. Time passes only inside {@link World.run}; between
 * timers everything that promises and streams have to do is done.
 */
export class World implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly network: VirtualNetwork;
  readonly nodes: readonly VirtualNode[];
  readonly #options: VirtualClusterOptions;
  readonly #epochs = memoryEpochStore();
  readonly #time: VirtualTime;
  readonly #clients = new Map<Client, VirtualHost>();
  readonly #masters = new Set<VirtualMaster>();
  #master: VirtualMaster | undefined;
  #first: Client | undefined;
  #hosts = 0;
  #newestRevision = 0;

  /** @internal Use {@link startVirtualCluster}. */
  constructor(options: VirtualClusterOptions) {
    this.#options = options;
    this.#time = new VirtualTime(this.clock, options.images);
    this.random = new SeededRandom(options.seed ?? 1);
    this.network = new VirtualNetwork(this.clock, options);
    this.network.route = (_from, address) =>
      address === MASTER_ADDRESS ? (this.#master?.host.name ?? address) : address;
    const { programs = {}, keeps = false, spawner, nodes = 1 } = options;
    const machineOptions = { ...spawner, programs };
    this.nodes = Array.from({ length: nodes }, (_, node) => {
      const machine = new VirtualMachine(this.clock, machineOptions);
      return new VirtualNode(node, machine, { ...spawner, keeps });
    });
  }

  /** The client that the cluster was started with. */
  get client(): Client {
    if (this.#first === undefined) throw new BprocError('ECONNREFUSED', 'this world was started without a client');
    return this.#first;
  }

  /** The master that {@link MASTER_ADDRESS} leads to; undefined while it is down. */
  get master(): VirtualMaster | undefined {
    return this.#master?.host.isAlive === true ? this.#master : undefined;
  }

  /** All masters that live, also those that {@link MASTER_ADDRESS} no longer leads to. */
  get masters(): readonly VirtualMaster[] {
    return [...this.#masters].filter(({ host }) => host.isAlive);
  }

  /** Revision of the newest epoch that any master of this world had. */
  get newestRevision(): number {
    return this.#newestRevision;
  }

  /** Whether no master ever had a newer epoch. */
  isNewest(master: VirtualMaster): boolean {
    return master.revision === this.#newestRevision;
  }

  /** The host a client lives on. */
  hostOf(client: Client): VirtualHost | undefined {
    return this.#clients.get(client);
  }

  /**
   * Starts a master with a newer epoch and moves the address to it. An earlier one that was not
   * crashed lives on, and does not know. `stateless`: its epoch comes from its wall clock.
   */
  startMaster(options: { readonly stateless?: boolean; readonly wallOffsetMs?: number } = {}): VirtualMaster {
    const host = this.#newHost('master');
    host.clock.jumpWall(options.wallOffsetMs ?? 0);
    const fresh = { generation: 0, revision: Math.floor(host.clock.wallTime()) };
    const last = options.stateless === true ? undefined : this.#epochs.load();
    const epoch = last === undefined ? fresh : { generation: last.generation, revision: last.revision + 1 };
    if (options.stateless !== true) this.#epochs.save(epoch);
    const nodes = this.nodes.map(({ node }) => node);
    const random = this.random.fork();
    const master = new Master({ ...this.#options.master, nodes, random }, host.clock, epoch);
    const credentials = { uid: process.getuid?.() ?? 0, gids: [0] } satisfies HandleOptions['credentials'];
    host.listen((link) => master.attach(link, { credentials }));
    this.#master = { host, master, epoch: master.epoch, revision: epoch.revision };
    this.#newestRevision = Math.max(this.#newestRevision, epoch.revision);
    this.#masters.add(this.#master);
    return this.#master;
  }

  /** The master dies; what it knew is gone, but for the epoch. */
  crashMaster(which: VirtualMaster | undefined = this.#master, options: { readonly silent?: boolean } = {}): void {
    which?.host.crash(options);
    if (which !== undefined) this.#masters.delete(which);
  }

  /** Starts the slave of a node: under a new boot id, unless a holder has kept what the one before it ran. */
  startSlave(node: number): Slave {
    const host = this.#newHost(`node${node}`);
    return this.#node(node).start(host, this.random.fork(), {
      domain: this.#options.master?.domain ?? '',
      masterLostMs: this.#options.masterLostMs ?? Number.POSITIVE_INFINITY,
      connector: (address, tell) => host.dial(address || MASTER_ADDRESS, tell),
      images: this.#options.images ?? false,
      services: this.#options.services?.(node),
    });
  }

  /**
   * A node's slave dies, and with it what it ran, unless `survive` is set or nodes have a holder: then only what was
   * under way between the two is lost, but for the part that still `arrives`. `silent`: as when the machine loses its
   * power, so that nobody is told.
   */
  crashSlave(node: number, options: SlaveCrash = {}): void {
    this.#node(node).crash(options);
  }

  /** A node's holder dies, and everything it kept; its slave may live on. */
  crashHolder(node: number): void {
    this.#node(node).crashHolder();
  }

  /** A node's slave goes as for an upgrade: its successor takes up what runs, where there is a holder. */
  leaveSlave(node: number): Promise<void> {
    return this.#node(node).leave();
  }

  /** Connects a further client, from a host of its own. Time must pass for it: `run(connect())`. */
  async connect(options: VirtualClusterOptions['client'] = {}): Promise<Client> {
    const host = this.#newHost('client');
    const client = await connect({
      domain: this.#options.master?.domain ?? '',
      ...this.#options.client,
      ...options,
      clock: host.clock,
      random: this.random.fork(),
      connector: (address, tell) => host.dial(address || MASTER_ADDRESS, tell),
    });
    this.#clients.set(client, host);
    this.#first ??= client;
    return client;
  }

  /** A client's program dies. Its promises stay open for ever. */
  crashClient(client: Client, options: { readonly silent?: boolean } = {}): void {
    this.#clients.get(client)?.crash(options);
  }

  /** Resolves once so many virtual milliseconds have passed. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(ms, resolve));
  }

  /**
   * Lets time pass: until a promise settles, or for so many virtual milliseconds.
   *
   * @returns what the promise resolves to; rejects as it does.
   * @throws BprocError ETIMEDOUT where nothing is left that could settle it, or an hour was not enough;
   *   EBUSY inside another call.
   */
  run(milliseconds: number): Promise<void>;
  run<T>(target: Promise<T>): Promise<T>;
  run<T>(target: Promise<T> | number): Promise<T | undefined> {
    return this.#time.run(target);
  }

  /** What is still there and should not be, after everything was disposed of; empty where nothing is. */
  leftovers(): string[] {
    const left: string[] = [];
    if (this.clock.pending > 0) left.push(`${this.clock.pending} timers`);
    if (this.network.openLinks > 0) left.push(`${this.network.openLinks} open links`);
    for (const { node, alive } of this.nodes) {
      if (alive.length > 0) left.push(`${alive.length} processes on node ${node}`);
    }
    return left;
  }

  /**
   * Ends all roles in order, and lets time pass until nothing is left to happen.
   *
   * @throws BprocError EIO where something is left: a leak.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.run(this.#dispose());
    for (const node of this.nodes) node.end();
    this.network.heal();
    await this.#time.drive(() => this.clock.pending === 0);
    const left = this.leftovers();
    if (left.length > 0) throw new BprocError('EIO', `a virtual cluster left behind: ${left.join(', ')}`);
  }

  async #dispose(): Promise<void> {
    for (const [client, host] of this.#clients) if (host.isAlive) await client[Symbol.asyncDispose]();
    await Promise.all(this.nodes.map((node) => node.dispose()));
    for (const { master } of this.masters) await master[Symbol.asyncDispose]();
  }

  #node(node: number): VirtualNode {
    const machine = this.nodes[node];
    if (machine === undefined) throw new BprocError('BE_INVALIDNODE', `this world has no node ${node}`, { node });
    return machine;
  }

  #newHost(kind: string): VirtualHost {
    this.#hosts += 1;
    return this.network.host(`${kind}#${this.#hosts}`);
  }
}

/**
 * Starts a virtual cluster: a master, its slaves and one client. Resolves when every node is up.
 *
 * ```ts
 * await using world = await startVirtualCluster({ nodes: 3, seed: 7 });
 * const p = await world.run(world.client.rexec(2, 'echo', ['hello']));
 * const end = await world.run(p.wait());
 * ```
 */
export async function startVirtualCluster(options: VirtualClusterOptions = {}): Promise<World> {
  const world = new World(options);
  world.startMaster();
  const slaves = world.nodes.map(({ node }) => world.startSlave(node));
  await world.run(Promise.all([world.connect(), ...slaves.map((slave) => slave.attached)]));
  // attached is said before the master has read the inventory
  await world.run(4 * world.network.latencyMs + 1);
  return world;
}
