/** The machine's clock, set wrong on purpose, whose longest timers ring when the test says so. */
import type { Cancel, Clock } from '../../src/clock.ts';
import { systemClock } from '../../src/clock.ts';

const HOUR_MS = 3_600_000;

/** A clock that a test can set. */
export class HandClock implements Clock {
  /** How far it is ahead of the machine's, in milliseconds. */
  aheadMs: number;
  readonly #clock = systemClock({ keepAlive: true });
  readonly #long = new Set<() => void>();

  constructor(aheadMs = 0) {
    this.aheadMs = aheadMs;
  }

  now(): number {
    return this.#clock.now();
  }

  wallTime(): number {
    return this.#clock.wallTime() + this.aheadMs;
  }

  after(delayMs: number, callback: () => void): Cancel {
    if (delayMs < HOUR_MS) return this.#clock.after(delayMs, callback);
    this.#long.add(callback);
    return () => this.#long.delete(callback);
  }

  /** Lets an hour or more pass: every timer that was to ring so late rings. */
  ring(): void {
    const all = [...this.#long];
    this.#long.clear();
    for (const callback of all) callback();
  }
}
