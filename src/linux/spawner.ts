/**
 * The seam through which a slave creates processes. Engines differ in speed and in guarantees,
 * never in what is said here; `test/linux/spawner-suite.ts` is the abstract suite each must pass.
 *
 * Everything is told through callbacks of one {@link SpawnSink}, so that an engine of the test kit
 * can be fully deterministic.
 */
import type { BprocError } from '../errors.ts';
import type { SpawnRequest, TerminalSize } from './spawn-request.ts';

/**
 * How a process ended, as `wait(2)` tells it. Engines that cannot see core dumps say `core: false`;
 * the engine `child_process` takes an end by a real-time signal for `exited` with 0, as Node does.
 */
export type ExitStatus =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: number; readonly core: boolean };

/** What a process and those of its descendants that were waited for have used, as wait4(2) tells it. */
export interface ResourceUsage {
  readonly userMs: number;
  readonly systemMs: number;
  /** The largest resident set of any one of them, in bytes. */
  readonly maxRssBytes: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly blocksIn: number;
  readonly blocksOut: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

/** A process of this machine that no later one can be taken for. */
export interface ProcessIdentity {
  /** The pid as the engine's pid namespace has it, where it has one of its own; else as the program's has it. */
  readonly pid: number;
  /** Clock ticks after boot at which it started: field 22 of `/proc/PID/stat`. */
  readonly startTime: number;
  /** The pid that its machine knows it by, where that may be another one; 0 where it is not known. */
  readonly outerPid?: number;
}

/**
 * What an engine tells of one process: started or failed first; an output's end after all of that
 * output; the exit once. An output that the process closes itself ends before the process does.
 */
export interface SpawnSink {
  /** The program runs: `execve` has succeeded. */
  started(identity: ProcessIdentity): void;
  /** It could not be started; nothing else is told after this. */
  failed(error: BprocError): void;
  /** Bytes it wrote. The buffer is the receiver's to keep. */
  output(fd: 1 | 2, chunk: Buffer): void;
  /**
   * No more output comes. Follows `exited` without delay where the process's descendants do not
   * hold the descriptor, and else within the engine's linger time, after all that was written
   * before the end has been told.
   */
  outputEnd(fd: 1 | 2): void;
  /** The process has taken (at least into its pipe) so many more bytes of its input. */
  stdinWritten(bytes: number): void;
  /**
   * The process closed its input, or ended with it open; what was not yet written is dropped. Told
   * once, never after `exited`, and not at all where the input was ended and taken before.
   */
  stdinClosed(): void;
  /** It was stopped by a signal, or goes on after one. Engines that cannot see it never say so. */
  stopped(signal: number): void;
  continued(): void;
  /** It has ended and is reaped. Told once. `usage` reads what it has used, where the engine knows that; only until this returns. */
  exited(status: ExitStatus, usage?: () => ResourceUsage): void;
  /**
   * The engine's own helper has died, and what becomes of the process will never be known; the engine kills what it
   * can still find of it. Nothing is told after this. Only engines that have a helper say it, so that receivers may lack it.
   */
  lost?(error: BprocError): void;
}

/** Whom a signal goes to. */
export type SignalScope =
  /** The process alone. */
  | 'process'
  /** Its process group, as `kill(-pgid)`. */
  | 'group'
  /** It, its process group, and every descendant wherever it hides. */
  | 'tree';

/** A process as its slave holds it. No method throws because the process is already gone. */
export interface SpawnedProcess {
  /** Writes to its stdin; acknowledged by {@link SpawnSink.stdinWritten}. */
  write(chunk: Uint8Array): void;
  /** Ends its stdin once everything before is written. */
  endStdin(): void;
  /** Stops and goes on reading an output; at most one chunk more is told after `pause`. */
  pause(fd: 1 | 2): void;
  resume(fd: 1 | 2): void;
  /** Gives up an output for good: the process sees EPIPE, nothing more is told but `outputEnd`. */
  closeOutput(fd: 1 | 2): void;
  /** Reads an output on to nowhere, for a process that outlives whoever listened. */
  discardOutput(fd: 1 | 2): void;
  /**
   * Sends a signal, 0 to only ask. True when at least one process got it; zombies do not count.
   * With scope `group` and `tree` it also reaches what the process left behind after its own end.
   * Rejects with EINVAL for no signal, EPERM where all it is for are another user's.
   */
  signal(signal: number, scope: SignalScope): Promise<boolean>;
  /**
   * Forgets the process: it runs on as nobody's, also after the spawner is disposed of, and nothing is
   * told of it any more. Its input ends, its outputs are read to nowhere while the engine lives. Where the engine keeps
   * ends it keeps what was noted of it, until that is forgotten too.
   */
  release(): void;
  /**
   * Where the engine keeps output: everything of it before this offset, counted from the start of the process, need not
   * be kept any longer. Does nothing in engines that keep nothing.
   */
  acknowledge(fd: 1 | 2, offset: number): void;
  /**
   * Where the engine keeps ends: the end of this process was taken, or that it was released was, and nothing of it need
   * be kept once its outputs have ended too. Does nothing in engines that keep nothing.
   *
   * @param name 16 bytes by which {@link Spawner.remembered} tells later lives that it has been.
   */
  forget(name?: Uint8Array): void;
  /**
   * Where the engine keeps processes: what a later life of the program is to know beside the tag, at most 1,024 bytes,
   * in place of what was noted before. Does nothing in engines that keep nothing.
   */
  note(bytes: Uint8Array): void;
  /**
   * Makes its input stand still: nothing more is given to its pipe until {@link letGo}. ESRCH where it does not run. Absent
   * in engines that cannot.
   *
   * @param isFrozen whether it stands still, all of it: then what it has not read of its terminal is taken from there, and
   * typed again by {@link letGo}, which has to be before it runs on. @default false
   */
  hold?(isFrozen?: boolean): Promise<StreamPlaces>;
  /** Tells all that it had written by then, though its output is paused. For what stands still: else it may write on. */
  drain?(places: StreamPlaces): Promise<void>;
  /** Lets its input go on. */
  letGo?(): void;
  /** Ends the program that makes it (`SpawnRequest.remake`), and what it has made so far: `failed` is told. */
  giveUp?(): void;
  /** Gives its terminal another size; it gets SIGWINCH. Does nothing where it has none. */
  resize(size: TerminalSize): void;
}

/** How far the streams of a process are whose input stands still. */
export interface StreamPlaces {
  /** How many bytes of input its pipe has taken. */
  readonly input: number;
  /** How many bytes of stdout and stderr it has written. */
  readonly outputs: readonly [number, number];
  /** The inodes of the pipes by descriptor; 0 for what is no pipe of the engine's any more. */
  readonly pipes: readonly [number, number, number];
  /** Where it has a terminal, which is no pipe. */
  readonly terminal?: TerminalPlace | undefined;
}

/** A terminal as its node's kernel has it. */
export interface TerminalName {
  /** Of its node in the file system, and of that. */
  readonly device: number;
  readonly fileSystem: number;
}

/** How a terminal is, and what is in it. */
export interface TerminalPlace extends TerminalName, TerminalSize {
  /** What was typed and not read: `typed` of PROTOCOL.md 12.19. */
  readonly typed: Uint8Array;
  /** Whether it is read by characters, and not by lines. */
  readonly isRaw: boolean;
}

/** A process that an earlier life of the program started and that the engine has kept. */
export interface HeldProcess {
  /** The engine's own number for it. */
  readonly id: number;
  /** What its request gave as `tag`; empty where it gave none. */
  readonly tag: Uint8Array;
  /** What was noted last; empty where nothing was. */
  readonly note: Uint8Array;
  readonly marker: string;
  /** Of one that was released nothing is told any more, and nothing can be done to it but forget it. */
  readonly phase: 'starting' | 'running' | 'exited' | 'released';
  /** Who it is, once it has started. */
  readonly identity: ProcessIdentity | undefined;
  /** How many bytes of input the engine was given: what comes next begins there. */
  readonly inputOffset: number;
  /** How many of them the process has taken. */
  readonly inputTaken: number;
  /** Whether its input takes no more, since it was ended, closed by the process, or never a stream. */
  readonly isInputOver: boolean;
  /** Up to where stdout and stderr were acknowledged: what is told of them begins there. */
  readonly acknowledged: readonly [number, number];
  /** The signal that stopped it, where it is stopped. */
  readonly stopped: number | undefined;
  /** How it ended, where it did. */
  readonly exit: { readonly status: ExitStatus; readonly usage: ResourceUsage } | undefined;
}

/** A process as `/proc` shows it. */
export interface ProcessEntry extends ProcessIdentity {
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly uid: number;
  /** The state letter of `/proc/PID/stat`: R S D Z T t X I. */
  readonly state: string;
  /** The name of its program, at most 15 bytes. */
  readonly command: string;
}

/** An entry of {@link Spawner.list}: the process, and the started process that it came of. */
export interface TreeEntry extends ProcessEntry {
  /** The pid of the started process it is, or descends from. */
  readonly origin: number;
  /** The machine's own numbers for `ppid`, `pgid` and `sid`, where they may be others; 0 where they are not known. */
  readonly outer?: { readonly ppid: number; readonly pgid: number; readonly sid: number };
}

/**
 * An engine that creates processes. One may serve several slaves. Disposing of it kills everything
 * it started and what that left behind, but for what was released; when that is done nothing is left.
 */
export interface Spawner extends AsyncDisposable {
  /** Its name, as the node's attribute `spawner` shows it. */
  readonly engine: string;
  /** Whether it keeps processes, their output and their ends for a later life of the program. Absent: no. */
  readonly keeps?: boolean;
  /**
   * Pids below this can be chosen (`SpawnRequest.pid`), since no other programs get pids where its processes do.
   * Absent, or 0: none.
   */
  readonly pidLimit?: number;
  /** Whether each process is in a cgroup of its own, which SIGKILL of scope tree empties at one blow. Absent: no. */
  readonly usesCgroups?: boolean;
  /** Whether what it starts can be given descriptors (`SpawnRequest.descriptors`). Absent: no. */
  readonly givesDescriptors?: boolean;
  /** Identity of the life of whatever holds its processes, 16 bytes; absent where that is this program itself. */
  readonly instance?: Uint8Array;
  /** Starts a program. The sink is never called before this has returned. */
  spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess;
  /**
   * Which pids the kernel is to give to what processes fork, below {@link pidLimit}: a wish, of which nothing may
   * depend. Absent in engines that have no say in it.
   */
  preferPids?(first: number, count: number): void;
  /**
   * Keeps pids below {@link pidLimit} from everybody, since a process that is elsewhere has them and may come back: its own, which is
   * the first, and those of what came of it. What is remade with that pid gets them. Absent in engines that have no say in it.
   */
  keepPids?(pids: readonly number[]): void;
  /** Keeps those of this process no longer. */
  freePids?(pid: number): void;
  /** The processes it started that still run or whose outputs are open, and all their descendants. */
  list(): Promise<readonly TreeEntry[]>;
  /** Signals a process that {@link list} has shown, as {@link SpawnedProcess.signal} does one that was started. */
  signal(identity: ProcessIdentity, signal: number, scope: SignalScope): Promise<boolean>;
  /**
   * Kills (SIGKILL) every process of this machine whose marker begins with `prefix` and which it may
   * signal, whoever started it; resolves with how many. Rejects an empty prefix with EINVAL.
   */
  sweep(prefix: string): Promise<number>;
  /**
   * Calls back once, when the engine's own helper has died and with it all that was not released; each process's sink
   * has heard `lost` before. The engine starts nothing more then. Absent in engines without such a helper.
   */
  onLost?(listener: (error: BprocError) => void): void;
  /** What an earlier life of the program has left here and nobody has adopted yet; empty in engines that keep nothing. */
  held(): readonly HeldProcess[];
  /**
   * The names of processes that earlier lives of the program have forgotten, at least the newest 16,384, the oldest
   * first. Absent in engines that keep nothing.
   */
  remembered?(): readonly Uint8Array[];
  /**
   * Takes a process over that {@link held} has shown. The sink is told `started`, unless that was known before, what
   * has come since of its outputs and input, and how it ended; a second adoption of the same process fails with ESRCH.
   */
  adopt(kept: HeldProcess, sink: SpawnSink): SpawnedProcess;
  /**
   * Lets go of everything without ending it, for a later life of the program to adopt. Nothing is told any more.
   * Engines that keep nothing are disposed of instead.
   */
  leave(): Promise<void>;
}
