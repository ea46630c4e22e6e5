/** Directories that others name and that need not be on this node. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import { resolveInRoot } from '../../linux/index.ts';

/** Whether a directory is there that this slave can enter, in the root its processes get. */
export function isDirectory(path: string, root: string | undefined): boolean {
  try {
    const found = root === undefined ? path : resolveInRoot(resolve(root), path);
    // only a directory has something below it; this is asked for each start, and costs a third of looking at it
    return found !== undefined && existsSync(`${found}/.`);
  } catch {
    // links in a circle, say: it cannot be begun in
    return false;
  }
}

/**
 * Resolves where processes can be given `path` as their root.
 *
 * @throws BprocError ENOTDIR for what is no directory; ENOENT, EACCES and others where it cannot be looked at.
 */
export async function checkRoot(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `${path} cannot be a root: ${error.message}`, { cause });
  });
  if (!found.isDirectory()) throw new BprocError('ENOTDIR', `${path} is not a directory`);
}
