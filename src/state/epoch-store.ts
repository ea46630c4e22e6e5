/** What a role must not forget of epochs: a master the one it had, a slave the one it promised. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BprocError } from '../errors.ts';

/** (generation, revision), compared in that order. */
export interface StoredEpoch {
  readonly generation: number;
  readonly revision: number;
}

/** One durable epoch. */
export interface EpochStore {
  /** The stored one, or undefined where none was stored yet. */
  load(): StoredEpoch | undefined;
  /** Durable on return. */
  save(epoch: StoredEpoch): void;
}

/** An epoch that lives as long as its program. */
export function memoryEpochStore(): EpochStore {
  let stored: StoredEpoch | undefined;
  return {
    load: () => stored,
    save: (epoch) => {
      stored = epoch;
    },
  };
}

/**
 * An epoch in `directory/name`, replaced as a whole and synced, so that no crash leaves half of it.
 *
 * @throws BprocError from `load` EIO where the file is there and is not an epoch; from `save` what
 *   the file system says (ENOSPC, EROFS, EACCES).
 */
export function fileEpochStore(directory: string, name: string): EpochStore {
  const path = join(directory, name);
  return {
    load() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw BprocError.from(error);
      }
      // as long as the wire's numbers: what was promised must be read back, or the slave never starts again
      const match = /^(\d{1,16})\.(\d{1,16})\n$/.exec(text);
      if (match === null || !match.slice(1).every((part) => Number.isSafeInteger(Number(part))))
        throw new BprocError('EIO', `${path} does not hold an epoch: restore it or remove the directory`);
      return { generation: Number(match[1]), revision: Number(match[2]) };
    },
    save(epoch) {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        replaceFile(path, `${epoch.generation}.${epoch.revision}\n`);
      } catch (error) {
        throw BprocError.from(error);
      }
    },
  };
}

/** Replaces a file as a whole: after a crash it is the old one or the new one. Throws what the file system says. */
export function replaceFile(path: string, text: string): void {
  const scratch = `${path}.new`;
  const file = openSync(scratch, 'w', 0o600);
  try {
    // all of it, or what the file system says: a disk that gets full takes a part first
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(scratch, path);
  syncDirectory(dirname(path));
}

/** What files are in a directory outlives the machine. Throws what the file system says. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
