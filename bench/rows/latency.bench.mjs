/** One start after another, from the call to the exit status. */

import { Daemons } from '../lib/daemons.mjs';
import { Agent } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { median, short } from '../lib/stats.mjs';
import { line, quickerThan } from '../lib/verdict.mjs';

const MOST_OF_BARE = 0.8;

export const name = 'latency';
export const title = 'One `/bin/true` after another';
export const method =
  'Client, master and slave are three processes that speak mutual TLS on loopback, or are on unix sockets. “Bare” is ' +
  '`child_process.spawn` with three pipes in a process of its own, from the call to the `exit` event. A sample of a round ' +
  'is the median of its starts.';

export async function run(context, cleanup) {
  const count = context.count(150, 20);
  const bare = await new Agent('bare', []).ready();
  cleanup.add(() => bare.stop());
  const [secure, local] = [await Daemons.start(1, { isSecure: true }), await Daemons.start(1)];
  for (const daemons of [secure, local]) cleanup.add(() => daemons.stop());
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
    { name: 'bproc', run: async () => median(await secure.client.call('latency', { count })) },
    { name: 'unix', run: async () => median(await local.client.call('latency', { count })) },
    { name: 'bare', run: async () => median(await bare.call('latency', { count })) },
    ssh,
    srun,
  ];
  // Daemons that have served a while: what V8 compiles at first is not theirs to pay for.
  for (const agent of [secure.client, local.client, bare])
    await agent.call('rate', { count: context.count(3000, 200), width: 32 });
  for (const { run: warmUp, missing } of measured) if (missing === undefined) await warmUp();
  const outcome = await rounds(context, measured, { rounds: context.count(9, 2), limitMs: 90_000 });
  const { bare: plain } = outcome.medians;
  const ofBare = (what, ms) =>
    line(
      what,
      `≤ ${MOST_OF_BARE}× bare spawn`,
      `${short(ms / plain)}× (${short(ms)} ms, bare ${short(plain)} ms)`,
      ms / plain <= MOST_OF_BARE,
    );
  const lines = [
    ofBare("`rexec('/bin/true')` to its exit status, over TLS", outcome.medians.bproc),
    quickerThan('the same', 100, outcome, ssh),
    quickerThan('the same', 20, outcome, srun),
    ofBare('the same on unix sockets', outcome.medians.unix),
  ];
  return { lines, outcome };
}
