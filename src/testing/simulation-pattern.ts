/** Bytes that say by themselves where in which stream they belong. */
import { SeededRandom } from './seeded-random.ts';

/** A prime, so that no usual chunk size divides it. */
const PERIOD = 8191;

/** The numbered bytes of many streams. */
export class Patterns {
  readonly #table = Buffer.from(new SeededRandom(0xb9c0c).bytes(PERIOD));
  readonly #twice = Buffer.concat([this.#table, this.#table]);

  /** The bytes of a stream from an offset on. */
  bytes(stream: string, offset: number, count: number): Buffer {
    const bytes = Buffer.allocUnsafe(count);
    for (let at = 0; at < count; ) {
      const from = (phaseOf(stream) + offset + at) % PERIOD;
      at += this.#twice.copy(bytes, at, from, Math.min(from + PERIOD, from + count - at));
    }
    return bytes;
  }

  /** Whether these are a stream's bytes from an offset on. */
  matches(stream: string, offset: number, bytes: Buffer): boolean {
    const phase = phaseOf(stream);
    for (let at = 0; at < bytes.length; ) {
      const from = (phase + offset + at) % PERIOD;
      const size = Math.min(PERIOD, bytes.length - at);
      if (bytes.compare(this.#twice, from, from + size, at, at + size) !== 0) return false;
      at += size;
    }
    return true;
  }
}

function phaseOf(stream: string): number {
  let phase = 7;
  for (let at = 0; at < stream.length; at += 1) phase = (phase * 31 + stream.charCodeAt(at)) % PERIOD;
  return phase;
}
