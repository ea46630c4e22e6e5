/** Files of the kernel, read again and again. */
import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes that a file is read into at first, and at most. */
const FIRST = 16 * 1024;
const MOST = 4 * 1024 * 1024;

/** One file, kept open: looking it up by its name costs more than what it says. */
export class KernelFile implements Disposable {
  readonly #path: string;
  #fd: number | undefined;
  #buffer = Buffer.allocUnsafeSlow(FIRST);

  constructor(path: string) {
    this.#path = path;
  }

  /** What it says now. @throws what the kernel says; RangeError for more than 4 MiB. */
  text(): string {
    this.#fd ??= openSync(this.#path, 'r');
    try {
      for (;;) {
        const length = this.#fill(this.#fd);
        if (length < this.#buffer.length) return this.#buffer.toString('latin1', 0, length);
        if (this.#buffer.length >= MOST) throw new RangeError(`${this.#path} has more than ${MOST} bytes`);
        this.#buffer = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  #fill(fd: number): number {
    let length = 0;
    for (;;) {
      const got = readSync(fd, this.#buffer, length, this.#buffer.length - length, length);
      length += got;
      if (got === 0 || length === this.#buffer.length) return length;
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
