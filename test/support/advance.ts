/** Lets time pass on a virtual clock. */
import type { VirtualClock } from '../../src/testing/index.ts';

/** Runs what is due within so many milliseconds, and has these pass. */
export function advance(clock: VirtualClock, ms: number): void {
  const until = clock.now() + ms;
  clock.after(ms, () => {});
  while ((clock.nextAt ?? Number.POSITIVE_INFINITY) <= until) clock.step();
}
