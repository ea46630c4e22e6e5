/** A process of the virtual world: a program that runs on the virtual clock and takes signals as Linux gives them. */
import type { Cancel, Clock } from '../clock.ts';
import type { ExitStatus, ProcessIdentity } from '../linux/index.ts';
import type { Program, ProgramIo, Wait } from './program.ts';

import type { OutputReader } from './virtual-pipe.ts';
import { InputPipe, OutputPipe } from './virtual-pipe.ts';

const SIGKILL = 9;
const SIGCONT = 18;
const SIGSTOP = 19;
/** CHLD, URG, WINCH: nothing happens by default. */
const HARMLESS: ReadonlySet<number> = new Set([17, 23, 28]);
/** STOP, TSTP, TTIN, TTOU. */
const STOPPING: ReadonlySet<number> = new Set([SIGSTOP, 20, 21, 22]);
const READ_BYTES = 64 * 1024;

/** Who is told what becomes of a process; of forked ones nobody is. */
export interface ProcessListener {
  /** It has taken so many more bytes of its input. */
  readonly inputTaken?: (bytes: number) => void;
  /** It closed its input, or ended with it open. */
  readonly inputClosed?: () => void;
  readonly stopped?: (signal: number) => void;
  readonly continued?: () => void;
  readonly exited?: (status: ExitStatus) => void;
}

/** What a process is made of. */
export interface VirtualProcessInit {
  readonly clock: Clock;
  readonly identity: ProcessIdentity;
  readonly ppid: number;
  readonly origin: number;
  readonly marker: string;
  readonly command: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether its stdin is a pipe. */
  readonly takesInput: boolean;
  /** Who reads stdout and stderr, where they are pipes. */
  readonly outputs: readonly [OutputReader | undefined, OutputReader | undefined];
  readonly listener: ProcessListener;
  readonly fork: (parent: VirtualProcess, program: Program, argv: readonly string[]) => number;
  /** It has ended. */
  readonly gone: (process: VirtualProcess) => void;
  readonly signalled: (process: VirtualProcess, signal: number) => void;
}

/** A running program. */
export class VirtualProcess implements ProgramIo {
  readonly identity: ProcessIdentity;
  readonly ppid: number;
  readonly origin: number;
  readonly marker: string;
  readonly command: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  readonly stdin: InputPipe | undefined;
  readonly outputs: readonly [OutputPipe | undefined, OutputPipe | undefined];
  /** Undefined while it lives. */
  status: ExitStatus | undefined;
  isStopped = false;
  readonly #init: VirtualProcessInit;
  readonly #actions = new Map<number, 'ignore' | (() => void)>();
  readonly #waitingSignals: number[] = [];
  #script: Generator<Wait, number, void> | undefined;
  #cancelWait: Cancel = () => {};
  #resumedWhileStopped = false;

  constructor(init: VirtualProcessInit) {
    this.#init = init;
    this.identity = init.identity;
    this.pid = init.identity.pid;
    this.ppid = init.ppid;
    this.origin = init.origin;
    this.marker = init.marker;
    this.command = init.command;
    this.argv = init.argv;
    this.env = init.env;
    const { clock, listener } = init;
    this.stdin = init.takesInput
      ? new InputPipe(
          clock,
          (bytes) => listener.inputTaken?.(bytes),
          () => listener.inputClosed?.(),
        )
      : undefined;
    const pipeTo = (reader: OutputReader | undefined): OutputPipe | undefined =>
      reader === undefined ? undefined : new OutputPipe(clock, reader);
    this.outputs = [pipeTo(init.outputs[0]), pipeTo(init.outputs[1])];
  }

  get isAlive(): boolean {
    return this.status === undefined;
  }

  /** Begins to run the program. */
  run(program: Program): void {
    this.#script = program(this);
    this.#advance();
  }

  #advance(): void {
    if (this.status !== undefined || this.#script === undefined) return;
    if (this.isStopped) {
      this.#resumedWhileStopped = true;
      return;
    }
    const step = this.#script.next();
    if (this.status !== undefined) return;
    if (step.done === true) this.#die({ kind: 'exited', code: step.value & 0xff });
    else this.#cancelWait = step.value(() => this.#advance());
  }

  #die(status: ExitStatus): void {
    if (this.status !== undefined) return;
    this.status = status;
    this.#cancelWait();
    this.#script = undefined;
    this.stdin?.closeByReader();
    this.#init.clock.after(0, () => this.#init.listener.exited?.(status));
    for (const output of this.outputs) output?.finish();
    this.#init.gone(this);
  }

  /** Sends it a signal; false where it has ended. */
  signal(signal: number): boolean {
    if (this.status !== undefined) return false;
    if (signal === 0) return true;
    this.#init.signalled(this, signal);
    if (signal === SIGKILL) this.#die({ kind: 'signaled', signal, core: false });
    else if (signal === SIGCONT) this.#continue();
    else if (this.isStopped && signal !== SIGSTOP) this.#waitingSignals.push(signal);
    else this.#take(signal);
    return true;
  }

  #take(signal: number): void {
    const action = signal === SIGSTOP ? undefined : this.#actions.get(signal);
    if (action === 'ignore' || (action === undefined && HARMLESS.has(signal))) return;
    if (action !== undefined) action();
    else if (STOPPING.has(signal)) this.#stop(signal);
    else this.#die({ kind: 'signaled', signal, core: false });
  }

  #stop(signal: number): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.#init.clock.after(0, () => this.#init.listener.stopped?.(signal));
  }

  #continue(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    this.#init.clock.after(0, () => this.#init.listener.continued?.());
    for (const signal of this.#waitingSignals.splice(0)) this.#take(signal);
    if (!this.#resumedWhileStopped) return;
    this.#resumedWhileStopped = false;
    this.#init.clock.after(0, () => this.#advance());
  }

  *sleep(ms: number): Generator<Wait, void, void> {
    yield (resume) => this.#init.clock.after(ms, resume);
  }

  *forever(): Generator<Wait, never, void> {
    for (;;) yield () => () => {};
  }

  *write(fd: 1 | 2, bytes: Uint8Array): Generator<Wait, boolean, void> {
    const pipe = this.outputs[fd - 1];
    if (pipe === undefined) return true;
    for (let at = 0; at < bytes.length; ) {
      if (pipe.isClosed) return false;
      at += pipe.write(bytes.subarray(at));
      if (at < bytes.length) yield (resume) => this.#soon((wake) => pipe.whenRoom(wake), resume);
    }
    return !pipe.isClosed;
  }

  *read(most = READ_BYTES): Generator<Wait, Buffer | undefined, void> {
    const pipe = this.stdin;
    if (pipe === undefined) return undefined;
    for (;;) {
      const bytes = pipe.read(most);
      if (bytes === undefined || bytes.length > 0) return bytes;
      yield (resume) => this.#soon((wake) => pipe.whenReadable(wake), resume);
    }
  }

  /** Waits for a pipe, and goes on in a turn of its own. */
  #soon(arm: (wake: (() => void) | undefined) => void, resume: () => void): Cancel {
    let cancel: Cancel = () => {};
    arm(() => {
      arm(undefined);
      cancel = this.#init.clock.after(0, resume);
    });
    return () => {
      arm(undefined);
      cancel();
    };
  }

  closeInput(): void {
    this.stdin?.closeByReader();
  }

  on(signal: number, action: 'ignore' | (() => void)): void {
    this.#actions.set(signal, action);
  }

  fork(program: Program, argv: readonly string[] = [this.command]): number {
    return this.#init.fork(this, program, argv);
  }
}
