/** What of an image is fetched: its manifest, by what is announced of that, and the blobs that it names. */
import { BprocError } from '../../errors.ts';
import type { Image } from './manifest.ts';

/** Bytes of a SHA-256. */
const HASH_BYTES = 32;
/** Bytes of a manifest: enough for any image of a tree of files, and no burden to read. */
const MOST_MANIFEST_BYTES = 16 * 1024 * 1024;

/** Checks what is announced of an image before anything of it is fetched. @throws BprocError EPROTO. */
export function checkAnnounced(name: Uint8Array, manifestBytes: number): void {
  if (name.length !== HASH_BYTES) throw new BprocError('EPROTO', 'the name of an image is a SHA-256, and this is none');
  if (manifestBytes >= 1 && manifestBytes <= MOST_MANIFEST_BYTES) return;
  const bounds = `there can be 1 to ${MOST_MANIFEST_BYTES}`;
  throw new BprocError('EPROTO', `the manifest of an image is said to have ${manifestBytes} bytes: ${bounds}`);
}

/** The sizes of an image's blobs by their names. @throws BprocError EPROTO where one has two. */
export function blobsOf({ entries }: Image): ReadonlyMap<string, number> {
  const blobs = new Map<string, number>();
  for (const entry of entries) {
    if (entry.kind !== 'file') continue;
    const size = blobs.get(entry.blob) ?? entry.size;
    if (size !== entry.size) {
      throw new BprocError('EPROTO', `an image gives blob ${entry.blob} ${size} bytes, and ${entry.size}`);
    }
    blobs.set(entry.blob, size);
  }
  return blobs;
}
