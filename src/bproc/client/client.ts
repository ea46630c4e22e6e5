/** A client: what programs hold to use a cluster. */
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { systemClock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Random } from '../../random.ts';
import { systemRandom } from '../../random.ts';
import { reasonOf } from '../../transport/index.ts';
import { ReceiveStream } from '../../wire/index.ts';
import type { ConnectionSource, Connector } from '../connector.ts';
import { connectorTo } from '../connector.ts';
import { checkHello } from '../hello-size.ts';
import { idText, MAX_PID, newId } from '../ids.ts';
import type { EncodedImage } from '../image/index.ts';
import { UserKeeper } from '../join/index.ts';
import { NODE_MASTER } from '../node-info.ts';
import { CallerEnvironment } from './caller-environment.ts';
import { checkInteger } from './calls.ts';
import { isConnectTo, withAddresses } from './connect-options.ts';
import { CopyCalls } from './copy-calls.ts';
import type { CopyOptions } from './copy-options.ts';
import type { NotifierOptions } from './notifier.ts';
import { Notifier } from './notifier.ts';
import { ProcessTracker } from './process-tracker.ts';
import type { VectorEntry } from './process-vector.ts';
import { ProcessVector } from './process-vector.ts';
import { RemoteProcess } from './remote-process.ts';
import { Session } from './session.ts';
import type { MoveOptions, Plan, StartOptions } from './start-options.ts';
import { planAgent, planStart, withImage } from './start-options.ts';
import type { ClientProcess } from './state.ts';
import { createInput } from './state.ts';
import type { CallOptions } from './waiting.ts';
import { bound } from './waiting.ts';

/** How a program connects to a cluster. */
export interface ConnectOptions {
  /**
   * Addresses of the master, tried in order, or a function that makes connections.
   *
   * @default `BPROC_MASTER`, else `unix:` in `$XDG_RUNTIME_DIR/bproc` or `/run/bproc`
   */
  readonly master?: string | readonly string[] | ConnectionSource;
  /**
   * File with the key and certificate to show at `tls://` addresses.
   *
   * @default the one that `bpctl login` stored for the cluster there
   */
  readonly identity?: string;
  /** Which of the master's domains. @default `BPROC_DOMAIN`, else '' */
  readonly domain?: string;
  /** How long the first connection may take, in milliseconds. @default 10000 */
  readonly connectTimeoutMs?: number;
  /** Bound of every call that sets none, in milliseconds. @default 60000 */
  readonly timeoutMs?: number;
  /** How long a lost master is looked for before everything that waits fails. @default 60000 */
  readonly giveUpMs?: number;
  /** Starts of one node that may be under way at once; more wait their turn in this client. At least 1. @default 32 */
  readonly startsPerNode?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: Random;
  /** @internal Replaces `master`: the test kit's network. */
  readonly connector?: Connector;
}

const NAME_OF_SOCKET = 'bproc/master.sock';

/** Where `connect()` looks for a master when it is not told. */
export function defaultMaster(env: NodeJS.ProcessEnv = process.env): string {
  if (env['BPROC_MASTER']) return env['BPROC_MASTER'];
  return `unix:${join(env['XDG_RUNTIME_DIR'] || '/run', NAME_OF_SOCKET)}`;
}

/**
 * Connects to a cluster.
 *
 * @throws BprocError ENOENT or ECONNREFUSED where no master listens, EACCES or EPERM where one may
 *   not or has no valid certificate, EPROTO for a master of another version, E2BIG for a `domain` too long to be told, ETIMEDOUT, ECANCELED.
 */
