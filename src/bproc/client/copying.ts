/** One call that copies files: what it has begun, and what agents are told by its options. */
import { isAbsolute } from 'node:path';
import { Readable } from 'node:stream';
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { bound } from '../bound.ts';
import type { EncodedImage } from '../image/index.ts';
import type { FileAgent } from './copy-agents.ts';
import { goneOrUnreachable, LONGEST_END_MS, localAgent, remoteAgent } from './copy-agents.ts';
import type { CopyOptions, CopyResult, CopySource, NodeFiles } from './copy-options.ts';
import { GIVE, giveOrder, TAKE, takeOrder } from './copy-records.ts';
import type { Parcel } from './copy-spread.ts';
import { isWorthSpreading, LEAST_SPREAD_NODES } from './copy-spread.ts';
import { Taking } from './copy-taking.ts';
import type { Giver } from './copy-transfer.ts';
import { agentGiver, contentGiver } from './copy-transfer.ts';
import type { ClientImages } from './images.ts';
import type { VectorEntry } from './process-vector.ts';
import type { AgentEnds } from './start-options.ts';

/** What copies need of their client. */
export interface CopyHost {
  readonly clock: Clock;
  readonly images: ClientImages;
  /** Starts a file agent on each node, in order. @param given what is waited for, and whom they run as. @param ends what they have in place of streams. */
  startAgents(nodes: readonly number[] | string, given: CopyOptions, ends?: AgentEnds): Promise<readonly VectorEntry[]>;
  nodesOf(nodes: readonly number[] | string, given: CopyOptions): Promise<readonly number[]>;
}

/** Of each copy what it has made, or why it has not. */
export type CopyOutcome = CopyResult | BprocError;

/** Files of a node, and the nodes that get them from it. */
export interface DirectNodes {
  readonly source: NodeFiles;
  readonly numbers: readonly number[];
}

/** Everything that one call has begun, to be ended with it. */
export class Copying {
  readonly #host: CopyHost;
  readonly #options: CopyOptions;
  readonly #abort = new AbortController();
  readonly #stops: (() => void)[] = [];
  readonly #agents: FileAgent[] = [];
  #over = false;

  constructor(host: CopyHost, options: CopyOptions) {
    this.#host = host;
    this.#options = options;
  }

