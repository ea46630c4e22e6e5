/** Processes of a slave that are captured, and those that run on after that. */
import { BprocError } from '../../errors.ts';
import type { SpawnedProcess, StreamPlaces } from '../../linux/index.ts';
import type { Checkpointer } from '../migrate/index.ts';
import { captureTag } from './left-captures.ts';
import type { MoveParts } from './move-parts.ts';
import type { SlaveProcess } from './state.ts';

/** A process that can be held. */
export interface Subject {
  readonly process: SlaveProcess;
  readonly handle: SpawnedProcess;
}

/** What a slave has of a process. @throws BprocError BE_INVALIDPROC, ENOSYS where there is nothing to be captured. */
export function subjectOf({ state, handleOf }: Pick<MoveParts, 'state' | 'handleOf'>, key: string): Subject {
  const process = state.processes.get(key);
  const handle = handleOf(key);
  if (process === undefined || handle === undefined || process.phase === 'exited') {
    throw new BprocError('BE_INVALIDPROC', 'the process has ended');
  }
  if (handle.hold === undefined) {
    const why = 'processes are captured, and move between slaves, with the engine holder only';
    throw new BprocError('ENOSYS', why, { pid: process.pid });
  }
  return { process, handle };
}

/** What cannot be captured is refused while it runs. @throws BprocError ENOTSUP with the reasons. */
export async function inspectSubject(
  parts: Pick<MoveParts, 'state' | 'handleOf'>,
  key: string,
  engine: Checkpointer,
  connections: 'refuse' | 'close',
): Promise<void> {
  const { pid, identity } = subjectOf(parts, key).process;
  const reasons = await engine.inspect(identity?.outerPid ?? identity?.pid ?? 0, connections);
  if (reasons.length === 0) return;
  throw new BprocError('ENOTSUP', `process ${pid} cannot be moved: ${reasons.join('; ')}`, { pid });
}

/**
 * Captures a process and lets it run on; the other ends of its connections stay the original's.
 *
 * @returns by which pipes the images know its streams.
 */
export async function captureRunning(
  parts: Pick<MoveParts, 'state' | 'handleOf' | 'tell'>,
  key: string,
  engine: Checkpointer,
  directory: string,
): Promise<StreamPlaces> {
  const { process, handle } = subjectOf(parts, key);
  parts.tell({ type: 'freezing', key });
  let places: StreamPlaces | undefined;
  try {
    await handle.hold?.();
    const capture = await engine.capture({
      pid: process.identity?.pid ?? 0,
      directory,
      connections: 'close',
      tag: captureTag({ key, directory }),
    });
    places = await handle.hold?.();
    await capture.abort();
  } finally {
    handle.letGo?.();
    parts.tell({ type: 'thawed', key });
  }
  if (places === undefined) throw new BprocError('ENOSYS', 'the engine of this node holds no streams');
  return places;
}
