/** Clients that wait for news. */
import type { Cancel, Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';

/** How much news is waited for after the first of it, in milliseconds: what comes from many nodes is told together. */
const TOGETHER_MS = 100;

/** Whoever waits is woken when something has come, and not for each thing that comes. */
export class Waiters {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #cancel: Cancel | undefined;
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something has come. */
  wake(): void {
    if (this.#waiting.size === 0) return;
    this.#cancel ??= this.#clock.after(TOGETHER_MS, () => {
      this.#cancel = undefined;
      this.#wakeAll();
    });
  }

  #wakeAll(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const each of waiting) each();
  }

  /** @throws BprocError ECANCELED where nobody waits any more, or they are closed. */
  async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    while (!condition()) {
      if (signal.aborted || this.#isOver) throw new BprocError('ECANCELED', 'nothing has come any more');
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  }

  close(): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#wakeAll();
  }
}
