/** The queue: submitting to it, and how soon it decides. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const JOBS = 10_000;
const ENDS = 50;
const MOST = { submitMs: 2000, decideMs: 5 };

export const name = 'queue';
export const title = 'The queue';
export const method =
  `${JOBS.toLocaleString('en-US')} jobs are submitted by one client, a hundred of them at a time, to a master that keeps each in its journal before it answers; both have a process of their own. Then the queue’s part alone, with ` +
  `1,000 nodes of 16 processors that are all taken and ${JOBS.toLocaleString('en-US')} jobs of 1 to 64 slots that wait: from the end of a job to the start of the next, the median and the longest of ${ENDS}.`;

export async function run(context, cleanup) {
  const jobs = context.count(JOBS, 200);
  const part = await new Agent('queue-part', []).ready();
  cleanup.add(() => part.stop());
  const submit = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
    const master = await new Agent('queue-master', [
      `unix:${join(directory, 'socket')}`,
      join(directory, 'state'),
    ]).ready();
    const client = await new Agent('queue-client', [await master.call('address')]).ready();
    try {
      return await client.call('submit', { count: jobs });
    } finally {
      await client.stop();
      await master.stop();
      await rm(directory, { recursive: true, force: true });
    }
  };
  let longest = 0;
  const decide = async () => {
    const times = (await part.call('decide', { waiting: jobs, ends: context.count(ENDS, 5) })).sort((a, b) => a - b);
    longest = Math.max(longest, times.at(-1) ?? Number.NaN);
    return times[times.length >> 1] ?? Number.NaN;
  };
  const contenders = [
    { name: 'submit', run: submit },
    { name: 'decide', run: decide },
  ];
  const outcome = await rounds(context, contenders, { rounds: context.count(3, 1), limitMs: 120_000 });
  const { submit: submitMs, decide: decideMs } = outcome.medians;
  const count = jobs.toLocaleString('en-US');
  const lines = [
    line(
      `${count} submissions`,
      `≤ ${MOST.submitMs.toLocaleString('en-US')} ms`,
      `${short(submitMs)} ms`,
      submitMs <= MOST.submitMs,
    ),
    line(
      `From the end of a job to the next start, with ${count} waiting`,
      `≤ ${MOST.decideMs} ms`,
      `${short(decideMs)} ms (longest ${short(longest)} ms)`,
      decideMs <= MOST.decideMs,
    ),
  ];
  return { lines, outcome };
}
