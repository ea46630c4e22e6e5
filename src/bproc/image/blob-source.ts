/** What a blob that is sent is read from. */
import { open } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';

/** Bytes that can be read from anywhere in them. */
export interface BlobSource {
  /** The bytes from an offset on, at most `most`; none at the end. */
  read(offset: number, most: number): Promise<Buffer>;
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
    read: async (offset, most) => {
      const length = Math.max(0, Math.min(most, size - offset));
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

/** Bytes in memory. */
export function bytesSource(bytes: Uint8Array): BlobSource {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    read: async (offset, most) => all.subarray(offset, offset + most),
    close: async () => {},
  };
}
