/** Following a path as the kernel does, and keeping every link on the way: on another machine it has to lead to the same place. */
import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BprocError } from '../../errors.ts';

/** As many symbolic links as the kernel follows in one path. */
const MOST_LINKS = 40;

/** Where a path leads. */
export interface PathTrace {
  /** The path without any link, absolute. */
  readonly real: string;
  /** The links that were followed: where each is, without links itself, and what it says. */
  readonly links: ReadonlyMap<string, string>;
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  readonly mode: number;
}

/**
 * Follows an absolute path.
 *
 * @returns undefined where it leads nowhere, or may not be followed.
 * @throws BprocError EIO and others where the file system fails.
 */
export async function tracePath(path: string): Promise<PathTrace | undefined> {
  const ahead = components(path);
  const links = new Map<string, string>();
  let followed = 0;
  let real = '/';
  let stat = await look(real);
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (name === '..') {
      real = dirname(real);
      stat = await look(real);
      continue;
    }
    const at = join(real, name);
    stat = await look(at);
    if (stat === undefined) return undefined;
    if (!stat.isSymbolicLink()) {
      real = at;
      continue;
    }
    followed += 1;
    if (followed > MOST_LINKS) return undefined;
    const target = links.get(at) ?? (await readlink(at));
    links.set(at, target);
    if (target.startsWith('/')) real = '/';
    stat = await look(real);
    ahead.unshift(...components(target));
  }
  if (stat === undefined) return undefined;
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
  return { real, links, kind, size: stat.size, mode: stat.mode & 0o7777 };
}

async function look(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((cause: unknown) => {
    const error = BprocError.from(cause);
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EACCES') return undefined;
    throw error;
  });
}

function components(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}
