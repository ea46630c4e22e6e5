/** Copying files between this machine and nodes: `push`, `pull`, `gather` and `scatter`. */
import { isAbsolute, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { FileAgent } from './copy-agents.ts';
import { localAgent, remoteAgent } from './copy-agents.ts';
import type { CopyOptions, CopyResult, CopySource, GatherOptions, NodeFiles } from './copy-options.ts';
import { checkCopy, checkPath } from './copy-options.ts';
import { GIVE, giveOrder, TAKE, takeOrder } from './copy-records.ts';
import { Taking } from './copy-taking.ts';
import type { Giver } from './copy-transfer.ts';
import { agentGiver, contentGiver, transfer } from './copy-transfer.ts';
import type { VectorEntry } from './process-vector.ts';
import { bound } from './waiting.ts';

/** What copies need of their client. */
export interface CopyHost {
  readonly clock: Clock;
  /** Starts a file agent on each node, in order. @param given what is waited for, and whom they run as. */
  startAgents(nodes: readonly number[] | string, given: CopyOptions): Promise<readonly VectorEntry[]>;
}

/** Of each copy what it has made, or why it has not. */
export type CopyOutcome = CopyResult | BprocError;

/** Agents of many local files at a time. */
const MOST_LOCAL = 8;

/** Everything that one call has begun, to be ended with it. */
class Copying {
  readonly #host: CopyHost;
  readonly #options: CopyOptions;
  readonly #stops: (() => void)[] = [];
  #over = false;

  constructor(host: CopyHost, options: CopyOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Does it within the bounds of the call; what is still under way when it ends is ended. */
  async within<T>(copy: (copying: Copying) => Promise<T>): Promise<T> {
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = this.#options;
    const bounds = { timeoutMs, ...(signal ? { signal } : {}) };
    const call = bound<T>(this.#host.clock, bounds, () => this.#stop());
    copy(this).then(call.resolve, (error: unknown) => call.reject(BprocError.from(error)));
    try {
      return await call.promise;
    } finally {
      this.#stop();
    }
  }

  /** One of `nodes` for each agent, or the error that kept it from starting. */
  async agents(nodes: readonly number[] | string): Promise<readonly (FileAgent | BprocError)[]> {
    const { timeoutMs: _, ...given } = this.#options;
    const entries = await this.#host.startAgents(nodes, given);
    return entries.map((entry) => (BprocError.is(entry) ? entry : this.#kept(remoteAgent(entry))));
  }

  async local(): Promise<FileAgent> {
    return this.#kept(await localAgent());
  }

  /** What gives a source. */
  async giver(source: CopySource): Promise<Giver> {
    if (source instanceof Uint8Array || source instanceof Readable) {
      const giver = contentGiver(source, this.#options.mode ?? 0o644, this.#host.clock.wallTime());
      this.#stops.push(() => giver.stop());
      return giver;
    }
    const { recursive, resume, onProgress } = this.#options;
    const flag = (is: unknown, bit: number): number => (is === undefined || is === false ? 0 : bit);
    const flags = flag(recursive, GIVE.recursive) | flag(resume, GIVE.resumable) | flag(onProgress, GIVE.total);
    const { node, paths } = filesOf(source);
    const agent = node === undefined ? await this.local() : orThrow((await this.agents([node]))[0]);
    return agentGiver(agent, giveOrder(paths, flags));
  }

  /** Makes an agent take what comes, under this path. */
  taking(agent: FileAgent, target: string, from?: number): Taking {
    const { preserve, resume, mode, into = target.endsWith('/') } = this.#options;
    const place = into === 'auto' ? TAKE.auto : into ? TAKE.into : 0;
    const flags = place | (preserve === true ? TAKE.preserve : 0) | (resume === true ? TAKE.resumable : 0);
    const taking = new Taking(agent, this.#options, from);
    void taking.write(takeOrder(target, flags, mode));
    return taking;
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
    return agent;
  }

  #stop(): void {
    this.#over = true;
    for (const stop of this.#stops.splice(0)) stop();
  }
}

/** Copies a source to a path of nodes. The source is read once, unless the copies may be resumed. */
export function push(
  host: CopyHost,
  source: CopySource,
  nodes: readonly number[] | string,
  target: string,
  options: CopyOptions,
): Promise<readonly CopyOutcome[]> {
  checkCopy(target, options);
  checkSource(source, target, options);
  return new Copying(host, options).within(async (copying) => {
    const agents = await copying.agents(nodes);
    const from = isPaths(source) ? filesOf(source).node : undefined;
    const takers = agents.map((agent) => (BprocError.is(agent) ? agent : copying.taking(agent, target, from)));
    const ready = takers.filter((taker) => taker instanceof Taking);
    const byItself = options.resume === true && isPaths(source);
    const done = byItself
      ? await limited(ready, async (taker) => transferred(copying, source, taker))
      : ready.length === 0
        ? []
        : await transfer(await copying.giver(source), ready);
    return takers.map((taker) => (taker instanceof Taking ? orMissing(done[ready.indexOf(taker)]) : taker));
  });
}

/** Copies files of a node to this machine. */
export function pull(host: CopyHost, source: NodeFiles, target: string, options: CopyOptions): Promise<CopyResult> {
  checkCopy(target, options);
  checkSource(source, target, options);
  return new Copying(host, aboutNode(options, source.node)).within(async (copying) => {
    const giver = await copying.giver(source);
    const [result] = await transfer(giver, [copying.taking(await copying.local(), resolved(target), source.node)]);
    return { ...orThrow(result), node: source.node };
  });
}

/** Copies the same path of many nodes into a directory of this machine, each under a name of its own. */
export function gather(
  host: CopyHost,
  nodes: readonly number[],
  path: string,
  directory: string,
  options: GatherOptions,
): Promise<readonly CopyOutcome[]> {
  checkCopy(directory, options);
  checkPath('the source', path);
  const { name = String, ...given } = options;
  const targets = nodes.map((node) => join(resolve(directory), checkName(name(node))));
  if (new Set(targets).size < targets.length)
    throw new BprocError('EINVAL', 'two nodes have the same name to gather under');
  return limited([...nodes.entries()], async ([at, node]) => {
    try {
      return await pull(host, { node, path }, targets[at] ?? '', { ...given, into: false });
    } catch (error) {
      return BprocError.from(error, 'EIO', { node });
    }
  });
}

/** Copies a source of its own to each node. */
export async function scatter(
  host: CopyHost,
  sources: readonly CopySource[],
  nodes: readonly number[],
  target: string,
  options: CopyOptions,
): Promise<readonly CopyOutcome[]> {
  if (sources.length !== nodes.length) {
    throw new BprocError(
      'EINVAL',
      `${sources.length} sources cannot be scattered to ${nodes.length} nodes: give one for each`,
    );
  }
  for (const source of sources) checkSource(source, target, options);
  return limited([...nodes.entries()], async ([at, node]) => {
    try {
      const [outcome] = await push(host, sources[at] ?? '', [node], target, options);
      return orMissing(outcome);
    } catch (error) {
      return BprocError.from(error, 'EIO', { node });
    }
  });
}

async function transferred(copying: Copying, source: CopySource, taker: Taking): Promise<CopyOutcome> {
  const [outcome] = await transfer(await copying.giver(source), [taker]);
  return orMissing(outcome);
}

/** Does it for each, a few at a time; in order. */
async function limited<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: MOST_LOCAL }, work));
  return results;
}

function checkSource(source: CopySource, target: string, options: CopyOptions): void {
  if (source instanceof Uint8Array || source instanceof Readable) {
    const into = options.into ?? target.endsWith('/');
    if (into !== false) throw new BprocError('EINVAL', 'bytes have no name: let the target be that of a file');
    return;
  }
  const { paths } = filesOf(source);
  if (paths.length === 0) throw new BprocError('EINVAL', 'no path to copy is given');
  for (const path of paths) checkPath('the source', path);
}

/** The files of a source, and where they are. Those of this machine do not depend on where an agent runs. */
function filesOf(source: string | readonly string[] | NodeFiles): {
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

function isPaths(source: CopySource): source is string | readonly string[] | NodeFiles {
  return !(source instanceof Uint8Array || source instanceof Readable);
}

/** Absolute, and as it is else: a slash at its end says something. */
function resolved(path: string): string {
  return path === '' || isAbsolute(path) ? path : `${process.cwd()}/${path}`;
}

function checkName(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw new BprocError('EINVAL', `${JSON.stringify(name)} cannot be the name of a file to gather under`);
  }
  return name;
}

/** What a copy to this machine tells is told of the node that its files come from. */
function aboutNode({ onProgress, onFailure, ...rest }: CopyOptions, node: number): CopyOptions {
  return {
    ...rest,
    ...(onProgress && { onProgress: (progress) => onProgress({ ...progress, node }) }),
    ...(onFailure && { onFailure: (failure) => onFailure({ ...failure, node }) }),
  };
}

function orMissing(outcome: CopyOutcome | undefined): CopyOutcome {
  return outcome ?? new BprocError('EIO', 'the copy has no result');
}

function orThrow<T>(outcome: T | BprocError | undefined): T {
  if (outcome === undefined) throw new BprocError('EIO', 'the file agent has no answer');
  if (BprocError.is(outcome)) throw outcome;
  return outcome;
}
