/** The seam through which randomness comes into the library. */
import { randomBytes } from 'node:crypto';

/** A source of random bytes: the kernel's, or the test kit's seeded one. */
export interface Random {
  /** So many random bytes. */
  bytes(count: number): Uint8Array;
}

/** The kernel's randomness. */
export function systemRandom(): Random {
  return { bytes: (count) => randomBytes(count) };
}
