/** A job in the queue. */
import { type JobSpec, jobText } from './job-spec.ts';

/** How a job ended. */
export type JobEnd = 'exited' | 'signaled' | 'timedOut' | 'lost' | 'cancelled' | 'failed' | 'unmet';

/** What came of a job. */
export interface JobOutcome {
  readonly end: JobEnd;
  /** Where it exited by itself. */
  readonly code: number;
  /** For people. */
  readonly reason: string;
}

/** Where a job stands. Changed in place by the queue alone. */
export interface Entry {
  readonly id: number;
  readonly task: number | undefined;
  readonly spec: JobSpec;
  readonly uid: number;
  readonly gids: readonly number[];
  /** The same text for all that are of the same user with the same groups. */
  readonly who: string;
  readonly submittedAt: number;
  state: 'held' | 'waiting' | 'running' | 'ended';
  /** Jobs that have to be over first. */
  readonly pending: Set<number>;
  reason: string;
  startedAt: number;
  endedAt: number;
  slots: readonly number[];
  /** Of its processes, in hexadecimal. */
  puids: readonly string[];
  outcome: JobOutcome | undefined;
}

/** By which it is known in the journal. */
export function keyOf({ id, task }: Entry): string {
  return jobText(id, task);
}

/** Whether it has done what it was to do. */
export function hasSucceeded({ outcome }: Entry): boolean {
  return outcome?.end === 'exited' && outcome.code === 0;
}

/** The order in which jobs have their turn. */
export function compareTurns(a: Entry, b: Entry): number {
  return b.spec.priority - a.spec.priority || a.id - b.id || (a.task ?? 0) - (b.task ?? 0);
}
