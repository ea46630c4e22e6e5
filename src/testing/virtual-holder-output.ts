/** An output as a virtual holder keeps it: from what its slave has acknowledged on, a window of it at most. */
import type { OutputPipe, OutputReader } from './virtual-pipe.ts';

/** Most that is told at once, in bytes. */
const PIECE_BYTES = 64 * 1024;

/** Whom a holder tells of an output. */
export interface OutputHearer {
  output(fd: 1 | 2, bytes: Buffer): void;
  outputEnd(fd: 1 | 2): void;
}

/** What waits in a pipe's own buffer is not kept yet; what is here survives the slave. */
export class HolderOutput implements OutputReader {
  readonly #fd: 1 | 2;
  readonly #windowBytes: number;
  readonly #hearer: OutputHearer;
  #pipe: OutputPipe | undefined;
  /** What is between `#acknowledged` and `#end`. */
  #kept: Buffer[] = [];
  #acknowledged = 0;
  #told = 0;
  #limit = 0;
  #end = 0;
  #isEnded = false;
  #isEndTold = false;
  #discards = false;

  constructor(fd: 1 | 2, windowBytes: number, hearer: OutputHearer) {
    this.#fd = fd;
    this.#windowBytes = windowBytes;
    this.#hearer = hearer;
  }

  /** Up to where the slave has acknowledged it. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  get isEndTold(): boolean {
    return this.#isEndTold;
  }

  get room(): number {
    return this.#discards ? PIECE_BYTES : this.#windowBytes - (this.#end - this.#acknowledged);
  }

  /** The process has begun to run, and writes into this pipe. */
  open(pipe: OutputPipe | undefined): void {
    this.#pipe = pipe;
  }

  receive(bytes: Buffer): void {
    if (this.#discards) return;
    this.#kept.push(bytes);
    this.#end += bytes.length;
    this.#tell();
  }

  end(): void {
    this.#isEnded = true;
    this.#tell();
  }

  /** What the slave has, and up to where it takes more; both only grow. */
  credit(acknowledged: number, limit: number): void {
    if (acknowledged > this.#told) throw new Error(`a slave acknowledged ${acknowledged} and was told ${this.#told}`);
    while (this.#acknowledged < acknowledged) {
      const [first = Buffer.alloc(0), ...rest] = this.#kept;
      const size = Math.min(first.length, acknowledged - this.#acknowledged);
      this.#kept = size === first.length ? rest : [first.subarray(size), ...rest];
      this.#acknowledged += size;
    }
    this.#limit = Math.max(this.#limit, limit);
    this.#pipe?.wake();
    this.#tell();
  }

  /** The process sees a closed pipe. */
  close(): void {
    this.#forget();
    this.#pipe?.close();
    this.end();
  }

  /** Reads on, to nowhere. */
  discard(): void {
    this.#forget();
    this.#pipe?.discard();
    this.#tell();
  }

  /** Another slave: what was told may not have been kept, so it is told again. */
  rewind(): void {
    this.#told = this.#acknowledged;
    this.#limit = this.#acknowledged;
    this.#isEndTold = false;
  }

  /** Tells what it may. */
  #tell(): void {
    while (this.#told < Math.min(this.#end, this.#limit)) {
      const bytes = this.#next(Math.min(PIECE_BYTES, this.#limit - this.#told));
      this.#told += bytes.length;
      this.#hearer.output(this.#fd, bytes);
    }
    if (!this.#isEnded || this.#isEndTold || this.#told < this.#end) return;
    this.#isEndTold = true;
    this.#hearer.outputEnd(this.#fd);
  }

  /** The next bytes to tell, at most so many. */
  #next(most: number): Buffer {
    let at = this.#acknowledged;
    for (const chunk of this.#kept) {
      if (at + chunk.length > this.#told) return chunk.subarray(this.#told - at, this.#told - at + most);
      at += chunk.length;
    }
    throw new Error(`nothing is kept from offset ${this.#told} on`);
  }

  #forget(): void {
    this.#kept = [];
    this.#acknowledged = this.#end;
    this.#told = this.#end;
    this.#discards = true;
  }
}
