/** Whether the files that a process needs are here, as it needs them: PROTOCOL.md 12.5 and 12.9. */
import { stat } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import type { FileHashes } from './file-hashes.ts';
import type { UsedFile } from './used-files.ts';

/** Why a file will not do. */
export interface LackingFile {
  readonly path: string;
  /** What follows its path in a sentence. */
  readonly why: string;
  /** Whether there is none. */
  readonly isAbsent: boolean;
}

const MOST_NAMED = 4;
const MODE_BITS = 0o777;

/**
 * Those of the files that are not here, or are others.
 *
 * @param locate where this program finds what the process will have at a path; undefined where that will have nothing there.
 */
export async function lackingFiles(
  files: readonly UsedFile[],
  hashes: Pick<FileHashes, 'of'>,
  locate: (path: string) => string | undefined,
): Promise<readonly LackingFile[]> {
  const lacking: LackingFile[] = [];
  // one after the other: few are not known already
  for (const file of files) {
    const why = await whyNot(file, hashes, locate(file.path));
    if (why !== undefined) lacking.push({ path: file.path, ...why });
  }
  return lacking;
}

/** What is said of them. @returns ENOENT where some are missing, else ENOTSUP. */
export function lackingError(who: string, lacking: readonly LackingFile[]): BprocError {
  const named = lacking.slice(0, MOST_NAMED).map(({ path, why }) => `${path} ${why}`);
  const more = lacking.length - named.length;
  const text = `${who}: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  return new BprocError(lacking.some(({ isAbsent }) => isAbsent) ? 'ENOENT' : 'ENOTSUP', text);
}

type Why = Omit<LackingFile, 'path'>;

async function whyNot(
  file: UsedFile,
  hashes: Pick<FileHashes, 'of'>,
  at: string | undefined,
): Promise<Why | undefined> {
  if (at === undefined) return { why: 'is not there', isAbsent: true };
  try {
    const found = await stat(at);
    const isDirectory = file.use === 'directory';
    if (isDirectory !== found.isDirectory()) return other(`is ${isDirectory ? 'no' : 'a'} directory there`);
    if (!isDirectory && !found.isFile()) return other('is no file there');
    const mode = found.mode & MODE_BITS;
    if (file.mode !== undefined && mode !== file.mode)
      return other(`has mode ${octal(mode)} there, and not ${octal(file.mode)}`);
    if (file.use === 'directory' || file.use === 'appended') return undefined;
    if (found.size !== file.size) return other(`has ${found.size} bytes there, and not ${file.size}`);
    if (file.sha256 === undefined || (await hashes.of(at)) === file.sha256) return undefined;
    return other(file.use === 'code' ? 'is another program or library there' : 'has another content there');
  } catch (cause) {
    const error = BprocError.from(cause);
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return { why: 'is not there', isAbsent: true };
    return other(`cannot be looked at there: ${error.message}`);
  }
}

function other(why: string): Why {
  return { why, isAbsent: false };
}

function octal(mode: number): string {
  return mode.toString(8);
}
