/** Which engine a slave creates processes with. */
import type { PidNamespace, Spawner } from '../../linux/index.ts';
import { createChildProcessSpawner, createHolderSpawner } from '../../linux/index.ts';

/** An engine of this library. */
export type EngineName = 'holder' | 'child_process';

/** What an engine is to do beside starting processes. */
export interface EngineWishes {
  /** Where its processes, or the record of them, survive it. */
  readonly stateDir?: string | undefined;
  /** Where its processes get their pids. */
  readonly pidNamespace?: PidNamespace | undefined;
}

/**
 * Makes an engine.
 *
 * @param name absent: `child_process`, for which nothing has to be built.
 * @throws BprocError ENOENT for a holder that was not built, and what the engines throw.
 */
export function createEngine(name: EngineName | undefined, wishes: EngineWishes): Promise<Spawner> {
  const { stateDir, pidNamespace = 'none' } = wishes;
  return name === 'holder' ? createHolderSpawner({ stateDir, pidNamespace }) : createChildProcessSpawner({ stateDir });
}
