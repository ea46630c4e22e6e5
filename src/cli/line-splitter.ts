/** Output cut into lines of a bounded length: `bpsh -L` and `-p`. */

const NEWLINE = 0x0a;

/**
 * Cuts bytes into lines, whatever pieces they come in. A line of more than `limit` bytes is cut into
 * several, the last one gets the newline it may lack, and each begins with the prefix.
 */
export class LineSplitter {
  readonly #prefix: Buffer;
  readonly #limit: number;
  #partial: Buffer = Buffer.alloc(0);

  /** @param limit longest line in bytes, its newline and the prefix not counted; 1 or more. */
  constructor(prefix: string, limit: number) {
    this.#prefix = Buffer.from(prefix);
    this.#limit = limit;
  }

  /** Takes bytes; gives the lines that are complete now. */
  push(bytes: Buffer): Buffer {
    const text = this.#partial.length === 0 ? bytes : Buffer.concat([this.#partial, bytes]);
    const pieces: Buffer[] = [];
    let start = 0;
    for (;;) {
      const newline = text.indexOf(NEWLINE, start);
      const end = newline === -1 ? text.length : newline;
      // one byte more than the limit has to be there: it may be the newline
      for (; end - start > this.#limit; start += this.#limit) this.#line(pieces, text, start, start + this.#limit);
      if (newline === -1) break;
      this.#line(pieces, text, start, end);
      start = end + 1;
    }
    this.#partial = Buffer.from(text.subarray(start));
    return Buffer.concat(pieces);
  }

  /** No more comes: the rest, as a line. */
  end(): Buffer {
    if (this.#partial.length === 0) return this.#partial;
    const pieces: Buffer[] = [];
    this.#line(pieces, this.#partial, 0, this.#partial.length);
    this.#partial = Buffer.alloc(0);
    return Buffer.concat(pieces);
  }

  #line(pieces: Buffer[], text: Buffer, start: number, end: number): void {
    if (this.#prefix.length > 0) pieces.push(this.#prefix);
    pieces.push(text.subarray(start, end), LINE_END);
  }
}

const LINE_END = Buffer.of(NEWLINE);
