/** What a captured process consists of, file by file, on its way from one slave to another: PROTOCOL.md 12.3. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { BlobSource } from '../image/index.ts';
import { fileSource } from '../image/index.ts';

/** Files of a capture: far more than any has. */
export const MOST_FILES = 4096;
const MOST_NAME = 255;
/** What a file may be called: nothing that leads anywhere. */
const NAME = /^[\w-][\w.-]*$/;

/** Whether a file of a capture may be called so. */
export function isLuggageName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MOST_NAME && NAME.test(name);
}

/** A file of a capture. */
export interface PackedFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * What is in a directory, but for sockets and logs.
 *
 * @param first names of files that are to be the first.
 */
export async function packLuggage(directory: string, first: readonly string[] = []): Promise<PackedFile[]> {
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => {
    return entry.isFile() && !entry.name.endsWith('.log');
  });
  const ordered = new Set([...first, ...names.map(({ name }) => name)]);
  return Promise.all([...ordered].map(async (name) => ({ name, size: (await stat(join(directory, name))).size })));
}

/** Opens one of the files for a sender of blobs. @throws BprocError ENOENT for a number that none has. */
export async function openLuggage(directory: string, files: readonly PackedFile[], blob: string): Promise<BlobSource> {
  const { name } = files[Number.parseInt(blob, 16)] ?? {};
  if (name === undefined) throw new BprocError('ENOENT', `there is no file ${blob}`);
  return fileSource(join(directory, name));
}
