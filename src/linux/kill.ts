/** Signals to processes that are surely the meant ones, one by one, by group, by tree and by marker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BprocError } from '../errors.ts';
import { findMembers, type MarkerOwner, type Origin, placeProcesses } from './process-tree.ts';
import type { ProcessView } from './process-view.ts';
import { isAlive, type ProcessRecord } from './procfs.ts';
import type { ProcessIdentity, SignalScope } from './spawner.ts';

const SIGKILL = 9;
/** A pass may miss a process in the middle of its execve, when its environment cannot be seen. */
const CLEAN_PASSES = 2;
/** What still breeds after so many passes cannot be killed from outside faster than it forks. */
const MOST_PASSES = 100;

/** What {@link killAll} did. */
export interface Kills {
  /** Everyone that was found, also who could not be signalled for lack of permission. */
  readonly found: readonly ProcessIdentity[];
  /** How many of them got the signal. */
  readonly killed: number;
}

/** Picks, out of all processes, those that are to be killed. */
export type Finder = (records: readonly ProcessRecord[], view: ProcessView) => Promise<readonly ProcessRecord[]>;

/**
 * Signals one process if it is still the same one and not a zombie.
 *
 * @returns whether it got the signal.
 * @throws BprocError EPERM where it is another user's, EINVAL for a signal the kernel does not know.
 */
export async function signalProcess(view: ProcessView, identity: ProcessIdentity, signal: number): Promise<boolean> {
  const stat = await view.look(identity);
  return stat !== undefined && isAlive(stat) && view.send(identity, signal);
}

/**
 * Signals the process group that a started process leads, also when only others of it are left.
 *
 * @returns whether a process got the signal.
 * @throws BprocError EPERM where all of them are another user's, EINVAL for an unknown signal.
 */
export async function signalGroup(view: ProcessView, origin: Origin, signal: number): Promise<boolean> {
  const leader = await view.look(origin);
  if (leader !== undefined && isAlive(leader)) return view.sendGroup(origin.pid, signal);
  const members = (await view.list()).filter((record) => record.pgid === origin.pid && isAlive(record));
  // Without its leader the group's number may by now be another's: one of its members has to prove it.
  const markers = leader === undefined ? await view.markers(members) : new Map<number, string>();
  const proven = members.some((member) => leader !== undefined || markers.get(member.pid) === origin.marker);
  return proven && view.sendGroup(origin.pid, signal);
}

/**
 * Signals a started process, its group and all its descendants, also those in other sessions and
 * those it left behind. SIGKILL is repeated until no new one is found; every other signal reaches
 * each process once.
 *
 * @returns whether a process got the signal.
 * @throws BprocError EPERM where it may signal none of them, EINVAL for an unknown signal.
 */
export async function signalTree(view: ProcessView, origin: Origin, signal: number): Promise<boolean> {
  return signalFamily(view, origin, signal, membersOf([origin]));
}

/**
 * Signals a process that was not started but forked by one that was: it alone, the group it is in,
 * which another may lead, or it with its group and all that it has forked itself.
 *
 * @returns whether a process got the signal.
 * @throws BprocError EPERM where it may signal none of them, EINVAL for an unknown signal.
 */
export async function signalForked(
  view: ProcessView,
  identity: ProcessIdentity,
  signal: number,
  scope: SignalScope,
): Promise<boolean> {
  if (scope === 'process') return signalProcess(view, identity, signal);
  const stat = await view.look(identity);
  if (stat === undefined || !isAlive(stat)) return false;
  if (scope === 'group') return view.sendGroup(stat.pgid, signal);
  // Not by its marker, which it shares with all that came of the same start.
  return signalFamily(view, identity, signal, async (records) => {
    const family = placeProcesses(records, [identity]);
    return records.filter((record) => family.has(record.pid));
  });
}

/** Signals all that `find` finds, and at one blow the group that `head` leads. */
async function signalFamily(view: ProcessView, head: ProcessIdentity, signal: number, find: Finder): Promise<boolean> {
  if (signal === SIGKILL) return (await killAll(view, find)).killed > 0;
  const members = (await find(await view.list(), view)).filter(isAlive);
  const leader = await view.look(head);
  let refused: BprocError | undefined;
  let reached = false;
  const attempt = async (send: Promise<boolean>): Promise<void> => {
    try {
      reached = (await send) || reached;
    } catch (error) {
      refused = BprocError.from(error);
    }
  };
  // The group at one blow where that is safe, so that nobody of it forks in between.
  const leads = leader?.pgid === head.pid;
  if (leads && members.length > 0) await attempt(view.sendGroup(head.pid, signal));
  const rest = members.filter((member) => !leads || member.pgid !== head.pid);
  await Promise.all(rest.map((member) => attempt(view.send(member, signal))));
  if (!reached && refused !== undefined) throw refused;
  return reached;
}

/** Sends SIGKILL to all that `find` finds, again and again until it finds no new one. */
export async function killAll(view: ProcessView, find: Finder): Promise<Kills> {
  const found = new Map<string, ProcessIdentity>();
  let killed = 0;
  for (let pass = 0, clean = 0; pass < MOST_PASSES && clean < CLEAN_PASSES; pass += 1) {
    const before = found.size;
    const targets = (await find(await view.list(), view)).filter((target) => {
      const key = `${target.pid}/${target.startTime}`;
      if (found.has(key) || view.isEngine(target.pid) || !isAlive(target)) return false;
      found.set(key, target);
      return true;
    });
    // Another user's is not killed: whoever waits for it to go will say so.
    const sent = await Promise.all(targets.map((target) => view.send(target, SIGKILL).catch(() => false)));
    killed += sent.filter(Boolean).length;
    clean = found.size === before ? clean + 1 : 0;
  }
  return { found: [...found.values()], killed };
}

/** Finds what belongs to any of `origins`, or carries a marker that `ownerOf` knows. */
export function membersOf(origins: readonly Origin[], ownerOf?: MarkerOwner): Finder {
  return async (records, view) => {
    const members = await findMembers(view, records, origins, ownerOf);
    return records.filter((record) => members.has(record.pid));
  };
}

/** Finds what carries a marker that begins with `prefix`. */
export function markedWith(prefix: string): Finder {
  return async (records, view) => {
    const markers = await view.markers(records);
    return records.filter((record) => markers.get(record.pid)?.startsWith(prefix) === true);
  };
}

/**
 * Sends SIGKILL like {@link killAll}, and waits until all that was found is gone or a zombie.
 *
 * @returns those that still run `deadlineMs` milliseconds after the last signal.
 */
export async function killAndWait(
  view: ProcessView,
  find: Finder,
  deadlineMs: number,
): Promise<readonly ProcessIdentity[]> {
  let left = (await killAll(view, find)).found;
  const deadline = performance.now() + deadlineMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    const stats = await Promise.all(left.map((identity) => view.look(identity)));
    left = left.filter((_, index) => {
      const stat = stats[index];
      return stat !== undefined && isAlive(stat);
    });
    if (left.length === 0 || performance.now() >= deadline) return left;
    await sleep(pauseMs);
  }
}
