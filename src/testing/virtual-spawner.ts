/** A spawner whose processes are programs on a virtual clock: nothing of it is real, everything repeats. */
import { BprocError } from '../errors.ts';
import type {
  HeldProcess,
  ProcessIdentity,
  SignalScope,
  SpawnedProcess,
  Spawner,
  SpawnRequest,
  SpawnSink,
  StdioTarget,
  TreeEntry,
} from '../linux/index.ts';
import { environmentOf } from '../linux/index.ts';
import type { Program, ProgramEntry } from './program.ts';
import { PROGRAMS } from './program.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { VirtualProcess } from './virtual-process.ts';

/** How a virtual machine starts processes. */
export interface VirtualSpawnerOptions {
  /** Programs by name, beside those every node has; the last part of a path counts. */
  readonly programs?: Readonly<Record<string, ProgramEntry>>;
  /** Milliseconds from a spawn to the running program. @default 1 */
  readonly spawnMs?: number;
  /** Milliseconds that sending a signal takes. @default 0 */
  readonly signalMs?: number;
  /** Told of every spawn, before anything comes of it. */
  readonly onSpawn?: (request: SpawnRequest) => void;
  /** Told of every process that has begun to run. */
  readonly onStarted?: (process: VirtualProcess, request: SpawnRequest) => void;
  /** Told of every signal that reaches a living process. */
  readonly onSignal?: (process: VirtualProcess, signal: number) => void;
  /** Told of every process that has ended. */
  readonly onEnded?: (process: VirtualProcess) => void;
}

const MOST_SIGNAL = 64;

/** The processes of one virtual machine. */
export class VirtualSpawner implements Spawner {
  readonly engine = 'virtual';
  readonly #clock: VirtualClock;
  readonly #options: VirtualSpawnerOptions;
  readonly #programs: Readonly<Record<string, ProgramEntry>>;
  readonly #processes = new Map<number, VirtualProcess>();
  readonly #starting = new Set<() => void>();
  #nextPid = 100;

  constructor(clock: VirtualClock, options: VirtualSpawnerOptions = {}) {
    this.#clock = clock;
    this.#options = options;
    this.#programs = { ...PROGRAMS, ...options.programs };
  }

