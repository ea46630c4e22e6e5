/** A connection inside one process. */

import type { Duplex } from 'node:stream';
import { duplexPair } from 'node:stream';

const HIGH_WATER_MARK = 256 * 1024;

/** Two Duplexes, each of which reads what the other one writes. */
export function memoryPair(): [Duplex, Duplex] {
  const [left, right] = duplexPair({ highWaterMark: HIGH_WATER_MARK });
  // a socket's peer notices when its other end is destroyed; so does this one
  left.once('close', () => right.destroy());
  right.once('close', () => left.destroy());
  return [left, right];
}
