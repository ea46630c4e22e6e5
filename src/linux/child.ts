/** A process of the engine `child_process`, from its start to its end. */
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { InputPipe } from './input-pipe.ts';
import { signalGroup, signalProcess, signalTree } from './kill.ts';
import { OutputPipe } from './output-pipe.ts';
import type { Origin } from './process-tree.ts';
import { procfsView } from './process-view.ts';
import { signalNumber } from './signals.ts';
import type { ExitStatus, SignalScope, SpawnedProcess, SpawnSink } from './spawner.ts';

/** What a child needs of its spawner. */
export interface ChildHost {
  readonly lingerMs: number;
  readonly clock: Clock;
  /** It has ended and is reaped. */
  ended(child: Child): void;
  /** It has ended, and all its pipes are closed. */
  finished(child: Child): void;
  /** It is nobody's any more. */
  released(child: Child): void;
}

/** A running child process. */
export class Child implements SpawnedProcess {
  /** Whom its descendants are recognised by. */
  readonly origin: Origin;
  readonly #process: ChildProcess;
  readonly #host: ChildHost;
  readonly #input: InputPipe | undefined;
  readonly #outputs: readonly [OutputPipe | undefined, OutputPipe | undefined];
  #sink: SpawnSink | undefined;
  #open = 0;
  #exited = false;
  #released = false;
  #hurried = false;

  constructor(process: ChildProcess, origin: Origin, sink: SpawnSink, host: ChildHost) {
    this.#process = process;
    this.origin = origin;
    this.#sink = sink;
    this.#host = host;
    const { stdin, stdout, stderr } = process;
    this.#input = stdin instanceof Socket ? new InputPipe(stdin, sink) : undefined;
    this.#outputs = [this.#openOutput(1, stdout), this.#openOutput(2, stderr)];
    process.once('spawn', () => this.#sink?.started({ pid: origin.pid, startTime: origin.startTime }));
    process.once('exit', (code, signal) => this.#exit(statusOf(code, signal)));
  }

  /** Whether it has ended. */
  get exited(): boolean {
    return this.#exited;
  }

  /** Begins to notice that it closes its input by itself; for processes that live long enough to be worth it. */
  watchInput(): void {
    if (!this.#exited && !this.#released) this.#input?.watch();
  }

  write(chunk: Uint8Array): void {
    if (!this.#released) this.#input?.write(chunk);
  }

  endStdin(): void {
    this.#input?.end();
  }

  pause(fd: 1 | 2): void {
    this.#output(fd)?.pause();
  }

  resume(fd: 1 | 2): void {
    this.#output(fd)?.resume();
  }

  closeOutput(fd: 1 | 2): void {
    if (!this.#released) this.#output(fd)?.close();
  }

  discardOutput(fd: 1 | 2): void {
    this.#output(fd)?.discard();
  }

  async signal(signal: number, scope: SignalScope): Promise<boolean> {
    signalNumber(signal);
    if (this.#released) return false;
    if (scope === 'process') return !this.#exited && signalProcess(procfsView, this.origin, signal);
    return scope === 'group'
      ? signalGroup(procfsView, this.origin, signal)
      : signalTree(procfsView, this.origin, signal);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#sink = undefined;
    this.#process.unref();
    this.#input?.release();
    for (const output of this.#outputs) output?.release();
    this.#host.released(this);
  }

  acknowledge(): void {}
  forget(): void {}
  note(): void {}
  resize(): void {}

  /** Brings the ends of its outputs about without waiting for descendants, now or as soon as it has ended. */
  finish(): void {
    this.#hurried = true;
    if (this.#exited) for (const output of this.#outputs) output?.finish();
  }

  /** Closes its pipes at once, for a process that was released. */
  closePipes(): void {
    this.#input?.destroy();
    for (const output of this.#outputs) output?.close();
  }

  #output(fd: 1 | 2): OutputPipe | undefined {
    return this.#outputs[fd === 1 ? 0 : 1];
  }

  #openOutput(fd: 1 | 2, stream: unknown): OutputPipe | undefined {
    // The sink given here is the one of the start: release() takes it away again.
    if (!(stream instanceof Socket) || this.#sink === undefined) return undefined;
    this.#open += 1;
    return new OutputPipe(fd, stream, this.#sink, () => {
      this.#open -= 1;
      this.#checkFinished();
    });
  }

  #exit(status: ExitStatus): void {
    this.#exited = true;
    this.#input?.closed();
    this.#sink?.exited(status);
    this.#host.ended(this);
    const { lingerMs, clock } = this.#host;
    for (const output of this.#outputs) {
      if (!this.#released) output?.processEnded(lingerMs, clock);
      if (this.#hurried) output?.finish();
    }
    this.#checkFinished();
  }

  #checkFinished(): void {
    if (this.#exited && this.#open === 0) this.#host.finished(this);
  }
}

/** Node does not tell of core dumps, and has no name for a real-time signal, which then looks like exit 0. */
function statusOf(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  if (signal !== null && signal.length > 0) return { kind: 'signaled', signal: signalNumber(signal), core: false };
  return { kind: 'exited', code: code ?? 0 };
}
