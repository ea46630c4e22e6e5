/** What one writes and several read, at the pace of the slowest: the middle of a pipe between nodes. PROTOCOL.md 11.6. */
import { BprocError } from '../../errors.ts';
import type { BlobSource } from '../image/index.ts';

/** Bytes that may wait for a reader before nothing more is taken. */
const MOST_WAITING = 1024 * 1024;

/** The pipe. It is over when nobody reads it any more, or all of it was read. */
export class Pipe {
  readonly #readers = new Set<PipeReader>();
  readonly #onOver: () => void;
  readonly #full: (() => void)[] = [];
  #hasBegun = false;
  #hasEnded = false;
  #isOver = false;

  constructor(onOver: () => void) {
    this.#onOver = onOver;
  }

  /** Whether what is written is of no use to anybody. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** One more reader. @throws BprocError ESTALE where something of it went to others already. */
  attach(): PipeReader {
    if (this.#hasBegun || this.#hasEnded) throw new BprocError('ESTALE', 'what is in this pipe has begun without it');
    const reader = new PipeReader(() => this.#look(reader));
    this.#readers.add(reader);
    return reader;
  }

  /** Takes bytes; resolves when there is room for more, at once where there is. */
  async write(bytes: Buffer): Promise<void> {
    this.#hasBegun = true;
    for (const reader of this.#readers) reader.push(bytes);
    if (!this.#isFull) return;
    await new Promise<void>((resolve) => void this.#full.push(resolve));
  }

  /** Nothing more comes: in order, or for a reason. */
  end(error?: BprocError): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const reader of this.#readers) reader.end(error);
    if (this.#readers.size === 0) this.#conclude();
  }

  /** Ends it for its readers as well. */
  destroy(error: BprocError): void {
    this.end(error);
    for (const reader of [...this.#readers]) reader.cancel();
  }

  get #isFull(): boolean {
    for (const { waiting } of this.#readers) if (waiting > MOST_WAITING) return true;
    return false;
  }

  /** A reader has read, or has left. */
  #look(reader: PipeReader): void {
    if (!reader.isOpen && this.#readers.delete(reader) && this.#readers.size === 0) this.#conclude();
    if (!this.#isFull) for (const resolve of this.#full.splice(0)) resolve();
  }

  /** Before the first byte readers may come and go. */
  #conclude(): void {
    if (this.#isOver || !(this.#hasBegun || this.#hasEnded)) return;
    this.#isOver = true;
    this.#onOver();
  }
}

/** One who reads a pipe from its beginning, once. */
export class PipeReader implements BlobSource {
  /** What nobody knows. */
  readonly size = Number.MAX_SAFE_INTEGER;
  readonly #changed: () => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #offset = 0;
  #end: { readonly error: BprocError | undefined } | undefined;
  #isOpen = true;
  #wake: () => void = () => {};

  /** @param changed it has read something, or left. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Bytes that it has not read yet. */
  get waiting(): number {
    return this.#bytes;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  push(bytes: Buffer): void {
    if (!this.#isOpen || bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    this.#wake();
  }

  end(error?: BprocError): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** As {@link take}. @throws BprocError EPROTO, too, where that is not what comes next. */
  async read(offset: number, into: Buffer): Promise<number> {
    if (offset !== this.#offset)
      throw new BprocError('EPROTO', `a pipe is read once: ${offset} is not what comes next`);
    return (await this.take(into.length)).copy(into);
  }

  /** What comes next, when there is something; nothing at the end. @throws BprocError why there is no more. */
  async take(most: number): Promise<Buffer> {
    while (this.#isOpen && this.#bytes === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const [first] = this.#chunks;
    if (first === undefined || !this.#isOpen) {
      if (this.#end?.error !== undefined) throw this.#end.error;
      return Buffer.alloc(0);
    }
    const bytes = first.subarray(0, most);
    if (bytes.length === first.length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(most);
    this.#bytes -= bytes.length;
    this.#offset += bytes.length;
    this.#changed();
    return bytes;
  }

  /** It reads no more. */
  cancel(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#chunks = [];
    this.#bytes = 0;
    this.#wake();
    this.#changed();
  }

  close(): Promise<void> {
    this.cancel();
    return Promise.resolve();
  }
}
