/** Many deadlines behind one timer: a binary heap of keys by time. */

interface Entry {
  readonly key: string;
  readonly at: number;
}

/** A set of deadlines by key. A driver arms one timer for the first of them. */
export class Deadlines {
  readonly #heap: Entry[] = [];
  /** The entry that counts for each key; others in the heap are stale. */
  readonly #current = new Map<string, Entry>();

  /** When the first one is due, or undefined. */
  get next(): number | undefined {
    this.#dropStale();
    return this.#heap[0]?.at;
  }

  /** Sets or moves the deadline of a key. */
  set(key: string, at: number): void {
    const entry = { key, at };
    this.#current.set(key, entry);
    this.#push(entry);
  }

  clear(key: string): void {
    this.#current.delete(key);
  }

  get isEmpty(): boolean {
    return this.#current.size === 0;
  }

  /** When a key is due; undefined where it is not set. */
  at(key: string): number | undefined {
    return this.#current.get(key)?.at;
  }

  has(key: string): boolean {
    return this.#current.has(key);
  }

  /** Takes out the keys that are due, the earliest first. */
  due(now: number): string[] {
    const keys: string[] = [];
    for (;;) {
      this.#dropStale();
      const first = this.#heap[0];
      if (first === undefined || first.at > now) return keys;
      this.#pop();
      this.#current.delete(first.key);
      keys.push(first.key);
    }
  }

  #dropStale(): void {
    for (
      let first = this.#heap[0];
      first !== undefined && this.#current.get(first.key) !== first;
      first = this.#heap[0]
    ) {
      this.#pop();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.at <= entry.at) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      const left = heap[below];
      if (left === undefined) break;
      const right = heap[below + 1];
      if (right !== undefined && right.at < left.at) below += 1;
      const child = heap[below];
      if (child === undefined || child.at >= last.at) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}
