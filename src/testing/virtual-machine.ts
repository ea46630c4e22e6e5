/** The processes of one virtual machine, whoever started them: what its kernel knows. */
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { ProcessIdentity, SignalScope, SpawnRequest, TreeEntry } from '../linux/index.ts';
import { environmentOf } from '../linux/index.ts';
import type { Program, ProgramEntry } from './program.ts';
import { PROGRAMS } from './program.ts';

import type { OutputReader } from './virtual-pipe.ts';
import type { ProcessListener, VirtualProcessInit } from './virtual-process.ts';
import { VirtualProcess } from './virtual-process.ts';

/** How a virtual machine runs processes. */
export interface VirtualMachineOptions {
  /** Programs by name, beside those every node has; the last part of a path counts. */
  readonly programs?: Readonly<Record<string, ProgramEntry>>;
  /** Milliseconds from a start to the running program. @default 1 */
  readonly spawnMs?: number;
  /** Milliseconds that sending a signal takes. @default 0 */
  readonly signalMs?: number;
  /** Told of every start that is asked for, before anything comes of it. */
  readonly onSpawn?: (request: SpawnRequest) => void;
  /** Told of every start that nothing can stop any more but the end of what makes it. */
  readonly onStarting?: (request: SpawnRequest) => void;
  /** Told of every process that has begun to run. */
  readonly onStarted?: (process: VirtualProcess, request: SpawnRequest) => void;
  /** Told of every signal that reaches a living process. */
  readonly onSignal?: (process: VirtualProcess, signal: number) => void;
  /** Told of every process that has ended. */
  readonly onEnded?: (process: VirtualProcess) => void;
}

const MOST_SIGNAL = 64;

/** The machine. */
export class VirtualMachine {
  readonly clock: Clock;
  readonly options: VirtualMachineOptions;
  readonly #programs: Readonly<Record<string, ProgramEntry>>;
  readonly #processes = new Map<number, VirtualProcess>();
  #nextPid = 100;

  constructor(clock: Clock, options: VirtualMachineOptions = {}) {
    this.clock = clock;
    this.options = options;
    this.#programs = { ...PROGRAMS, ...options.programs };
  }

  /** The processes that live now. */
  get alive(): readonly VirtualProcess[] {
    return [...this.#processes.values()];
  }

  /** What a request's program is here; the error where it cannot be started. */
  programOf({ file }: SpawnRequest): Program | BprocError {
    const name = commandOf(file);
    const entry = Object.hasOwn(this.#programs, name) ? this.#programs[name] : 'ENOENT';
    if (typeof entry === 'function') return entry;
    return new BprocError(entry ?? 'ENOENT', `cannot start ${file} on this node`);
  }

  /** Makes the process of a request, which does not run yet. */
  create(
    request: SpawnRequest,
    listener: ProcessListener,
    outputs: readonly [OutputReader | undefined, OutputReader | undefined],
  ): VirtualProcess {
    const { marker, argv, file } = request;
    const facts = {
      ppid: 1,
      marker,
      argv,
      env: environmentOf(request),
      command: commandOf(file),
      takesInput: pipesOf(request)[0],
    };
    return this.#create({ ...facts, origin: undefined, listener, outputs });
  }

  #create(
    facts: Omit<VirtualProcessInit, 'clock' | 'identity' | 'origin' | 'fork' | 'gone' | 'signalled'> & {
      readonly origin: number | undefined;
    },
  ): VirtualProcess {
    const pid = this.#nextPid;
    this.#nextPid += 1;
    const process = new VirtualProcess({
      ...facts,
      clock: this.clock,
      identity: { pid, startTime: Math.floor(this.clock.now() / 10) },
      origin: facts.origin ?? pid,
      fork: (parent, program, argv) => this.#fork(parent, program, argv),
      gone: (gone) => {
        this.#processes.delete(gone.pid);
        this.options.onEnded?.(gone);
      },
      signalled: (target, signal) => this.options.onSignal?.(target, signal),
    });
    this.#processes.set(pid, process);
    return process;
  }

  #fork(parent: VirtualProcess, program: Program, argv: readonly string[]): number {
    const { pid: ppid, origin, marker, command, env } = parent;
    const outputs = [undefined, undefined] as const;
    const facts = { ppid, origin, marker, command, argv, env, takesInput: false, listener: {}, outputs };
    const child = this.#create(facts);
    this.clock.after(0, () => child.run(program));
    return child.pid;
  }

  /** All of them, as an engine lists them. */
  list(): readonly TreeEntry[] {
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

  /** The process of an identity, while it lives. */
  find({ pid, startTime }: ProcessIdentity): VirtualProcess | undefined {
    const process = this.#processes.get(pid);
    return process?.identity.startTime === startTime ? process : undefined;
  }

  /** Signals a process, or all that came of it also after its end. Undefined: one that never ran. */
  async signal(process: VirtualProcess | undefined, signal: number, scope: SignalScope): Promise<boolean> {
    if (!Number.isInteger(signal) || signal < 0 || signal > MOST_SIGNAL) {
      throw new BprocError('EINVAL', `${signal} is no signal: give one from 0 to ${MOST_SIGNAL}`);
    }
    const { signalMs = 0 } = this.options;
    if (signalMs > 0) await new Promise<void>((resolve) => void this.clock.after(signalMs, resolve));
    if (process === undefined) return false;
    const targets = scope === 'process' ? [process] : this.alive.filter(({ origin }) => origin === process.origin);
    return targets.filter((target) => target.signal(signal)).length > 0;
  }

  /** Kills whatever has such a marker. */
  sweep(prefix: string): number {
    if (prefix === '') throw new BprocError('EINVAL', 'sweeping needs a prefix of markers');
    return this.kill(({ marker }) => marker.startsWith(prefix));
  }

  /** Kills those that are meant; returns how many. */
  kill(isMeant: (process: VirtualProcess) => boolean = () => true): number {
    const found = this.alive.filter(isMeant);
    for (const process of found) process.signal(9);
    return found.length;
  }
}

/** Which of stdin, stdout and stderr are pipes; a terminal is one of each direction, since nothing virtual edits lines. */
export function pipesOf({ stdio }: Pick<SpawnRequest, 'stdio'>): readonly [boolean, boolean, boolean] {
  const [stdin, stdout, stderr] = stdio;
  return [stdin === 'pipe' || stdin === 'terminal', stdout === 'pipe' || stdout === 'terminal', stderr === 'pipe'];
}

function commandOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
