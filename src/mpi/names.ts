/** Names that ranks publish for each other, in the master. PROTOCOL.md 14.1. */
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { MpiName } from '../wire/index.ts';

/** Names of one user, or of one job, and bytes of each with its value. */
const MOST_NAMES = 1024;
const MOST_BYTES = 64 * 1024;
/** For how long a look for a name waits at a time. */
const WAIT_MS = 1000;

interface Name {
  readonly value: Buffer;
  readonly job: string;
  readonly once: boolean;
}

/** Who sees names: a job, or a user's jobs. */
export type NameSpace = `job ${string}` | `user ${number}`;

/** All names of a master. */
export class Names {
  readonly #spaces = new Map<NameSpace, Map<string, Name>>();
  readonly #waiting = new Set<() => void>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether it was free. @throws BprocError EDQUOT, E2BIG. */
  publish(space: NameSpace, job: string, name: string, { value, once }: Pick<MpiName, 'value' | 'once'>): boolean {
    const names = this.#spaces.get(space) ?? new Map<string, Name>();
    if (names.has(name)) return false;
    if (name.length + value.length > MOST_BYTES)
      throw new BprocError('E2BIG', `a name and its value have at most ${MOST_BYTES} bytes`);
    if (names.size >= MOST_NAMES) throw new BprocError('EDQUOT', `${MOST_NAMES} names are published already`);
    this.#spaces.set(space, names.set(name, { value: Buffer.from(value), job, once }));
    for (const look of [...this.#waiting]) look();
    return true;
  }

  /** What is published; what is for one reader is free then. */
  read(space: NameSpace, name: string): Buffer | undefined {
    const known = this.#spaces.get(space)?.get(name);
    if (known?.once === true) this.#forget(space, name);
    return known?.value;
  }

  /**
   * Waits a while until a name is there: who waits longer asks again, so that a name for one reader does not go to one who waits no more.
   *
   * @param isOver whether nobody waits any more.
   */
  whenThere(space: NameSpace, name: string, isOver: () => boolean): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      let isLate = false;
      const look = (): void => {
        if (this.#spaces.get(space)?.has(name) !== true && !isOver() && !isLate) return;
        this.#waiting.delete(look);
        stopClock();
        resolve(this.read(space, name));
      };
      const stopClock = this.#clock.after(WAIT_MS, () => {
        isLate = true;
        look();
      });
      this.#waiting.add(look);
      look();
    });
  }

  /** @returns whether there was one. @throws BprocError EPERM for another job's. */
  unpublish(space: NameSpace, job: string, name: string): boolean {
    const names = this.#spaces.get(space);
    const known = names?.get(name);
    if (known === undefined) return false;
    if (known.job !== job) throw new BprocError('EPERM', 'another job has published this name');
    this.#forget(space, name);
    return true;
  }

  /** A job is over, and what it has published with it. */
  drop(job: string): void {
    for (const [space, names] of this.#spaces) {
      for (const [name, known] of names) if (known.job === job) this.#forget(space, name);
    }
    for (const look of [...this.#waiting]) look();
  }

  #forget(space: NameSpace, name: string): void {
    const names = this.#spaces.get(space);
    names?.delete(name);
    if (names?.size === 0) this.#spaces.delete(space);
  }
}
