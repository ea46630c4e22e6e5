/** Configuration that need not be there. */
import { readFile } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';

/** What a file says; undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    const error = BprocError.from(cause);
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
