/** The processes that go to other nodes, each when nothing else is done with it. */
import { rm } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import type { HeldProcess } from '../../linux/index.ts';
import type { Depart, Init, Settle } from '../../wire/index.ts';
import { endOfCapture } from '../migrate/index.ts';
import { Departure } from './departure.ts';
import type { CaptureOf } from './left-captures.ts';
import type { MoveParts } from './move-parts.ts';

/** The moves from here that are under way. Disposing of it calls off those that can be. */
export class Departures implements AsyncDisposable {
  readonly #parts: MoveParts;
  readonly #moves = new Map<string, Departure>();
  readonly #running = new Set<Promise<void>>();
  /** What each process has to do last. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(parts: MoveParts) {
    this.#parts = parts;
  }

  begin(key: string, order: Depart): void {
    const departure = new Departure(this.#parts, key, order);
    const number = String(order.number);
    this.#moves.set(number, departure);
    this.enqueue(key, () => departure.run().finally(() => this.#moves.delete(number)));
  }

  /** Waits for a capture that an earlier life of the daemon has begun. */
  take(held: HeldProcess, { key, number, directory }: CaptureOf): void {
    const { engine, tell } = this.#parts;
    this.enqueue(key, async () => {
      // where the engine is lost meanwhile, so is all that it held
      const capture = await endOfCapture(engine(), held).catch(() => undefined);
      const error = new BprocError('BE_SLAVEDIED', 'the slave of its node was started anew while it was captured');
      if (number === undefined) tell({ type: 'thawed', key, checkpointed: capture?.isGone === true });
      else tell({ type: 'departed', key, number, error: capture?.isGone === true ? undefined : error });
      capture?.forget();
      await rm(directory, { recursive: true, force: true });
    });
  }

  /** Does something after all that was begun with a process: one stands still once at a time. What is done never rejects. */
  enqueue(key: string, work: () => Promise<void>): void {
    const before = this.#last.get(key) ?? Promise.resolve();
    const running = before.then(work).finally(() => {
      if (this.#last.get(key) === running) this.#last.delete(key);
      this.#running.delete(running);
    });
    this.#running.add(running);
    this.#last.set(key, running);
  }

  /** The process is gone from here: the other slave may let it run. */
  settle(settle: Init<Settle>): void {
    this.#moves.get(String(settle.number))?.settle(settle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const move of this.#moves.values()) move.callOff(new BprocError('BE_NODEDOWN', 'the slave is shutting down'));
    await Promise.all(this.#running);
  }
}
