/** The two kinds of pipe between a virtual process and whoever started it. */
import type { Clock } from '../clock.ts';

/** Bytes of a pipe, as Linux has it. */
const PIPE_BYTES = 64 * 1024;

/** Who reads an output. */
export interface OutputReader {
  /** How many bytes it takes now; once there is more room, the pipe is to be woken. */
  readonly room: number;
  /** The next bytes. */
  receive(bytes: Buffer): void;
  /** There are no more. */
  end(): void;
}

/** An output: the process writes, the engine reads what it has room for. */
export class OutputPipe {
  readonly #clock: Clock;
  readonly #reader: OutputReader;
  #queue: Buffer[] = [];
  #size = 0;
  #closed = false;
  #discards = false;
  #finished = false;
  #ended = false;
  #reading = false;
  #writer: (() => void) | undefined;
  /** Bytes that the process has written and that were read. */
  readBytes = 0;

  constructor(clock: Clock, reader: OutputReader) {
    this.#clock = clock;
    this.#reader = reader;
  }

  /** Whether the reader has gone: a writer gets EPIPE. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Takes bytes as far as there is room; returns how many. */
  write(bytes: Uint8Array): number {
    if (this.#discards) return bytes.length;
    const size = Math.min(bytes.length, PIPE_BYTES - this.#size);
    if (size > 0) {
      this.#queue.push(Buffer.from(bytes.subarray(0, size)));
      this.#size += size;
      this.wake();
    }
    return size;
  }

  /** Calls back once a writer may go on. */
  whenRoom(writer: (() => void) | undefined): void {
    this.#writer = writer;
  }

  close(): void {
    this.#closed = true;
    this.#empty();
  }

  /** Takes what is written, to nowhere. */
  discard(): void {
    this.#discards = true;
    this.#empty();
  }

  /** Nothing more is written. */
  finish(): void {
    this.#finished = true;
    this.wake();
  }

  /** Reads on soon: there is something to read, or room for it. */
  wake(): void {
    if (this.#reading || this.#ended) return;
    this.#reading = true;
    this.#clock.after(0, () => this.#read());
  }

  #empty(): void {
    this.#queue = [];
    this.#size = 0;
    this.#writer?.();
    this.wake();
  }

  #read(): void {
    this.#reading = false;
    const { room } = this.#reader;
    if (this.#size > 0 && room > 0) {
      const all = Buffer.concat(this.#queue, this.#size);
      const bytes = all.subarray(0, room);
      const rest = all.subarray(room);
      this.#queue = rest.length > 0 ? [rest] : [];
      this.#size = rest.length;
      this.readBytes += bytes.length;
      this.#reader.receive(bytes);
      this.#writer?.();
    }
    if (this.#size > 0 || !this.#finished || this.#ended) return;
    this.#ended = true;
    this.#reader.end();
  }
}

/** An input: the engine writes what it is given as far as there is room, the process reads. */
export class InputPipe {
  readonly #clock: Clock;
  readonly #written: (bytes: number) => void;
  readonly #closedByReader: () => void;
  #waiting: Buffer[] = [];
  #pipe: Buffer[] = [];
  #size = 0;
  #ending = false;
  #closed = false;
  #reader: (() => void) | undefined;

  constructor(clock: Clock, written: (bytes: number) => void, closedByReader: () => void) {
    this.#clock = clock;
    this.#written = written;
    this.#closedByReader = closedByReader;
  }

  write(chunk: Uint8Array): void {
    if (this.#closed || this.#ending) return;
    this.#waiting.push(Buffer.from(chunk));
    this.#moveSoon();
  }

  end(): void {
    if (this.#closed) return;
    this.#ending = true;
    this.#reader?.();
  }

  /** At most so many bytes; undefined at the end, and an empty buffer where nothing is there yet. */
  read(most: number): Buffer | undefined {
    const first = this.#pipe[0];
    if (first === undefined) return this.#isAtEnd ? undefined : Buffer.alloc(0);
    const bytes = first.subarray(0, most);
    if (bytes.length === first.length) this.#pipe.shift();
    else this.#pipe[0] = first.subarray(most);
    this.#size -= bytes.length;
    this.#moveSoon();
    return bytes;
  }

  whenReadable(reader: (() => void) | undefined): void {
    this.#reader = reader;
  }

  /** The process reads no more, or is gone. */
  closeByReader(): void {
    if (this.#closed) return;
    const taken = this.#ending && this.#waiting.length === 0;
    this.#closed = true;
    this.#waiting = [];
    this.#pipe = [];
    if (!taken) this.#closedByReader();
  }

  get #isAtEnd(): boolean {
    return this.#closed || (this.#ending && this.#waiting.length === 0);
  }

  #moveSoon(): void {
    if (this.#waiting.length > 0) this.#clock.after(0, () => this.#move());
  }

  #move(): void {
    let moved = 0;
    while (!this.#closed) {
      const first = this.#waiting[0];
      const room = PIPE_BYTES - this.#size;
      if (first === undefined || room <= 0) break;
      const bytes = first.subarray(0, room);
      if (bytes.length === first.length) this.#waiting.shift();
      else this.#waiting[0] = first.subarray(room);
      this.#pipe.push(bytes);
      this.#size += bytes.length;
      moved += bytes.length;
    }
    if (moved === 0) return;
    this.#written(moved);
    this.#reader?.();
  }
}
