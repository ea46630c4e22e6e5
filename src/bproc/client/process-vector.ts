/** One program on many nodes. */
import { setMaxListeners } from 'node:events';
import { Writable } from 'node:stream';
import { BprocError } from '../../errors.ts';
import type { SignalLike, TerminalSize } from '../../linux/index.ts';
import type { CallOptions } from '../bound.ts';
import type { ProcessEnd } from '../process-end.ts';
import type { KillOptions } from './remote-process.ts';
import { RemoteProcess } from './remote-process.ts';

/** An entry of a vector: the process, or what kept it from starting. */
export type VectorEntry = RemoteProcess | BprocError;

/** The processes of one start on several nodes, in the order that was asked for. */
export class ProcessVector implements Iterable<VectorEntry> {
  /** Each a process, or the error that kept it from starting. */
  readonly entries: readonly VectorEntry[];
  /** Goes to every process. The slowest that lives sets the pace; one that ended or is out of reach is left out. */
  readonly stdin: Writable;

  /** @internal */
  constructor(entries: readonly VectorEntry[]) {
    this.entries = entries;
    this.stdin = new Broadcast(this.processes);
  }

  /** Those that started. */
  get processes(): readonly RemoteProcess[] {
    return this.entries.filter((entry) => entry instanceof RemoteProcess);
  }

  /** What kept the others from starting. */
  get errors(): readonly BprocError[] {
    return this.entries.filter((entry) => BprocError.is(entry));
  }

  [Symbol.iterator](): Iterator<VectorEntry> {
    return this.entries[Symbol.iterator]();
  }

  /**
   * All ends, in the order of the entries; for one that never started its error.
   *
   * @throws BprocError as {@link RemoteProcess.wait}.
   */
  async wait(options: CallOptions = {}): Promise<readonly (ProcessEnd | BprocError)[]> {
    const { signal } = options;
    // one listener on the caller's signal, however many wait
    const common = new AbortController();
    setMaxListeners(0, common.signal);
    const abort = (): void => common.abort(signal?.reason);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    const bounds = { ...options, signal: common.signal };
    const ends = this.entries.map((entry) => (BprocError.is(entry) ? entry : entry.wait(bounds)));
    return Promise.all(ends).finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Signals all that run; one that has ended meanwhile is no error. */
  kill(signal: SignalLike = 'SIGTERM', options: KillOptions = {}): Promise<void> {
    return this.#toAll((process) => process.kill(signal, options));
  }

  /** Gives the terminals of all that run another size; each has its own. As {@link RemoteProcess.resize}. */
  resize(size: TerminalSize, options: CallOptions = {}): Promise<void> {
    return this.#toAll((process) => process.resize(size, options));
  }

  async #toAll(act: (process: RemoteProcess) => Promise<void>): Promise<void> {
    const running = this.processes.filter((process) => process.end === undefined);
    const done = running.map((process) =>
      act(process).catch((error: unknown) => {
        if (!(BprocError.is(error) && error.code === 'BE_INVALIDPROC')) throw error;
      }),
    );
    await Promise.all(done);
  }
}

/** Writes to many, and waits for those only that can still read. */
class Broadcast extends Writable {
  readonly #readers: Set<RemoteProcess>;

  constructor(processes: readonly RemoteProcess[]) {
    super({ decodeStrings: true });
    this.#readers = new Set(processes);
    for (const process of processes) {
      // a reader that closes is left out; the others go on
      process.stdin.on('error', () => this.#readers.delete(process));
    }
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const full: Promise<void>[] = [];
    for (const process of this.#readers) {
      if (!isWithinReach(process)) this.#readers.delete(process);
      else if (!process.stdin.write(bytes)) full.push(roomIn(process));
    }
    if (full.length === 0) done();
    else void Promise.all(full).then(() => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    for (const process of this.#readers) process.stdin.end();
    done();
  }
}

function isWithinReach(process: RemoteProcess): boolean {
  return process.end === undefined && process.state !== 'unknown' && process.stdin.writable;
}

/** Resolves when the process has room for more, or need not be waited for any more. */
function roomIn(process: RemoteProcess): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (isWithinReach(process) && process.stdin.writableNeedDrain) return;
      process.stdin.off('drain', look).off('close', look).off('error', look);
      unwatch();
      resolve();
    };
    const unwatch = process.watch(look);
    process.stdin.on('drain', look).on('close', look).on('error', look);
  });
}
