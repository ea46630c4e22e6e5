#!/usr/bin/env node
/** `bpq`: shows the queue, and holds and releases jobs in it. */
import { holdJob, type QueuedJob, queuedJobs, releaseJob } from '../beomap/index.ts';
import { formatNodeSet } from '../index.ts';
import { type OptionSpec, readArguments, UsageError } from './arguments.ts';
import { withMaster } from './master-connection.ts';
import { readUsers } from './names.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS, printHelp, printVersion, runProgram } from './program.ts';
import { clockText, jobName } from './queue-names.ts';

const BPQ: Program = {
  name: 'bpq',
  usage: ['[options] [JOB...]', '--hold JOB...', '--release JOB...'],
  help: `Shows the jobs of the queue, or some of them: those that run, then the others in the order of their turns.

  -a, --all       those too that are over, while they are known
  -j, --json      one JSON object a line for each; times in milliseconds since 1970
      --hold      let jobs wait until they are released; what runs goes on
      --release   give them their turns again
  -h, --help      this text
  -V, --version

A JOB is a number, or 12[3] for task 3 of an array.
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'all', letter: 'a' },
  { name: 'json', letter: 'j' },
  { name: 'hold' },
  { name: 'release' },
];

const WIDTHS = [12, 18, 10, 9, 7, 18] as const;

function table(jobs: readonly QueuedJob[]): string {
  const users = readUsers();
  const line = (cells: readonly string[]): string =>
    `${cells
      .map((cell, at) => cell.slice(0, (WIDTHS[at] ?? 80) - 1).padEnd(WIDTHS[at] ?? 0))
      .join('')
      .trimEnd()}\n`;
  const rows = jobs.map((each) => {
    const { job, task, name, uid, state, np } = each;
    const number = task === undefined ? String(job) : `${job}[${task}]`;
    return line([number, name, users.nameOf(uid), state, String(np), timeOf(each), whereOf(each)]);
  });
  return line(['Job', 'Name', 'User', 'State', 'Slots', 'Time', 'Where, or why not']) + rows.join('');
}

function timeOf({ startedAt, endedAt, limitMs }: QueuedJob): string {
  const limit = clockText(limitMs);
  return startedAt === undefined ? `-/${limit}` : `${clockText((endedAt ?? Date.now()) - startedAt)}/${limit}`;
}

function whereOf({ state, end, code, reason, map }: QueuedJob): string {
  const nodes = map === undefined ? '' : formatNodeSet(new Set(map.slots));
  if (state === 'running') return reason === '' ? nodes : `${nodes}, ${reason}`;
  if (state !== 'ended') return reason;
  return end === 'exited' ? `exited with code ${code}` : reason;
}

function record(job: QueuedJob): string {
  return `${JSON.stringify({ ...job, map: job.map?.toString() })}\n`;
}

await runProgram(BPQ, async (args) => {
  const given = readArguments(args, OPTIONS);
  if (given.has('help')) return printHelp(BPQ);
  if (given.has('version')) return printVersion(BPQ);
  const names = given.operands.map(jobName);
  const change = given.has('hold') ? holdJob : given.has('release') ? releaseJob : undefined;
  if (change !== undefined && names.length === 0) throw new UsageError('which jobs?');
  return withMaster(async (client) => {
    if (change !== undefined) {
      for (const { job, ...task } of names) await change(client, job, task);
      return 0;
    }
    const found = await queuedJobs(client, { jobs: names.map(({ job }) => job), ended: given.has('all') });
    const jobs = found.filter(({ job, task }) => {
      return names.length === 0 || names.some((name) => name.job === job && (name.task ?? task) === task);
    });
    process.stdout.write(given.has('json') ? jobs.map(record).join('') : table(jobs));
    return 0;
  });
});
