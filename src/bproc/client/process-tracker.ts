/** Follows one process for the program that started it: its streams, what it does, how it ends. */
import { createReadStream, createWriteStream, open, read } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Clock } from '../../clock.ts';
import type { BprocError } from '../../errors.ts';
import type { Ended, MoveProgress, Started } from '../../wire/index.ts';
import type { Bounded, CallOptions } from '../bound.ts';
import { bound } from '../bound.ts';
import type { ProcessEnd } from '../process-end.ts';
import { endOf } from './ends.ts';
import { progressOf } from './moving.ts';
import type { ProcessSink, Session } from './session.ts';
import type { Plan, StdioOption } from './start-options.ts';
import type { ClientProcess } from './state.ts';
import { Input, Output } from './stdio.ts';

/** What a process does, as far as is known: `unknown` while its node is silent. */
export type RemoteState = 'starting' | 'running' | 'stopped' | 'unknown' | 'ended';

/** Reads a descriptor of this program, and leaves it open whatever becomes of the reading. */
function readerOf(fd: number): Readable {
  // the program's own stdin may be a terminal or a pipe, where a read that has begun cannot be taken back
  if (fd === 0) return process.stdin;
  const close = (_: number, done?: (error?: Error | null) => void): void => done?.(null);
  return createReadStream('', { fd, autoClose: false, fs: { open, read, close } });
}

/** The follower of one process. */
export class ProcessTracker implements ProcessSink {
  state: RemoteState = 'starting';
  end: ProcessEnd | undefined;
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #process: ClientProcess;
  readonly #onStarted: (started: Started) => void;
  readonly #onFailed: (error: BprocError) => void;
  readonly #waiters = new Set<Bounded<ProcessEnd>>();
  readonly #watchers = new Set<() => void>();
  readonly #stdio: readonly StdioOption[];
  readonly #onProgress: Plan['onProgress'];
  #stdin: Input | undefined;
  readonly #outputs: { 1?: Output; 2?: Output } = {};
  /** Which outputs are over, with nothing before that somebody would have to read. */
  readonly #isOver = { 1: false, 2: false };
  #isInputClosed = false;
  #source: Readable | undefined;
  #lost: BprocError | undefined;

  constructor(
    session: Session,
    clock: Clock,
    process: ClientProcess,
    plan: Plan,
    onStarted: (started: Started) => void,
    onFailed: (error: BprocError) => void,
  ) {
    this.#session = session;
    this.#clock = clock;
    this.#process = process;
    this.#onStarted = onStarted;
    this.#onFailed = onFailed;
    this.#stdio = plan.stdio;
    this.#onProgress = plan.onProgress;
  }

  // Streams are made when somebody wants them: a Node stream costs more than all else that a client does for a start.

  get stdin(): Input {
    if (this.#stdin !== undefined) return this.#stdin;
    const { key, stdin, pid } = this.#process;
    const input = new Input({
      write: (bytes) => this.#session.dispatch({ type: 'write', key, bytes }),
      end: () => this.#session.dispatch({ type: 'endInput', key }),
      get kept() {
        return stdin?.kept ?? 0;
      },
    });
    this.#stdin = input;
    if (stdin === undefined) input.end();
    if (this.#isInputClosed) input.closeByReader(pid);
    if (this.end !== undefined || this.#lost !== undefined) input.abandon(this.#lost);
    return input;
  }

  /** The node it runs on. */
  get node(): number {
    return this.#process.node;
  }

  get stdout(): Output {
    return this.#output(1);
  }

  get stderr(): Output {
    return this.#output(2);
  }

  #output(fd: 1 | 2): Output {
    const known = this.#outputs[fd];
    if (known !== undefined) return known;
    const { key, outputs } = this.#process;
    const output = new Output(
      (bytes) => this.#session.dispatch({ type: 'consumed', key, fd, bytes }),
      () => this.#session.dispatch({ type: 'closeOutput', key, fd }),
    );
    this.#outputs[fd] = output;
    if (outputs[fd - 1] === undefined || this.#isOver[fd]) output.receive(Buffer.alloc(0), true);
    else if (this.#lost !== undefined) output.abandon(this.#lost);
    return output;
  }

  /** Descriptors of this program: copied from and to. */
  #plumb(): void {
    const [stdin, ...outputs] = this.#stdio;
    if (typeof stdin === 'number') {
      const source = readerOf(stdin);
      this.#source = source;
      source.once('error', () => this.stdin.end());
      this.stdin.on('error', () => this.#unplumb());
      source.pipe(this.stdin);
    }
    outputs.forEach((fd, index) => {
      if (typeof fd !== 'number') return;
      const sink = createWriteStream('', { fd, autoClose: false });
      const output = index === 0 ? this.stdout : this.stderr;
      sink.on('error', () => output.destroy());
      output.pipe(sink);
    });
  }

  /** What is read for a process that is over is somebody else's. */
  #unplumb(): void {
    const source = this.#source;
    this.#source = undefined;
    source?.unpipe(this.stdin);
    if (source === process.stdin) source.pause();
    else source?.destroy();
  }

  started(started: Started): void {
    this.state = 'running';
    // not before: a start that fails has taken no input
    this.#plumb();
    this.#onStarted(started);
  }

  progressed(progress: MoveProgress): void {
    const { node, rank } = this.#process;
    this.#onProgress?.({ ...progressOf(progress), node, rank });
  }

  failed(error: BprocError): void {
    this.#onFailed(error);
  }

  changed(state: ClientProcess['phase']): void {
    this.state = state;
    this.#told();
  }

  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  #told(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  output(fd: 1 | 2, bytes: Buffer, fin: boolean): void {
    if (bytes.length > 0 || this.#outputs[fd] !== undefined) this.#output(fd).receive(bytes, fin);
    else if (fin) this.#isOver[fd] = true;
  }

  inputRoom(): void {
    this.#stdin?.room();
  }

  inputClosed(): void {
    this.#isInputClosed = true;
    this.#stdin?.closeByReader(this.#process.pid);
  }

  ended(ended: Ended): void {
    this.state = 'ended';
    this.end = endOf(ended.end);
    this.#unplumb();
    this.#stdin?.abandon();
    for (const waiter of this.#waiters) waiter.resolve(this.end);
    this.#waiters.clear();
    this.#told();
  }

  lost(error: BprocError): void {
    this.#lost = error;
    if (this.state === 'starting') this.#onFailed(error);
    this.state = 'unknown';
    this.#unplumb();
    this.#stdin?.abandon(error);
    for (const output of Object.values(this.#outputs)) output.abandon(error);
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
    this.#told();
  }

  wait(options: CallOptions): Promise<ProcessEnd> {
    if (this.end !== undefined) return Promise.resolve(this.end);
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const waiter = bound<ProcessEnd>(this.#clock, options, () => this.#waiters.delete(waiter));
    this.#waiters.add(waiter);
    return waiter.promise;
  }
}
