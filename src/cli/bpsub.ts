#!/usr/bin/env node
/** `bpsub`: puts a job into the queue. */
import { isAbsolute, resolve } from 'node:path';
import { type JobDependency, type QueuedJob, submit, waitForJob } from '../beomap/index.ts';
import { type Arguments, type OptionSpec, readArguments, UsageError, wholeNumber } from './arguments.ts';
import { withMaster } from './master-connection.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS, printHelp, printVersion, runProgram } from './program.ts';
import { duration, jobName, taskNumbers } from './queue-names.ts';

const MOST_SLOTS = 1_000_000;
const MOST_TASKS = 10_000;
const MOST_PRIORITY = 1_000_000;

const BPSUB: Program = {
  name: 'bpsub',
  usage: ['[options] command [argument...]'],
  help: `Puts a command into the queue and prints the number of the job. It runs when it is its turn, as you, whether you are there or not:
once, on the node of its first slot, where BEOWULF_JOB_MAP says which slots it has, so that beorun and mpprun start processes there.

  -n, --np N           its slots (default 1)
  -E, --each           run the command once for each slot, not once
  -t, --time LIMIT     the longest it may run: 90s, 15m, 2h, 1d or HH:MM:SS (default 1h); shorter ones fit into gaps
  -p, --priority N     the higher, the sooner; above 0 only for the administrator (default 0)
  -a, --after JOBS     wait until jobs have succeeded: 12,13; or are over: end:12; or have failed: fail:12
  -A, --array TASKS    a job for each of these numbers, 0-9,12 or 0-100:10, which finds its own in BPROC_TASK
  -H, --hold           wait until it is released (bpq --release)
  -N, --name NAME      what it is called in lists (default the command)
  -o, --output FILE    where on the node its output goes; %j is the job's number, %t the task's (default nowhere)
  -e, --error FILE     and what it writes to stderr (default where the output goes)
  -D, --directory DIR  where it runs (default here)
  -x, --export NAMES   variables of the environment that go along, all of them with ALL (default PATH,HOME,USER,LOGNAME,SHELL,LANG)
  -w, --wait           wait until it is over; the exit code is the job's, 255 where it has none
  -h, --help           this text
  -V, --version
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'np', letter: 'n', value: 'N' },
  { name: 'each', letter: 'E' },
  { name: 'time', letter: 't', value: 'LIMIT' },
  { name: 'priority', letter: 'p', value: 'N' },
  { name: 'after', letter: 'a', value: 'JOBS' },
  { name: 'array', letter: 'A', value: 'TASKS' },
  { name: 'hold', letter: 'H' },
  { name: 'name', letter: 'N', value: 'NAME' },
  { name: 'output', letter: 'o', value: 'FILE' },
  { name: 'error', letter: 'e', value: 'FILE' },
  { name: 'directory', letter: 'D', value: 'DIR' },
  { name: 'export', letter: 'x', value: 'NAMES' },
  { name: 'wait', letter: 'w' },
];

const USUAL = 'PATH,HOME,USER,LOGNAME,SHELL,LANG';
const NO_CODE = 255;

function dependencies(text: string): readonly JobDependency[] {
  return text.split(',').map((word) => {
    const [, on = 'ok', number = ''] = /^(?:(ok|fail|end):)?(.*)$/.exec(word) ?? [];
    const { job, task } = jobName(number);
    if (task !== undefined) throw new UsageError(`--after ${word}: a job waits for all tasks of an array`);
    return { job, on: on as JobDependency['on'] };
  });
}

function environment(names: string): Record<string, string> {
  const wanted = names === 'ALL' ? Object.keys(process.env) : names.split(',').filter(Boolean);
  return Object.fromEntries(
    wanted.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function jobOf(given: Arguments, file: string, argv: readonly string[]) {
  const value = (name: string): string | undefined => given.value(name);
  const [np, time, priority, after, array] = ['np', 'time', 'priority', 'after', 'array'].map(value);
  const cwd = resolve(value('directory') ?? '.');
  const path = (text: string) => (isAbsolute(text) ? text : resolve(cwd, text));
  const [output, error, name] = ['output', 'error', 'name'].map(value);
  const sign = priority?.startsWith('-') === true ? -1 : 1;
  return {
    file,
    argv,
    cwd,
    env: environment(value('export') ?? USUAL),
    each: given.has('each'),
    held: given.has('hold'),
    ...(np === undefined ? {} : { np: wholeNumber('--np', np, 1, MOST_SLOTS) }),
    ...(time === undefined ? {} : { limitMs: duration('--time', time) }),
    ...(priority === undefined
      ? {}
      : { priority: sign * wholeNumber('--priority', priority.replace(/^-/, ''), 0, MOST_PRIORITY) }),
    ...(after === undefined ? {} : { after: dependencies(after) }),
    ...(array === undefined ? {} : { tasks: taskNumbers('--array', array, MOST_TASKS) }),
    ...(name === undefined ? {} : { name }),
    ...(output === undefined ? {} : { stdout: path(output) }),
    ...(error === undefined ? {} : { stderr: path(error) }),
  };
}

/** The highest code of a job's tasks. */
function codeOf(tasks: readonly QueuedJob[]): number {
  return Math.max(...tasks.map(({ end, code }) => (end === 'exited' ? code : NO_CODE)));
}

await runProgram(BPSUB, async (args) => {
  const given = readArguments(args, OPTIONS, () => true);
  if (given.has('help')) return printHelp(BPSUB);
  if (given.has('version')) return printVersion(BPSUB);
  const [file, ...argv] = given.command;
  if (file === undefined) throw new UsageError('no command is given');
  const job = jobOf(given, file, argv);
  return withMaster(async (client) => {
    const number = await submit(client, job);
    process.stdout.write(`${number}\n`);
    if (!given.has('wait')) return 0;
    const tasks = await waitForJob(client, number);
    for (const { end, reason } of tasks)
      if (end !== 'exited') process.stderr.write(`bpsub: job ${number}: ${reason}\n`);
    return codeOf(tasks);
  });
});
