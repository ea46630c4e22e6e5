/** Records that survive: one a line, added at the end, each kept before anything follows from it. */
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BprocError } from '../errors.ts';
import { replaceFile } from './epoch-store.ts';

/** A list of records that only grows, but for the times it is written anew. */
export interface RecordLog {
  /** All of them, in their order. The last one may be missing if its writer was killed meanwhile. */
  load(): unknown[];
  /** Kept on return. */
  append(record: object): void;
  /** Replaces all of them. */
  rewrite(records: readonly object[]): void;
}

/**
 * Records in `directory/name`, as JSON, readable by its owner alone; the directory is there.
 *
 * @param outlives what added records survive: the end of the machine, which takes a disk's time for each, or only that
 *   of the program.
 * @throws BprocError from `load` EIO where the file holds something else; from all what the file system says
 *   (ENOSPC, EROFS, EACCES).
 */
export function fileRecordLog(directory: string, name: string, outlives: 'machine' | 'program' = 'machine'): RecordLog {
  const path = join(directory, name);
  return {
    load() {
      const text = readIfThere(path);
      const end = text.lastIndexOf('\n') + 1;
      // half a record at the end was never durable: what is added must not join on to it
      if (end < text.length) guarded(() => truncate(path, Buffer.byteLength(text.slice(0, end))));
      return text
        .slice(0, end)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => parse(path, line));
    },
    append(record) {
      guarded(() => appendLine(path, `${JSON.stringify(record)}\n`, outlives === 'machine'));
    },
    rewrite(records) {
      guarded(() => replaceFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join('')));
    },
  };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw BprocError.from(error);
  }
}

function parse(path: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new BprocError('EIO', `${path} holds a line that is no record: restore it or remove it`, { cause });
  }
}

function appendLine(path: string, line: string, isSynced: boolean): void {
  const file = openSync(path, 'a', 0o600);
  try {
    writeSync(file, line);
    if (isSynced) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function truncate(path: string, length: number): void {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, length);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function guarded(action: () => void): void {
  try {
    action();
  } catch (error) {
    throw BprocError.from(error);
  }
}
