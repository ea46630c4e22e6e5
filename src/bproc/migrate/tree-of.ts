/** A process and what descends from it. */
import { BprocError } from '../../errors.ts';
import { listProcesses, type ProcessRecord } from '../../linux/index.ts';

/** One of them, as this program's `/proc` has it. */
export interface Relative {
  readonly pid: number;
  readonly command: string;
}

/** Those that run, the process itself first. */
export async function treeOf(root: number): Promise<readonly Relative[]> {
  const all = await listProcesses();
  const found = all.filter(({ pid }) => pid === root);
  const children = new Map<number, ProcessRecord[]>();
  for (const record of all) {
    const siblings = children.get(record.ppid);
    if (siblings === undefined) children.set(record.ppid, [record]);
    else siblings.push(record);
  }
  for (const { pid } of found) found.push(...(children.get(pid) ?? []));
  return found.filter(({ state }) => state !== 'Z');
}

/** Undefined where what was looked at has gone meanwhile, or is not for this program to see: then the capture has to tell. */
export async function orGone<T>(looked: Promise<T>): Promise<T | undefined> {
  try {
    return await looked;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'].includes(BprocError.from(error).code))
      return undefined;
    throw error;
  }
}
