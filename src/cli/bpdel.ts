#!/usr/bin/env node
/** `bpdel`: takes jobs out of the queue, and ends those that run. */
import { cancelJob } from '../beomap/index.ts';
import { BprocError } from '../index.ts';
import { readArguments, UsageError } from './arguments.ts';
import { withMaster } from './master-connection.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS, printHelp, printVersion, runProgram } from './program.ts';
import { jobName } from './queue-names.ts';

const BPDEL: Program = {
  name: 'bpdel',
  usage: ['JOB...'],
  help: `Takes jobs out of the queue, and ends those that run: by TERM, and after five seconds by KILL. Jobs that depend on them are not run.

  -h, --help      this text
  -V, --version

A JOB is a number, or 12[3] for task 3 of an array. What cannot be cancelled is told, the others are; the exit code is then 1.
`,
};

await runProgram(BPDEL, async (args) => {
  const given = readArguments(args, COMMON_OPTIONS);
  if (given.has('help')) return printHelp(BPDEL);
  if (given.has('version')) return printVersion(BPDEL);
  const names = given.operands.map(jobName);
  if (names.length === 0) throw new UsageError('which jobs?');
  return withMaster(async (client) => {
    let code = 0;
    for (const { job, ...task } of names) {
      try {
        await cancelJob(client, job, task);
      } catch (error) {
        if (!BprocError.is(error)) throw error;
        process.stderr.write(`bpdel: ${error.message}\n`);
        code = 1;
      }
    }
    return code;
  });
});
