/** The end of a launcher that would wait for ever for what could not be started. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, readStat } from '../linux/index.ts';

/** How far up it is looked for: a launcher may call a script that calls this program. */
const GENERATIONS = 4;
/** Time a launcher has to end by itself: Hydra's does so at its first signal, or at none. */
const GRACE_MS = 2000;
const POLL_MS = 20;
const HEARD_MS = 100;

/** An ancestor of this program. */
interface Ancestor {
  readonly pid: number;
  readonly command: string;
  readonly startTime: number;
}

/** The `mpiexec` that called this program; undefined where no ancestor is one. */
export function findLauncher(): Ancestor | undefined {
  return launcherAbove(process.ppid, GENERATIONS);
}

/** Ends it: TERM, then KILL. Its own way to end is to tell those on the nodes, of which one is not there. */
export async function endLauncher(launcher: Ancestor): Promise<void> {
  // it passes on what was said on stderr
  await sleep(HEARD_MS);
  send(launcher, 'SIGTERM');
  for (const until = performance.now() + GRACE_MS; isThere(launcher) && performance.now() < until; ) {
    await sleep(POLL_MS);
  }
  send(launcher, 'SIGKILL');
}

function launcherAbove(pid: number, generations: number): Ancestor | undefined {
  const stat = generations === 0 || pid <= 1 ? undefined : readStat(pid);
  if (stat === undefined) return undefined;
  return /^mpi(?:exec|run)/.test(stat.command) ? stat : launcherAbove(stat.ppid, generations - 1);
}

/** A pid may be another's by now. */
function isThere({ pid, startTime }: Ancestor): boolean {
  const stat = readStat(pid);
  return stat !== undefined && isAlive(stat) && stat.startTime === startTime;
}

function send(launcher: Ancestor, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (!isThere(launcher)) return;
  try {
    process.kill(launcher.pid, signal);
  } catch {
    // it has ended meanwhile
  }
}
