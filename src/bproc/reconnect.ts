/** When to try again for a master [PROTOCOL 3.2]: ever less often, and never all openers at the same instant. */
import type { Random } from '../random.ts';
import { fraction } from './ids.ts';

/** How long an opener waits, in milliseconds, before its first retry and at most. */
export interface RetryTimes {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Doublings after which every pair of times is at its longest. */
const MOST_DOUBLINGS = 10;

/**
 * Milliseconds until the next try: doubled with each one that failed, times a random factor from 0.5 to 1.
 *
 * @param tries how many have failed since a master was met.
 */
export function retryDelayMs({ firstMs, longestMs }: RetryTimes, tries: number, random: Random): number {
  const delayMs = Math.min(longestMs, firstMs * 2 ** Math.min(tries, MOST_DOUBLINGS));
  return delayMs * (0.5 + fraction(random) / 2);
}
