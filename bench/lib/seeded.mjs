/** Chance that is the same in every run. */
export class SeededRandom {
  #state;

  constructor(seed) {
    this.#state = (seed * 2_654_435_761 + 1) >>> 0;
  }

  /** A whole number from 0 to most. */
  upTo(most) {
    // xorshift
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % (most + 1);
  }
}
