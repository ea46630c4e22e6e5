/** What is submitted to the queue, and what of that can be. PROTOCOL.md 13.7. */
import { BprocError } from '../../errors.ts';
import type { Init, QueueJob as WireJob } from '../../wire/index.ts';
import { MOST_SLOTS } from '../job-map.ts';

/** Another job that has to be over first; `ok`: and to have succeeded, `fail`: and not to. */
export interface JobDependency {
  readonly job: number;
  readonly on: 'ok' | 'fail' | 'end';
}

/** A job as it is submitted. */
export interface QueueJobOptions {
  /** The program, which the nodes have: a path, or a name that is looked for in the job's PATH. */
  readonly file: string;
  readonly argv?: readonly string[];
  /** What it is called in lists. @default the file's name */
  readonly name?: string;
  /** Its working directory on the node. @default the caller's */
  readonly cwd?: string;
  /** Its environment, all of it but what is added: `BEOWULF_JOB_MAP`, `NP`, `BPROC_JOB`, `BPROC_TASK`, and with `each` `BPROC_JOB_RANK`. @default PATH, HOME, USER, LOGNAME, SHELL and LANG of the caller */
  readonly env?: Readonly<Record<string, string>>;
  /** How many slots it takes. @default 1 */
  readonly np?: number;
  /** Whether there is a process for each slot; else there is one, on the node of the first. @default false */
  readonly each?: boolean;
  /** The higher, the sooner; above 0 only the administrator's. @default 0 */
  readonly priority?: number;
  /** The longest that it may run, in milliseconds: then it is ended. The less, the sooner it fits into a gap. @default one hour */
  readonly limitMs?: number;
  /** What it waits for. Where that does not come true it is not run. */
  readonly after?: readonly JobDependency[];
  /** Numbers, for each of which there is a job, from 0 to 999999; each finds its own in `BPROC_TASK`. */
  readonly tasks?: readonly number[];
  /** Whether it waits until it is released. @default false */
  readonly held?: boolean;
  /** File of the node for what it writes; `%j` in it is the number of the job, `%t` that of the task. @default none */
  readonly stdout?: string;
  /** @default where stdout goes */
  readonly stderr?: string;
}

/** A job as the queue keeps it, also in its journal. PROTOCOL.md 13.7 says what the fields are. */
export interface JobSpec {
  readonly name: string;
  readonly file: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: readonly string[];
  readonly np: number;
  readonly each: boolean;
  readonly priority: number;
  readonly limitMs: number;
  readonly after: readonly { readonly job: number; readonly on: string }[];
  readonly tasks: readonly number[];
  readonly held: boolean;
  readonly output: string;
  readonly error: string;
}

/** Most tasks of an array. */
export const MOST_TASKS = 10_000;
/** Longest time a job may want, in milliseconds: a year. */
const MOST_LIMIT_MS = 366 * 86_400_000;
const HOUR_MS = 3_600_000;
const PRIORITY = 1_000_000;
const MOST_TASK = 999_999;
const MOST_DEPENDENCIES = 1000;
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG'] as const;

/** What a client says of a job. */
export function wireJob(options: QueueJobOptions): Init<WireJob> {
  const { file, argv = [] } = options;
  const { name = file.slice(file.lastIndexOf('/') + 1), cwd = process.cwd(), env = inherited() } = options;
  return {
    name: name.slice(0, 64),
    file,
    argv: [...argv],
    cwd,
    env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    np: whole('np', options.np ?? 1, 1, MOST_SLOTS),
    each: options.each ?? false,
    priority: whole('priority', options.priority ?? 0, -PRIORITY, PRIORITY),
    limitMs: whole('limitMs', options.limitMs ?? HOUR_MS, 1, MOST_LIMIT_MS),
    after: (options.after ?? []).map(({ job, on }) => ({ job: whole('job', job, 1, Number.MAX_SAFE_INTEGER), on })),
    tasks: (options.tasks ?? []).map((task) => whole('task', task, 0, MOST_TASK)),
    held: options.held ?? false,
    output: options.stdout ?? '',
    error: options.stderr ?? options.stdout ?? '',
  };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function whole(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new BprocError('EINVAL', `${what} is ${value}: it must be a whole number from ${least} to ${most}`);
}

/** What has come from a client, who may be any program. @throws BprocError EINVAL, E2BIG. */
export function specOf(job: WireJob): JobSpec {
  const { name, file, argv, cwd, env, np, each, priority, limitMs, tasks, held, output, error } = job;
  const after = job.after.map(({ job: other, on }) => ({ job: other, on }));
  const spec = { name, file, argv, cwd, env, np, each, priority, limitMs, after, tasks, held, output, error };
  checkSpec(spec);
  return spec;
}

function checkSpec(job: JobSpec): void {
  whole('np', job.np, 1, MOST_SLOTS);
  whole('priority', job.priority, -PRIORITY, PRIORITY);
  whole('limitMs', job.limitMs, 1, MOST_LIMIT_MS);
  if (job.tasks.length > MOST_TASKS) throw new BprocError('E2BIG', `an array has at most ${MOST_TASKS} tasks`);
  if (new Set(job.tasks).size < job.tasks.length) throw new BprocError('EINVAL', 'a task of the array is there twice');
  for (const task of job.tasks) whole('task', task, 0, MOST_TASK);
  if (job.after.length > MOST_DEPENDENCIES) throw new BprocError('E2BIG', 'the job depends on too many others');
  for (const { on } of job.after) {
    if (!['ok', 'fail', 'end'].includes(on))
      throw new BprocError('EINVAL', `a job depends on ok, fail or end, not on ${JSON.stringify(on.slice(0, 20))}`);
  }
  for (const text of [job.file, job.cwd, job.output, job.error, ...job.argv, ...job.env]) {
    if (text.includes('\0')) throw new BprocError('EINVAL', 'a word of the job has a NUL in it');
  }
  if (job.file === '') throw new BprocError('EINVAL', 'the job has no program');
  // it is shown to others, at their terminals
  if (job.name.length > 64 || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(job.name)) {
    throw new BprocError(
      'EINVAL',
      `${JSON.stringify(job.name.slice(0, 64))} cannot be the name of a job: at most 64 characters, none that control a terminal`,
    );
  }
}

/** A job's number as people write it: `12`, or `12[3]` for task 3 of an array. */
export function jobText(job: number, task: number | undefined): string {
  return task === undefined ? String(job) : `${job}[${task}]`;
}
