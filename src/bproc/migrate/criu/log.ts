/** What CRIU says of why it failed. */
import { readFile } from 'node:fs/promises';
import { BprocError } from '../../../errors.ts';

const MOST_LINES = 3;
const ERROR = /^\(\d+\.\d+\)\s*(?:\d+: )?Error \([^)]*\): (.*)$/;
/** What it complains of although nothing follows from it. */
const HARMLESS = /^rlimit:/;

/** The errors in a log of CRIU, the first ones; empty where it says none. */
export async function errorsIn(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    // it has not come as far as that
    if (BprocError.from(error).code === 'ENOENT') return '';
    throw error;
  });
  return errorsOf(text);
}

/** The errors in a text of CRIU's. */
export function errorsOf(text: string): string {
  const errors = text.split('\n').flatMap((line) => ERROR.exec(line)?.[1] ?? []);
  return errors
    .filter((error) => !HARMLESS.test(error))
    .slice(0, MOST_LINES)
    .join('; ');
}
