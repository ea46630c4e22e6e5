/** Creating a child process for a request, by Node's own means. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { BprocError } from '../errors.ts';
import { requireAbility, withUmask } from './launch-ability.ts';
import { planLaunch } from './launch-plan.ts';
import type { Origin } from './process-tree.ts';
import { readStat } from './procfs.ts';
import { isShellFallback } from './shell-fallback.ts';
import { environmentOf, MARKER_VARIABLE, type SpawnRequest } from './spawn-request.ts';
import { formatFailure, startFailure } from './start-failure.ts';
import { closeAll, openStdio } from './stdio-files.ts';

/**
 * Starts a program in a session of its own. A child without a pid has failed and will say why
 * in its `error` event.
 *
 * @throws BprocError for every failure that is known at once.
 */
export function launch(request: SpawnRequest): ChildProcess {
  const opened: number[] = [];
  try {
    const { file, argv, cwd } = planLaunch(request);
    requireAbility(request);
    return withUmask(request.umask, () =>
      spawn(file, argv.slice(1), {
        argv0: argv[0] ?? file,
        cwd,
        // Node adds NODE_V8_COVERAGE to every environment that does not mention it.
        env: { NODE_V8_COVERAGE: undefined, ...environmentOf(request), [MARKER_VARIABLE]: request.marker },
        detached: true,
        stdio: openStdio(request, opened),
      }),
    );
  } catch (cause) {
    throw startFailure(request, cause);
  } finally {
    if (opened.length > 0) closeAll(opened);
  }
}

/**
 * Who the process just started is. Node reaps a child only when the event loop turns, so that called
 * at once it finds at least a zombie.
 *
 * @throws BprocError ENOEXEC where it is a shell that was given a file which is no program, EMFILE
 *   or ENFILE without a descriptor to look with, ENOSYS without `/proc`; the process then still runs.
 */
export function identify(request: SpawnRequest, pid: number): Origin {
  const stat = readStat(pid);
  if (stat === undefined) throw unseenFailure(request, pid);
  if (isShellFallback(request, stat)) throw formatFailure(request);
  return { pid, startTime: stat.startTime, marker: request.marker };
}

/** Why a process that was just started cannot be looked at. */
function unseenFailure(request: SpawnRequest, pid: number): BprocError {
  const path = `/proc/${pid}/stat`;
  try {
    closeSync(openSync(path, 'r'));
  } catch (cause) {
    // Its own pipes may have taken the last descriptors.
    const { code } = BprocError.from(cause);
    if (code === 'EMFILE' || code === 'ENFILE') return startFailure(request, cause);
  }
  return new BprocError('ENOSYS', `${path} cannot be read: mount procfs on /proc`);
}
