/** The files that a checkpoint needs of the node where it is restarted: what they were, and whether they are there. */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import { hashFile } from '../image/index.ts';
import type { NeededFile } from './checkpointer.ts';

/** Larger ones are known by their size alone: to read them through would take longer than the rest. */
const MOST_HASHED_BYTES = 256 * 1024 * 1024;
/** How many are named that are missing or differ. */
const MOST_NAMED = 5;

/** A file that has to be there. */
export interface Need {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  /** Bytes; absent where it may have any number. */
  readonly size?: number | undefined;
  /** Absent for what the process could write, what is too large, and what the slave may not read. */
  readonly sha256?: string | undefined;
}

/** What has become of files until now. What this program does not see as the process did is left out. */
export async function needsOf(files: readonly NeededFile[]): Promise<Need[]> {
  const needs: Need[] = [];
  for (const { path, isDirectory, size, isWritten } of files) {
    const found = await lookAt(path);
    const isSeen = isDirectory ? found?.isDirectory() : found?.isFile() && (isWritten || found.size === size);
    if (isSeen !== true) continue;
    if (isDirectory) needs.push({ path, kind: 'directory' });
    else needs.push({ path, kind: 'file', size, sha256: isWritten ? undefined : await hashOf(path, size) });
  }
  return needs;
}

/**
 * Checks that all of them are there as they were.
 *
 * @throws BprocError ENOENT with the names of those that are missing, else EIO with those that are others.
 */
export async function checkNeeds(needs: readonly Need[], node: number | undefined): Promise<void> {
  const missing: string[] = [];
  const others: string[] = [];
  for (const need of needs) {
    const found = await lookAt(need.path);
    if (found === undefined) missing.push(need.path);
    else others.push(...(await differenceOf(need, found)).map((difference) => `${need.path} ${difference}`));
  }
  if (missing.length > 0) {
    throw new BprocError('ENOENT', `node ${node} lacks what the process had open or mapped: ${listed(missing)}`);
  }
  if (others.length > 0) {
    throw new BprocError('EIO', `on node ${node} files are not what they were: ${listed(others)}`);
  }
}

async function differenceOf({ path, kind, size, sha256 }: Need, found: Stats): Promise<readonly string[]> {
  if (kind === 'directory') return found.isDirectory() ? [] : ['is no directory'];
  if (!found.isFile()) return ['is no file'];
  if (size !== undefined && found.size !== size) return [`has ${found.size} bytes and not ${size}`];
  if (sha256 === undefined || (await hashOf(path, size)) === sha256) return [];
  return ['has another content'];
}

async function lookAt(path: string): Promise<Stats | undefined> {
  // what may not be looked at is as good as missing
  return stat(path).catch(() => undefined);
}

/** Undefined for what is too large, and what may not be read. */
async function hashOf(path: string, size: number | undefined): Promise<string | undefined> {
  if (size === undefined || size > MOST_HASHED_BYTES) return undefined;
  return hashFile(path).catch(() => undefined);
}

function listed(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return names.slice(0, MOST_NAMED).join(', ') + more;
}
