/** Hashes of files, remembered as long as a file looks as it did: programs and libraries are asked for again and again. */
import { stat } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import { hashFile } from '../image/index.ts';
import { Recent } from '../recent.ts';

const LEAST_HASHES = 4096;

/** The hashes that are remembered. */
export class FileHashes {
  readonly #known = new Recent<string>(LEAST_HASHES);

  /**
   * The SHA-256 of a file, in hexadecimal.
   *
   * @throws BprocError EAGAIN for one that changes meanwhile, or the code of the file operation that failed.
   */
  async of(path: string): Promise<string> {
    const look = await lookAt(path);
    const known = this.#known.get(look);
    if (known !== undefined) return known;
    const hash = await hashFile(path);
    if ((await lookAt(path)) !== look) throw new BprocError('EAGAIN', `${path} was changed while it was read`);
    this.#known.set(look, hash);
    return hash;
  }
}

async function lookAt(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (cause) {
    throw BprocError.from(cause);
  }
}
