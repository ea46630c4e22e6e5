/** A token that is in a file, where no other user sees it in a list of processes. */
import { readFileSync } from 'node:fs';
import type { Arguments } from './arguments.ts';
import { UsageError } from './arguments.ts';

/**
 * The text of the file that `--token-file` names; undefined where it is not given.
 *
 * @throws UsageError for a file that cannot be read.
 */
export function readTokenFile(given: Arguments): string | undefined {
  const file = given.value('token-file');
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`--token-file ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
