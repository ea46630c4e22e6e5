/** Names of blobs: the SHA-256 of what is in them, in hexadecimal. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
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
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES, signal })) hasher.update(piece);
  } catch (cause) {
    throw BprocError.from(cause, signal?.aborted === true ? 'ECANCELED' : 'EIO');
  }
  return hasher.digest('hex');
}
