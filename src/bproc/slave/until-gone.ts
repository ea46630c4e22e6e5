/** Waits for what has been ended: until nothing of a process is left its pids are taken, and it could not come back. */
import type { Clock } from '../../clock.ts';
import type { SpawnedProcess } from '../../linux/index.ts';

/** How often it is looked, and for how long at most, in milliseconds. */
const LOOK_MS = 5;
const GONE_MS = 5000;

/** Resolves when nothing is left of it, or that has taken too long. */
export async function untilGone(left: SpawnedProcess, clock: Clock): Promise<void> {
  const from = clock.now();
  while (clock.now() - from < GONE_MS && (await left.signal(0, 'tree').catch(() => false))) {
    await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
  }
}
