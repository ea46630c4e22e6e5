/** The queue as programs use it. */
import type { CallOptions, Client } from '../../bproc/index.ts';
import { BprocError } from '../../errors.ts';
import type { Init, QueueAnswer, QueueEntry, QueueQuestion } from '../../wire/index.ts';
import { QUEUE_MESSAGES } from '../../wire/index.ts';
import { JobMap } from '../job-map.ts';
import type { JobEnd } from './entry.ts';
import { type QueueJobOptions, wireJob } from './job-spec.ts';
import { QUEUE } from './queue-part.ts';

/** A job in the queue. Times are the master's, in milliseconds since 1970. */
export interface QueuedJob {
  readonly job: number;
  /** Its number in its array; undefined: it is of none. */
  readonly task: number | undefined;
  readonly name: string;
  readonly uid: number;
  readonly state: 'held' | 'waiting' | 'running' | 'ended';
  /** Why it waits, or what has become of it, for people. */
  readonly reason: string;
  readonly np: number;
  readonly priority: number;
  readonly limitMs: number;
  readonly submittedAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Where it runs, or ran. */
  readonly map: JobMap | undefined;
  /** How it ended; `exited` with its code, the highest of its processes'. */
  readonly end: JobEnd | undefined;
  readonly code: number;
}

/** Which jobs are listed. */
export interface QueueListOptions extends CallOptions {
  /** @default all */
  readonly jobs?: readonly number[];
  /** Those too that are over, of which the newest ten thousand are known. @default false, but for jobs that are named */
  readonly ended?: boolean;
}

/** Which task of an array is meant. */
export interface QueueTaskOptions extends CallOptions {
  /** @default all of them */
  readonly task?: number;
}

/** How long one question for the end of a job waits before it is asked again, in milliseconds. */
const QUESTION_MS = 60_000;

/**
 * Puts a job into the master's queue; gives its number. It runs as the caller, on nodes where he may place work, when it is its turn, whether this program is there or not.
 *
 * @throws BprocError EINVAL, E2BIG for a job that cannot be; ESRCH for one that it depends on and nobody knows; EPERM for a priority above 0; EDQUOT where
 *   the queue is full; ENOSYS for a master without one; ETIMEDOUT, ECANCELED.
 */
export async function submit(client: Client, job: QueueJobOptions, options: CallOptions = {}): Promise<number> {
  return (await ask(client, { submit: wireJob(job) }, { ...options, order: true })).job;
}

/** The jobs there are, those that run first and then in the order of their turns. @throws BprocError ESRCH for one that is named and not known. */
export async function queuedJobs(client: Client, options: QueueListOptions = {}): Promise<readonly QueuedJob[]> {
  const { jobs = [], ended = false } = options;
  const found: QueueEntry[] = [];
  for (let isMore = true; isMore; ) {
    const answer = await ask(client, { list: { jobs: [...jobs], ended, from: found.length } }, options);
    found.push(...answer.entries);
    isMore = answer.rest > 0 && answer.entries.length > 0;
  }
  return found.map(jobOf);
}

/** Waits until a job is over; gives what came of each of its tasks. @throws BprocError ESRCH; ETIMEDOUT, ECANCELED. */
export async function waitForJob(
  client: Client,
  job: number,
  options: CallOptions = {},
): Promise<readonly QueuedJob[]> {
  const { timeoutMs = Number.POSITIVE_INFINITY } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const left = deadline - performance.now();
    const bounds = { ...options, timeoutMs: Math.max(1, Math.min(QUESTION_MS, left)) };
    try {
      await ask(client, { list: { jobs: [job], until: job } }, bounds);
      return await queuedJobs(client, { ...options, jobs: [job] });
    } catch (error) {
      if (!BprocError.is(error) || error.code !== 'ETIMEDOUT' || left <= QUESTION_MS) throw error;
    }
  }
}

/** Takes a job out of the queue, or ends it where it runs. One that is over stays so. @throws BprocError ESRCH; EPERM for another user's. */
export async function cancelJob(client: Client, job: number, options: QueueTaskOptions = {}): Promise<void> {
  await order(client, 'cancel', job, options);
}

/** Lets a job wait until it is released; one that runs goes on. @throws BprocError as {@link cancelJob}. */
export async function holdJob(client: Client, job: number, options: QueueTaskOptions = {}): Promise<void> {
  await order(client, 'hold', job, options);
}

/** Gives a job its turn again. @throws BprocError as {@link cancelJob}. */
export async function releaseJob(client: Client, job: number, options: QueueTaskOptions = {}): Promise<void> {
  await order(client, 'release', job, options);
}

async function order(client: Client, what: string, job: number, options: QueueTaskOptions): Promise<void> {
  const { task } = options;
  await ask(client, { order: { what, job, task: task === undefined ? 0 : task + 1 } }, { ...options, order: true });
}

async function ask(
  client: Client,
  question: Init<QueueQuestion>,
  options: CallOptions & { readonly order?: boolean },
): Promise<QueueAnswer> {
  const { signal, timeoutMs, order: isOrder = false } = options;
  const bounds = { ...(signal === undefined ? {} : { signal }), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  const body = QUEUE_MESSAGES.question.encode(question);
  return QUEUE_MESSAGES.answer.decode(await client.askService(QUEUE, body, { ...bounds, order: isOrder }));
}

function jobOf(entry: QueueEntry): QueuedJob {
  const { job, task, name, uid, reason, np, priority, limitMs, submittedAt, startedAt, endedAt, slots, code } = entry;
  return {
    job,
    task: task === 0 ? undefined : task - 1,
    name,
    uid,
    state: entry.state as QueuedJob['state'],
    reason,
    np,
    priority,
    limitMs,
    submittedAt,
    startedAt: startedAt === 0 ? undefined : startedAt,
    endedAt: endedAt === 0 ? undefined : endedAt,
    map: slots.length === 0 ? undefined : new JobMap(slots),
    end: entry.end === '' ? undefined : (entry.end as JobEnd),
    code,
  };
}
