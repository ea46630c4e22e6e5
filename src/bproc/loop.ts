/** What the drivers of the roles share: one event at a time, and one timer for all deadlines. */
import type { Cancel, Clock } from '../clock.ts';
import type { Deadlines } from './deadlines.ts';

/** Feeds events to a reducer, one after another, also those that its effects cause. */
export class Loop<Event> {
  readonly #take: (event: Event) => void;
  readonly #queue: Event[] = [];
  #running = false;

  constructor(take: (event: Event) => void) {
    this.#take = take;
  }

  dispatch(event: Event): void {
    if (this.#running) {
      this.#queue.push(event);
      return;
    }
    this.#running = true;
    contain(this.#take, event);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) contain(this.#take, next);
    this.#running = false;
  }
}

/** Carries effects out in order; one that fails does not keep the others from happening. */
export function carryOut<Effect>(effects: readonly Effect[], perform: (effect: Effect) => void): void {
  for (const effect of effects) contain(perform, effect);
}

/**
 * What a listener of the embedding program throws is that program's to hear of, as an uncaught
 * exception; it is no fault of the peer, and must not undo what is half done here.
 */
export function contain<Subject>(action: (subject: Subject) => void, subject: Subject): void {
  try {
    action(subject);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Arms one timer for the first of many deadlines. */
export class Alarm {
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #ring: () => void;
  #armedFor: number | undefined;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, deadlines: Deadlines, ring: () => void) {
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#ring = ring;
  }

  /** To be called when deadlines may have changed. */
  update(): void {
    const { next } = this.#deadlines;
    // an alarm that rings too early costs one look at the heap, moving it at every event costs more
    if (next === undefined || (this.#armedFor !== undefined && this.#armedFor <= next)) return;
    this.#cancel?.();
    this.#armedFor = next;
    this.#cancel = this.#clock.after(Math.max(0, next - this.#clock.now()), () => {
      this.#armedFor = undefined;
      this.#cancel = undefined;
      this.#ring();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armedFor = Number.NEGATIVE_INFINITY;
  }
}
