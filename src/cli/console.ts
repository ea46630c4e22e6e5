/** A command's two outputs, written as fast as their readers take them. */
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { Progress } from './progress.ts';

const NEWLINE = 0x0a;

/** One output. */
export class Sink {
  readonly isTerminal: boolean;
  readonly #stream: Writable;
  readonly #beforeWrite: () => void;
  #atLineStart = true;
  #drained: Promise<void> | undefined;

  constructor(stream: Writable, isTerminal: boolean, beforeWrite: () => void) {
    this.#stream = stream;
    this.isTerminal = isTerminal;
    this.#beforeWrite = beforeWrite;
  }

  /** Whether what was written is out and ended a line. */
  get isFree(): boolean {
    return this.#atLineStart && this.#stream.writableLength === 0;
  }

  /** Writes; resolves when there is room for more, or nobody who would read it. */
  async write(bytes: Buffer | string): Promise<void> {
    if (bytes.length === 0) return;
    this.#beforeWrite();
    this.#atLineStart = typeof bytes === 'string' ? bytes.endsWith('\n') : bytes.at(-1) === NEWLINE;
    if (this.#stream.write(bytes)) return;
    this.#drained ??= new Promise((resolve) => {
      const done = (): void => {
        this.#drained = undefined;
        this.#stream.off('drain', done).off('error', done);
        resolve();
      };
      // where nobody reads any more there is no drain
      this.#stream.on('drain', done).on('error', done);
    });
    await this.#drained;
  }

  /** Resolves when everything is out. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#stream.write('', () => resolve());
    });
  }
}

/** Stdout and stderr of this program, and the progress line on the terminal behind them. */
export class Console {
  readonly stdout: Sink;
  readonly stderr: Sink;
  #progress: Progress | undefined;

  /** @param onBrokenPipe called once nobody reads stdout any more. */
  constructor(onBrokenPipe: () => void) {
    const [stdout, stderr] = [outputOf(1), outputOf(2)];
    stdout.once('error', onBrokenPipe);
    stdout.on('error', () => {});
    // nobody is left to be told of this one
    stderr.on('error', () => {});
    this.stdout = new Sink(stdout, isatty(1), () => this.erase());
    this.stderr = new Sink(stderr, isatty(2), () => this.erase());
  }

  /** Shows on a terminal which nodes are waited for. */
  follow(nodes: readonly number[]): Progress | undefined {
    if (!this.stderr.isTerminal || nodes.length < 2) return undefined;
    const sinks = [this.stdout, this.stderr].filter((sink) => sink.isTerminal);
    this.#progress = new Progress(
      {
        write: (text) => void process.stderr.write(text),
        get columns() {
          return process.stderr.columns || 80;
        },
        get isFree() {
          return sinks.every((sink) => sink.isFree);
        },
      },
      nodes,
    );
    return this.#progress;
  }

  /** Takes the progress line away for good. */
  unfollow(): void {
    this.#progress?.stop();
  }

  /** Takes the progress line away until it is drawn again. */
  erase(): void {
    this.#progress?.erase();
  }
}

/**
 * A terminal is written to from Node's thread pool: while ^S holds it back this program still has
 * to answer its master, which would otherwise take it for dead.
 */
function outputOf(fd: 1 | 2): Writable {
  if (isatty(fd)) return createWriteStream('', { fd, autoClose: false });
  return fd === 1 ? process.stdout : process.stderr;
}
