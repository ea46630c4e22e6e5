/** The number of the node that a slave serves: its successor asks for it, so that it is known for what it follows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BprocError } from '../errors.ts';
import { replaceFile } from './epoch-store.ts';

/** One durable node number. */
export interface NodeStore {
  /** The stored one, or undefined where none was stored yet. */
  load(): number | undefined;
  /** Durable on return. */
  save(node: number): void;
}

/**
 * A node number in `directory/node`; the directory is there.
 *
 * @throws BprocError from `load` EIO where the file is there and holds no node number; from both what the
 *   file system says (ENOSPC, EROFS, EACCES).
 */
export function fileNodeStore(directory: string): NodeStore {
  const path = join(directory, 'node');
  return {
    load() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw BprocError.from(error);
      }
      if (/^(-1|\d{1,10})\n$/.test(text)) return Number(text);
      throw new BprocError('EIO', `${path} does not hold the number of a node: restore it or remove the directory`);
    },
    save(node) {
      try {
        replaceFile(path, `${node}\n`);
      } catch (error) {
        throw BprocError.from(error);
      }
    },
  };
}
