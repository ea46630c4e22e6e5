/** A process as the slave of a virtual holder has it, from before it runs until it is forgotten. */
import type { BprocError } from '../errors.ts';
import type {
  ExitStatus,
  HeldProcess,
  ProcessIdentity,
  ResourceUsage,
  SignalScope,
  SpawnedProcess,
  SpawnRequest,
  SpawnSink,
} from '../linux/index.ts';
import { NoProcess } from '../linux/index.ts';
import { HandleInput } from './virtual-handle-input.ts';
import { HandleOutput } from './virtual-handle-output.ts';
import type { VirtualHolder } from './virtual-holder.ts';
import type { KeptListener } from './virtual-kept.ts';
import { pipesOf } from './virtual-machine.ts';

const DEFAULT_WINDOW_BYTES = 1024 * 1024;

/** What a handle needs of its engine. */
export interface HandleParts {
  readonly id: number;
  readonly request: Pick<SpawnRequest, 'stdio' | 'windowBytes'>;
  readonly keeps: boolean;
  /** Bytes of input that the holder is given before the process takes them. */
  readonly aheadBytes: number;
  /** How it was found; undefined: it is to be started. */
  readonly held: HeldProcess | undefined;
  /** Has the holder do something, once that has got there. */
  order(act: (holder: VirtualHolder) => void): void;
  signal(signal: number, scope: SignalScope): Promise<boolean>;
  /** Its end was taken, and so were those of its outputs. */
  forgotten(): void;
}

/** The handle. */
export class VirtualHandle implements SpawnedProcess, KeptListener {
  readonly #parts: HandleParts;
  readonly #input: HandleInput | undefined;
  readonly #outputs: readonly [HandleOutput | undefined, HandleOutput | undefined];
  #sink: SpawnSink | undefined;
  /** What nobody has heard yet of a process that is to be adopted. */
  #news: ((sink: SpawnSink) => void)[] = [];
  #hasRun: boolean;
  /** What is to be done once it runs. */
  #early: (() => void)[] = [];
  #hasExited = false;
  #isForgotten = false;
  /** What is to be remembered of it. */
  #name: Uint8Array | undefined;
  #isOver = false;
  #isReleased = false;

  constructor(parts: HandleParts) {
    const { id, request, held, keeps, aheadBytes, order } = parts;
    const { windowBytes = DEFAULT_WINDOW_BYTES } = request;
    const pipes = pipesOf(request);
    this.#parts = parts;
    this.#hasRun = held !== undefined && held.phase !== 'starting';
    const takesInput = pipes[0] && held?.isInputOver !== true;
    const give = (offset: number, bytes: Uint8Array, isLast: boolean): void =>
      order((holder) => holder.get(id)?.input(offset, bytes, isLast));
    this.#input = takesInput ? new HandleInput(aheadBytes, give, held) : undefined;
    const output = (fd: 1 | 2): HandleOutput | undefined => {
      if (!pipes[fd]) return undefined;
      const offset = held?.acknowledged[fd - 1] ?? 0;
      const credit = (acknowledged: number, limit: number): void =>
        order((holder) => holder.get(id)?.outputs[fd - 1]?.credit(acknowledged, limit));
      return new HandleOutput({ fd, windowBytes, offset, keeps, credit });
    };
    this.#outputs = [output(1), output(2)];
  }

