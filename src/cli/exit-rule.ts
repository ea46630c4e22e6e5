/** How `bpsh` tells the ends of many processes by one exit code: the published rule (BProc 2.1). */
import type { ProcessEnd } from '../index.ts';

/** Exit code where a process was killed, lost or timed out. */
const EXIT_ABNORMAL = 255;
/** Exit code where nothing could be started. */
const EXIT_NOTHING_RAN = 1;

/**
 * The highest code that a process exited with, 255 where one of them did not exit by itself. A node on which nothing
 * could be started does not count, unless that is all of them.
 */
export function exitCodeOfAll(ends: readonly ProcessEnd[], failedStarts: number): number {
  if (ends.length === 0) return failedStarts === 0 ? 0 : EXIT_NOTHING_RAN;
  return Math.max(...ends.map((end) => (end.kind === 'exited' ? end.code : EXIT_ABNORMAL)));
}
