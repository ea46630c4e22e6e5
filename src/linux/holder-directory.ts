/** Where a holder's socket is, and getting hold of the holder that lives there, or of a new one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BprocError } from '../errors.ts';
import { type HolderLaunch, launchHolder } from './holder-binary.ts';
import { HolderLink, type LinkOwner } from './holder-link.ts';
import { type DirectoryLock, lockDirectory } from './lock.ts';
import { ensureDirectory } from './state-directory.ts';

const SOCKET = 'holder.sock';
/** A holder that reads what a dead predecessor had sent, or that is just ending, needs a moment. */
const BUSY_DEADLINE_MS = 5_000;
const BUSY_PAUSE_MS = 10;

/** A directory with a holder. */
export interface HolderDirectory {
  readonly path: string;
  /** Gives it up: another program may use it now. */
  close(): void;
}

/**
 * Opens a directory for one spawner; without a path a private one.
 *
 * @throws BprocError EBUSY where another spawner uses it, or the code of the file operation that failed.
 */
export function openHolderDirectory(path: string | undefined): HolderDirectory {
  if (path === undefined) {
    const own = mkdtempSync(join(tmpdir(), 'bproc-'));
    return { path: own, close: () => rmSync(own, { recursive: true, force: true }) };
  }
  const directory = resolve(path);
  let lock: DirectoryLock;
  try {
    ensureDirectory(directory);
    lock = lockDirectory(directory);
  } catch (cause) {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `no holder can be kept in ${directory}: ${error.message}`, { cause });
  }
  return { path: directory, close: () => lock.release() };
}

/**
 * Connects to the holder of a directory, which is started where there is none.
 *
 * @param launch how it is started, and what is done before.
 * @param makeOwner makes whoever a connection is to tell; another one for each try.
 * @throws BprocError EBUSY where another program is connected, or why a holder could not be started.
 */
export async function reachHolder<Owner extends LinkOwner>(
  launch: Omit<HolderLaunch, 'socket'> & { readonly beforeStart?: () => void },
  isNew: boolean,
  makeOwner: (link: HolderLink) => Owner,
): Promise<Owner> {
  const { directory } = launch;
  const start = (): Promise<void> => {
    rmSync(join(directory, SOCKET), { force: true });
    launch.beforeStart?.();
    return launchHolder({ ...launch, socket: SOCKET });
  };
  if (isNew) await start();
  const deadline = performance.now() + BUSY_DEADLINE_MS;
  for (;;) {
    const link = new HolderLink(directory, SOCKET);
    const owner = makeOwner(link);
    try {
      await link.greet(owner);
      return owner;
    } catch (cause) {
      const { code } = BprocError.from(cause);
      const isLate = performance.now() > deadline;
      if (isLate && code === 'EBUSY') {
        throw new BprocError(code, `${directory} is in use: its holder serves another program; stop that one`, {
          cause,
        });
      }
      if (code === 'EPERM' || code === 'EACCES') {
        const advice = 'give this program a directory of its own';
        throw new BprocError(code, `the holder in ${directory} is another user's: ${advice}`, { cause });
      }
      if (isLate) {
        throw new BprocError(code, `the holder in ${directory} does not answer (${code}): end it by hand`, { cause });
      }
      if (code === 'ENOENT' || code === 'ECONNREFUSED') await start();
      else await sleep(BUSY_PAUSE_MS);
    }
  }
}
