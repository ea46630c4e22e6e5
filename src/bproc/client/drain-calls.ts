/** Emptying a node: what runs there goes on elsewhere. */
import { BprocError } from '../../errors.ts';
import { FLAG_DRAINING, isUp } from '../node-info.ts';
import { checkInteger } from './calls.ts';
import type { ProcessMoveOptions } from './moving.ts';
import type { ProcessInfo } from './process-calls.ts';
import { ProcessCalls } from './process-calls.ts';

/** How a node is drained. */
export interface DrainOptions extends Omit<ProcessMoveOptions, 'address' | 'onProgress'> {
  /** The nodes that may take its processes; of them those that are up and not draining do. @default all */
  readonly to?: readonly number[] | string;
  /** Why, for people. */
  readonly reason?: string;
}

/** What came of a node's processes. */
export interface DrainReport {
  /** Those that run elsewhere now. */
  readonly moved: readonly { readonly process: ProcessInfo; readonly node: number }[];
  /** Those that stayed, and why. */
  readonly stayed: readonly { readonly process: ProcessInfo; readonly error: BprocError }[];
}

/** Moves at a time: each has a process stand still, and more would only share the same link and disk. */
const AT_ONCE = 4;
/** Nodes that a process is offered to: what one lacks another may have, what the process itself is kept by none has. */
const MOST_OFFERS = 3;
/** What no other node would answer otherwise. */
const FINAL: ReadonlySet<string> = new Set(['BE_INVALIDPROC', 'EPERM', 'EBUSY', 'ETIMEDOUT', 'ECANCELED']);

/** Who takes what: the node with the fewest started processes first, those on their way to it included. */
class Takers {
  readonly #loads: Map<number, number>;

  constructor(nodes: readonly number[], processes: readonly ProcessInfo[]) {
    this.#loads = new Map(nodes.map((node) => [node, 0]));
    for (const { node } of processes) this.add(node, 1);
  }

  add(node: number, count: number): void {
    const load = this.#loads.get(node);
    if (load !== undefined) this.#loads.set(node, load + count);
  }

  next(tried: ReadonlySet<number>): number | undefined {
    const left = [...this.#loads].filter(([node]) => !tried.has(node));
    return left.sort(([a, loadA], [b, loadB]) => loadA - loadB || a - b)[0]?.[0];
  }
}

/** Calls that empty nodes. */
export abstract class DrainCalls extends ProcessCalls {
  /**
   * Has a node take no new work of ordinary users any more (the flag `draining`), and moves what was started there, with
   * all that came of it, to other nodes: to that with the fewest processes first, a few at a time. What cannot be moved
   * runs on where it is, and is reported. The flag stays until it is taken away (`setNodeFlags`). A node's permissions are
   * asked of the caller, not of the owners of processes: `to` keeps nodes of others out.
   *
   * `timeoutMs`, without end by default, and `signal` bound the whole: what has not been moved by then is reported as stayed.
   *
   * @throws BprocError before anything is moved: EPERM for anybody but the administrator, BE_INVALIDNODE, EINVAL for `to`.
   */
  async drain(node: number, options: DrainOptions = {}): Promise<DrainReport> {
    const { to = 'all', reason } = options;
    checkInteger('node', node);
    const spec = typeof to === 'string' ? to : to.join(',');
    if (spec.trim() === '') throw new BprocError('EINVAL', 'to is empty: name nodes that may take the processes');
    const left = this.boundsOfAll({ ...options, timeoutMs: options.timeoutMs ?? Number.POSITIVE_INFINITY });
    const brief = () => ({ ...left(), timeoutMs: Math.min(left().timeoutMs, this.timeoutMs) });
    const wanted = await this.nodeList(spec, brief());
    await this.setNodeFlags(node, {
      ...brief(),
      addFlags: [FLAG_DRAINING],
      ...(reason === undefined ? {} : { reason }),
    });
    const takers = wanted.filter((info) => info.node !== node && info.node >= 0 && isUp(info)).map((info) => info.node);
    const processes = await this.procList({ ...brief(), startedOnly: true });
    const loads = new Takers(takers, processes);
    const here = processes.filter((each) => each.node === node && each.state !== 'exited');
    const moved: DrainReport['moved'][number][] = [];
    const stayed: DrainReport['stayed'][number][] = [];
    const work = async (): Promise<void> => {
      for (let process = here.shift(); process !== undefined; process = here.shift()) {
        const outcome = await this.#place(process, loads, () => ({ ...options, ...left() }));
        if (typeof outcome === 'number') moved.push({ process, node: outcome });
        else if (outcome !== undefined) stayed.push({ process, error: outcome });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return { moved, stayed };
  }

  /** Moves one to whoever takes it; gives the node, or why it stays, or neither where it has ended. */
  async #place(
    process: ProcessInfo,
    takers: Takers,
    left: () => ProcessMoveOptions,
  ): Promise<number | BprocError | undefined> {
    const tried = new Set<number>();
    let why = new BprocError('BE_NODEDOWN', 'no other node that was asked for is up', { pid: process.pid });
    while (tried.size < MOST_OFFERS) {
      const node = takers.next(tried);
      if (node === undefined) return why;
      tried.add(node);
      takers.add(node, 1);
      try {
        await this.move(process.pid, node, left());
        return node;
      } catch (error) {
        takers.add(node, -1);
        if (!BprocError.is(error)) throw error;
        why = error;
        if (error.code === 'BE_INVALIDPROC') return undefined;
        if (FINAL.has(error.code)) return why;
      }
    }
    return why;
  }
}
