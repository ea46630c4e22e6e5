/** The input of a child process. */
import type { Socket } from 'node:net';
import type { SpawnSink } from './spawner.ts';

/** Writes an input and tells a sink how far it got. */
export class InputPipe {
  readonly #socket: Socket;
  #sink: SpawnSink | undefined;
  #ending = false;
  /** Nothing more is to be told: all was written and ended, or the process closed it. */
  #over = false;

  constructor(socket: Socket, sink: SpawnSink) {
    this.#socket = socket;
    this.#sink = sink;
    socket.on('error', () => this.closed());
    socket.on('close', () => this.closed());
  }

  /** From now on also notices that the process closes its input while nothing is written. */
  watch(): void {
    if (!this.#over && !this.#ending) onPeerClose(this.#socket, () => this.closed());
  }

  /** Writes after what was written before, and tells when the process has taken it. */
  write(chunk: Uint8Array): void {
    if (this.#over || this.#ending || chunk.byteLength === 0) return;
    this.#socket.write(chunk, (error) => {
      if (!this.#over && (error === null || error === undefined)) this.#sink?.stdinWritten(chunk.byteLength);
    });
  }

  /** Ends the input after what was written before. */
  end(): void {
    if (this.#over || this.#ending) return;
    this.#ending = true;
    this.#socket.once('finish', () => {
      this.#over = true;
    });
    this.#socket.end();
  }

  /** Ends the input, tells nothing more and keeps no program alive. */
  release(): void {
    this.#sink = undefined;
    this.end();
    this.#socket.unref();
  }

  /** The process takes no more; told once. */
  closed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket.destroy();
    this.#sink?.stdinClosed();
  }

  /** Closes the descriptor, whatever is still to be written. */
  destroy(): void {
    this.#over = true;
    this.#socket.destroy();
  }
}

/**
 * Notices that the other end was closed also while nothing is written. A child's stdin is a socket
 * of which Node reads nothing; its handle can, and where a later Node has another one, the next
 * write notices.
 */
function onPeerClose(socket: Socket, closed: () => void): void {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null || !('readStart' in handle) || !('onread' in handle)) return;
  if (typeof handle.readStart !== 'function') return;
  // Without bytes it is the end or an error; what a program writes to its own stdin goes nowhere.
  handle.onread = (bytes: unknown): void => {
    if (bytes === undefined) closed();
  };
  handle.readStart();
}
