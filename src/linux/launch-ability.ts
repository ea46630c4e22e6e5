/** What Node itself can give a process of what a request may ask for, and what it cannot. */
import { isMainThread } from 'node:worker_threads';
import { BprocError } from '../errors.ts';
import type { SpawnRequest, UserIdentity } from './spawn-request.ts';

/**
 * Refuses what cannot be done without a holder.
 *
 * @throws BprocError EPERM for another user than this program's, ENOSYS for the rest, EINVAL for a umask that is none.
 */
export function requireAbility(request: SpawnRequest): void {
  const {
    file,
    user,
    umask,
    rlimits,
    pid,
    terminal,
    noNewPrivileges,
    noCapabilities,
    noIoUring,
    binds,
    remake,
    keepsRights,
    descriptors,
  } = request;
  if (user !== undefined && !isOwnUser(user)) {
    throw refusal(
      'EPERM',
      file,
      `user ${user.uid} with group ${user.gid} and its groups is not the one of this program`,
    );
  }
  if (pid !== undefined) throw refusal('ENOSYS', file, 'its pid cannot be chosen');
  if (rlimits !== undefined) throw refusal('ENOSYS', file, 'its limits cannot be set');
  if (noNewPrivileges === true) throw refusal('ENOSYS', file, 'it cannot be kept from new privileges');
  if (noCapabilities === true) throw refusal('ENOSYS', file, 'its capabilities cannot be taken away');
  if (noIoUring === true) throw refusal('ENOSYS', file, 'io_uring cannot be kept from it');
  if (keepsRights === true) throw refusal('ENOSYS', file, 'it cannot keep capabilities');
  if (remake !== undefined) throw refusal('ENOSYS', file, 'no process can be made again by it');
  if (binds !== undefined) throw refusal('ENOSYS', file, 'nothing can be bound for it');
  if (descriptors !== undefined && descriptors.length > 0)
    throw refusal('ENOSYS', file, 'it has no descriptors besides');
  if (terminal !== undefined) throw refusal('ENOSYS', file, 'there is no terminal for it');
  if (umask === undefined) return;
  requireUmask(file, umask);
  if (!isMainThread) throw refusal('ENOSYS', file, 'its umask cannot be set from a worker thread');
}

/**
 * Checks the umask of a request.
 *
 * @throws BprocError EINVAL.
 */
export function requireUmask(file: string, umask: number): void {
  if (Number.isInteger(umask) && umask >= 0 && umask <= 0o777) return;
  throw new BprocError('EINVAL', `program ${JSON.stringify(file)} cannot be started: umask ${umask} is not 0 to 0o777`);
}

/** Does something that takes no turn of the event loop, so that nothing else sees the umask, under another umask. */
export function withUmask<T>(umask: number | undefined, act: () => T): T {
  if (umask === undefined) return act();
  const own = process.umask(umask);
  try {
    return act();
  } finally {
    process.umask(own);
  }
}

/** Whether a process that is started without further ado has these rights anyway. */
export function isOwnUser({ uid, gid, groups }: UserIdentity): boolean {
  const own = new Set(process.getgroups?.() ?? []);
  own.add(gid);
  const asked = new Set([...groups, gid]);
  const sameGroups = asked.size === own.size && [...asked].every((group) => own.has(group));
  return process.geteuid?.() === uid && process.getegid?.() === gid && sameGroups;
}

function refusal(code: 'EPERM' | 'ENOSYS', file: string, why: string): BprocError {
  const what = `program ${JSON.stringify(file)} cannot be started: by the engine child_process ${why}`;
  return new BprocError(code, `${what}; use a slave with a holder`);
}
