/** Which engine a slave creates processes with. */
import { BprocError } from '../../errors.ts';
import type { Spawner } from '../../linux/index.ts';
import { createChildProcessSpawner, createHolderSpawner, findHolder } from '../../linux/index.ts';

/** An engine of this library. */
export type EngineName = 'holder' | 'child_process';

/**
 * Makes an engine.
 *
 * @param name absent: the holder where it was built.
 * @param stateDir where its processes, or the record of them, survive it.
 * @throws BprocError ENOENT for a holder that was not built, and what the engines throw.
 */
export function createEngine(name: EngineName | undefined, stateDir: string | undefined): Promise<Spawner> {
  const chosen = name ?? (hasHolder() ? 'holder' : 'child_process');
  return chosen === 'holder' ? createHolderSpawner({ stateDir }) : createChildProcessSpawner({ stateDir });
}

function hasHolder(): boolean {
  try {
    findHolder();
    return true;
  } catch (error) {
    if (BprocError.from(error).code === 'ENOENT') return false;
    throw error;
  }
}
