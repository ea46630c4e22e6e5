/** The calls about files. What they need is loaded with the first of them. */
import { BprocError } from '../../errors.ts';
import type { CopyOptions, CopyResult, CopySource, GatherOptions } from './copy-options.ts';
import type { CopyHost, CopyOutcome } from './copying.ts';
import { ImageCalls } from './image-calls.ts';
import type { VectorEntry } from './process-vector.ts';
import type { AgentEnds } from './start-options.ts';

/** Copies files between this machine and nodes. */
export abstract class CopyCalls extends ImageCalls {
  /** @internal Starts a file agent on each of the nodes. */
  protected abstract startAgents(
    nodes: readonly number[] | string,
    given: CopyOptions,
    ends?: AgentEnds,
  ): Promise<readonly VectorEntry[]>;

  /**
   * Copies files to nodes (`bpcp`), with the rights of the user there. Each file appears under its name when all of it is
   * there, and replaces what had the name. A source is read once however many nodes there are, and holes stay holes.
   *
   * @param target a path on the nodes; what it means is told by `into`.
   * @returns for one node what was copied; else for each in order that, or the error: one that fails does not fail others.
   * @throws BprocError for one node, the first of what failed: ENOENT, EACCES, EISDIR, ENOTDIR, ENOSPC, EDQUOT, EFBIG,
   *   EROFS, ESTALE for a source that shrinks, EBUSY for a directory that a copy is being made in, ENOSYS where a slave or this machine has no native program, and what keeps
   *   a process from starting; for all EINVAL, ECANCELED, ETIMEDOUT.
   */
  push(source: CopySource, node: number, target: string, options?: CopyOptions): Promise<CopyResult>;
  push(
    source: CopySource,
    nodes: readonly number[] | string,
    target: string,
    options?: CopyOptions,
  ): Promise<readonly CopyOutcome[]>;
  async push(
    source: CopySource,
    nodes: number | readonly number[] | string,
    target: string,
    options: CopyOptions = {},
  ): Promise<CopyResult | readonly CopyOutcome[]> {
    const { push } = await import('./copy.ts');
    const isOne = typeof nodes === 'number';
    const outcomes = await push(this.#host, source, isOne ? [nodes] : nodes, target, options);
    if (!isOne) return outcomes;
    const [outcome] = outcomes;
    if (outcome === undefined || BprocError.is(outcome)) throw outcome ?? new BprocError('EIO', 'nothing was copied');
    return outcome;
  }

  /**
   * Copies files of a node to this machine, as {@link push} does the other way.
   *
   * @throws BprocError as {@link push}.
   */
  async pull(
    node: number,
    path: string | readonly string[],
    target: string,
    options: CopyOptions = {},
  ): Promise<CopyResult> {
    const { pull } = await import('./copy.ts');
    return pull(this.#host, { node, path }, target, options);
  }

  /**
   * Copies one path of many nodes into a directory of this machine, which exists; each copy has the name of its node there.
   *
   * @returns for each node in order what was copied, or the error.
   * @throws BprocError EINVAL, BE_INVALIDNODE for the nodes as such.
   */
  async gather(
    nodes: readonly number[] | string,
    path: string,
    directory: string,
    options: GatherOptions = {},
  ): Promise<readonly CopyOutcome[]> {
    const { gather } = await import('./copy.ts');
    return gather(this.#host, await this.#numbersOf(nodes, options), path, directory, options);
  }

  /**
   * Copies a source of its own to each node, all to the same path: the first to the first node, and so on.
   *
   * @returns for each node in order what was copied, or the error.
   * @throws BprocError EINVAL where there are not as many sources as nodes, BE_INVALIDNODE for the nodes as such.
   */
  async scatter(
    sources: Iterable<CopySource>,
    nodes: readonly number[] | string,
    target: string,
    options: CopyOptions = {},
  ): Promise<readonly CopyOutcome[]> {
    const { scatter } = await import('./copy.ts');
    return scatter(this.#host, [...sources], await this.#numbersOf(nodes, options), target, options);
  }

  get #host(): CopyHost {
    const { clock, session } = this;
    return {
      clock,
      images: session.images,
      startAgents: (nodes, given, ends) => this.startAgents(nodes, given, ends),
      nodesOf: (nodes, given) => this.#numbersOf(nodes, given),
    };
  }

  async #numbersOf(nodes: readonly number[] | string, { signal }: CopyOptions): Promise<readonly number[]> {
    if (typeof nodes !== 'string') return nodes;
    const infos = await this.nodeList(nodes, signal === undefined ? {} : { signal });
    return infos.map(({ node }) => node);
  }
}
