/** The key-value space of a job on one node: what its own ranks have put since the last barrier goes to the others with the next one. */
import { BprocError } from '../../errors.ts';

/** The most that keys and values have, in characters, as hydra tells it. */
export const MAXES = { kvsname: 256, key: 64, value: 1024 } as const;
/** Pairs of one job. */
const MOST_PAIRS = 1_000_000;

/** What the ranks of a job have put. */
export class KeyValueSpace {
  readonly #pairs = new Map<string, string>();
  #fresh: string[] = [];

  /** @throws BprocError E2BIG, EINVAL. */
  put(key: string, value: string): void {
    if (/[\s=]/.test(key) || value.includes('\n')) throw new BprocError('EINVAL', 'invalid_key');
    if (key.length > MAXES.key) throw new BprocError('E2BIG', 'keylen_exceeded');
    // clients send what they were told is the most; what fits into a line is kept
    if (value.length > 4 * MAXES.value) throw new BprocError('E2BIG', 'vallen_exceeded');
    if (this.#pairs.size >= MOST_PAIRS) throw new BprocError('EDQUOT', 'too_many_keys');
    this.#pairs.set(key, value);
    this.#fresh.push(`${key} ${value}\n`);
  }

  get(key: string): string | undefined {
    return this.#pairs.get(key);
  }

  /** What was put since it was last taken, for {@link merge}. */
  take(): Uint8Array {
    const fresh = Buffer.from(this.#fresh.join(''), 'latin1');
    this.#fresh = [];
    return fresh;
  }

  /** Adds what other nodes have put. */
  merge(fresh: Uint8Array): void {
    if (fresh.length === 0) return;
    const text = Buffer.from(fresh.buffer, fresh.byteOffset, fresh.length).toString('latin1');
    for (const line of text.split('\n')) {
      const space = line.indexOf(' ');
      if (space >= 0) this.#pairs.set(line.slice(0, space), line.slice(space + 1));
    }
  }
}
