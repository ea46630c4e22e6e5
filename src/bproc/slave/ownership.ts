/** Whether a forked process is somebody's to signal: the master knows of none whose it is [PROTOCOL 6.4]. */
import { BprocError } from '../../errors.ts';
import { placeProcesses, type SignalScope, type TreeEntry } from '../../linux/index.ts';

/** What a decision goes by. */
export interface ForkedView {
  /** All that the slave runs, as it is now. */
  readonly entries: readonly TreeEntry[];
  /** The user whose started process one came of. */
  readonly starterOf: (entry: TreeEntry) => number | undefined;
}

/**
 * Whether all that a signal reaches is the user's own: what came of a start of his, and else what runs as him. A process
 * of his that another user's started may share its group with that one, or have forked what is not his any more.
 */
export function mayReach(uid: number, entry: TreeEntry, scope: SignalScope, view: ForkedView): boolean {
  const isHis = (each: TreeEntry): boolean => each.uid === uid || view.starterOf(each) === uid;
  return isHis(entry) && reach(entry, scope, view.entries).every(isHis);
}

function reach(entry: TreeEntry, scope: SignalScope, entries: readonly TreeEntry[]): readonly TreeEntry[] {
  if (scope === 'process') return [entry];
  if (scope === 'group') return entries.filter(({ pgid }) => pgid === entry.pgid);
  const family = placeProcesses(entries, [entry]);
  return entries.filter(({ pid, pgid }) => family.has(pid) || pgid === entry.pid);
}

/** The refusal. */
export function notOwn(uid: number, pid: number, node: number | undefined): BprocError {
  const who = 'only the user it runs as or was started by, and the administrator, may';
  const why = `uid ${uid} may not signal process ${pid}, or not all that the signal would reach; ${who}`;
  return new BprocError('EPERM', why, { pid, node: node ?? 0 });
}
