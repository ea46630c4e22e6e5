/**
 * The warden of a spawner: a small shell process that outlives the program and kills what its
 * journal names when the program dies without having said goodbye, even of SIGKILL.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { BprocError } from '../errors.ts';
import { WARDEN_SCRIPT } from './warden-script.ts';

/** How long a warden may take to go after its goodbye. */
const GOODBYE_MS = 5_000;

/** Keeps one warden running, from the first time it is needed. */
export class Warden {
  readonly #journal: string;
  readonly #privatePath: string | undefined;
  #child: ChildProcess | undefined;

  /**
   * Starts nothing yet.
   *
   * @param journal the path of the journal it goes by.
   * @param privatePath a directory it removes when it had to do its work.
   */
  constructor(journal: string, privatePath: string | undefined) {
    this.#journal = journal;
    this.#privatePath = privatePath;
  }

  /**
   * Starts the warden where it does not run.
   *
   * @throws BprocError with the code of what kept it from starting; nothing should run without it.
   */
  ensure(): void {
    if (this.#child === undefined) this.#start();
  }

  /** The pid of the warden; undefined while none runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Lets the warden go, with nothing left to do for it; resolves when it is gone. */
  async dismiss(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.ref();
    const gone = once(child, 'exit');
    child.stdin?.end('goodbye\n');
    const late = setTimeout(() => child.kill('SIGKILL'), GOODBYE_MS);
    await gone;
    clearTimeout(late);
  }

  /** Leaves the warden to itself: it kills what the journal names, as if the program had died. */
  leave(): void {
    this.#child?.stdin?.end();
  }

  #start(): void {
    let child: ChildProcess;
    const args = ['-c', WARDEN_SCRIPT, 'bproc-warden', this.#journal, this.#privatePath ?? ''];
    try {
      child = spawn('/bin/sh', args, {
        // Its own session, which a terminal's ^C does not reach; nothing of the program's stays open in it.
        detached: true,
        cwd: '/',
        stdio: ['pipe', 'ignore', 'ignore'],
        // Without a marker it may have been given itself: a sweep must not take it before its work is done.
        env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', NODE_V8_COVERAGE: undefined },
      });
    } catch (cause) {
      throw wardenError(cause);
    }
    child.on('error', () => {
      if (this.#child === child) this.#child = undefined;
    });
    if (child.pid === undefined) throw wardenError(new Error('/bin/sh does not start'));
    child.on('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    child.stdin?.on('error', () => undefined);
    child.unref();
    unrefHandle(child.stdin);
    this.#child = child;
  }
}

/** Sockets are typed as plain streams on a child, without their `unref`. */
function unrefHandle(stream: object | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}

function wardenError(cause: unknown): BprocError {
  const error = BprocError.from(cause, 'EAGAIN');
  return new BprocError(
    error.code,
    `the shell that guards the processes of this program does not start: ${error.message}; ` +
      'check /bin/sh and the limits on processes and open files',
    { cause },
  );
}
