/** Which engine a slave creates processes with. */
import { BprocError } from '../../errors.ts';
import type { PidNamespace, Spawner } from '../../linux/index.ts';
import { createChildProcessSpawner, createHolderSpawner, findHolder } from '../../linux/index.ts';

/** An engine of this library. */
export type EngineName = 'holder' | 'child_process';

/** What an engine is to do beside starting processes. */
export interface EngineWishes {
  /** Where its processes, or the record of them, survive it. */
  readonly stateDir?: string | undefined;
  /** How long they live on without a slave, in milliseconds. @default Infinity */
  readonly keepMs?: number | undefined;
  /** Where its processes get their pids. @default 'auto' */
  readonly pidNamespace?: PidNamespace | undefined;
  /** Whether each of its processes gets a cgroup of its own. @default 'auto': where it may make them */
  readonly cgroups?: 'auto' | 'none' | undefined;
}

/**
 * Makes an engine.
 *
 * @throws BprocError ENOENT for a holder that was not built, and what the engines throw.
 */
export function createEngine(name: EngineName, wishes: EngineWishes): Promise<Spawner> {
  const { stateDir, keepMs = Number.POSITIVE_INFINITY, pidNamespace = 'auto', cgroups } = wishes;
  if (name === 'child_process') return createChildProcessSpawner({ stateDir });
  const orphanedMs = Number.isFinite(keepMs) ? { orphanedMs: keepMs } : {};
  return createHolderSpawner({ pidNamespace, cgroups, ...(keepMs === 0 ? {} : { stateDir, ...orphanedMs }) });
}

/** The holder where it was built. @throws BprocError EACCES where it is there and may not be executed. */
export function bestEngine(): EngineName {
  try {
    findHolder();
    return 'holder';
  } catch (error) {
    if (BprocError.from(error).code === 'ENOENT') return 'child_process';
    throw error;
  }
}