  /** The processes that live now. */
  get alive(): readonly VirtualProcess[] {
    return [...this.#processes.values()];
  }

  spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess {
    this.#options.onSpawn?.(request);
    const name = request.file.slice(request.file.lastIndexOf('/') + 1);
    const entry = Object.hasOwn(this.#programs, name) ? this.#programs[name] : 'ENOENT';
    const handle: Handle = new Handle((signal, scope) => this.#signal(handle.process, signal, scope));
    const cancel = this.#clock.after(this.#options.spawnMs ?? 1, () => {
      this.#starting.delete(cancel);
      if (typeof entry === 'function') this.#start(handle, entry, request, sink);
      else sink.failed(new BprocError(entry ?? 'ENOENT', `cannot start ${request.file} on this node`));
    });
    this.#starting.add(cancel);
    return handle;
  }

  #start(handle: Handle, program: Program, request: SpawnRequest, sink: SpawnSink): void {
    const [stdin, stdout, stderr] = request.stdio;
    const process = this.#create({
      ppid: 1,
      origin: undefined,
      marker: request.marker,
      command: request.file.slice(request.file.lastIndexOf('/') + 1),
      argv: request.argv,
      env: environmentOf(request),
      // a terminal is a pipe of each direction: nothing virtual edits lines
      pipes: [isStream(stdin), isStream(stdout), stderr === 'pipe'],
      sink,
    });
    sink.started(process.identity);
    handle.attach(process);
    this.#options.onStarted?.(process, request);
    process.run(program);
  }

  #create(facts: {
    readonly ppid: number;
    readonly origin: number | undefined;
    readonly marker: string;
    readonly command: string;
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly pipes: readonly [boolean, boolean, boolean];
    readonly sink: Partial<SpawnSink>;
  }): VirtualProcess {
    const pid = this.#nextPid;
    this.#nextPid += 1;
    const process = new VirtualProcess({
      ...facts,
      clock: this.#clock,
      identity: { pid, startTime: Math.floor(this.#clock.now() / 10) },
      origin: facts.origin ?? pid,
      fork: (parent, program, argv) => this.#fork(parent, program, argv),
      gone: (gone) => {
        this.#processes.delete(gone.pid);
        this.#options.onEnded?.(gone);
      },
      signalled: (target, signal) => this.#options.onSignal?.(target, signal),
    });
    this.#processes.set(pid, process);
    return process;
  }

  #fork(parent: VirtualProcess, program: Program, argv: readonly string[]): number {
    const { pid: ppid, origin, marker, command, env } = parent;
    const pipes = [false, false, false] as const;
    const child = this.#create({ ppid, origin, marker, command, argv, env, pipes, sink: {} });
    this.#clock.after(0, () => child.run(program));
    return child.pid;
  }

  async list(): Promise<readonly TreeEntry[]> {
    return this.alive.map((process) => ({
      ...process.identity,
      ppid: process.ppid,
      pgid: process.origin,
      sid: process.origin,
      uid: 0,
      state: process.isStopped ? 'T' : 'S',
      command: process.command.slice(0, 15),
      origin: process.origin,
    }));
  }

  async signal(identity: ProcessIdentity, signal: number, scope: SignalScope): Promise<boolean> {
    const process = this.#processes.get(identity.pid);
    const isSame = process?.identity.startTime === identity.startTime;
    return this.#signal(isSame ? process : undefined, signal, scope);
  }

  async #signal(process: VirtualProcess | undefined, signal: number, scope: SignalScope): Promise<boolean> {
    if (!Number.isInteger(signal) || signal < 0 || signal > MOST_SIGNAL) {
      throw new BprocError('EINVAL', `${signal} is no signal: give one from 0 to ${MOST_SIGNAL}`);
    }
    const { signalMs = 0 } = this.#options;
    if (signalMs > 0) await new Promise<void>((resolve) => void this.#clock.after(signalMs, resolve));
    if (process === undefined) return false;
    const targets = scope === 'process' ? [process] : this.alive.filter(({ origin }) => origin === process.origin);
    return targets.filter((target) => target.signal(signal)).length > 0;
  }

  async sweep(prefix: string): Promise<number> {
    if (prefix === '') throw new BprocError('EINVAL', 'sweeping needs a prefix of markers');
    const found = this.alive.filter(({ marker }) => marker.startsWith(prefix));
    for (const process of found) process.signal(9);
    return found.length;
  }

  held(): readonly HeldProcess[] {
    return [];
  }

  adopt(): SpawnedProcess {
    throw new BprocError('ESRCH', 'a virtual machine holds nothing for later');
  }

  leave(): Promise<void> {
    return this[Symbol.asyncDispose]();
  }

  /**
   * The slave that used it has died: nothing is told of what it started. That dies with it, unless
   * `survive` is set; then it runs on for whoever uses this spawner next.
   */
  crash(options: { readonly survive?: boolean } = {}): void {
    for (const cancel of [...this.#starting]) cancel();
    this.#starting.clear();
    for (const process of this.alive) {
      process.mute();
      if (options.survive !== true) process.signal(9);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.crash();
  }
}

function isStream(target: StdioTarget): boolean {
  return target === 'pipe' || target === 'terminal';
}

/** A process as its slave holds it, from before it runs. */
class Handle implements SpawnedProcess {
  process: VirtualProcess | undefined;
  readonly #send: (signal: number, scope: SignalScope) => Promise<boolean>;
  /** What was asked of it before it ran. */
  readonly #early: ((process: VirtualProcess) => void)[] = [];

  constructor(send: (signal: number, scope: SignalScope) => Promise<boolean>) {
    this.#send = send;
  }

  attach(process: VirtualProcess): void {
    this.process = process;
    for (const act of this.#early.splice(0)) act(process);
  }

  #act(act: (process: VirtualProcess) => void): void {
    if (this.process === undefined) this.#early.push(act);
    else act(this.process);
  }

  write(chunk: Uint8Array): void {
    this.#act((process) => process.stdin?.write(chunk));
  }

  endStdin(): void {
    this.#act((process) => process.stdin?.end());
  }

  pause(fd: 1 | 2): void {
    this.#act((process) => process.outputs[fd - 1]?.pause());
  }

  resume(fd: 1 | 2): void {
    this.#act((process) => process.outputs[fd - 1]?.resume());
  }

  closeOutput(fd: 1 | 2): void {
    this.#act((process) => process.outputs[fd - 1]?.close());
  }

  discardOutput(fd: 1 | 2): void {
    this.#act((process) => process.outputs[fd - 1]?.discard());
  }

  signal(signal: number, scope: SignalScope): Promise<boolean> {
    return this.#send(signal, scope);
  }

  acknowledge(): void {}
  forget(): void {}
  resize(): void {}

  release(): void {
    this.#act((process) => {
      process.mute();
      process.stdin?.end();
      for (const output of process.outputs) output?.discard();
    });
  }
}
