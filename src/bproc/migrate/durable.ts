/** Seeing to it that what was written lasts, also where the power fails. */
import { open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BprocError } from '../../errors.ts';

/** Resolves when a directory of files, and that it is there, are on the disk. Rejects as fsync(2) does. */
export async function syncDirectory(directory: string): Promise<void> {
  for (const name of await readdir(directory)) await syncAt(join(directory, name));
  await syncAt(directory);
  await syncAt(dirname(directory));
}

/** Resolves when a file, or which names a directory has, is on the disk. */
export async function syncAt(path: string): Promise<void> {
  await using file = await open(path);
  await file.sync().catch((cause: unknown) => {
    const error = BprocError.from(cause);
    // some file systems have nothing to do for a directory, and say that it cannot be done
    if (error.code !== 'EINVAL') throw error;
  });
}
