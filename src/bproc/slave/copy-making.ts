/** Makes a process of the images of another one: a copy of what runs elsewhere, or of a checkpoint. PROTOCOL.md 12.4 and 12.5. */
import type { Cancel } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { ProcessIdentity, SpawnRequest } from '../../linux/index.ts';
import { MARKER_VARIABLE } from '../../linux/index.ts';
import type { Checkpointer, Restoration } from '../migrate/index.ts';
import { tagOf } from './facts.ts';
import { lendPids } from './lent-pids.ts';
import type { Lodging } from './lodging.ts';
import type { ArrivalParts } from './move-parts.ts';
import { markerOf } from './spawn-request.ts';

/** How long making a process may take, in milliseconds: what makes it can hang for ever. */
export const RESTORE_MS = 120_000;

/** Images, and what is to become of them. */
export interface CopyPlan {
  /** Of the process to be made, which is entered as a start. */
  readonly key: string;
  readonly directory: string;
  /** Absent: in its node's file system. */
  readonly lodging?: Lodging | undefined;
  /** Pid of the original. */
  readonly original: number;
  /** Those that its streams were. */
  readonly pipes: readonly [number, number, number];
  readonly rank: number;
}

/** Resolves when it runs, which is told. Nobody has to be asked whether it may: it is a process of its own. */
export async function makeCopy(parts: ArrivalParts, engine: Checkpointer, plan: CopyPlan): Promise<void> {
  const { state, clock, remake, drop, tell, untold } = parts;
  const { key, directory, lodging, original, pipes, rank } = plan;
  const process = state.processes.get(key);
  if (process === undefined) throw new BprocError('ECANCELED', 'nobody wants the copy any more');
  const threads = await engine.renumber(directory, original, process.pid);
  using _lent = lendPids(parts, original, threads);
  await using restoration = await engine.restore({
    pid: process.pid,
    pipes,
    directory,
    connections: 'close',
    hasOwnRoot: lodging?.image !== undefined,
    env: {
      ...parts.way,
      [MARKER_VARIABLE]: markerOf(process),
      BPROC_PID: String(process.pid),
      BPROC_NODE: String(state.node),
      BPROC_RANK: String(rank).padStart(7, '0'),
    },
  });
  const [stdout, stderr] = process.outlets;
  const wanted = [process.stdin, stdout.stream, stderr.stream].map((stream) => stream !== undefined);
  const request: SpawnRequest = {
    ...restoration.program,
    stdio: [wanted[0] ? 'pipe' : 'ignore', wanted[1] ? 'pipe' : 'ignore', wanted[2] ? 'pipe' : 'ignore'],
    marker: markerOf(process),
    windowBytes: process.window,
    tag: tagOf(process, clock.wallTime(), lodging?.image),
    remake: { pid: process.pid, offsets: [0, 0, 0], written: [Buffer.alloc(0), Buffer.alloc(0)] },
  };
  lodging?.keep(key);
  let cancel: Cancel = () => {};
  let told: (() => void) | undefined;
  let isOver = false;
  const letRun = (): void => {
    if (isOver) return;
    told = untold.begin();
    restoration.settle(true);
  };
  restoration.prepared.then(letRun, () => {});
  try {
    await new Promise<void>((resolve, reject) => {
      const started = (identity: ProcessIdentity): void => {
        tell({ type: 'started', key, identity, at: clock.wallTime() });
        resolve();
      };
      const handle = remake(key, lodging?.around(request, restoration) ?? request, {
        started,
        failed: reject,
        lost: reject,
      });
      cancel = clock.after(RESTORE_MS, () => handle.giveUp?.());
    });
  } catch (cause) {
    drop(key);
    throw await explained(restoration, cause);
  } finally {
    isOver = true;
    cancel();
    told?.();
  }
}

/** An error, with the engine's own words. */
export async function explained(restoration: Restoration, cause: unknown): Promise<BprocError> {
  const why = await restoration.explain();
  const error = BprocError.from(cause);
  return why === '' ? error : new BprocError(error.code, `${error.message}: ${why}`, { cause });
}

/** @throws BprocError ENOSYS where an engine cannot make what another one has captured. */
export function checkEngine(engine: Checkpointer, captured: string, node: number | undefined): void {
  if (engine.canRestore(captured)) return;
  const why = `it was captured by ${captured}, which is newer: install that`;
  throw new BprocError('ENOSYS', `${engine.engine} of node ${node} cannot make it: ${why}`);
}
