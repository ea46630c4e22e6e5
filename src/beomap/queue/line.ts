/** Jobs in the order of their turns. */
import { compareTurns, type Entry } from './entry.ts';

/** Those that wait. */
export class Line {
  readonly #entries: Entry[] = [];

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  join(entry: Entry): void {
    const at = this.#placeOf(entry);
    if (this.#entries[at] !== entry) this.#entries.splice(at, 0, entry);
  }

  leave(entry: Entry): void {
    const at = this.#placeOf(entry);
    if (this.#entries[at] === entry) this.#entries.splice(at, 1);
  }

  /** Where a job is, or would have to be. */
  #placeOf(entry: Entry): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#entries[middle];
      if (other !== undefined && compareTurns(other, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
