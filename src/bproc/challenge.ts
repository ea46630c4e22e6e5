/**
 * Showing who one is by making a directory, where no program asks the kernel: PROTOCOL.md 8.9. This is the side that
 * shows it.
 */
import type { Stats } from 'node:fs';
import { lstat, mkdir, realpath, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BprocError } from '../errors.ts';
import type { Challenge } from '../wire/index.ts';

/** The ability to answer a CHALLENGE, as HELLO names it. */
export const CHALLENGE_FEATURE = 'challenge';

/** What a directory is called that somebody is asked to make: 128 random bits. */
export const CHALLENGE_NAME = /^bproc-[0-9a-f]{32}$/;

/** Mode of a directory in which everybody may make something, and nobody touch what is another's. */
const SHARED = 0o1777;

/** Whether everybody may make a directory here, and nobody give another's a new name. */
export async function isShared(directory: string): Promise<boolean> {
  const stat = await lstat(directory).catch(() => undefined);
  return stat?.isDirectory() === true && stat.uid === 0 && (stat.mode & 0o7777) === SHARED;
}

/**
 * Makes the directory that a master asks for.
 *
 * @param socket path of the socket by which the master was reached.
 * @returns a function that removes it, if the master has not.
 * @throws BprocError EPERM for what no honest master asks for, or where somebody could be between it and this program.
 */
export async function meetChallenge({ directory, name }: Challenge, socket: string): Promise<() => Promise<void>> {
  if (!CHALLENGE_NAME.test(name) || !(await isShared(directory))) {
    throw new BprocError('EPERM', `the master wants a directory made where it is not for it to say: ${directory}`);
  }
  await assertSolid(socket);
  const path = join(directory, name);
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (cause) {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `cannot show the master who this is: ${error.message}`, { cause });
  }
  // the master has removed it, if it may
  return () => rmdir(path).catch(() => {});
}

/**
 * Whoever is between a user and a master could pass the challenge on, and be let in as that user: so nobody but root and the
 * user himself may be able to have put the socket there.
 */
async function assertSolid(socket: string): Promise<void> {
  // as it was written, which whoever owns a link on the way can change, and as it is
  const real = await realpath(socket).catch(() => socket);
  for (const end of new Set([socket, real])) {
    for (let at = end; ; at = dirname(at)) {
      const stat = await lstat(at).catch(() => undefined);
      if (stat === undefined || !isSolid(stat, at === real)) {
        const why = `${at} is not root's or your own alone, so that another user could be in between`;
        throw new BprocError('EPERM', `this program does not show the master at ${socket} who it is: ${why}`);
      }
      if (at === dirname(at)) break;
    }
  }
}

/** Whether no other user can put something else in the place of this, or, of a directory, of what is in it. */
function isSolid(stat: Stats, isEnd: boolean): boolean {
  if (stat.uid !== 0 && stat.uid !== process.geteuid?.()) return false;
  if (isEnd) return stat.isSocket();
  // in a sticky directory everybody has what he has made
  return stat.isSymbolicLink() || (stat.mode & 0o022) === 0 || (stat.mode & 0o1000) !== 0;
}
