/** Finding the holder's program, which is built with the package, and starting it. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { arch } from 'node:process';
import { fileURLToPath } from 'node:url';
import { BprocError, type BprocErrorCode } from '../errors.ts';
import { MARKER_VARIABLE } from './spawn-request.ts';

/** How a holder is told where it is to live. */
const NAMESPACE_OPTION = { root: '--pidns', user: '--userns', none: undefined } as const;

/** How the holder's program is called as a file agent. */
export const AGENT_ARGV: readonly string[] = ['bpspawn', '--files'];

/** Which pid namespace a holder makes; `auto` is the one of root, or none where that is not permitted. */
export type PidNamespace = 'auto' | 'root' | 'user' | 'none';

/** How a holder is started. */
export interface HolderLaunch {
  readonly binary: string;
  /** Where its socket is to be, and by which name. */
  readonly directory: string;
  readonly socket: string;
  /** How long it waits for a connection before it kills what it holds and ends; for ever where absent. */
  readonly orphanedMs: number | undefined;
  readonly pidNamespace: PidNamespace;
  /** More options, for tests. */
  readonly options: readonly string[];
}

/** What the address of a unix socket has room for. */
const MOST_ADDRESS_BYTES = 107;

/** What the C library calls the errors that can be expected. */
const CODES: ReadonlyMap<string, BprocErrorCode> = new Map([
  ['Operation not permitted', 'EPERM'],
  ['Permission denied', 'EACCES'],
  ['Address already in use', 'EADDRINUSE'],
  ['No space left on device', 'ENOSPC'],
  ['No such file or directory', 'ENOENT'],
  ['Read-only file system', 'EROFS'],
]);

/**
 * The holder's program: the one given, or the one of this package.
 *
 * @throws BprocError ENOENT where there is none, EACCES where it cannot be executed.
 */
export function findHolder(given?: string): string {
  const looked = given === undefined ? candidates() : [given];
  for (const path of looked) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch (error) {
      const { code } = BprocError.from(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') {
        throw new BprocError(code, `holder ${path} cannot be executed: check its mode`, { cause: error });
      }
    }
  }
  const where = looked.join(', ');
  throw new BprocError(
    'ENOENT',
    `holder not found: ${where} does not exist; build it with a C compiler, or use child_process`,
  );
}

/** Beside the package's manifest, wherever of it this code has been bundled to. */
function candidates(): readonly string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  const found: string[] = [];
  for (let directory = here; ; directory = dirname(directory)) {
    for (const folder of ['native', 'dist/native']) found.push(join(directory, folder, 'bpspawn'));
    found.push(join(directory, 'native', 'prebuilt', `bpspawn-${arch}`));
    if (isFile(join(directory, 'package.json')) || dirname(directory) === directory) return found;
  }
}

/**
 * Starts a holder; its socket can be connected to when this resolves.
 *
 * @throws BprocError with what it says of itself.
 */
export async function launchHolder(launch: HolderLaunch): Promise<void> {
  const choices = launch.pidNamespace === 'auto' ? bestNamespaces() : [launch.pidNamespace];
  let failure: unknown;
  for (const choice of choices) {
    try {
      await start(launch, NAMESPACE_OPTION[choice]);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function bestNamespaces(): readonly (keyof typeof NAMESPACE_OPTION)[] {
  return process.geteuid?.() === 0 ? ['root', 'none'] : ['none'];
}

function start(
  { binary, directory, socket, orphanedMs, options }: HolderLaunch,
  more: string | undefined,
): Promise<void> {
  const path = join(directory, socket);
  // A path that is too long is taken relative to the directory the holder begins in.
  const listen = Buffer.byteLength(path) <= MOST_ADDRESS_BYTES ? path : socket;
  const argv = ['--listen', listen, ...options];
  if (orphanedMs !== undefined) argv.push('--linger', String(orphanedMs / 1000));
  if (more !== undefined) argv.push(more);
  // Where this program came of another spawner, that one is to find the holder too.
  const marker = process.env[MARKER_VARIABLE];
  const env = marker === undefined ? {} : { [MARKER_VARIABLE]: marker };
  return new Promise((resolve, reject) => {
    const child = spawn(binary, argv, { cwd: directory, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once('error', (cause) => {
      reject(
        new BprocError(BprocError.from(cause).code, `holder ${binary} cannot be started: ${cause.message}`, { cause }),
      );
    });
    child.once('close', (status, signal) => {
      if (status === 0) return resolve();
      const why = said.trim() || `it ended with ${signal ?? status}`;
      const code = CODES.get(/: ([^:]*)$/.exec(why)?.[1] ?? '') ?? 'EIO';
      reject(new BprocError(code, `holder ${binary} cannot be started: ${why}`));
    });
  });
}

function isFile(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
