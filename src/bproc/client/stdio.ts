/** A remote process's standard streams as Node streams, back-pressured end to end. */
import { Readable, Writable } from 'node:stream';
import { BprocError } from '../../errors.ts';
import { ChunkList } from '../../wire/index.ts';

/** Bytes of input that may wait to be sent before a writer has to. */
const INPUT_HIGH_WATER_MARK = 256 * 1024;

/** What a process writes. Bytes count as taken when they leave for whoever reads. */
export class Output extends Readable {
  readonly #waiting = new ChunkList();
  readonly #taken: (bytes: number) => void;
  readonly #unwanted: () => void;
  #wanted = false;
  #finished = false;

  constructor(taken: (bytes: number) => void, unwanted: () => void) {
    super({ highWaterMark: 64 * 1024 });
    this.#taken = taken;
    this.#unwanted = unwanted;
  }

  /** Bytes that have come; after `fin` none come any more. */
  receive(bytes: Buffer, fin: boolean): void {
    if (bytes.length > 0) this.#waiting.push(bytes);
    if (fin) this.#finished = true;
    this.#deliver();
  }

  /**
   * Nothing more comes, and what was to come is lost. An error where somebody listens for one: a
   * program that only waits for the end hears of it there, and one that disposed of its client knows.
   */
  abandon(error: BprocError): void {
    if (this.#finished) return;
    this.#finished = true;
    const isNews = error.code !== 'ECANCELED' && this.listenerCount('error') > 0;
    this.destroy(isNews ? error : undefined);
  }

  override _read(): void {
    this.#wanted = true;
    this.#deliver();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#finished) this.#unwanted();
    this.#waiting.clear();
    done(error);
  }

  #deliver(): void {
    while (this.#wanted) {
      const bytes = this.#waiting.shift();
      if (bytes === undefined) {
        if (this.#finished && !this.readableEnded) this.push(null);
        return;
      }
      this.#wanted = this.push(bytes);
      this.#taken(bytes.length);
    }
  }
}

/** What an {@link Input} hands its bytes to. */
export interface InputTarget {
  write(bytes: Buffer): void;
  end(): void;
  /** Bytes it holds that have not arrived. */
  readonly kept: number;
}

/** What a process reads. A writer waits while the process does not read; it gets EPIPE once it never will. */
export class Input extends Writable {
  readonly #target: InputTarget;
  #held: ((error?: Error | null) => void) | undefined;
  #closed: BprocError | undefined;

  constructor(target: InputTarget) {
    super({ highWaterMark: INPUT_HIGH_WATER_MARK, decodeStrings: true });
    this.#target = target;
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#closed !== undefined) {
      done(this.#closed);
      return;
    }
    this.#target.write(bytes);
    if (this.#target.kept > INPUT_HIGH_WATER_MARK) this.#held = done;
    else done();
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#closed === undefined) this.#target.end();
    done();
  }

  /** Some of what was given has arrived. */
  room(): void {
    if (this.#held === undefined || this.#target.kept > INPUT_HIGH_WATER_MARK) return;
    const done = this.#held;
    this.#held = undefined;
    done();
  }

  /** The process is over, or out of reach for ever: nothing will read what is written. As for a child of Node's. */
  abandon(error?: BprocError): void {
    this.#held = undefined;
    if (this.destroyed) return;
    const isNews = error !== undefined && error.code !== 'ECANCELED' && this.listenerCount('error') > 0;
    this.destroy(isNews ? error : undefined);
  }

  /** The process reads no more: later writes fail with EPIPE. */
  closeByReader(pid: number): void {
    this.#closed = new BprocError('EPIPE', `process ${pid} has closed its stdin`, { pid });
    const done = this.#held;
    this.#held = undefined;
    done?.(this.#closed);
  }
}
