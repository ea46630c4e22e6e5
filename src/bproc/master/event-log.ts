/** The last changes in order, for those who follow them: PROTOCOL.md 7.4. */
import type { EventChoice, EventInit } from '../../wire/index.ts';

/** Changes kept for a subscriber that was away or is slow. */
const KEPT = 16_384;

/** A ring of numbered events. */
export class EventLog {
  readonly #ring: (EventInit | undefined)[] = [];
  /** Number of the newest event; the first one has number 1. */
  last = 0;
  /** Number of the first one that was kept; undefined while nobody has followed or watched yet, and nothing is. */
  #from: number | undefined;

  /** Number of the oldest event that is still here. */
  get first(): number {
    return Math.max(this.#from ?? this.last + 1, this.last - KEPT + 1);
  }

  /** Somebody follows: what comes from now on is kept. */
  follow(): void {
    this.#from ??= this.last + 1;
  }

  /** @param describe makes the event, where it is kept. */
  append(at: number, describe: () => EventChoice): void {
    this.last += 1;
    if (this.#from !== undefined) this.#ring[this.last % KEPT] = { number: this.last, at, ...describe() };
  }

  /** The event with this number, if it is still here. */
  at(number: number): EventInit | undefined {
    return number >= this.first && number <= this.last ? this.#ring[number % KEPT] : undefined;
  }
}
