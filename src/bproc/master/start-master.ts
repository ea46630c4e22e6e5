/** Starting a master with the machine's own parts. */
import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import { systemClock } from '../../clock.ts';
import { removeForsakenDirectories } from '../../linux/index.ts';
import { fileEpochStore } from '../../state/index.ts';
import type { Epoch } from '../epoch.ts';
import { Master } from './master.ts';
import type { MasterOptions } from './master-options.ts';
import { openDoor } from './open-door.ts';

/**
 * Starts a master: the owner of the node table and the process table.
 *
 * @throws BprocError EADDRINUSE, EACCES and others where it cannot listen or keep its state; EINVAL for `tls://`
 *   without a `stateDir`; ENOENT for `usersBy: 'kernel'` without a holder; ENOSYS for `users: 'all'` where neither that nor a
 *   directory of root's that is open to all is there.
 */
export async function startMaster(options: MasterOptions = {}): Promise<Master> {
  await removeForsakenDirectories();
  const clock = options.clock ?? systemClock();
  if (options.stateDir !== undefined) await mkdir(options.stateDir, { recursive: true, mode: 0o700 });
  const door = options.users === 'all' ? await openDoor(clock, options.usersBy) : undefined;
  const master = new Master(options, clock, nextEpoch(options.stateDir, clock), door);
  try {
    for (const address of [options.listen ?? []].flat()) await master.listen(address);
  } catch (error) {
    await master[Symbol.asyncDispose]();
    throw error;
  }
  return master;
}

/** Without a place to keep it the epoch is the time: it grows with every start on one machine. */
function nextEpoch(stateDir: string | undefined, clock: Clock): Epoch {
  const fresh = { generation: 0, revision: Math.floor(clock.wallTime()) };
  if (stateDir === undefined) return fresh;
  const store = fileEpochStore(stateDir, 'epoch');
  const last = store.load();
  const epoch = last === undefined ? fresh : { generation: last.generation, revision: last.revision + 1 };
  store.save(epoch);
  return epoch;
}
