/** Many starts at once on one slave. */

import { Daemons } from '../lib/daemons.mjs';
import { Agent } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const WIDTH = 32;
const LEAST_OF_BARE = 0.85;

export const name = 'rate';
export const title = 'A sustained rate of starts';
export const method = `${WIDTH} \`/bin/true\` are in flight at any time, on one slave, and the same with bare spawns.`;

export async function run(context, cleanup) {
  const count = context.count(1500, 100);
  const bare = await new Agent('bare', []).ready();
  cleanup.add(() => bare.stop());
  const daemons = await Daemons.start(1);
  cleanup.add(() => daemons.stop());
  const load = { count, width: WIDTH };
  const contenders = [
    { name: 'bproc', run: () => daemons.client.call('rate', load) },
    { name: 'bare', run: () => bare.call('rate', load) },
  ];
  for (const { run: warmUp } of contenders) {
    await warmUp();
    await warmUp();
  }
  const outcome = await rounds(context, contenders, { rounds: context.count(7, 2), limitMs: 90_000 });
  const { bproc, bare: plain } = outcome.medians;
  const ratio = bproc / plain;
  const measured = `${short(ratio)}× (${short(bproc)}/s, bare ${short(plain)}/s)`;
  const lines = [
    line(
      `starts a second, ${WIDTH} in flight, one slave`,
      `≥ ${LEAST_OF_BARE}× bare spawn`,
      measured,
      ratio >= LEAST_OF_BARE,
    ),
  ];
  return { lines, outcome };
}
