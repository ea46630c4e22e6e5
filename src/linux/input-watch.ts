/**
 * When children begin to be watched for closing their input. That costs a short process a twentieth
 * of its life, so it is left until a child has lived for a while; one timer serves all of them.
 */
import type { Child } from './child.ts';

const AFTER_MS = 50;

/** The children whose inputs are not watched yet. */
export class InputWatch {
  readonly #waiting = new Set<Child>();
  #timer: NodeJS.Timeout | undefined;

  /** Watches this one's input 50 ms from now, or a little earlier. */
  add(child: Child): void {
    this.#waiting.add(child);
    this.#timer ??= setTimeout(() => this.#begin(), AFTER_MS).unref();
  }

  /** Forgets one that has ended. */
  delete(child: Child): void {
    this.#waiting.delete(child);
  }

  /** Ends the timer. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #begin(): void {
    this.#timer = undefined;
    for (const child of this.#waiting) child.watchInput();
    this.#waiting.clear();
  }
}
