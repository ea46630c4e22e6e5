/** The newest of many entries by key: what is remembered for a while, within bounds. */

/**
 * A map that forgets its oldest entries. It keeps two generations, and drops the older one whole: taking single entries
 * from the beginning of a `Map` costs ever more, since it steps over all that were taken before.
 */
export class Recent<Value> {
  readonly #least: number;
  #newer = new Map<string, Value>();
  #older = new Map<string, Value>();

  /** @param least so many of the newest entries are kept for certain, and never twice as many. */
  constructor(least: number) {
    this.#least = least;
  }

  get(key: string): Value | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  /** Sets or changes an entry, which is the newest then. */
  set(key: string, value: Value): void {
    if (this.#newer.size >= this.#least && !this.#newer.has(key)) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(key, value);
  }

  /** All of them, each once, the oldest first. */
  *entries(): Generator<readonly [string, Value]> {
    for (const entry of this.#older) if (!this.#newer.has(entry[0])) yield entry;
    yield* this.#newer;
  }
}
