/** One start after another, from the call to the exit status. */

import { Daemons } from '../lib/daemons.mjs';
import { Agent } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { median, short } from '../lib/stats.mjs';
import { line, quickerThan } from '../lib/verdict.mjs';

const MOST_OF_BARE = 1.4;

export const name = 'latency';
export const title = 'One `/bin/true` after another';
export const method =
  'Client, master and slave are three processes on unix sockets. “Bare” is `child_process.spawn` with three ' +
  'pipes in a process of its own, from the call to the `exit` event. A sample of a round is the median of its starts.';

export async function run(context, cleanup) {
  const count = context.count(150, 20);
  const bare = await new Agent('bare', []).ready();
  cleanup.add(() => bare.stop());
  const daemons = await Daemons.start(1);
  cleanup.add(() => daemons.stop());
  const { peers } = context;
  const ssh = {
    name: 'ssh',
    missing: peers.missing('ssh'),
    run: async () => median(await peers.ssh('127.0.0.1', '/bin/true', 3)),
  };
  const srun = {
    name: 'srun',
    missing: peers.missing('slurm'),
    run: async () => median(await peers.srun(1, '/bin/true', 5)),
  };
  const measured = [
    { name: 'bproc', run: async () => median(await daemons.client.call('latency', { count })) },
    { name: 'bare', run: async () => median(await bare.call('latency', { count })) },
    ssh,
    srun,
  ];
  // Daemons that have served a while: what V8 compiles at first is not theirs to pay for.
  for (const agent of [daemons.client, bare]) await agent.call('rate', { count: context.count(3000, 200), width: 32 });
  for (const { run: warmUp, missing } of measured) if (missing === undefined) await warmUp();
  const outcome = await rounds(context, measured, { rounds: context.count(9, 2), limitMs: 90_000 });
  const { bproc, bare: plain } = outcome.medians;
  const what = "`rexec('/bin/true')` to its exit status";
  const ratio = bproc / plain;
  const lines = [
    line(
      what,
      `≤ ${MOST_OF_BARE}× bare spawn`,
      `${short(ratio)}× (${short(bproc)} ms, bare ${short(plain)} ms)`,
      ratio <= MOST_OF_BARE,
    ),
    quickerThan('the same', 30, outcome, ssh),
    quickerThan('the same', 10, outcome, { ...srun, name: 'srun' }),
  ];
  return { lines, outcome };
}
