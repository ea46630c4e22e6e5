/**
 * Who has a pool of cgroups, as cgroups in it that nobody is in: a program that takes the pool up, and one that removes it.
 * Both claim it before they look at whether the other one has, so that at least one of two sees the other. A name is no
 * file that could outlive its pool, and a pool in which there is one cannot be removed.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BprocError } from '../errors.ts';
import { pidNamespace } from './own-directory.ts';
import { ownIdentity, readIdentified } from './procfs.ts';

/** What a claim says, and by whom: a process of a pid namespace. */
const CLAIM = /^(owner|cleaner)-(\d+)-(\d+)-(\d+)$/;
/** Of a pool that another life of the program may come back to. */
const KEPT = /^bproc-[0-9a-f]{16}$/;
/** To remove one pool takes milliseconds. */
const CLEANER_DEADLINE_MS = 5000;
const CLEANER_PAUSE_MS = 5;
/** Of others, in use again, or gone already. */
const NOT_OURS: ReadonlySet<unknown> = new Set(['ENOENT', 'EBUSY', 'ENOTEMPTY', 'EACCES', 'EPERM', 'ENODEV']);

/**
 * Claims a pool for this program, whether it exists yet or not; it stays for as long as the program runs.
 *
 * @throws BprocError EBUSY where another program does not finish removing it, or the code of the file operation that failed.
 */
export async function claimPool(path: string): Promise<void> {
  holdPool(path);
  const deadline = performance.now() + CLEANER_DEADLINE_MS;
  while (claimsIn(path).some(({ role, isAlive }) => role === 'cleaner' && isAlive)) {
    if (performance.now() > deadline) throw new BprocError('EBUSY', `${path} is being removed by another program`);
    await sleep(CLEANER_PAUSE_MS);
  }
  for (const { name, isAlive } of claimsIn(path)) if (!isAlive) removeOne(path, name);
}

/** Makes the claim again, where a holder that ended has taken the pool away with it. */
export function holdPool(path: string): void {
  mkdirSync(join(path, claimOf('owner')), { recursive: true });
}

/** Removes pools of programs that were killed, once nobody is in them: what they leave slows every fork down. */
export function removeForsakenPools(home: string): void {
  for (const name of readdirSync(home)) if (KEPT.test(name)) removeForsaken(join(home, name));
}

function removeForsaken(path: string): void {
  try {
    if (!isForsaken(path)) return;
    const own = claimOf('cleaner');
    mkdirSync(join(path, own));
    // looked at again: whoever has come since then waits until the claim is gone
    if (isForsaken(path)) {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        // a living claim in this list is another remover's, and a newer one is not in it
        if (entry.isDirectory() && claimIn(entry.name)?.isAlive !== true) removeOne(path, entry.name);
      }
    }
    removeOne(path, own);
    rmdirSync(path);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && NOT_OURS.has(cause.code))) throw cause;
  }
}

function isForsaken(path: string): boolean {
  const isEmpty = /^populated 0$/m.test(readFileSync(join(path, 'cgroup.events'), 'latin1'));
  return isEmpty && !claimsIn(path).some(({ role, isAlive }) => role === 'owner' && isAlive);
}

function removeOne(path: string, name: string): void {
  try {
    rmdirSync(join(path, name));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && NOT_OURS.has(cause.code))) throw cause;
  }
}

interface Claim {
  readonly name: string;
  readonly role: string;
  /** Whether its program runs; so it counts where that is in another pid namespace, and cannot be seen. */
  readonly isAlive: boolean;
}

function claimsIn(path: string): readonly Claim[] {
  return readdirSync(path).flatMap((name) => claimIn(name) ?? []);
}

function claimIn(name: string): Claim | undefined {
  const [, role, pid, startTime, namespace] = CLAIM.exec(name) ?? [];
  if (role === undefined) return undefined;
  const identity = { pid: Number(pid), startTime: Number(startTime) };
  return { name, role, isAlive: namespace !== pidNamespace() || readIdentified(identity) !== undefined };
}

function claimOf(role: 'owner' | 'cleaner'): string {
  const { pid, startTime } = ownIdentity();
  return `${role}-${pid}-${startTime}-${pidNamespace()}`;
}
