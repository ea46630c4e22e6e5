/** Passed places before the list is made anew. */
const LEAST_PASSED = 64;

/** What waits in its order. Taking the first costs the same however many wait: an array would move all of the others. */
export class Fifo<T> {
  #items: T[] = [];
  #passed = 0;

  get length(): number {
    return this.#items.length - this.#passed;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.#items[this.#passed];
    if (this.length === 0) return undefined;
    this.#passed += 1;
    if (this.#passed >= LEAST_PASSED && this.#passed * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#passed);
      this.#passed = 0;
    }
    return item;
  }
}
