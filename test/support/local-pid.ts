/** Finding processes that tests know only by what they say of themselves. */
import type { Client } from '../../src/index.ts';

/** The pid on this machine of a process that has said its own, wherever it got that. */
export async function localPidOf(bp: Client, own: number): Promise<number> {
  const all = await bp.procList();
  const found = all.find((info) => (info.mapped ? info.localPid : info.pid) === own);
  if (found === undefined) throw new Error(`no process of the cluster says that it is ${own}`);
  return found.localPid;
}
