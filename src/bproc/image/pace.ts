/** A bound of the bytes that are sent in a second. */
import type { Cancel, Clock } from '../../clock.ts';

/** The bytes of so long may go at once, in milliseconds: in pieces that are not small, and without a rush after a pause. */
const BURST_MS = 100;
/** Bytes that are worth a piece of their own, where the bound allows. */
const SMALLEST = 4096;

/** The bound. Disposing of it ends its waiting. */
export class Pace implements Disposable {
  readonly #clock: Clock;
  readonly #bytesPerMs: number;
  readonly #burst: number;
  #left: number;
  #at: number;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#burst = Math.max(SMALLEST, this.#bytesPerMs * BURST_MS);
    this.#left = this.#burst;
    this.#at = clock.now();
  }

  /** Bytes that may go now: 0, or not few. */
  get room(): number {
    const now = this.#clock.now();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#bytesPerMs);
    this.#at = now;
    return this.#left < SMALLEST ? 0 : Math.floor(this.#left);
  }

  sent(bytes: number): void {
    this.#left -= bytes;
  }

  /** Calls back once there is room; once, however often it was asked. */
  wait(ready: () => void): void {
    if (this.#cancel !== undefined) return;
    this.#cancel = this.#clock.after(Math.ceil((SMALLEST - this.#left) / this.#bytesPerMs), () => {
      this.#cancel = undefined;
      ready();
    });
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
  }
}