  /** Begins to be told, what has come meanwhile first; false where somebody else is told. */
  open(sink: SpawnSink): void {
    if (this.#isOver) return;
    this.#sink = sink;
    this.#input?.open(sink);
    for (const tell of this.#news.splice(0)) tell(sink);
    for (const output of this.#outputs) output?.open(sink);
  }

  write(chunk: Uint8Array): void {
    this.#input?.write(Buffer.from(chunk));
  }

  endStdin(): void {
    this.#input?.end();
  }

  pause(fd: 1 | 2): void {
    this.#outputs[fd - 1]?.pause();
  }

  resume(fd: 1 | 2): void {
    this.#outputs[fd - 1]?.resume();
  }

  closeOutput(fd: 1 | 2): void {
    this.#whenRunning(() => {
      this.#outputs[fd - 1]?.mute();
      this.#parts.order((holder) => holder.get(this.#parts.id)?.outputs[fd - 1]?.close());
    });
  }

  discardOutput(fd: 1 | 2): void {
    this.#whenRunning(() => {
      this.#outputs[fd - 1]?.mute();
      this.#parts.order((holder) => holder.get(this.#parts.id)?.outputs[fd - 1]?.discard());
    });
  }

  acknowledge(fd: 1 | 2, offset: number): void {
    this.#outputs[fd - 1]?.acknowledge(offset);
  }

  signal(signal: number, scope: SignalScope): Promise<boolean> {
    return this.#parts.signal(signal, scope);
  }

  forget(name?: Uint8Array): void {
    this.#isForgotten = true;
    this.#name = name;
    if (this.#isReleased) this.#sayForgotten();
    else this.#checkForgotten();
  }

  release(): void {
    this.#whenRunning(() => {
      this.#isOver = true;
      this.#sink = undefined;
      this.#parts.order((holder) => holder.release(this.#parts.id));
      this.#parts.forgotten();
      if (this.#isForgotten || !this.#parts.keeps) this.#sayForgotten();
      this.#isReleased = true;
    });
  }

  note(bytes: Uint8Array): void {
    if (!this.#isOver) this.#parts.order((holder) => holder.get(this.#parts.id)?.keep(bytes));
  }

  /** The size of a terminal changes nothing here. */
  resize(): void {}

  // What the holder tells.

  started(identity: ProcessIdentity): void {
    this.#hasRun = true;
    this.#tell((sink) => sink.started(identity));
    for (const act of this.#early.splice(0)) act();
  }

  failed(error: BprocError): void {
    this.#isOver = true;
    this.#parts.forgotten();
    this.#tell((sink) => sink.failed(error));
  }

  output(fd: 1 | 2, bytes: Buffer): void {
    this.#outputs[fd - 1]?.receive(bytes);
  }

  outputEnd(fd: 1 | 2): void {
    this.#outputs[fd - 1]?.end();
    this.#checkForgotten();
  }

  inputTaken(offset: number): void {
    this.#tell(() => this.#input?.taken(offset));
  }

  inputClosed(): void {
    this.#tell(() => this.#input?.closed());
  }

  stopped(signal: number): void {
    this.#tell((sink) => sink.stopped(signal));
  }

  continued(): void {
    this.#tell((sink) => sink.continued());
  }

  exited(status: ExitStatus, usage: ResourceUsage): void {
    this.#hasExited = true;
    this.#tell((sink) => sink.exited(status, () => usage));
    this.#checkForgotten();
  }

  /** The holder is gone: nobody will know how it ends. */
  lost(error: BprocError): void {
    const isTold = this.#isOver || (this.#hasExited && this.#areOutputsEnded);
    this.#isOver = true;
    if (!isTold) this.#sink?.lost?.(error);
    this.#sink = undefined;
  }

  #tell(say: (sink: SpawnSink) => void): void {
    if (this.#sink !== undefined) say(this.#sink);
    else this.#news.push(say);
  }

  #whenRunning(act: () => void): void {
    if (this.#isOver) return;
    if (this.#hasRun) act();
    else this.#early.push(act);
  }

  get #areOutputsEnded(): boolean {
    return this.#outputs.every((output) => output?.isEnded !== false);
  }

  #checkForgotten(): void {
    const isDue = this.#hasExited && this.#areOutputsEnded && (this.#isForgotten || !this.#parts.keeps);
    if (!isDue || this.#isOver) return;
    this.#isOver = true;
    this.#sayForgotten();
    this.#parts.forgotten();
  }

  #sayForgotten(): void {
    this.#parts.order((holder) => holder.forget(this.#parts.id, this.#name));
  }
}

/** A process that was released: it is only to be forgotten. */
export class ReleasedHandle extends NoProcess {
  readonly #forgotten: (name: Uint8Array | undefined) => void;

  /** @param forgotten is called when it is forgotten. */
  constructor(forgotten: (name: Uint8Array | undefined) => void) {
    super();
    this.#forgotten = forgotten;
  }

  override forget(name?: Uint8Array): void {
    this.#forgotten(name);
  }
}
