/** What a blob that is sent is read from. */
import { open } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';

/** Bytes that can be read from anywhere in them. */
export interface BlobSource {
  /** How many there are. */
  readonly size: number;
  /** Reads from an offset on, and says how much; 0 at the end. */
  read(offset: number, into: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** A file, which may be unlinked once this has resolved. @throws BprocError with the code of the file operation that failed. */
export async function fileSource(path: string): Promise<BlobSource> {
  const file = await open(path).catch((cause: unknown) => {
    throw BprocError.from(cause);
  });
  // what is added meanwhile is none of the blob
  const { size } = await file.stat();
  return {
    size,
    read: async (offset, into) => {
      const length = Math.max(0, Math.min(into.length, size - offset));
      return length === 0 ? 0 : (await file.read(into, 0, length, offset)).bytesRead;
    },
    close: () => file.close(),
  };
}

/** Bytes in memory. */
export function bytesSource(bytes: Uint8Array): BlobSource {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: all.length,
    read: async (offset, into) => (offset >= all.length ? 0 : all.copy(into, 0, offset)),
    close: async () => {},
  };
}
