/** The images that a client starts: made of this machine's files, and given to whoever lacks something of them. */
import { stat } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import { findProgram } from '../../linux/index.ts';
import type { BlobSource, EncodedImage, ImageEntry } from '../image/index.ts';
import { bytesSource, closureOf, encodeImage, fileSource, hashFile } from '../image/index.ts';

/** Where a program is looked for, and what its libraries are found by. */
export interface ProgramPlace {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A file that was hashed, and how it looked. */
interface HashedFile {
  readonly look: string;
  readonly hash: string;
}

interface StartedImage {
  readonly manifest: Uint8Array;
  /** Where its blobs are, by their names. */
  readonly files: ReadonlyMap<string, string>;
}

/** Images, and hashes of files, that are remembered. */
const MOST_IMAGES = 256;
const MOST_HASHES = 65_536;

/** A client's images. */
export class ClientImages {
  readonly #hashes = new Map<string, HashedFile>();
  readonly #images = new Map<string, StartedImage>();

  /**
   * Makes an image of a program of this machine, which it is found on as the kernel would here.
   *
   * @throws BprocError ENOENT, EACCES, ENOEXEC for what cannot be run here either; EACCES for what may be run and not
   *   read; ESTALE where a file changes meanwhile.
   */
  async make(place: ProgramPlace): Promise<EncodedImage> {
    const path = findProgram(place);
    const closure = await closureOf(path, { env: place.env, cwd: place.cwd });
    const files = new Map<string, string>();
    const entries: ImageEntry[] = [];
    for (const entry of closure.entries) {
      if (entry.kind === 'link') {
        entries.push(entry);
        continue;
      }
      const { path: file, mode } = entry;
      const { hash, size } = await this.#hash(file);
      files.set(hash, file);
      entries.push({ kind: 'file', path: file, blob: hash, size, mode: mode & 0o777 });
    }
    const image = encodeImage({ program: path, entries });
    remember(this.#images, image.hash, { manifest: image.bytes, files }, MOST_IMAGES);
    return image;
  }

  /** Opens what somebody lacks of an image. @throws BprocError ENOENT for what is in none that was started; ESTALE for a file that has changed since. */
  async open(image: string, blob: string): Promise<BlobSource> {
    const started = this.#images.get(image);
    if (started !== undefined && image === blob) return bytesSource(started.manifest);
    const file = started?.files.get(blob);
    if (file === undefined) throw new BprocError('ENOENT', 'this client has started no image with such a blob');
    if ((await this.#hash(file)).hash !== blob)
      throw new BprocError('ESTALE', `${file} has changed since it was started`);
    return fileSource(file);
  }

  /** Hashes a file, or knows its hash: whoever changes its content changes how it looks. */
  async #hash(path: string): Promise<{ readonly hash: string; readonly size: number }> {
    const before = await lookAt(path);
    const known = this.#hashes.get(path);
    if (known?.look === before.look) return { hash: known.hash, size: before.size };
    const hash = await hashFile(path);
    if ((await lookAt(path)).look !== before.look)
      throw new BprocError('ESTALE', `${path} is being changed: try again`);
    remember(this.#hashes, path, { look: before.look, hash }, MOST_HASHES);
    return { hash, size: before.size };
  }
}

/** How a file looks, and its size. */
async function lookAt(path: string): Promise<{ readonly look: string; readonly size: number }> {
  const found = await stat(path, { bigint: true }).catch((cause: unknown) => {
    throw BprocError.from(cause);
  });
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  return { look: [dev, ino, size, mtimeNs, ctimeNs].join(' '), size: Number(size) };
}

/** Notes something as the newest; what is oldest is forgotten. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
