/** What happened in a simulation: always as a hash, and as lines for whoever wants to read them. */

/** A running hash (FNV-1a, 32 bits) of everything that was noted. */
export class Trace {
  #hash = 0x811c9dc5;
  readonly #now: () => number;
  readonly #print: ((line: string) => void) | undefined;

  /** @param print takes each line; without it none is made. */
  constructor(now: () => number, print: ((line: string) => void) | undefined) {
    this.#now = now;
    this.#print = print;
  }

  /** The hash of everything so far, as eight hexadecimal digits. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  /** Whether lines are wanted: their making costs time. */
  get isPrinted(): boolean {
    return this.#print !== undefined;
  }

  /** Notes numbers, which say what happened to the hash alone. */
  numbers(...values: readonly number[]): void {
    this.#mix(Math.round(this.#now() * 1000));
    for (const value of values) this.#mix(value);
  }

  /** Notes an event, with a line for readers. */
  event(line: string): void {
    this.#mix(Math.round(this.#now() * 1000));
    for (let at = 0; at < line.length; at += 1) this.#mix(line.charCodeAt(at));
    this.line(line);
  }

  /** A line for readers alone. */
  line(line: string): void {
    this.#print?.(`${this.#now().toFixed(3).padStart(12)}  ${line}`);
  }

  #mix(value: number): void {
    this.#hash = Math.imul(this.#hash ^ (value | 0), 0x01000193);
    if (value > 0xffffffff) this.#hash = Math.imul(this.#hash ^ Math.floor(value / 2 ** 32), 0x01000193);
  }
}
