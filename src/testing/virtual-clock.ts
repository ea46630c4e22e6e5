/** Time that passes only when it is told to: one clock for a whole virtual world. */
import type { Cancel, Clock } from '../clock.ts';

interface Entry {
  readonly at: number;
  readonly order: number;
  /** Undefined once it has run or was cancelled. */
  callback: (() => void) | undefined;
}

/** Where a virtual wall clock starts: 2020-01-01T00:00:00Z, in milliseconds since 1970. */
const WALL_START = 1_577_836_800_000;
/** Cancelled entries that may lie in the heap before it is rebuilt without them. */
const MOST_STALE = 1024;

/** A clock on which timers run when {@link VirtualClock.step} is called, in the order of their times. */
export class VirtualClock implements Clock {
  #heap: Entry[] = [];
  #now = 0;
  #order = 0;
  #pending = 0;
  #wallOffset = WALL_START;

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#wallOffset + this.#now;
  }

  /** Moves the wall clock by so many milliseconds, forwards or back; the monotonic one does not notice. */
  jumpWall(byMs: number): void {
    this.#wallOffset += byMs;
  }

  /** Timers that have not run and were not cancelled. */
  get pending(): number {
    return this.#pending;
  }

  /** When the next timer is due, or undefined where there is none. */
  get nextAt(): number | undefined {
    this.#dropStale();
    return this.#heap[0]?.at;
  }

  after(delayMs: number, callback: () => void): Cancel {
    const entry: Entry = { at: this.#now + Math.max(0, delayMs), order: this.#order, callback };
    this.#order += 1;
    this.#pending += 1;
    this.#push(entry);
    return () => {
      if (entry.callback === undefined) return;
      entry.callback = undefined;
      this.#pending -= 1;
      if (this.#heap.length > 2 * this.#pending + MOST_STALE) this.#rebuild();
    };
  }

  /**
   * Goes on to the next timer and runs it.
   *
   * @returns false where there is none.
   */
  step(): boolean {
    this.#dropStale();
    const entry = this.#pop();
    if (entry?.callback === undefined) return false;
    const { callback } = entry;
    entry.callback = undefined;
    this.#pending -= 1;
    this.#now = Math.max(this.#now, entry.at);
    callback();
    return true;
  }

  /** Lets time pass up to `at` without running anything; not beyond the next timer. */
  advanceTo(at: number): void {
    const limit = Math.min(at, this.nextAt ?? at);
    this.#now = Math.max(this.#now, limit);
  }

  #dropStale(): void {
    while (this.#heap[0] !== undefined && this.#heap[0].callback === undefined) this.#pop();
  }

  #rebuild(): void {
    const live = this.#heap.filter((entry) => entry.callback !== undefined);
    this.#heap = [];
    for (const entry of live) this.#push(entry);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      const left = heap[below];
      if (left === undefined) break;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, left)) below += 1;
      const child = heap[below];
      if (child === undefined || isBefore(last, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** One host's view of a virtual clock: its timers end with it, its wall clock may be wrong on its own. */
export class HostClock implements Clock {
  readonly #clock: VirtualClock;
  readonly #timers = new Set<Cancel>();
  #stopped = false;
  #wallOffset = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  wallTime(): number {
    return this.#clock.wallTime() + this.#wallOffset;
  }

  /** Moves this host's wall clock alone, in milliseconds. */
  jumpWall(byMs: number): void {
    this.#wallOffset += byMs;
  }

  /** This host's timers that are still to run. */
  get pending(): number {
    return this.#timers.size;
  }

  after(delayMs: number, callback: () => void): Cancel {
    if (this.#stopped) return () => {};
    const cancelTimer = this.#clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      callback();
    });
    const cancel = (): void => {
      this.#timers.delete(cancel);
      cancelTimer();
    };
    this.#timers.add(cancel);
    return cancel;
  }

  /** The host is dead: none of its timers runs any more, and new ones never will. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of [...this.#timers]) cancel();
  }
}
