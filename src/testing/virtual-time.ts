/** Lets virtual time pass, and between two timers everything happen that needs no time. */
import { BprocError } from '../errors.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Longest that a promise is waited for, in virtual milliseconds. */
const PATIENCE_MS = 3_600_000;

/** As Node calls operations on files. */
const FILE_WORK = new Set(['FSReqPromise', 'FSReqCallback', 'CloseReq']);

/** Drives a virtual clock: one call at a time. */
export class VirtualTime {
  readonly #clock: VirtualClock;
  readonly #usesFiles: boolean;
  #running = false;

  /** @param usesFiles whether what happens takes real files, for which time stands still */
  constructor(clock: VirtualClock, usesFiles = false) {
    this.#clock = clock;
    this.#usesFiles = usesFiles;
  }

  /**
   * Lets time pass: until a promise settles, or for so many virtual milliseconds.
   *
   * @returns what the promise resolves to; rejects as it does.
   * @throws BprocError ETIMEDOUT where nothing is left that could settle it, or an hour was not enough;
   *   EBUSY inside another call.
   */
  async run<T>(target: Promise<T> | number): Promise<T | undefined> {
    if (this.#running) throw new BprocError('EBUSY', 'this world runs already: let one call drive it');
    this.#running = true;
    try {
      if (typeof target !== 'number') return await this.#runUntil(target);
      const until = this.#clock.now() + target;
      await this.drive(() => (this.#clock.nextAt ?? Number.POSITIVE_INFINITY) > until);
      this.#clock.advanceTo(until);
      return undefined;
    } finally {
      this.#running = false;
    }
  }

  async #runUntil<T>(target: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    target.then(settle, settle);
    const deadline = this.#clock.now() + PATIENCE_MS;
    await this.drive(() => settled || this.#clock.now() > deadline);
    if (settled) return target;
    throw new BprocError(
      'ETIMEDOUT',
      `nothing came of it by ${this.#clock.now()} virtual ms: nothing is left to happen`,
    );
  }

  /** Lets time pass until something is so, or nothing is left to happen. */
  async drive(isDone: () => boolean): Promise<void> {
    for (;;) {
      do await settle();
      while (this.#usesFiles && areFilesBusy());
      if (isDone() || !this.#clock.step()) return;
    }
  }
}

/** Whether an operation on a file is under way in this process. */
function areFilesBusy(): boolean {
  return process.getActiveResourcesInfo().some((each) => FILE_WORK.has(each));
}

/** Lets everything happen that needs no time: promises, and what streams have queued. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
