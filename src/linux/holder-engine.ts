/** Making a spawner of the engine `holder`. */
import { type Clock, systemClock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import { type Cgroups, openCgroups } from './cgroup-home.ts';
import type { CgroupPool } from './cgroup-pool.ts';
import { findHolder, type PidNamespace } from './holder-binary.ts';
import { openHolderDirectory, reachHolder } from './holder-directory.ts';
import { HolderSpawner } from './holder-spawner.ts';

/** How {@link createHolderSpawner} goes about it. */
export interface HolderSpawnerOptions {
  /** The holder's program. Default: the one that was built with this package. */
  readonly binary?: string | undefined;
  /**
   * Where the holder lives that keeps processes, their output and their ends while the program is away; for one
   * spawner at a time. Default: a holder of this spawner's own, which ends with it and with the program.
   */
  readonly stateDir?: string | undefined;
  /** How long descendants may hold an output open after their process ended, in milliseconds. Default 500. */
  readonly lingerMs?: number | undefined;
  /** The clock that `lingerMs` goes by. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /**
   * Where processes get numbers of their own: in a new pid namespace (`root`), in one with a user namespace for
   * ordinary users (`user`), or `none`. Default `auto`: `root` where this program may, else `none`; in a user namespace
   * with one user programs that change theirs, such as sudo, do not work.
   */
  readonly pidNamespace?: PidNamespace | undefined;
  /** With `stateDir`: how long a holder waits for the program to return before it kills what it holds, in milliseconds. Default: for ever. */
  readonly orphanedMs?: number | undefined;
  /**
   * Whether each process gets a cgroup of its own, so that SIGKILL of scope tree reaches at one blow whatever came of
   * it: where this program may make cgroups (`auto`), nowhere (`none`), or in a directory delegated for it. Default `auto`.
   */
  readonly cgroups?: Cgroups | undefined;
  /** More options of the holder's program, for tests. */
  readonly holderOptions?: readonly string[] | undefined;
}

/**
 * Makes a spawner on a holder: the one that lives in `stateDir`, or a new one.
 *
 * @throws BprocError ENOENT where the holder's program was not built, EBUSY where another spawner uses `stateDir`,
 *   EPERM where a namespace that was asked for is not permitted, or the code of the file operation that failed.
 */
export async function createHolderSpawner(options: HolderSpawnerOptions = {}): Promise<HolderSpawner> {
  const { lingerMs = 500, clock = systemClock(), stateDir, pidNamespace = 'auto', orphanedMs } = options;
  for (const [name, value] of Object.entries({ lingerMs, orphanedMs: orphanedMs ?? 0 })) {
    if (!(value >= 0)) throw new BprocError('EINVAL', `${name} is ${value}: it must be 0 or more milliseconds`);
  }
  const binary = findHolder(options.binary);
  const directory = openHolderDirectory(stateDir);
  const keeps = stateDir !== undefined;
  let cgroups: CgroupPool | undefined;
  const launch = {
    binary,
    directory: directory.path,
    orphanedMs: stateDir === undefined ? 0 : orphanedMs,
    pidNamespace,
    options: [...(options.holderOptions ?? [])],
  };
  try {
    cgroups = await openCgroups(options.cgroups ?? 'auto', directory.path, keeps);
    if (cgroups !== undefined) launch.options.push('--cgroup', cgroups.path);
    const beforeStart = (): void => cgroups?.renew();
    const spawner = await reachHolder({ ...launch, beforeStart }, !keeps, (link) => {
      return new HolderSpawner(link, { directory, keeps, lingerMs, clock, cgroups });
    });
    // Nobody else is to find a holder that is this spawner's own.
    if (!keeps) directory.close();
    return spawner;
  } catch (error) {
    if (!keeps) cgroups?.remove();
    directory.close();
    throw error;
  }
}
