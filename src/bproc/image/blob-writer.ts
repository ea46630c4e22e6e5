/** A blob on its way into a cache: it has another name until all of it is there and is what it is said to be. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import { blobHasher } from './blob-hash.ts';

/** Where a blob is written, and where it goes. */
export interface BlobWriterParts {
  readonly hash: string;
  readonly size: number;
  readonly draft: string;
  readonly path: string;
  /** The disk is full: throws away what can be spared; false where there is nothing. */
  readonly makeRoom: () => boolean;
  /** Its place is filled, or, without a blob, free again. */
  readonly done: (isThere: boolean) => void;
}

/** The writer. Disposing of it before it has finished leaves nothing. */
export class BlobWriter implements AsyncDisposable {
  readonly #parts: BlobWriterParts;
  readonly #file: FileHandle;
  readonly #hasher = blobHasher();
  #written = 0;
  #open = true;

  private constructor(file: FileHandle, parts: BlobWriterParts) {
    this.#file = file;
    this.#parts = parts;
  }

  static async create(parts: BlobWriterParts): Promise<BlobWriter> {
    return new BlobWriter(await open(parts.draft, 'wx', 0o600), parts);
  }

  /** How much of it is here. */
  get offset(): number {
    return this.#written;
  }

  /** Adds bytes. @throws BprocError EPROTO where there are more than there should be; ENOSPC and others. */
  async write(pieces: readonly Uint8Array[]): Promise<void> {
    const { hash, size } = this.#parts;
    if (this.#written + lengthOf(pieces) > size) {
      throw new BprocError('EPROTO', `blob ${hash} is longer than the ${size} bytes it was said to have`);
    }
    const writing = this.#writeAll(pieces);
    // beside the writing, which another thread does; what fails there is thrown below
    writing.catch(() => {});
    for (const piece of pieces) this.#hasher.update(piece);
    await writing;
  }

  /** Puts it in its place. @throws BprocError EPROTO where it is not what its name says; then nothing of it stays. */
  async finish(): Promise<void> {
    const { hash, size, draft, path } = this.#parts;
    try {
      if (this.#written !== size) throw new BprocError('EPROTO', `blob ${hash} has ${this.#written} of ${size} bytes`);
      const real = this.#hasher.digest('hex');
      if (real !== hash) throw new BprocError('EPROTO', `blob ${hash} is not what came: that is ${real}`);
      await this.#file.chmod(0o444);
      await this.#file.close();
      await rename(draft, path);
    } catch (cause) {
      await this[Symbol.asyncDispose]();
      throw this.#failure(cause);
    }
    this.#open = false;
    this.#parts.done(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#file.close().catch(() => {});
    await rm(this.#parts.draft, { force: true }).catch(() => {});
    this.#parts.done(false);
  }

  async #writeAll(pieces: readonly Uint8Array[]): Promise<void> {
    for (let rest = pieces; rest.length > 0; ) {
      const written = await this.#try(rest);
      this.#written += written;
      rest = after(rest, written);
    }
  }

  /** Writes what fits. */
  async #try(pieces: readonly Uint8Array[]): Promise<number> {
    for (;;) {
      try {
        return (await this.#file.writev(pieces)).bytesWritten;
      } catch (cause) {
        const error = this.#failure(cause);
        if (error.code !== 'ENOSPC' || !this.#parts.makeRoom()) throw error;
      }
    }
  }

  #failure(cause: unknown): BprocError {
    const error = BprocError.from(cause);
    if (error === cause) return error;
    return new BprocError(error.code, `blob ${this.#parts.hash} cannot be kept: ${error.message}`, { cause });
  }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The pieces without so many bytes of their beginning. */
function after(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  return pieces.flatMap((piece) => {
    const from = Math.min(left, piece.byteLength);
    left -= from;
    return from === piece.byteLength ? [] : [piece.subarray(from)];
  });
}
