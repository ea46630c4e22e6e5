/**
 * Starts of processes, a few in each turn of the event loop: creating one takes a millisecond or two,
 * and a burst of hundreds must not keep a slave from answering, or its processes from being heard.
 */
import type { Clock } from '../../clock.ts';
import type { SlaveEffect } from './events.ts';

/** What is done to one process, its start above all. */
export type ProcessEffect = Extract<SlaveEffect, { readonly key: string }>;

/**
 * How long starts may keep a slave from everything else, in milliseconds; the last one may go beyond. On a crowded
 * machine that is soon over without a start to show for it, so that there are always a few, which share their messages.
 */
const TURN_MS = 10;
const TURN_STARTS = 4;

/** Carries out what concerns processes, in order for each of them, and starts not too many at once. */
export class SpawnQueue {
  readonly #clock: Clock;
  readonly #carryOut: (effect: ProcessEffect) => void;
  /** Starts that wait for their turn, each followed by what is to be done to its process then. */
  readonly #waiting = new Map<string, ProcessEffect[]>();
  #spentMs = 0;
  #begun = 0;

  /** @param carryOut does one thing, now. */
  constructor(clock: Clock, carryOut: (effect: ProcessEffect) => void) {
    this.#clock = clock;
    this.#carryOut = carryOut;
  }

  /** Carries an effect out: now, or when the start before it has had its turn. */
  perform(effect: ProcessEffect): void {
    const later = this.#waiting.get(effect.key);
    if (later !== undefined) {
      later.push(effect);
    } else if (effect.type !== 'spawn') {
      this.#carryOut(effect);
    } else if (this.#waiting.size === 0 && !this.#isOver) {
      this.#spawn(effect);
    } else {
      this.#waiting.set(effect.key, [effect]);
      if (this.#waiting.size === 1) setImmediate(() => this.#turn());
    }
  }

  #turn(): void {
    this.#spentMs = 0;
    this.#begun = 0;
    for (const [key, [spawn, ...rest]] of this.#waiting) {
      if (this.#isOver) break;
      this.#waiting.delete(key);
      if (spawn !== undefined) this.#spawn(spawn);
      for (const effect of rest) this.#carryOut(effect);
    }
    if (this.#waiting.size > 0) setImmediate(() => this.#turn());
  }

  get #isOver(): boolean {
    return this.#spentMs >= TURN_MS && this.#begun >= TURN_STARTS;
  }

  #spawn(effect: ProcessEffect): void {
    const from = this.#clock.now();
    this.#carryOut(effect);
    this.#spentMs += this.#clock.now() - from;
    this.#begun += 1;
  }
}
