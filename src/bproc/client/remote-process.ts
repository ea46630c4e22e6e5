/** A process on a node, as the program that started it has it. */
import type { Readable, Writable } from 'node:stream';
import type { SignalLike, TerminalSize } from '../../linux/index.ts';
import type { Started } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import { idText } from '../ids.ts';
import type { ProcessEnd } from '../process-end.ts';
import type { ProcessTracker, RemoteState } from './process-tracker.ts';

export type { RemoteState };

/** How a signal is sent. */
export interface KillOptions extends CallOptions {
  /**
   * Whom it reaches: the process alone, its process group, or everything that came of it.
   *
   * @default 'tree' for HUP, INT, QUIT, TERM, KILL, STOP, TSTP and CONT, which are about work as a
   *   whole; 'process' for every other signal, which only the program itself can know
   */
  readonly scope?: 'process' | 'group' | 'tree';
}

/** What a process needs of its client. */
export interface ProcessControl {
  kill(pid: number, signal: SignalLike, options?: KillOptions): Promise<void>;
  terminate(pid: number, options?: TerminateOptions): Promise<void>;
  resize(pid: number, size: TerminalSize, options?: CallOptions): Promise<void>;
}

/** How a process is ended. */
export interface TerminateOptions {
  /** Milliseconds between TERM and KILL. @default 5000 */
  readonly graceMs?: number;
  /** Aborting it between TERM and KILL spares the process the KILL. */
  readonly signal?: AbortSignal;
  /** Bound of the call itself, which ends when TERM is sent. @default the client's `timeoutMs` */
  readonly timeoutMs?: number;
}

/** A process on a node. */
export class RemoteProcess {
  /** Its global pid, valid in the whole cluster. */
  readonly pid: number;
  /** Identity of its start: 32 hexadecimal digits. */
  readonly puid: string;
  /** Its pid on the node where it was started, for debuggers there. */
  readonly localPid: number;
  readonly #control: ProcessControl;
  readonly #tracker: ProcessTracker;

  /** @internal */
  constructor(started: Started, tracker: ProcessTracker, control: ProcessControl) {
    this.pid = started.pid;
    this.puid = idText(started.puid);
    this.localPid = started.localPid;
    this.#tracker = tracker;
    this.#control = control;
  }

  /** The node it runs on: another one once it was moved. */
  get node(): number {
    return this.#tracker.node;
  }

  /** What it reads. Already ended where stdin is not a stream. */
  get stdin(): Writable {
    return this.#tracker.stdin;
  }

  /**
   * What it writes. Must be read for the process to go on beyond the window; empty where it is not a stream. What goes
   * to a terminal, on whichever descriptor, is `stdout`.
   */
  get stdout(): Readable {
    return this.#tracker.stdout;
  }

  /** What it writes to its other output, on the same terms. */
  get stderr(): Readable {
    return this.#tracker.stderr;
  }

  /** What it does now. */
  get state(): RemoteState {
    return this.#tracker.state;
  }

  /** How it ended; undefined while it has not. */
  get end(): ProcessEnd | undefined {
    return this.#tracker.end;
  }

  /** @internal Calls back when its state changes; returns a function that stops it. */
  watch(listener: () => void): () => void {
    return this.#tracker.watch(listener);
  }

  /**
   * Its end, once it has one and all output before it has arrived. A result, not an exception: how
   * a process ends is its own business.
   *
   * @throws BprocError ECANCELED, ETIMEDOUT by `options`, which end the waiting and not the
   *   process; ECONNRESET when the master is given up.
   */
  wait(options: CallOptions = {}): Promise<ProcessEnd> {
    return this.#tracker.wait(options);
  }

  /**
   * Sends it a signal.
   *
   * @throws BprocError BE_INVALIDPROC when it has ended, EINVAL for an unknown signal, EPERM,
   *   BE_NODEDOWN.
   */
  kill(signal: SignalLike = 'SIGTERM', options: KillOptions = {}): Promise<void> {
    return this.#control.kill(this.pid, signal, options);
  }

  /**
   * Gives its terminal (`pty`) another size.
   *
   * @throws BprocError as {@link kill}; ENOTTY where it has none, EINVAL for a size that is not 1 to 65535 of each.
   */
  resize(size: TerminalSize, options: CallOptions = {}): Promise<void> {
    return this.#control.resize(this.pid, size, options);
  }

  /** Ends it: TERM, a grace time, KILL. Resolves once TERM is sent; {@link wait} tells the rest. */
  terminate(options: TerminateOptions = {}): Promise<void> {
    return this.#control.terminate(this.pid, options);
  }
}
