/**
 * A lock on a directory: a file that names who holds it. Unlike a kernel lock it can tell others
 * who that is; unlike a mere pid it is not fooled by a number that came round again.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BprocError } from '../errors.ts';
import { isAlive, ownIdentity, readIdentified, readLife } from './procfs.ts';

/** A lock that is held. */
export interface DirectoryLock {
  /** Gives it back; does nothing where it has been lost. */
  release(): void;
}

/** A lock that a dead owner left is taken at the first try unless others try too. */
const MOST_TRIES = 20;

/**
 * Takes the lock of a directory. One left behind by a program that no longer runs is taken over.
 *
 * @throws BprocError EBUSY where it is held already, by this program or by another.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const path = join(directory, 'lock');
  const { pid, startTime } = ownIdentity();
  const own = `${pid} ${startTime} ${readLife()}\n`;
  // Written beside and linked, so that nobody ever sees a lock without its owner's name.
  const draft = `${path}.${pid}.${startTime}`;
  try {
    writeFileSync(draft, own, { mode: 0o600 });
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (tryLink(draft, path)) return { release: () => releaseLock(path, own) };
      const holder = readLock(path);
      if (holder !== undefined) dispossess(path, holder, directory);
    }
    throw new BprocError('EBUSY', `${directory} is being taken by several programs at once: start one of them`);
  } catch (cause) {
    if (BprocError.is(cause)) throw cause;
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `${directory} cannot be locked: ${error.message}`, { cause });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a dead holder's lock out of the way. */
function dispossess(path: string, holder: string, directory: string): void {
  refuseWhileHeld(holder, directory);
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readLock(aside);
  // Another one may have taken over in between: then what was moved is its lock, and goes back.
  if (moved !== undefined && moved !== holder) tryLink(aside, path);
  rmSync(aside, { force: true });
  if (moved !== undefined) refuseWhileHeld(moved, directory);
}

function refuseWhileHeld(holder: string, directory: string): void {
  const [pid, startTime, life] = holder.trim().split(' ');
  if (life !== readLife()) return;
  const stat = readIdentified({ pid: Number(pid), startTime: Number(startTime) });
  if (stat === undefined || !isAlive(stat)) return;
  throw new BprocError(
    'EBUSY',
    `${directory} is in use by process ${pid} (${stat.command}): stop it, or give this one a directory of its own`,
  );
}

function releaseLock(path: string, own: string): void {
  if (readLock(path) === own) rmSync(path, { force: true });
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** False where there is a lock already. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (BprocError.from(error).code === 'EEXIST') return false;
    throw error;
  }
}
