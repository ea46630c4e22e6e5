/** Who has made a directory, and so who he is: PROTOCOL.md 8.9. */
import { lstat, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { isShared } from '../challenge.ts';
import type { Credentials } from '../permissions.ts';
import type { UserDirectory } from './user-directory.ts';

/** Places that belong to root and let everybody make something; the first is private to no program, and no disk. */
const PLACES = ['/dev/shm', '/tmp'];

/**
 * Where users are to make their directories.
 *
 * @throws BprocError ENOSYS where there is no such place.
 */
export async function challengePlace(places: readonly string[] = PLACES): Promise<string> {
  for (const place of places) if (await isShared(place)) return place;
  const remedy = 'build the holder with a C compiler, or mount one of them with mode 1777';
  throw new BprocError(
    'ENOSYS',
    `neither a holder nor a directory of root's that is open to all (${places}): ${remedy}`,
  );
}

/**
 * Whose it is, with his groups as this machine's files say them. Looks at it once, and removes it where this program may.
 *
 * Nobody else can have put a directory of his there: in a sticky directory only its owner renames it, and to move it there
 * from elsewhere one has to be allowed to write into it, which its mode forbids.
 *
 * @throws BprocError EPERM where it is not what was asked for.
 */
export async function whoMade(directory: string, name: string, users: UserDirectory): Promise<Credentials> {
  const path = join(directory, name);
  const place = await lstat(directory);
  const stat = await lstat(path).catch((cause: unknown) => {
    const remedy = 'is the master’s directory the same as yours?';
    throw new BprocError('EPERM', `${path} was not made (${BprocError.from(cause).code}): ${remedy}`, { cause });
  });
  // of what is mounted there, as some machines let users do, the one who mounted it says whose it is
  const isHere = stat.dev === place.dev;
  if (!isHere || !stat.isDirectory() || (stat.mode & 0o7777) !== 0o700 || stat.nlink > 2) {
    throw new BprocError('EPERM', `${path} is no empty directory of mode 0700, in the file system of what it is in`);
  }
  await rmdir(path).catch(() => {});
  const known = users.credentialsOf(stat.uid);
  return known.gids.length > 0 ? known : { uid: stat.uid, gids: [stat.gid] };
}
