/**
 * The seam through which processes are captured and made again. Engines differ in what they can capture, never in what
 * is said here; `test/bproc/migrate/suite.ts` is the abstract suite each must pass.
 *
 * Both halves stop before the step that cannot be undone: a process that was captured stands still, and one that was
 * made does not run yet, until each is told what is to become of it.
 */
import type { Duplex } from 'node:stream';
import type { SpawnRequest, StreamPlaces, TerminalName } from '../../linux/index.ts';

/** What captures a process and all that came of it. */
export interface Capturing {
  /** Its pid, as its node's processes see it. */
  readonly pid: number;
  /** An empty directory that takes the images. */
  readonly directory: string;
  /** What becomes of TCP connections of it and its copy; with `refuse` it cannot be captured. Default: `refuse`. */
  readonly connections?: Connections | undefined;
  /** Whether its root is that of its mount namespace, which has all that it sees: then its paths begin there. @default false */
  readonly hasOwnRoot?: boolean | undefined;
  /** Whether most of its memory is left behind, to be had from {@link Capture.later}. @default false */
  readonly leavesMemory?: boolean | undefined;
  /** The one that its streams are, which stays. Default: what has a terminal open cannot be captured. */
  readonly terminal?: TerminalName | undefined;
  /** By which it reaches its master. Default: it has no connection by a unix socket that leads out of what is captured. */
  readonly ways?: WaysOut | undefined;
  /** What captures it is kept with this by the engine of the node, until it is forgotten: {@link SpawnRequest.tag}. */
  readonly tag?: Uint8Array | undefined;
  /** Told of a file that only grows until all is captured, when it is there and each time it has grown; of none where that is not known. */
  readonly grows?: ((name: string) => void) | undefined;
}

/** Unix sockets whose connections are left to the original: what is made again finds that its own have ended. */
export interface WaysOut {
  readonly sockets: readonly string[];
  /** The pid of what is captured, as this program's own `/proc` has it. */
  readonly outerPid: number;
}

/**
 * What becomes of TCP connections: nothing, since what has one is not captured; or what is made of it is left without; or
 * they go on there. With `keep` whoever asks sees to it that no packet of theirs reaches a socket from before the capture
 * until the process runs, and that their addresses are where it is made.
 */
export type Connections = 'refuse' | 'close' | 'keep';

/** Memory that was left behind. */
export interface LaterMemory {
  /**
   * Begins to give it to who asks, in the engine's own words, which {@link Checkpointer.take} understands. Once the original
   * is ended this is all that there is of it.
   */
  give(): Promise<Duplex>;
  /** Resolves when nobody asks any more, for whatever reason. */
  readonly over: Promise<void>;
}

/** Memory that comes later. Disposing of it ends a process that lacks any of it still. */
export interface TakenMemory extends AsyncDisposable {
  /** Where it comes from. */
  readonly source: Duplex;
  /** Resolves when the process can be made. Rejects where it cannot. */
  readonly ready: Promise<void>;
  /** Resolves when all of it is there. Rejects where it does not come any more: the process has been ended. */
  readonly whole: Promise<void>;
}

/** A process that stands still; all that is to be known of it is in its directory. */
export interface Capture {
  /** Of one that leaves its memory behind. */
  readonly later?: LaterMemory | undefined;
  /** Ends the original, which never runs again. Rejects where that is not certain, and then it may run on. */
  commit(): Promise<void>;
  /** Lets the original go on as if nothing had happened; resolves when it does. */
  abort(): Promise<void>;
  /** Has the engine of the node keep this, of at most 1,024 bytes, with how it was committed. */
  note(bytes: Uint8Array): void;
  /** How it was committed need not be kept any longer. */
  forget(): void;
}

/** Whose rights the processes of a capture have. */
export interface CapturedRights {
  /** Their users, real, effective and saved. */
  readonly users: ReadonlySet<number>;
  /** Whether any of them may do what takes a capability. */
  readonly hasCapabilities: boolean;
}

