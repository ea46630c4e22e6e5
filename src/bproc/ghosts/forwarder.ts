/** Signals on their way from a ghost to its process. */
import { BprocError } from '../../errors.ts';

/**
 * Sends one signal after the other. As in the kernel, one that already waits is not sent twice: however many a user sends
 * to a ghost, no more than 64 wait.
 */
export class Forwarder {
  readonly #waiting = new Set<number>();
  readonly #send: (signal: number) => Promise<void>;
  readonly #failed: (signal: number, error: BprocError) => void;
  #isSending = false;

  constructor(send: (signal: number) => Promise<void>, failed: (signal: number, error: BprocError) => void) {
    this.#send = send;
    this.#failed = failed;
  }

  /** Sends a signal when those before it were. */
  add(signal: number): void {
    this.#waiting.add(signal);
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (const signal of this.#waiting) {
      this.#waiting.delete(signal);
      try {
        await this.#send(signal);
      } catch (error) {
        this.#failed(signal, BprocError.from(error));
      }
    }
    this.#isSending = false;
  }
}
