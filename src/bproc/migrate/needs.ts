/** The files that a checkpoint does without, as it says what they were: PROTOCOL.md 12.5. */
import type { UsedFile } from './used-files.ts';

/** A file that has to be there. */
export interface Need {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  /** Bytes; absent where it may have any number. */
  readonly size?: number | undefined;
  /** The nine bits of its mode; absent where any will do. */
  readonly mode?: number | undefined;
  /** Absent for what the process could write, what is too large, and what could not be read. */
  readonly sha256?: string | undefined;
}

/** What is written down of a file. */
export function needOf({ path, use, size, mode, sha256 }: UsedFile): Need {
  if (use === 'directory') return { path, kind: 'directory', mode };
  return use === 'appended' ? { path, kind: 'file', mode } : { path, kind: 'file', size, mode, sha256 };
}

/** What is needed of it where the process is made again. */
export function neededFile({ path, kind, size, mode, sha256 }: Need): UsedFile {
  if (kind === 'directory') return { path, use: 'directory', size: 0, mode };
  return { path, use: size === undefined ? 'appended' : 'read', size: size ?? 0, mode, sha256 };
}
