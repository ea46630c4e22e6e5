/** Starting processes: the calls, and what becomes of a vector of them. */
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Random } from '../../random.ts';
import { reasonOf } from '../../transport/index.ts';
import type { CallOptions } from '../bound.ts';
import { bound } from '../bound.ts';
import { newId } from '../ids.ts';
import { CallerEnvironment } from './caller-environment.ts';
import { isConnectTo, withAddresses } from './connect-options.ts';
import { CopyCalls } from './copy-calls.ts';
import type { CopyOptions } from './copy-options.ts';
import { checkNodes, createProcess, type Nodes, type Place } from './places.ts';
import { ProcessTracker } from './process-tracker.ts';
import type { VectorEntry } from './process-vector.ts';
import { ProcessVector } from './process-vector.ts';
import { RemoteProcess } from './remote-process.ts';
import type { Session } from './session.ts';
import type { AgentEnds, CopyStartOptions, ForkOptions, MoveOptions, Plan, StartOptions } from './start-options.ts';
import { planAgent, planCopy, planRestart, planStart, withImage } from './start-options.ts';
import type { ClientProcess } from './state.ts';

/** Calls that start processes. */
export abstract class StartCalls extends CopyCalls {
  readonly #random: Random;
  /** The lives of the nodes, as far as they are known. */
  readonly #boots = new Map<number, Uint8Array>();
  readonly #environment = new CallerEnvironment();

  /** @internal */
  constructor(session: Session, clock: Clock, random: Random, timeoutMs: number) {
    super(session, clock, timeoutMs);
    this.#random = random;
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

  /** @internal Starts copies of a running process. */
  protected async startCopies(pid: number, nodes: Nodes, options: ForkOptions): Promise<RemoteProcess | ProcessVector> {
    return this.#begin(nodes, planCopy(pid, options, this.#environment), options);
  }

  /** @internal Starts what the checkpoint in a directory of a node is of. */
  protected async startFrom(
    node: number,
    directory: string,
    command: string,
    options: CopyStartOptions,
  ): Promise<RemoteProcess> {
    return this.#beginOne(node, planRestart(directory, command, options, this.#environment), options);
  }

  /** @internal */
  protected override async startAgents(
    nodes: readonly number[] | string,
    { user, signal }: CopyOptions,
    ends: AgentEnds = {},
  ): Promise<readonly VectorEntry[]> {
    checkNodes(nodes);
    const options = { ...(user === undefined ? {} : { user }), ...(signal === undefined ? {} : { signal }) };
    const plan = planAgent(options, this.#environment, ends);
    // what an image takes the copy takes, which has a bound of its own
    return this.#startAll(
      nodes,
      plan,
      ends.image === undefined ? options : { ...options, timeoutMs: Number.POSITIVE_INFINITY },
    );
  }

  async #begin(
    nodes: number | readonly number[] | string,
    plan: Plan,
    options: CallOptions,
  ): Promise<RemoteProcess | ProcessVector> {
    if (typeof nodes === 'number') return this.#beginOne(nodes, plan, options);
    if (plan.puid !== undefined) throw new BprocError('EINVAL', 'puid names one start: give one node');
    return new ProcessVector(await this.#startAll(nodes, plan, options));
  }

  async #beginOne(node: number, plan: Plan, options: CallOptions): Promise<RemoteProcess> {
    const [entry] = await this.#startAll([node], plan, options);
    if (entry instanceof RemoteProcess) return entry;
    throw entry ?? new BprocError('EIO', 'the start was not answered');
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
      const process = createProcess(place, plan, plan.puid ?? newId(this.#random));
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
}

/** Names of hosts are looked up before anything else is done. */
function numeric<Options extends StartOptions>(options: Options): Options | Promise<Options> {
  const { stdin, stdout, stderr } = options;
  return [stdin, stdout, stderr].some(isConnectTo) ? withAddresses(options) : options;
}

function isStale(entry: VectorEntry): boolean {
  return BprocError.is(entry) && entry.code === 'ESTALE';
}
