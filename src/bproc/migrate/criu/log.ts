/** What CRIU says of why it failed. */
import { open } from 'node:fs/promises';
import { BprocError } from '../../../errors.ts';

const MOST_LINES = 3;
/** The first errors are what counts; a line of them may be cut. */
const MOST_READ = 1024 * 1024;
const MOST_LINE = 500;
/** A time comes first where more is logged, then the pid as which a process is being made. */
const ERROR = /^(?:\(\d+\.\d+\))?\s*(?:\d+: )?Error \([^)]*\): (.*)$/;
/** What it complains of although nothing follows from it. */
const HARMLESS = /^rlimit:/;

/** The errors in a log of CRIU, the first ones; empty where it says none. */
export async function errorsIn(path: string): Promise<string> {
  const file = await open(path).catch((error: unknown) => {
    // it has not come as far as that
    if (BprocError.from(error).code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(size, MOST_READ)));
    return errorsOf(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}

/** The errors in a text of CRIU's. */
export function errorsOf(text: string): string {
  const errors = text.split('\n').flatMap((line) => ERROR.exec(line)?.[1] ?? []);
  return errors
    .filter((error) => !HARMLESS.test(error))
    .slice(0, MOST_LINES)
    .map((error) => error.slice(0, MOST_LINE))
    .join('; ');
}
