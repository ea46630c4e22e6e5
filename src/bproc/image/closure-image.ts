/** A closure as an image: of each of its files the name that its content gives it. */
import type { Closure } from './closure.ts';
import { type EncodedImage, encodeImage, type ImageEntry } from './manifest.ts';

/** An image, and where the files are that it was made of. */
export interface ClosureImage {
  readonly image: EncodedImage;
  /** Paths of its blobs, by their names. */
  readonly files: ReadonlyMap<string, string>;
}

/** A file's SHA-256, in hexadecimal, and its bytes. */
type HashedFile = { readonly hash: string; readonly size: number };

/** Makes the image. Of modes it has the nine bits that everybody may have. */
export async function imageOfClosure(
  { program, entries: found }: Pick<Closure, 'program' | 'entries'>,
  hash: (path: string) => Promise<HashedFile>,
): Promise<ClosureImage> {
  const files = new Map<string, string>();
  const entries: ImageEntry[] = [];
  for (const entry of found) {
    if (entry.kind === 'link') {
      entries.push(entry);
      continue;
    }
    const { path, mode } = entry;
    const { hash: blob, size } = await hash(path);
    files.set(blob, path);
    entries.push({ kind: 'file', path, blob, size, mode: mode & 0o777 });
  }
  return { image: encodeImage({ program, entries }), files };
}