export async function connect(options: ConnectOptions = {}): Promise<Client> {
  const clock = options.clock ?? systemClock({ keepAlive: true });
  const random = options.random ?? systemRandom();
  const master = options.master ?? defaultMaster();
  const domain = options.domain ?? process.env['BPROC_DOMAIN'] ?? '';
  checkHello({ domain });
  const keeper = new UserKeeper({ clock, domain, file: options.identity });
  const connector = options.connector ?? connectorTo(typeof master === 'string' ? [master] : master, clock, keeper);
  const config = {
    id: newId(random),
    pid: ownPid(process.env['BPROC_PID']),
    domain,
    giveUpMs: options.giveUpMs ?? 60_000,
    startsPerNode: checkInteger('startsPerNode', options.startsPerNode ?? 32, 1),
    random,
  };
  const session = new Session(config, clock, connector);
  session.events.once('closed', () => keeper[Symbol.dispose]());
  const client = new Client(session, clock, random, options.timeoutMs ?? 60_000);
  const bounds = {
    timeoutMs: options.connectTimeoutMs ?? 10_000,
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const met = bound<Client>(clock, bounds, () => void session[Symbol.asyncDispose]());
  session.events.once('attached', () => met.resolve(client));
  session.events.once('closed', (error) => met.reject(error));
  session.dispatch({ type: 'connect' });
  return met.promise;
}

/** The global pid of a program that this library started; 0 for every other. */
function ownPid(text = ''): number {
  return /^\d{1,10}$/.test(text) && Number(text) <= MAX_PID ? Number(text) : 0;
}

/** A connection to a cluster that outlives its connections. Disposing it ends what it started and did not detach. */
export class Client extends CopyCalls implements AsyncDisposable {
  readonly #random: Random;
  readonly #boots = new Map<number, Uint8Array>();
  readonly #environment = new CallerEnvironment();
  #notifiers = 0;

  /** @internal Use {@link connect}. */
  constructor(session: Session, clock: Clock, random: Random, timeoutMs: number) {
    super(session, clock, timeoutMs);
    this.#random = random;
  }

  /** Whether a master is connected now; a lost one is being looked for. */
  get isConnected(): boolean {
    return this.session.state.link.phase === 'attached';
  }

  /** Calls back on `attached`, `detached` and `closed`; returns a function that stops it. */
  on<K extends 'attached' | 'detached' | 'closed'>(event: K, listener: (reason?: BprocError) => void): () => void {
    this.session.events.on(event, listener);
    return () => this.session.events.off(event, listener);
  }

  /**
   * Starts a program that is found on the node (`bproc_rexec`). One node gives one process; a list or
   * a node set gives a vector, one entry for each node in order.
   *
   * @throws BprocError for one node: BE_INVALIDNODE, BE_NODEDOWN, EPERM, ENOENT, EACCES, ENOEXEC, E2BIG, ENOSYS
   *   and whatever else kept it from starting; ECANCELED, ETIMEDOUT by `options`, then nothing is left
   *   running. For a vector only what concerns all: EINVAL, E2BIG, ECANCELED, ETIMEDOUT.
   */
  rexec(node: number, file: string, argv?: readonly string[], options?: StartOptions): Promise<RemoteProcess>;
  rexec(
    nodes: readonly number[] | string,
    file: string,
    argv?: readonly string[],
    options?: StartOptions,
  ): Promise<ProcessVector>;
  async rexec(
    nodes: number | readonly number[] | string,
    file: string,
    argv: readonly string[] = [],
    options: StartOptions = {},
  ): Promise<RemoteProcess | ProcessVector> {
    checkNodes(nodes);
    const known = await numeric(options);
    return this.#begin(nodes, planStart(file, argv, known, this.#environment), options);
  }

  /**
   * Starts a program of the caller's machine (`bproc_execmove`, `bproc_vexecmove`): looked up in the caller's PATH and,
   * where its name is relative, directory; with the interpreters and libraries that it needs it is sent to nodes that
   * have not got them. Everything else is as with {@link rexec}. While the client lives it answers for what it started.
   *
   * @throws BprocError as {@link rexec} does; before anything is sent ENOENT, EACCES, ENOEXEC for what cannot be run
   *   here, or may not be read; where an image cannot be had on the node ENOSPC, EIO, EPROTO, ESTALE, ECONNRESET.
   */
  execmove(node: number, file: string, argv?: readonly string[], options?: MoveOptions): Promise<RemoteProcess>;
  execmove(
    nodes: readonly number[] | string,
    file: string,
    argv?: readonly string[],
    options?: MoveOptions,
  ): Promise<ProcessVector>;
  async execmove(
    nodes: number | readonly number[] | string,
    file: string,
    argv: readonly string[] = [],
    options: MoveOptions = {},
  ): Promise<RemoteProcess | ProcessVector> {
    checkNodes(nodes);
    const left = this.boundsOfAll(options);
    const plan = planStart(file, argv, await numeric(options), this.#environment);
    const image = await this.imageOf({ file, argv, env: plan.env, cwd: process.cwd() }, options, left);
    return this.#begin(nodes, withImage(plan, image), left());
  }

  /** {@link execmove} to many nodes, one entry for each in order: the program is asked of the caller once, however many there are. */
  vexecmove(
    nodes: readonly number[] | string,
    file: string,
    argv?: readonly string[],
    options?: MoveOptions,
  ): Promise<ProcessVector> {
    return this.execmove(nodes, file, argv, options);
  }

  /** @internal */
  protected override async startAgents(
    nodes: readonly number[] | string,
    { user, signal }: CopyOptions,
    image?: EncodedImage,
  ): Promise<readonly VectorEntry[]> {
    checkNodes(nodes);
    const options = { ...(user === undefined ? {} : { user }), ...(signal === undefined ? {} : { signal }) };
    const plan = planAgent(options, this.#environment, image);
    // what an image takes the copy takes, which has a bound of its own
    return this.#startAll(
      nodes,
      plan,
      image === undefined ? options : { ...options, timeoutMs: Number.POSITIVE_INFINITY },
    );
  }

  async #begin(
    nodes: number | readonly number[] | string,
    plan: Plan,
    options: CallOptions,
  ): Promise<RemoteProcess | ProcessVector> {
    if (typeof nodes === 'number') {
      const [entry] = await this.#startAll([nodes], plan, options);
      if (entry instanceof RemoteProcess) return entry;
      throw entry ?? new BprocError('EIO', 'the start was not answered');
    }
    if (plan.puid !== undefined) throw new BprocError('EINVAL', 'puid names one start: give one node');
    return new ProcessVector(await this.#startAll(nodes, plan, options));
  }

  /**
   * Follows the changes of the cluster (`bproc_notifier`): what changes after this call is seen.
   *
   * The iteration throws what keeps the master from following along: ETIMEDOUT, EAGAIN with more than
   * 64 of them; ECONNRESET when the master is given up. Its signal ends it without an error.
   */
  notifier(options: NotifierOptions = {}): Notifier {
    this.#notifiers += 1;
    return new Notifier(this.session, this.#notifiers, options, this.timeoutMs);
  }

  async #startAll(nodes: readonly number[] | string, plan: Plan, options: CallOptions): Promise<VectorEntry[]> {
    const bounds = this.bounds(options);
    const isGang = plan.start.gang === true;
    // of a gang nobody starts a second time, after the others: what is known of the nodes has to be right
    if (isGang) this.#boots.clear();
    const targets = await this.#resolve(nodes, bounds);
    if (isGang) return this.#startOn(targets, plan, bounds);
    const entries = await this.#startOn(targets, plan, bounds);
    const stale = entries.flatMap((entry, rank) => (isStale(entry) && plan.puid === undefined ? [rank] : []));
    if (stale.length === 0) return entries;
    const again = stale.flatMap((rank) => targets.filter((target) => target.rank === rank));
    try {
      const renewed = await this.#startAgain(again, plan, bounds);
      return entries.map((entry, rank) => renewed[stale.indexOf(rank)] ?? entry);
    } catch (error) {
      // a bound that ends the call ends all that runs by then
      for (const entry of entries) if (entry instanceof RemoteProcess) this.session.drop(entry.puid);
      throw error;
    }
  }

  /** Of nodes that were restarted since they were last heard of: what did not happen there may happen in the new life. */
  async #startAgain(again: readonly Place[], plan: Plan, bounds: CallOptions): Promise<VectorEntry[]> {
    const nodes = again.map(({ node }) => node);
    for (const node of nodes) this.#boots.delete(node);
    const fresh = await this.#resolve(nodes, bounds);
    return this.#startOn(
      fresh.map((target, index) => ({ ...target, rank: again[index]?.rank ?? 0 })),
      plan,
      bounds,
    );
  }

  /** The nodes with their boot ids; known ones are not asked for again. */
  async #resolve(nodes: readonly number[] | string, bounds: CallOptions): Promise<Place[]> {
    if (typeof nodes !== 'string' && nodes.every((node) => this.#boots.has(node))) {
      return nodes.map((node, rank) => ({
        node,
        rank,
        boot: this.#boots.get(node) ?? new Uint8Array(),
        error: undefined,
      }));
    }
    const order = typeof nodes === 'string' ? { spec: this.withSelf(nodes) } : { nodes };
    const { resolved } = await this.askFor('resolved', { resolve: order }, bounds);
    return resolved.entries.map((entry, rank) => {
      if (entry.failure !== null) return { node: entry.node, rank, boot: entry.boot, error: reasonOf(entry.failure) };
      const boot = Buffer.from(entry.boot);
      if (boot.length > 0) this.#boots.set(entry.node, boot);
      return { node: entry.node, rank, boot, error: undefined };
    });
  }

  /** Resolves when every start is answered. A bound that ends it ends all of them, also those that run by then. */
  #startOn(places: readonly Place[], plan: Plan, bounds: CallOptions): Promise<VectorEntry[]> {
    if (this.session.over !== undefined) return Promise.reject(this.session.over);
    const processes: ClientProcess[] = [];
    const trackers: ProcessTracker[] = [];
    const entries: VectorEntry[] = [];
    const call = bound<VectorEntry[]>(this.clock, bounds, () => {
      for (const { key } of processes) this.session.drop(key);
    });
    let answered = 0;
    const answer = (index: number, entry: VectorEntry): void => {
      entries[index] = entry;
      answered += 1;
      if (answered === places.length) call.resolve(entries);
    };
    for (const [index, place] of places.entries()) {
      const process = this.#process(place, plan);
      const error = place.error ?? this.#conflict(process);
      if (error !== undefined) {
        answer(index, error);
        continue;
      }
      const tracker: ProcessTracker = new ProcessTracker(
        this.session,
        this.clock,
        process,
        plan,
        (message) => answer(index, new RemoteProcess(message, tracker, this)),
        (reason) => answer(index, reason),
      );
      processes.push(process);
      trackers.push(tracker);
    }
    if (places.length === 0) call.resolve(entries);
    if (processes.length > 0) this.session.start(processes, trackers);
    return call.promise;
  }

  #conflict({ key, node }: ClientProcess): BprocError | undefined {
    if (!this.session.state.processes.has(key)) return undefined;
    return new BprocError('EEXIST', 'this client has a process of this puid already', { node });
  }

  #process(place: Place, plan: Plan): ClientProcess {
    const puid = plan.puid ?? newId(this.#random);
    const { start, window, stdio } = plan;
    const isStream = (index: 0 | 1 | 2) => stdio[index] === 'stream' || typeof stdio[index] === 'number';
    return {
      key: idText(puid),
      puid,
      node: place.node,
      boot: place.boot,
      rank: place.rank,
      start,
      sent: 0,
      phase: 'starting',
      cancelled: false,
      pid: 0,
      stdin: isStream(0) ? createInput() : undefined,
      outputs: [
        isStream(1) ? new ReceiveStream(window) : undefined,
        isStream(2) ? new ReceiveStream(window) : undefined,
      ],
      ended: undefined,
    };
  }

  /** Leaves the cluster: what was not detached ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }
}

interface Place {
  readonly node: number;
  readonly rank: number;
  readonly boot: Uint8Array;
  readonly error: BprocError | undefined;
}

/** Numbers that the wire would cut to size, and a set that was left empty, must not become other nodes. */
function checkNodes(nodes: unknown): void {
  const list: readonly unknown[] = Array.isArray(nodes) ? nodes : [nodes];
  if (typeof nodes === 'string') {
    if (nodes.trim() === '') throw new BprocError('EINVAL', 'the node set is empty: say all for every node');
    return;
  }
  for (const node of list) {
    if (typeof node !== 'number')
      throw new BprocError('EINVAL', 'nodes are a number, a list of numbers, or a node set');
    checkInteger('node', node, NODE_MASTER);
  }
}

/** Names of hosts are looked up before anything else is done. */
function numeric<Options extends StartOptions>(options: Options): Options | Promise<Options> {
  const { stdin, stdout, stderr } = options;
  return [stdin, stdout, stderr].some(isConnectTo) ? withAddresses(options) : options;
}

function isStale(entry: VectorEntry): boolean {
  return BprocError.is(entry) && entry.code === 'ESTALE';
}