/** What makes a process again. */
export interface Restoring {
  /** Its pid, as its images have it. */
  readonly pid: number;
  /** The pipes that its streams were, by descriptor; 0 for what was none. */
  readonly pipes: StreamPlaces['pipes'];
  readonly directory: string;
  /** As it was captured: its streams are another one in place of that. */
  readonly terminal?: TerminalName | undefined;
  /** Variables of the environment that it was started with which are to be others, where they are as long. @default none */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** As it was captured. */
  readonly connections?: Connections | undefined;
  /** As it was captured: {@link Checkpointer.take} has to be ready. */
  readonly leavesMemory?: boolean | undefined;
  /** As it was captured: then {@link Restoration.shown} has to be seen in its root. */
  readonly hasOwnRoot?: boolean | undefined;
}

/** A directory of this machine, and where it has to be seen. */
export interface ShownDirectory {
  readonly source: string;
  readonly path: string;
  readonly kind: 'directory';
}

/** The program that makes a process, and what is to become of that. */
export interface Restoration extends AsyncDisposable {
  /** What is to be started, by `SpawnRequest.remake`. */
  readonly program: Pick<SpawnRequest, 'file' | 'argv' | 'env' | 'cwd' | 'keepsRights'>;
  /** What the program needs in a root of its own, in this order. */
  readonly shown: readonly ShownDirectory[];
  /** Resolves when the process is there and does not run yet. Never rejects: a program that fails is told by its sink. */
  readonly prepared: Promise<void>;
  /** Lets the process run, or ends it. */
  settle(go: boolean): void;
  /** Why the program has failed, in the engine's own words. */
  explain(): Promise<string>;
}

/** An engine that captures processes and makes them again. */
export interface Checkpointer {
  /** Its name and version, as the node's attribute `checkpointer` shows it. */
  readonly engine: string;
  /**
   * Finds out whether it can work here, beside the node's processes.
   *
   * @throws BprocError ENOSYS with what it lacks, and what is to be done.
   */
  check(): Promise<void>;
  /**
   * Finds out whether processes can leave their memory behind for a while, here or elsewhere.
   *
   * @throws BprocError ENOTSUP with what it lacks.
   */
  checkLater(side: 'source' | 'target'): Promise<void>;
  /** Gets ready for memory that comes later than a process. @param what which one is to be made, and its images. */
  take(what: Pick<Restoring, 'pid' | 'directory'>): Promise<TakenMemory>;
  /** Whether it can make what an engine of this name has captured. */
  canRestore(engine: string): boolean;
  /**
   * Looks for what would keep a process, and what came of it, from being captured, while all runs on.
   *
   * @param pid as this program's own `/proc` has it.
   * @param hasTerminal whether its streams are a terminal.
   * @returns the reasons, a sentence each. That there is none is no promise.
   */
  inspect(pid: number, connections?: Connections, hasTerminal?: boolean): Promise<readonly string[]>;
  /**
   * Captures a process.
   *
   * @throws BprocError ENOTSUP where it cannot be captured, with why; it runs on.
   */
  capture(what: Capturing): Promise<Capture>;
  /** Gets ready to make a process again. */
  restore(what: Restoring): Promise<Restoration>;
  /**
   * Gives what was captured another pid, so that it is a process of its own.
   *
   * @returns the numbers that it keeps, of its other threads.
   * @throws BprocError ENOTSUP where it is more than one process, EPROTO for images that are none.
   */
  renumber(directory: string, from: number, to: number): Promise<readonly number[]>;
  /** By which numbers its processes knew themselves and each other: pids, groups, sessions and threads. @throws BprocError EPROTO for images that are none. */
  numbersIn(directory: string): Promise<readonly number[]>;
  /** Whose rights what was captured would have. @throws BprocError EPROTO for images that are none. */
  rightsIn(directory: string): Promise<CapturedRights>;
  /**
   * Where the files of a capture are best cut, so that as much as can be recurs in the next capture of the same process: offsets by their
   * names, of which none is further from the last than so many bytes. Of other files nothing is known.
   */
  cuts(directory: string, bytes: number): Promise<ReadonlyMap<string, readonly number[]>>;
  /** What a process had not read yet of its input's pipe when it was captured. */
  unread(directory: string, pipe: number): Promise<Buffer>;
}
