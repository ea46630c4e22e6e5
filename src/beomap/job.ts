/** Running a job where its map says, with the hooks told of it. */
import { randomUUID } from 'node:crypto';
import type { Client, Notifier, ProcessEnd, ProcessVector, StartOptions } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { HookSet } from './hooks.ts';
import type { JobMap } from './job-map.ts';
import { type MapOptions, map, ownUid } from './map.ts';

/** How a job is run. */
export interface RunJobOptions extends MapOptions {
  /** Options of each of its processes. */
  readonly start?: StartOptions;
}

/** A job that runs. */
export interface Job {
  readonly id: string;
  readonly map: JobMap;
  readonly processes: ProcessVector;
  /** The ends of its processes in the order of their ranks, or what kept them from starting, once hooks know of them. */
  readonly ended: Promise<readonly (ProcessEnd | BprocError)[]>;
}

/**
 * Maps a job and runs it: `file`, which each node has, for each slot.
 *
 * @throws BprocError as {@link map} does; what keeps single processes from starting is in `processes`.
 */
export async function runJob(
  client: Client,
  file: string,
  argv: readonly string[] = [],
  options: RunJobOptions = {},
): Promise<Job> {
  const { hooks, start = {} } = options;
  const chosen = await map(client, options);
  const job = { id: randomUUID(), uid: options.uid ?? ownUid(), map: chosen, file };
  const processes = await client.rexec(chosen.slots, file, argv, start);
  await hooks?.onStart(job);
  const ended = (async () => {
    const ends = await processes.wait();
    await hooks?.onEnd(job, ends);
    return ends;
  })();
  // whoever does not ask is not to be told by an unhandled rejection
  ended.catch(() => {});
  return { id: job.id, map: chosen, processes, ended };
}

/** Tells hooks of every change of a node. Disposing it ends that. */
export async function watchNodes(client: Client, hooks: HookSet): Promise<AsyncDisposable> {
  const leave = new AbortController();
  const changes: Notifier = client.notifier({ processes: false, signal: leave.signal });
  await changes.ready;
  const following = follow(changes, hooks);
  return {
    [Symbol.asyncDispose]: async () => {
      leave.abort();
      await following;
    },
  };
}

async function follow(changes: Notifier, hooks: HookSet): Promise<void> {
  try {
    for await (const change of changes) if (change.kind === 'node') await hooks.onNodeChange(change.info);
  } catch (error) {
    // the master was given up: whoever uses the client is told
    if (!BprocError.is(error)) throw error;
  }
}
