/** What a program opens when it runs, seen by running it once under strace(1). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import { makeOwnDirectory } from '../../linux/index.ts';

/** A run to be watched. */
export interface WatchedRun {
  /** An absolute path. */
  readonly program: string;
  /** Without argv[0]. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whether it has the caller's stdin, stdout and stderr; else it has none. */
  readonly isShown: boolean;
  /** Kills it, and gives up. */
  readonly signal: AbortSignal;
}

const TRACED = ['execve', 'open', 'openat', 'openat2'];
const MOST_PATH_BYTES = 4096;
/** What is another machine's there, or no file. */
const NOT_FILES = /^\/(?:proc|sys|dev)(?:\/|$)/;
/** `openat(AT_FDCWD</home>, "data", O_RDONLY) = 3</home/data>`; the beginning is missing where another line has it. */
const OPENED = /^\d+ +(?:<\.\.\. )?open(?:at2?)?\b(.*)= \d+<(.*)>$/;
/** `execve("/bin/sh", ["sh"], 0x7ffe) = 0`; the end is in another line where something else happened meanwhile. */
const EXECUTED = /^(\d+) +execve\("((?:[^"\\]|\\.)*)".*?(?:= 0|<unfinished \.\.\.>)$/;
const WRITING = /\bO_(?:WRONLY|RDWR|CREAT|DIRECTORY|PATH)\b/;

/**
 * Runs a program to its end.
 *
 * @returns the files that it, or what came of it, has opened for reading or executed, by their paths as they were given and without links; and its exit code, 128 and more for a signal.
 * @throws BprocError ENOENT without strace; EPERM where nothing can be traced here; ECANCELED by the signal.
 */
export async function watchRun(run: WatchedRun): Promise<{ readonly files: readonly string[]; readonly code: number }> {
  const directory = makeOwnDirectory('learn');
  try {
    const log = join(directory, 'trace');
    const code = await trace(run, log);
    return { files: filesOf(readFileSync(log, 'latin1'), run.cwd), code };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function trace({ program, argv, env, cwd, isShown, signal }: WatchedRun, log: string): Promise<number> {
  const how = [
    '-f',
    '-qq',
    '-y',
    '-e',
    `trace=${TRACED.join(',')}`,
    '-e',
    'signal=none',
    '-s',
    String(MOST_PATH_BYTES),
  ];
  const shown = isShown ? ('inherit' as const) : ('ignore' as const);
  const child = spawn('strace', [...how, '-o', log, program, ...argv], {
    cwd,
    env,
    stdio: [shown, shown, isShown ? 'inherit' : 'pipe'],
    // what is traced would go on without strace: they end as one group
    detached: !isShown,
  });
  const kill = (): void => {
    if (child.pid !== undefined) endAll(child.pid, !isShown);
  };
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(0, MOST_PATH_BYTES);
  });
  try {
    const [code, by] = await once(child, 'close');
    if (signal.aborted) throw new BprocError('ECANCELED', `watching ${program} was given up`);
    const isDenied = code !== 0 && statSync(log, { throwIfNoEntry: false })?.size === 0;
    if (isDenied)
      throw new BprocError('EPERM', `${program} cannot be watched by strace: ${said.trim() || `code ${code}`}`);
    return typeof code === 'number' ? code : 128 + (by === 'SIGKILL' ? 9 : 15);
  } catch (cause) {
    const error = BprocError.from(cause);
    if (error.code !== 'ENOENT') throw error;
    const advice = "install it (Debian's package strace), or name the files yourself";
    throw new BprocError('ENOENT', `strace not found, which sees what ${program} opens: ${advice}`, { cause });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

function endAll(pid: number, isGroup: boolean): void {
  try {
    process.kill(isGroup ? -pid : pid, isGroup ? 'SIGKILL' : 'SIGTERM');
  } catch (cause) {
    if (BprocError.from(cause).code !== 'ESRCH') throw cause;
  }
}

/** What the log of a run names, as far as it is there. */
export function filesOf(log: string, cwd: string): readonly string[] {
  const found = new Set<string>();
  const note = (path: string): void => {
    const at = resolve(cwd, path);
    if (!NOT_FILES.test(at) && statSync(at, { throwIfNoEntry: false })?.isFile() === true) found.add(at);
  };
  for (const line of log.split('\n')) {
    const executed = EXECUTED.exec(line);
    if (executed !== null) note(unquote(executed[2] ?? ''));
    const [, call = '', real = ''] = OPENED.exec(line) ?? [];
    if (real === '' || WRITING.test(call)) continue;
    note(unquote(real));
    const given = /"((?:[^"\\]|\\.)*)"/.exec(call)?.[1] ?? '';
    if (given.startsWith('/')) note(unquote(given));
  }
  return [...found].sort();
}

/** A string as strace writes it: bytes that are no printable ASCII are octal. */
function unquote(text: string): string {
  const names: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' };
  const bytes = text.replace(/\\(?:([0-7]{1,3})|(.))/g, (_, octal: string | undefined, letter = '') =>
    octal === undefined ? (names[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
