/** One ghost: a small process of this machine that `ps` shows in place of one on a node. */
import type { Cancel, Clock } from '../../clock.ts';
import type { BprocError } from '../../errors.ts';
import type { ExitStatus, SpawnedProcess, Spawner, SpawnRequest, SpawnSink } from '../../linux/index.ts';
import { signalNumber } from '../../linux/index.ts';
import type { ProcessInfo } from '../client/index.ts';
import { exitCodeOf, type ProcessEnd } from '../process-end.ts';

const SIGKILL = 9;
const SIGCONT = 18;
const SIGSTOP = 19;
/** Bytes of a program's name that the kernel keeps. */
const NAME_BYTES = 15;
/** The group of ghosts of other users than the program's own: what may signal them is their user alone. */
const NOBODYS_GROUP = 65_534;
/** How long it may take to end as its process did, before it is killed. */
const ENDING_MS = 5000;

/** What becomes of a ghost. */
export interface GhostListener {
  /** It can be seen, and signalled. */
  appeared(pid: number): void;
  /** It was sent a signal, which is meant for the process. */
  signalled(signal: number): void;
  /** It is gone; by a signal that is meant for the process, where there is one. */
  gone(signal: number | undefined): void;
  /** It could not be made. */
  failed(error: BprocError): void;
  /** Its holder is gone, and with it all ghosts. */
  lost(): void;
}

/** What a ghost is made with. */
export interface GhostInit {
  readonly spawner: Spawner;
  readonly clock: Clock;
  readonly info: ProcessInfo;
  /** Whom it belongs to, where that is not the program's own user. */
  readonly uid: number | undefined;
  /** The pid it gets if that is free. */
  readonly pid: number | undefined;
  /** Another one for each ghost. */
  readonly marker: string;
  readonly listener: GhostListener;
}

/** A ghost. It shows what {@link show} is told, and tells its listener what was done to it. */
export class Ghost {
  readonly #init: GhostInit;
  #process: SpawnedProcess;
  #pid = 0;
  #shown: ProcessInfo['state'];
  #isReady = false;
  #isStopped = false;
  /** A SIGSTOP of our own that has not shown yet: it is not to go back to where it came from. */
  #isStopping = false;
  #isEnding = false;
  #cancel: Cancel = () => undefined;

  constructor(init: GhostInit) {
    this.#init = init;
    this.#shown = init.info.state === 'stopped' ? 'stopped' : 'running';
    this.#process = init.spawner.spawn(requestOf(init, init.pid), this.#sink(init.pid !== undefined));
  }

  /** Shows that its process runs, or stands. */
  show(state: ProcessInfo['state']): void {
    if (state === this.#shown) return;
    this.#shown = state;
    this.#reflect();
  }

  /** Ends as its process did; as if killed where that is not known, and it has gone for certain. */
  end(end: ProcessEnd): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    if (end.kind === 'lost') return this.#signal(SIGKILL);
    const signal = end.kind === 'signaled' ? signalNumber(end.signal) : 0;
    this.#process.write(Uint8Array.of(signal, exitCodeOf(end)));
    this.#signal(SIGCONT);
    this.#cancel = this.#init.clock.after(ENDING_MS, () => this.#signal(SIGKILL));
  }

  /** Makes it agree with what is known of its process, after something that was done to it came to nothing. */
  restore(): void {
    this.#reflect();
  }

  #reflect(): void {
    if (!this.#isReady || this.#isEnding) return;
    if (this.#shown === 'running' && this.#isStopped) this.#signal(SIGCONT);
    if (this.#shown !== 'stopped' || this.#isStopped || this.#isStopping) return;
    this.#isStopping = true;
    this.#signal(SIGSTOP);
  }

  #signal(signal: number): void {
    // it fails only where the holder is gone, which its sink is told
    this.#process.signal(signal, 'process').catch(() => undefined);
  }

  #sink(hasChosenPid: boolean): SpawnSink {
    const { listener } = this.#init;
    return {
      started: ({ pid }) => {
        this.#pid = pid;
      },
      failed: (error) => {
        if (this.#isEnding) listener.gone(undefined);
        else if (!hasChosenPid) listener.failed(error);
        else this.#process = this.#init.spawner.spawn(requestOf(this.#init, undefined), this.#sink(false));
      },
      output: (_, chunk) => this.#heard(chunk),
      outputEnd: () => undefined,
      stdinWritten: () => undefined,
      stdinClosed: () => undefined,
      stopped: (signal) => this.#stopped(signal),
      continued: () => {
        this.#isStopped = false;
        this.#isStopping = false;
      },
      exited: (status) => this.#exited(status),
      lost: () => {
        this.#cancel();
        listener.lost();
      },
    };
  }

  /** A 0 once it is set up, then signals. It runs as its user, who may have it write whatever he likes. */
  #heard(chunk: Buffer): void {
    for (const signal of chunk) {
      if (signal === 0 && !this.#isReady) {
        this.#isReady = true;
        this.#init.listener.appeared(this.#pid);
        this.#reflect();
      } else if (signal >= 1 && signal <= 64) {
        this.#init.listener.signalled(signal);
      }
    }
  }

  #stopped(signal: number): void {
    this.#isStopped = true;
    const isOurs = this.#isStopping;
    this.#isStopping = false;
    if (isOurs) this.#reflect();
    else if (this.#shown !== 'stopped' && !this.#isEnding) this.#init.listener.signalled(signal);
  }

  #exited(status: ExitStatus): void {
    this.#cancel();
    this.#init.listener.gone(this.#isEnding || status.kind === 'exited' ? undefined : status.signal);
  }
}

function requestOf({ info, uid, marker }: GhostInit, pid: number | undefined): SpawnRequest {
  const name = nameOf(info.command);
  return {
    // the holder itself, wherever it lies and whoever may go there
    file: '/proc/self/exe',
    argv: [name],
    env: { BPROC_GHOST: shorten(name) },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
    marker,
    windowBytes: 4096,
    noNewPrivileges: true,
    ...(uid === undefined ? {} : { user: { uid, gid: NOBODYS_GROUP, groups: [] } }),
    ...(pid === undefined ? {} : { pid }),
  };
}

/** A name as `ps` can show it: it was chosen by whoever started the process. */
function nameOf(command: string): string {
  return command.replace(/\p{Cc}/gu, '?') || '?';
}

/** The kernel cuts names to size wherever it likes. */
function shorten(name: string): string {
  let short = '';
  for (const character of name) {
    if (Buffer.byteLength(short + character) > NAME_BYTES) break;
    short += character;
  }
  return short;
}
