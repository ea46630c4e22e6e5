/** Names of blobs: the SHA-256 of what is in them, in hexadecimal. */
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';

/** What a name looks like. */
export const BLOB_HASH = /^[0-9a-f]{64}$/;

/** Pieces that a file is read in: large ones cost fewer turns, and the program has others too. */
const PIECE_BYTES = 1024 * 1024;

/** A hash that takes bytes. */
export function blobHasher(): Hash {
  return createHash('sha256');
}

/** The name of what is in a file. @throws BprocError with the code of the file operation that failed. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hasher = blobHasher();
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    // most files are small, and there are thousands of some languages
    const piece = Buffer.allocUnsafe(Math.max(1, Math.min(PIECE_BYTES, size)));
    for (let read = -1; read !== 0; ) {
      if (signal?.aborted === true) throw new BprocError('ECANCELED', `hashing ${path} was given up`);
      ({ bytesRead: read } = await file.read(piece, 0, piece.length));
      hasher.update(piece.subarray(0, read));
    }
  } catch (cause) {
    throw BprocError.from(cause);
  }
  return hasher.digest('hex');
}
