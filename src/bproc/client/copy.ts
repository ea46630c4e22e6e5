/** Copying files between this machine and nodes: `push`, `pull`, `gather` and `scatter`. */
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { BprocError } from '../../errors.ts';
import { direct } from './copy-direct.ts';
import type { CopyOptions, CopyResult, CopySource, GatherOptions, NodeFiles } from './copy-options.ts';
import { checkCopy, checkPath } from './copy-options.ts';
import { foresee, pack } from './copy-spread.ts';
import { Taking } from './copy-taking.ts';
import type { Giver } from './copy-transfer.ts';
import { giveUpUnreachable, transfer } from './copy-transfer.ts';
import type { CopyHost, CopyOutcome, DirectNodes } from './copying.ts';
import { Copying, filesOf, isPaths, orThrow, resolved } from './copying.ts';

/** Agents of many local files at a time. */
const MOST_LOCAL = 8;

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
    const way = await copying.directNodes(source, nodes);
    if (way !== undefined) return directly(copying, way, target, options.resume === true);
    const numbers = await copying.spreadNodes(source, nodes);
    if (numbers === undefined) return streamed(copying, source, nodes, target, options.resume === true);
    const { giver, totalBytes, totalEntries } = await foresee(await copying.giver(source, true));
    if (!copying.isSpread(totalBytes)) return streamed(copying, source, numbers, target, false, giver);
    // takers have nothing to tell before all of it has come to their nodes
    for (const node of numbers) options.onProgress?.({ node, bytes: 0, entries: 0, totalBytes, totalEntries });
    return spread(copying, source, numbers, target, giver);
  });
}

/** Lets a node give it to others; gives it to those that cannot have it so. */
async function directly(
  copying: Copying,
  { source, numbers }: DirectNodes,
  target: string,
  isEach: boolean,
): Promise<readonly CopyOutcome[]> {
  const outcomes = isEach
    ? await limited(numbers, async (node) => (await direct(copying, source, [node], target))[0])
    : await direct(copying, source, numbers, target);
  const again = numbers.filter((_, at) => outcomes[at] === undefined);
  const rest = again.length === 0 ? [] : [...(await streamed(copying, source, again, target, isEach))];
  return outcomes.map((outcome) => outcome ?? orMissing(rest.shift()));
}

/** Gives it to each node, all at once, or each by itself. @param given what gives, where that gives already. */
async function streamed(
  copying: Copying,
  source: CopySource,
  nodes: readonly number[] | string,
  target: string,
  isEach: boolean,
  given?: Giver,
): Promise<readonly CopyOutcome[]> {
  const from = isPaths(source) ? filesOf(source).node : undefined;
  const order = copying.takeOrder(target);
  const agents = await copying.agents(nodes);
  const takers = agents.map((agent) => (BprocError.is(agent) ? agent : copying.taking(agent, from, order)));
  const ready = takers.filter((taker) => taker instanceof Taking);
  if (ready.length === 0) return takers.filter((taker) => BprocError.is(taker));
  const done =
    isEach && isPaths(source)
      ? await limited(ready, async (taker) => orMissing((await transfer(await copying.giver(source), [taker]))[0]))
      : await transfer(given ?? (await copying.giver(source)), ready);
  return takers.map((taker) => (taker instanceof Taking ? orMissing(done[ready.indexOf(taker)]) : taker));
}

/** Lets the nodes have it from each other; gives it to those that cannot. */
async function spread(
  copying: Copying,
  source: CopySource,
  nodes: readonly number[],
  target: string,
  giver: Giver,
): Promise<readonly CopyOutcome[]> {
  const parcel = await pack(giver, copying.takeOrder(target)).catch((error: BprocError) => error);
  if (BprocError.is(parcel)) {
    if (parcel.code !== 'ENOSPC') throw parcel;
    return streamed(copying, source, nodes, target, false);
  }
  try {
    return await copying.offering(parcel, async (image) => {
      const from = isPaths(source) ? filesOf(source).node : undefined;
      const agents = await copying.agents(nodes, { image });
      const takers = agents.map((agent) => (BprocError.is(agent) ? agent : reached(copying.taking(agent, from))));
      const again = nodes.filter((_, at) => isForStreams(agents[at]));
      const rest = again.length === 0 ? [] : [...(await streamed(copying, source, again, target, false))];
      return Promise.all(takers.map((taker) => (isForStreams(taker) ? orMissing(rest.shift()) : taker)));
    });
  } finally {
    await parcel[Symbol.asyncDispose]();
  }
}

/** Whether a node cannot have images, or has no room for this one. */
function isForStreams(agent: unknown): boolean {
  return BprocError.is(agent) && (agent.code === 'ENOSYS' || agent.code === 'ENOSPC');
}

/** The result of a taker, which is given up where its node cannot be reached: nobody waits for one. */
async function reached(taker: Taking): Promise<CopyOutcome> {
  const unwatch = giveUpUnreachable(taker);
  const result = await taker.result;
  unwatch();
  await taker.gone;
  return result;
}

/** Copies files of a node to this machine. */
export function pull(host: CopyHost, source: NodeFiles, target: string, options: CopyOptions): Promise<CopyResult> {
  checkCopy(target, options);
  checkSource(source, target, options);
  return new Copying(host, aboutNode(options, source.node)).within(async (copying) => {
    const giver = await copying.giver(source);
    const order = copying.takeOrder(resolved(target));
    const [result] = await transfer(giver, [copying.taking(await copying.local(), source.node, order)]);
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
