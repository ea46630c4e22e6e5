/** Copying running processes: PROTOCOL.md 12.4, and 12.7 for a program that copies itself. */
import { BprocError } from '../../errors.ts';
import { checkInteger } from './calls.ts';
import { Self } from './own-self.ts';
import { checkNodes, type Nodes } from './places.ts';
import { ProcessVector } from './process-vector.ts';
import type { RemoteProcess } from './remote-process.ts';
import { StartCalls } from './start-calls.ts';
import type { ForkOptions } from './start-options.ts';

/** What a copy of a process is to whoever asked for it. */
export interface Fork<T> {
  readonly child: false;
  readonly process: T;
}

/** What a copy of the calling program is to itself. */
export interface Copied {
  readonly child: true;
  /** Its place in the list of nodes; 0 where one was named. */
  readonly rank: number;
  /** Its pid, where `process.pid` is still that of the original. */
  readonly pid: number;
}

type Forked = Fork<RemoteProcess> | Fork<ProcessVector> | Copied;

/** Calls that copy processes. */
export abstract class ForkCalls extends StartCalls {
  /**
   * Copies a running process to another node (`bproc_rfork`, `bproc_vrfork`, of any process): it goes on, and so does the
   * copy, from the same place, as a process of the caller's with a pid and streams of its own. The copy has what the
   * process has in memory, its open files and its timers; its TCP connections are closed, what the
   * process remembers of its own pid, as Node does in `process.pid`, is the original's. A list or a node set gives a vector, one entry for each node in order.
   *
   * Without a pid it is the calling program, and the call resolves in the copy as well, which it tells apart. There its clients have
   * begun anew: what they had started is the original's, and what else they waited for is rejected with ECANCELED.
   *
   * @throws BprocError as {@link rexec} does; BE_INVALIDPROC for a pid that is none, or was forked and not started, and for a calling program that was not started by this library;
   *   EPERM for another user's process; ENOTSUP for what cannot be copied, with the reason: what has children above all; ENOSYS where a slave
   *   cannot copy processes, with what is to be done.
   */
  rfork(node: number, options?: ForkOptions): Promise<Fork<RemoteProcess> | Copied>;
  rfork(nodes: readonly number[] | string, options?: ForkOptions): Promise<Fork<ProcessVector> | Copied>;
  rfork(pid: number, node: number, options?: ForkOptions): Promise<Fork<RemoteProcess>>;
  rfork(pid: number, nodes: readonly number[] | string, options?: ForkOptions): Promise<Fork<ProcessVector>>;
  async rfork(first: Nodes, second: Nodes | ForkOptions = {}, third: ForkOptions = {}): Promise<Forked> {
    if (isOptions(second)) {
      checkNodes(first);
      return this.#fork(await this.ownPid(second), first, second);
    }
    checkNodes(second);
    return this.#fork(checkInteger('pid', Number(first), 1), second, third);
  }

  /** {@link rfork} to many nodes, one entry for each in order. */
  vrfork(nodes: readonly number[] | string, options?: ForkOptions): Promise<Fork<ProcessVector> | Copied>;
  vrfork(pid: number, nodes: readonly number[] | string, options?: ForkOptions): Promise<Fork<ProcessVector>>;
  vrfork(
    first: number | readonly number[] | string,
    second: readonly number[] | string | ForkOptions = {},
    options: ForkOptions = {},
  ): Promise<Fork<ProcessVector> | Copied> {
    if (typeof first !== 'number') return this.rfork(first, isOptions(second) ? second : options);
    if (isOptions(second)) throw new BprocError('EINVAL', 'vrfork takes a list of nodes or a node set');
    return this.rfork(first, second, options);
  }

  async #fork(pid: number, nodes: Nodes, options: ForkOptions): Promise<Forked> {
    try {
      const process = await this.startCopies(pid, nodes, options);
      const copy = process instanceof ProcessVector ? copyIn(process.errors) : undefined;
      return copy ?? ({ child: false, process } as Forked);
    } catch (error) {
      const copy = copyIn([error]);
      if (copy !== undefined) return copy;
      throw error;
    }
  }
}

/** The copy that the calling program is, where that is why these have failed. */
function copyIn(errors: readonly unknown[]): Copied | undefined {
  const self = errors
    .map((error) => (BprocError.is(error) ? error.cause : undefined))
    .find((cause) => cause instanceof Self);
  return self instanceof Self ? { child: true, rank: self.rank, pid: self.pid } : undefined;
}

function isOptions(given: Nodes | ForkOptions): given is ForkOptions {
  return typeof given === 'object' && !Array.isArray(given);
}
