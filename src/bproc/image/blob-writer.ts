/** A blob on its way into a cache: it has another name until all of it is there and is what it is said to be. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import { blobHasher } from './blob-hash.ts';
import type { Pieces } from './pieces.ts';

/** Where a blob is written, and where it goes. */
export interface BlobWriterParts {
  readonly hash: string;
  readonly size: number;
  readonly draft: string;
  readonly path: string;
  readonly pieces: Pieces;
  /** The disk is full: throws away what can be spared; false where there is nothing. */
  readonly makeRoom: () => boolean;
  /** So many bytes of it are in the draft now. */
  readonly wrote: (bytes: number) => void;
  /** Its place is filled, or, without a blob, free again. */
  readonly done: (isThere: boolean) => void;
}

/** What was taken, and is to be written: so much of a piece. */
interface Filled {
  readonly piece: Buffer;
  used: number;
}

/** The writer. Disposing of it before it has finished leaves nothing. */
export class BlobWriter implements AsyncDisposable {
  readonly #parts: BlobWriterParts;
  readonly #file: FileHandle;
  readonly #hasher = blobHasher();
  #taken = 0;
  #written = 0;
  readonly #unwritten: Filled[] = [];
  #open = true;

  private constructor(file: FileHandle, parts: BlobWriterParts) {
    this.#file = file;
    this.#parts = parts;
  }

  static async create(parts: BlobWriterParts): Promise<BlobWriter> {
    return new BlobWriter(await open(parts.draft, 'wx', 0o600), parts);
  }

  /** Bytes that were taken and are not written yet. */
  get unwrittenBytes(): number {
    return this.#taken - this.#written;
  }

  /**
   * Takes what comes next, which may be overwritten afterwards.
   *
   * @throws BprocError EPROTO where there are more bytes than there should be.
   */
  take(bytes: Uint8Array): void {
    const { hash, size } = this.#parts;
    if (this.#taken + bytes.length > size) {
      throw new BprocError('EPROTO', `blob ${hash} is longer than the ${size} bytes it was said to have`);
    }
    // while the processor has them at hand
    this.#hasher.update(bytes);
    for (let at = 0; at < bytes.length; ) {
      const filled = this.#room();
      const part = bytes.subarray(at, at + filled.piece.length - filled.used);
      filled.piece.set(part, filled.used);
      filled.used += part.length;
      this.#taken += part.length;
      at += part.length;
    }
  }

  /** Writes what was taken, in whole pieces; one write at a time. @returns its bytes. @throws BprocError ENOSPC and others. */
  write(): Promise<number> {
    const last = this.#unwritten.at(-1);
    const isWhole = last === undefined || last.used === last.piece.length;
    return this.#write(this.#unwritten.splice(0, this.#unwritten.length - (isWhole ? 0 : 1)));
  }

  /** Writes the rest and puts it in its place. @throws BprocError EPROTO where it is not what its name says; then nothing of it stays. */
  async finish(): Promise<void> {
    const { hash, size, draft, path } = this.#parts;
    try {
      await this.#write(this.#unwritten.splice(0));
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

  /** A piece in which there is room. */
  #room(): Filled {
    const last = this.#unwritten.at(-1);
    if (last !== undefined && last.used < last.piece.length) return last;
    const filled = { piece: this.#parts.pieces.take(this.#parts.size - this.#taken), used: 0 };
    this.#unwritten.push(filled);
    return filled;
  }

  async #write(filled: readonly Filled[]): Promise<number> {
    const before = this.#written;
    for (
      let rest: readonly Uint8Array[] = filled.map(({ piece, used }) => piece.subarray(0, used));
      rest.length > 0;
    ) {
      const written = await this.#try(rest);
      this.#written += written;
      rest = after(rest, written);
    }
    for (const { piece } of filled) this.#parts.pieces.give(piece);
    if (this.#written > before) this.#parts.wrote(this.#written);
    return this.#written - before;
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

/** The pieces without so many bytes of their beginning. */
function after(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  return pieces.flatMap((piece) => {
    const from = Math.min(left, piece.byteLength);
    left -= from;
    return from === piece.byteLength ? [] : [piece.subarray(from)];
  });
}
