/** How files look: whoever changes one, or what a directory has, changes that. It is quicker to see than to hash them again. */
import { type BigIntStats, readlinkSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { Closure } from '../image/index.ts';

/** How each path looked. */
export type Looks = ReadonlyMap<string, string>;

/** Where a loader looks, beside the directories that it is told. */
const LOADER_CACHE = '/etc/ld.so.cache';
const NOTHING = 'nothing';

/** How a file looks, and its size. @throws BprocError with the code of the file operation that failed. */
export function lookAt(path: string): { readonly look: string; readonly size: number } {
  try {
    const stat = statSync(path, { bigint: true });
    return { look: textOf(stat), size: Number(stat.size) };
  } catch (cause) {
    throw BprocError.from(cause);
  }
}

/**
 * How all of that looks on which it depends what a closure is: its files and links, the directories of those that it opens only when it runs, and
 * those that a loader or env(1) is told of.
 *
 * @param search lists of directories, each divided by colons.
 */
export function looksOf({ entries, opened }: Closure, search: readonly string[]): Looks {
  const looks = new Map<string, string>();
  for (const { kind, path } of entries) looks.set(path, kind === 'link' ? linkLook(path) : look(path));
  const directories = [...opened.map(dirname), ...search.flatMap((list) => list.split(':')), LOADER_CACHE];
  for (const path of new Set(directories)) if (path.startsWith('/')) looks.set(path, look(path));
  return looks;
}

/** Whether all of it looks as it did. It takes no turn: some microseconds for each. */
export function isUnchanged(looks: Looks): boolean {
  for (const [path, before] of looks) {
    if ((before.startsWith('->') ? linkLook(path) : look(path)) !== before) return false;
  }
  return true;
}

function look(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? NOTHING : textOf(stat);
}

function textOf({ dev, ino, size, mode, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mode, mtimeNs, ctimeNs].join(' ');
}

function linkLook(path: string): string {
  try {
    return `->${readlinkSync(path)}`;
  } catch {
    // no link any more
    return NOTHING;
  }
}
