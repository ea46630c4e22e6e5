/** Processes of a slave that are captured, and those that run on after that. */
import { BprocError } from '../../errors.ts';
import type { SpawnedProcess, StreamPlaces } from '../../linux/index.ts';
import type { Capture, Checkpointer, Connections, WaysOut } from '../migrate/index.ts';
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

/** The pid of a process as this program's own `/proc` has it. */
export function ownPidOf({ identity }: Pick<SlaveProcess, 'identity'>): number {
  return identity?.outerPid ?? identity?.pid ?? 0;
}

/** What cannot be captured is refused while it runs. @throws BprocError ENOTSUP with the reasons; EBUSY for what lacks memory still. */
export async function inspectSubject(
  parts: Pick<MoveParts, 'state' | 'handleOf' | 'incomplete'>,
  key: string,
  engine: Checkpointer,
  connections: Connections,
): Promise<void> {
  const { process } = subjectOf(parts, key);
  const { pid } = process;
  if (parts.incomplete.has(key)) {
    throw new BprocError('EBUSY', `the memory of process ${pid} is still on its way here: try again`, { pid });
  }
  const reasons = await engine.inspect(ownPidOf(process), connections, process.hasTerminal);
  if (reasons.length === 0) return;
  throw new BprocError('ENOTSUP', `process ${pid} cannot be moved: ${reasons.join('; ')}`, { pid });
}

/** The connections by which a process is a client itself: it has others where it goes on. */
export function waysOf({ gateways }: Pick<MoveParts, 'gateways'>, process: SlaveProcess): WaysOut {
  return { sockets: gateways, outerPid: ownPidOf(process) };
}

/** A process that was captured and stands still until it is told what is to become of it. */
export interface Standing {
  /** By which pipes the images know its streams. */
  readonly pipes: StreamPlaces['pipes'];
  /** Resolves when it stands still no more. Never rejects. */
  readonly over: Promise<void>;
  /** Lets it run on. */
  goOn(): Promise<void>;
  /** Ends it, without its ever running again. Rejects where that fails, and then it runs on. */
  end(): Promise<void>;
}

/**
 * Captures a process and lets it run on; the other ends of its connections stay the original's.
 *
 * @returns by which pipes the images know its streams.
 */
export async function captureRunning(...what: Parameters<typeof captureStanding>): Promise<StreamPlaces['pipes']> {
  const standing = await captureStanding(...what);
  await standing.goOn();
  return standing.pipes;
}

/** Captures a process, which stands still from here on. */
export async function captureStanding(
  parts: Pick<MoveParts, 'state' | 'handleOf' | 'tell' | 'rootOf' | 'gateways'>,
  key: string,
  engine: Checkpointer,
  directory: string,
): Promise<Standing> {
  const { process, handle } = subjectOf(parts, key);
  let setOver = (): void => {};
  const over = new Promise<void>((resolve) => {
    setOver = resolve;
  });
  const release = (isEnded: boolean): void => {
    handle.letGo?.();
    parts.tell({ type: 'thawed', key, checkpointed: isEnded });
    setOver();
  };
  parts.tell({ type: 'freezing', key });
  let capture: Capture | undefined;
  try {
    await handle.hold?.();
    capture = await engine.capture({
      pid: process.identity?.pid ?? 0,
      directory,
      connections: 'close',
      hasOwnRoot: parts.rootOf(key) !== undefined,
      ways: waysOf(parts, process),
      tag: captureTag({ key, directory }),
    });
    const places = await handle.hold?.();
    if (places === undefined) throw new BprocError('ENOSYS', 'the engine of this node holds no streams');
    await handle.drain?.(places);
    return { pipes: places.pipes, over, ...waysOn(capture, release) };
  } catch (error) {
    await capture?.abort();
    release(false);
    throw error;
  }
}

/** What may become of a process that stands still. */
function waysOn(capture: Capture, release: (isEnded: boolean) => void): Pick<Standing, 'goOn' | 'end'> {
  return {
    goOn: () => capture.abort().finally(() => release(false)),
    end: async () => {
      let isEnded = false;
      try {
        await capture.commit();
        isEnded = true;
      } finally {
        release(isEnded);
        // not before that is known, which a later life of the daemon would else have to find out
        capture.forget();
      }
    },
  };
}
