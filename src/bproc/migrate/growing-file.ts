/** A file that is sent while it is written: what captures a process and what sends it work at the same time then. */
import { type FileHandle, open } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import type { BlobSource } from '../image/index.ts';

/** The source. It gives whole pieces, and what is less only at its end. */
export class GrowingFile implements BlobSource {
  readonly name: string;
  readonly #path: string;
  #file: Promise<FileHandle> | undefined;
  #size = Number.POSITIVE_INFINITY;
  #isClosed = false;
  #wake = (): void => {};

  constructor(name: string, path: string) {
    this.name = name;
    this.#path = path;
  }

  /** Infinity until that is known. */
  get size(): number {
    return this.#size;
  }

  /** There may be more of it. */
  changed(): void {
    this.#wake();
  }

  /** There is no more of it. */
  finish(size: number): void {
    this.#size = size;
    this.#wake();
  }

  /** Waits until there is enough from this offset on. @throws BprocError ECANCELED once it is closed. */
  async read(offset: number, into: Buffer): Promise<number> {
    this.#file ??= open(this.#path);
    const file = await this.#file;
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        // before it looks: what changes meanwhile is not missed
        this.#wake = resolve;
      });
      if (this.#isClosed) throw new BprocError('ECANCELED', 'nobody wants it any more');
      const whole = this.#size;
      const end = Math.min(whole, (await file.stat()).size);
      const length = Math.min(into.length, end - offset);
      if (length === into.length || whole !== Number.POSITIVE_INFINITY) {
        return length <= 0 ? 0 : (await file.read(into, 0, length, offset)).bytesRead;
      }
      await changed;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await (await this.#file)?.close();
  }
}
