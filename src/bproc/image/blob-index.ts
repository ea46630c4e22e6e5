/** What a cache knows of its blobs between two lives: which they are, and how the file looked when it was last verified. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { BLOB_HASH } from './blob-hash.ts';

/** How a file looks: whoever changes its content changes this too, but for one who breaks the disk. */
export interface FileLook {
  readonly ino: bigint;
  readonly size: bigint;
  readonly ctimeNs: bigint;
}

/** A blob of the index. */
export interface IndexedBlob {
  readonly hash: string;
  /** Absent: it has to be hashed before it is used. */
  readonly look: FileLook | undefined;
}

const FILE = 'index';

/**
 * Takes the index of a directory, in the order of its last use: while the cache is open there is none, so that after a
 * crash nothing is believed.
 */
export function takeIndex(directory: string): readonly IndexedBlob[] {
  const path = join(directory, FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
    rmSync(path);
  } catch (cause) {
    const error = BprocError.from(cause);
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap(parse);
}

/** Leaves the index for the next life; where it cannot, that one hashes everything. */
export function leaveIndex(directory: string, blobs: Iterable<IndexedBlob>): void {
  const lines = Array.from(blobs, ({ hash, look }) =>
    look === undefined ? hash : `${hash} ${look.ino} ${look.size} ${look.ctimeNs}`,
  );
  try {
    writeFileSync(join(directory, FILE), lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  } catch {
    rmSync(join(directory, FILE), { force: true });
  }
}

function parse(line: string): readonly IndexedBlob[] {
  const [hash = '', ...numbers] = line.split(' ');
  if (!BLOB_HASH.test(hash)) return [];
  if (numbers.length !== 3 || !numbers.every((each) => /^\d{1,20}$/.test(each))) return [{ hash, look: undefined }];
  const [ino = 0n, size = 0n, ctimeNs = 0n] = numbers.map(BigInt);
  return [{ hash, look: { ino, size, ctimeNs } }];
}
