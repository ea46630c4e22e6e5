/**
 * The seam through which a slave creates processes. Engines differ in speed and in guarantees,
 * never in what is said here; `test/linux/spawner-suite.ts` is the abstract suite each must pass.
 *
 * Everything is told through callbacks of one {@link SpawnSink}, so that an engine of the test kit
 * can be fully deterministic.
 */
import type { BprocError } from '../errors.ts';

/** Where one of a process's three standard descriptors goes. */
export type StdioTarget =
  /** To the caller, through the sink. */
  | 'pipe'
  /** `/dev/null`. */
  | 'ignore'
  /**
   * A file of the node, opened there before the program starts: relative to the request's `cwd` and,
   * like that, inside its `root`. `flags` are those of open(2); a named pipe is refused (EINVAL), since
   * opening one could block.
   */
  | { readonly file: string; readonly flags: number; readonly mode: number };

/** What to start. */
export interface SpawnRequest {
  /**
   * The program: a path, or a name that is looked up in `env.PATH`, both on the node. What is no
   * program and does not begin with `#!` fails with ENOEXEC, as with execve(2): no shell is tried.
   */
  readonly file: string;
  /** The arguments, `argv[0]` included; engines that need a tool for `root` pass `file` as `argv[0]` then. */
  readonly argv: readonly string[];
  /** The whole environment; nothing is inherited from the engine. */
  readonly env: Readonly<Record<string, string>>;
  /** The working directory, inside `root` where there is one; it must exist (ENOENT, ENOTDIR). */
  readonly cwd: string;
  /** A directory that becomes the process's root; for engines without the privilege that is EPERM. */
  readonly root?: string;
  /** stdin, stdout and stderr. */
  readonly stdio: readonly [StdioTarget, StdioTarget, StdioTarget];
  /**
   * Put into the environment of the process as {@link MARKER_VARIABLE}, by which
   * {@link Spawner.sweep} finds everything that came of it. 1 to 4096 printable ASCII characters
   * without spaces (EINVAL), another one for each process: descendants are told apart by it.
   */
  readonly marker: string;
}

/** The environment variable that carries a process's marker to all its descendants. */
export const MARKER_VARIABLE = 'BPROC_ID';

/**
 * How a process ended, as `wait(2)` tells it. Engines that cannot see core dumps say `core: false`;
 * the engine `child_process` takes an end by a real-time signal for `exited` with 0, as Node does.
 */
export type ExitStatus =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: number; readonly core: boolean };

/** A process of this machine that no later one can be taken for. */
export interface ProcessIdentity {
  /** The pid as the slave's own pid namespace has it. */
  readonly pid: number;
  /** Clock ticks after boot at which it started: field 22 of `/proc/PID/stat`. */
  readonly startTime: number;
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
  /** It has ended and is reaped. Told once. */
  exited(status: ExitStatus): void;
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
   * told of it any more. Its input ends, its outputs are read to nowhere while the engine lives.
   */
  release(): void;
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
}

/**
 * An engine that creates processes. One may serve several slaves. Disposing of it kills everything
 * it started and what that left behind, but for what was released; when that is done nothing is left.
 */
export interface Spawner extends AsyncDisposable {
  /** Its name, as the node's attribute `spawner` shows it. */
  readonly engine: string;
  /** Starts a program. The sink is never called before this has returned. */
  spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess;
  /** The processes it started that still run or whose outputs are open, and all their descendants. */
  list(): Promise<readonly TreeEntry[]>;
  /** Signals a process that {@link list} has shown, as {@link SpawnedProcess.signal} does one that was started. */
  signal(identity: ProcessIdentity, signal: number, scope: SignalScope): Promise<boolean>;
  /**
   * Kills (SIGKILL) every process of this machine whose marker begins with `prefix` and which it may
   * signal, whoever started it; resolves with how many. Rejects an empty prefix with EINVAL.
   */
  sweep(prefix: string): Promise<number>;
}
