/** Takes a blob into a cache that is on this machine already. */
import { BprocError } from '../../errors.ts';
import type { BlobCache } from './blob-cache.ts';
import type { BlobSource } from './blob-source.ts';

const PIECE_BYTES = 1024 * 1024;

/**
 * Copies it, unless the cache has it.
 *
 * @throws BprocError as {@link BlobCache.receive}; EPROTO where it is not what its name says.
 */
export async function keepBlob(cache: BlobCache, hash: string, open: () => Promise<BlobSource>): Promise<void> {
  if ((await cache.find(hash)) !== undefined) return;
  const source = await open();
  try {
    await using writer = await cache.receive(hash, source.size);
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, source.size));
    for (let at = 0; at < source.size; ) {
      const bytes = await source.read(at, piece);
      if (bytes === 0) throw new BprocError('EPROTO', `blob ${hash} is shorter than it was`);
      writer.take(piece.subarray(0, bytes));
      await writer.write();
      at += bytes;
    }
    await writer.finish();
  } finally {
    await source.close();
  }
}
