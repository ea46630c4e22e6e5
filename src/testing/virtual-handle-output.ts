/** An output at the slave's end of a virtual holder: how much is asked for, and what waits while it is paused. */
import type { SpawnSink } from '../linux/index.ts';

/** What an output needs of its process. */
export interface HandleOutputParts {
  readonly fd: 1 | 2;
  readonly windowBytes: number;
  /** Where it is to be told from. */
  readonly offset: number;
  /** Whether the holder forgets only what `acknowledge` names. */
  readonly keeps: boolean;
  /** Tells the holder. */
  credit(acknowledged: number, limit: number): void;
}

/** The output. */
export class HandleOutput {
  readonly #parts: HandleOutputParts;
  #sink: SpawnSink | undefined;
  #told: number;
  #acknowledged: number;
  #saidAcknowledged: number;
  #saidLimit: number;
  #waiting: Buffer[] = [];
  #isPaused = false;
  #isMuted = false;
  #isEnded = false;
  #isEndTold = false;

  constructor(parts: HandleOutputParts) {
    this.#parts = parts;
    this.#told = parts.offset;
    this.#acknowledged = parts.offset;
    this.#saidAcknowledged = parts.offset;
    this.#saidLimit = parts.offset;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Begins to be told. */
  open(sink: SpawnSink): void {
    this.#sink = sink;
    this.#grant();
    this.#tell();
  }

  receive(bytes: Buffer): void {
    if (this.#isMuted) return;
    this.#waiting.push(bytes);
    this.#tell();
  }

  end(): void {
    this.#isEnded = true;
    this.#tell();
  }

  pause(): void {
    this.#isPaused = !this.#isMuted;
  }

  resume(): void {
    this.#isPaused = false;
    this.#tell();
  }

  acknowledge(offset: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(offset, this.#told));
    this.#grant();
  }

  /** Nothing of it is told any more but its end. */
  mute(): void {
    this.#isMuted = true;
    this.#isPaused = false;
    this.#waiting = [];
    this.#tell();
  }

  #tell(): void {
    const { fd } = this.#parts;
    while (!this.#isPaused && this.#sink !== undefined) {
      const bytes = this.#waiting.shift();
      if (bytes === undefined) break;
      this.#told += bytes.length;
      this.#sink.output(fd, bytes);
    }
    this.#grant();
    const isDue = this.#isEnded && !this.#isEndTold && this.#waiting.length === 0 && !this.#isPaused;
    if (!isDue || this.#sink === undefined) return;
    this.#isEndTold = true;
    this.#sink.outputEnd(fd);
  }

  /** Lets the holder forget and tell more, once that is worth saying: so that a successor is told some of it again. */
  #grant(): void {
    if (this.#isMuted || this.#isEnded || this.#sink === undefined) return;
    const { keeps, windowBytes } = this.#parts;
    const acknowledged = keeps ? this.#acknowledged : this.#told;
    const limit = this.#isPaused ? this.#saidLimit : this.#told + windowBytes;
    const step = windowBytes / 4;
    if (acknowledged - this.#saidAcknowledged < step && limit - this.#saidLimit < step) return;
    this.#saidAcknowledged = acknowledged;
    this.#saidLimit = limit;
    this.#parts.credit(acknowledged, limit);
  }
}
