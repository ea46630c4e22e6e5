/**
 * What a captured process consists of, as an image: so its files pass from slave to slave as those of programs do, and are
 * checked like them. PROTOCOL.md 12.10.
 */
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { Random } from '../../random.ts';
import type { Init, LuggageFile } from '../../wire/index.ts';
import type { BlobSource, EncodedImage, ImageEntry } from '../image/index.ts';
import { bytesSource, decodeImage, encodeImage, fileSource, hashFile } from '../image/index.ts';
import { isLuggageName, MOST_FILES } from './luggage.ts';

/** The link that makes the name of each parcel one that nobody can guess: no file of a capture may be called so. */
const SECRET_PATH = '/.parcel';
const SECRET_BYTES = 32;

/** A captured process that others fetch by its name. */
export interface PackedParcel extends EncodedImage {
  /** Opens what it consists of, for a sender of blobs. @throws BprocError ENOENT for what is none of it. */
  open(blob: string): Promise<BlobSource>;
}

/** A file of a parcel. */
export interface ParcelFile {
  readonly name: string;
  readonly blob: string;
  readonly size: number;
}

/** Makes a parcel of the files of a directory, in which they stay. */
export async function packParcel(
  directory: string,
  files: readonly Init<LuggageFile>[],
  random: Random,
): Promise<PackedParcel> {
  const secret = Buffer.from(random.bytes(SECRET_BYTES)).toString('hex');
  const entries: ImageEntry[] = [{ kind: 'link', path: SECRET_PATH, target: secret }];
  const places = new Map<string, string>();
  for (const { name = '', size = 0 } of files) {
    const blob = await hashFile(join(directory, name));
    places.set(blob, join(directory, name));
    entries.push({ kind: 'file', path: `/${name}`, blob, size, mode: 0o600 });
  }
  const manifest = encodeImage({ program: `/${files[0]?.name ?? ''}`, entries });
  return {
    ...manifest,
    open: async (blob) => {
      if (blob === manifest.hash) return bytesSource(manifest.bytes);
      const place = places.get(blob);
      if (place === undefined) throw new BprocError('ENOENT', `there is no blob ${blob} of this process`);
      return fileSource(place);
    },
  };
}

/** The files of a parcel, by its manifest. @throws BprocError EPROTO for what can be none. */
export function filesOf(manifest: Uint8Array): readonly ParcelFile[] {
  const { entries } = decodeImage(manifest);
  const files = entries.flatMap((entry) => {
    if (entry.kind === 'link' && entry.path === SECRET_PATH) return [];
    const name = entry.path.slice(1);
    if (entry.kind === 'file' && isLuggageName(name)) return [{ name, blob: entry.blob, size: entry.size }];
    throw new BprocError('EPROTO', 'a process came with files that cannot be its');
  });
  if (files.length > MOST_FILES) throw new BprocError('EPROTO', `a process came with ${files.length} files`);
  return files;
}