  /**
   * Does it within the bounds of the call. What is still under way when it ends is ended first: whoever leaves at once
   * would have its agents killed before they have cleared up.
   */
  async within<T>(copy: (copying: Copying) => Promise<T>): Promise<T> {
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = this.#options;
    const bounds = { timeoutMs, ...(signal ? { signal } : {}) };
    const call = bound<T>(this.#host.clock, bounds, () => this.#stop());
    copy(this).then(call.resolve, (error: unknown) => call.reject(BprocError.from(error)));
    try {
      return await call.promise;
    } finally {
      this.#stop();
      await this.#gone();
    }
  }

  /** One of `nodes` for each agent, or the error that kept it from starting. */
  async agents(nodes: readonly number[] | string, ends?: AgentEnds): Promise<readonly (FileAgent | BprocError)[]> {
    const entries = await this.#host.startAgents(nodes, this.#given, ends);
    return entries.map((entry) => (BprocError.is(entry) ? entry : this.#kept(remoteAgent(entry))));
  }

  async local(): Promise<FileAgent> {
    return this.#kept(await localAgent());
  }

  /** What gives a source. */
  async giver(source: CopySource, isForeseen = false): Promise<Giver> {
    if (source instanceof Uint8Array || source instanceof Readable) {
      const giver = contentGiver(source, this.#options.mode ?? 0o644, this.#host.clock.wallTime());
      this.#stops.push(() => giver.stop());
      return giver;
    }
    const { node } = filesOf(source);
    const agent = node === undefined ? await this.local() : orThrow((await this.agents([node]))[0]);
    return agentGiver(agent, this.giveOrder(source, isForeseen));
  }

  /** What makes an agent give a source. */
  giveOrder(source: string | readonly string[] | NodeFiles, isForeseen = false): Buffer {
    const { recursive, resume, onProgress } = this.#options;
    const flag = (is: unknown, bit: number): number => (is === undefined || is === false ? 0 : bit);
    const flags =
      flag(recursive, GIVE.recursive) | flag(resume, GIVE.resumable) | flag(isForeseen || onProgress, GIVE.total);
    return giveOrder(filesOf(source).paths, flags);
  }

  /** What makes an agent take what comes, under this path. */
  takeOrder(target: string): Buffer {
    const { preserve, resume, mode, into = target.endsWith('/') } = this.#options;
    const place = into === 'auto' ? TAKE.auto : into ? TAKE.into : 0;
    const flags = place | (preserve === true ? TAKE.preserve : 0) | (resume === true ? TAKE.resumable : 0);
    return takeOrder(target, flags, mode);
  }

  /** Follows an agent that takes. @param order what it is told; undefined where it reads that elsewhere. */
  taking(agent: FileAgent, from: number | undefined, order?: Buffer): Taking {
    const taking = new Taking(agent, this.#options, from);
    if (order !== undefined) void taking.write(order);
    return taking;
  }

  /** The nodes that may have a copy from each other; undefined where they do not. */
  async spreadNodes(source: CopySource, nodes: readonly number[] | string): Promise<readonly number[] | undefined> {
    const { spread, resume } = this.#options;
    if (!isPaths(source) || filesOf(source).node !== undefined || resume === true || spread === false) return undefined;
    const numbers = await this.#numbersOf(nodes);
    return spread === true || (numbers ?? []).length >= LEAST_SPREAD_NODES ? numbers : undefined;
  }

  /** The node that gives a source to others itself, and these; undefined where it does not. */
  async directNodes(source: CopySource, nodes: readonly number[] | string): Promise<DirectNodes | undefined> {
    if (!isPaths(source) || this.#options.spread === false) return undefined;
    const { node: from, paths } = filesOf(source);
    const numbers = from === undefined ? undefined : await this.#numbersOf(nodes);
    return from === undefined || numbers === undefined ? undefined : { source: { node: from, path: paths }, numbers };
  }

  /** Whatever is wrong with the nodes is told by whoever starts something there. */
  #numbersOf(nodes: readonly number[] | string): Promise<readonly number[] | undefined> {
    return this.#host.nodesOf(nodes, this.#given).catch(() => undefined);
  }

  /** Whether so much is to be spread. */
  isSpread(totalBytes: number): boolean {
    return this.#options.spread === true || isWorthSpreading(totalBytes);
  }

  /** Offers a parcel to nodes while something is done. */
  async offering<T>({ path, hash }: Parcel, act: (image: EncodedImage) => Promise<T>): Promise<T> {
    const { images } = this.#host;
    const image = images.offer(path, hash);
    try {
      return await act(image);
    } finally {
      images.withdraw(image);
    }
  }

  /** What starts are given: they end with the call, for whatever reason that ends. */
  get #given(): CopyOptions {
    const { user } = this.#options;
    return { signal: this.#abort.signal, ...(user === undefined ? {} : { user }) };
  }

  #kept(agent: FileAgent): FileAgent {
    let runs = true;
    void agent.ended.then(() => {
      runs = false;
    });
    const stop = (): void => {
      if (runs) agent.stop();
    };
    if (this.#over) stop();
    this.#stops.push(stop);
    this.#agents.push(agent);
    return agent;
  }

  /** Resolves when no agent runs that can be reached, or does not end though it was killed. */
  async #gone(): Promise<void> {
    let cancel: Cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#host.clock.after(LONGEST_END_MS, resolve);
    });
    await Promise.race([late, Promise.all(this.#agents.map(goneOrUnreachable))]);
    cancel();
  }

  #stop(): void {
    this.#over = true;
    this.#abort.abort();
    for (const stop of this.#stops.splice(0)) stop();
  }
}

/** The files of a source, and where they are. Those of this machine do not depend on where an agent runs. */
export function filesOf(source: string | readonly string[] | NodeFiles): {
  node: number | undefined;
  paths: readonly string[];
} {
  const listed = (path: string | readonly string[]): readonly string[] => (typeof path === 'string' ? [path] : path);
  if (typeof source === 'string' || isList(source)) return { node: undefined, paths: listed(source).map(resolved) };
  return { node: source.node, paths: listed(source.path) };
}

function isList(source: readonly string[] | NodeFiles): source is readonly string[] {
  return Array.isArray(source);
}

/** Whether a source is files, and not bytes. */
export function isPaths(source: CopySource): source is string | readonly string[] | NodeFiles {
  return !(source instanceof Uint8Array || source instanceof Readable);
}

/** Absolute, and as it is else: a slash at its end says something. */
export function resolved(path: string): string {
  return path === '' || isAbsolute(path) ? path : `${process.cwd()}/${path}`;
}

/** An outcome that has to be a good one. */
export function orThrow<T>(outcome: T | BprocError | undefined): T {
  if (outcome === undefined) throw new BprocError('EIO', 'the file agent has no answer');
  if (BprocError.is(outcome)) throw outcome;
  return outcome;
}
