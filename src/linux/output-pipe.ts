/** One output of a child process: its flow, and its end, which may have to be brought about. */
import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../clock.ts';
import type { SpawnSink } from './spawner.ts';

/**
 * More than a pipe can have held when its process ended: where a descendant writes without pause,
 * everything of before has been read by then.
 */
const DRAIN_BYTES = 4 * 1024 * 1024;
/** Turns of the event loop without data, after which the pipe was empty. */
const QUIET_TURNS = 2;

/** Reads an output and tells it to a sink. */
export class OutputPipe {
  readonly #fd: 1 | 2;
  readonly #socket: Socket;
  #sink: SpawnSink | undefined;
  #ended = false;
  #paused = false;
  #discarding = false;
  /** Once the process has ended: for how much longer its descendants may keep the pipe open. */
  #lingerMs: number | undefined;
  #clock: Clock | undefined;
  #waitingSince = 0;
  #cancelWait: Cancel | undefined;
  #draining = false;
  #drainedBytes = 0;
  #quietTurns = 0;

  /** @param closed is called once, when the descriptor is closed and the end has been told. */
  constructor(fd: 1 | 2, socket: Socket, sink: SpawnSink, closed: () => void) {
    this.#fd = fd;
    this.#socket = socket;
    this.#sink = sink;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#end());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#end();
      closed();
    });
  }

  /** Stops reading; while that lasts, the end does not come either. */
  pause(): void {
    if (this.#discarding || this.#paused) return;
    this.#paused = true;
    this.#socket.pause();
    if (this.#cancelWait === undefined) return;
    this.#cancelWait();
    this.#cancelWait = undefined;
    const waitedMs = (this.#clock?.now() ?? 0) - this.#waitingSince;
    this.#lingerMs = Math.max(0, (this.#lingerMs ?? 0) - waitedMs);
  }

  /** Goes on reading. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
    this.#await();
  }

  /** Closes this end: the process sees EPIPE. */
  close(): void {
    this.#discarding = true;
    this.#socket.destroy();
  }

  /** Reads on, to nowhere. */
  discard(): void {
    this.resume();
    this.#discarding = true;
  }

  /** Reads on to nowhere and tells nothing, not even the end; keeps no program alive. */
  release(): void {
    this.discard();
    this.#sink = undefined;
    this.#socket.unref();
  }

  /** The process has ended: the end of its output comes by itself, or is made once `lingerMs` are over. */
  processEnded(lingerMs: number, clock: Clock): void {
    this.#lingerMs = lingerMs;
    this.#clock = clock;
    if (this.#paused) this.#pauseAgain();
    else this.#await();
  }

  /** Brings the end about now, whoever still holds the pipe; what nobody resumes to read is dropped. */
  finish(): void {
    if (this.#ended) return;
    this.#lingerMs = 0;
    this.#cancelWait?.();
    if (this.#paused) this.close();
    else this.#drain();
  }

  #read(chunk: Buffer): void {
    this.#quietTurns = 0;
    if (this.#draining) this.#drainedBytes += chunk.length;
    if (!this.#discarding) this.#sink?.output(this.#fd, chunk);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelWait?.();
    this.#sink?.outputEnd(this.#fd);
  }

  /** Node resumes every stream of a child that has ended, in a tick that is already queued. */
  #pauseAgain(): void {
    process.nextTick(() => {
      process.nextTick(() => {
        if (this.#paused) this.#socket.pause();
      });
    });
  }

  #await(): void {
    if (this.#clock === undefined || this.#lingerMs === undefined || this.#ended) return;
    if (this.#lingerMs === 0) {
      this.#drain();
      return;
    }
    this.#waitingSince = this.#clock.now();
    this.#cancelWait = this.#clock.after(this.#lingerMs, () => {
      this.#cancelWait = undefined;
      this.#lingerMs = 0;
      this.#drain();
    });
  }

  /** Reads what is there already, then closes. */
  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#quietTurns = 0;
    setImmediate(() => this.#drainTurn());
  }

  #drainTurn(): void {
    if (this.#ended || this.#paused) {
      this.#draining = false;
      return;
    }
    this.#quietTurns += 1;
    if (this.#quietTurns >= QUIET_TURNS || this.#drainedBytes >= DRAIN_BYTES) this.#socket.destroy();
    else setImmediate(() => this.#drainTurn());
  }
}
