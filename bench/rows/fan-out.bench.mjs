/** One program on 64 nodes. */
import { Daemons } from '../lib/daemons.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { quickerThan } from '../lib/verdict.mjs';
import { SLURM_NODES } from '../peers/slurm.mjs';

export const name = 'fan-out';
export const title = `One \`/bin/true\` on each of ${SLURM_NODES} nodes`;
export const method =
  `${SLURM_NODES} slaves are processes of their own, on this one machine like the peers’ nodes: ${SLURM_NODES} \`slurmd\` ` +
  'and an ssh server on as many addresses. The time is from one vector `rexec` to the last end; for the peers it is ' +
  'that of the command, for `srun` of a step inside an allocation.';

export async function run(context, cleanup) {
  const { peers } = context;
  const nodes = SLURM_NODES;
  const one = async (times) => (await times)[0];
  const srun = { name: 'srun', missing: peers.missing('slurm'), run: () => one(peers.srun(nodes, '/bin/true', 1)) };
  const pdsh = { name: 'pdsh', missing: peers.missing('pdsh'), run: () => one(peers.pdsh(nodes, '/bin/true')) };
  const clush = { name: 'clush', missing: peers.missing('clush'), run: () => one(peers.clush(nodes, '/bin/true')) };
  const daemons = await Daemons.start(nodes);
  cleanup.add(() => daemons.stop());
  const bproc = { name: 'bproc', run: () => daemons.client.call('vector', { nodes, per: 1 }) };
  for (let warm = 0; warm < context.count(5, 1); warm += 1) await bproc.run();
  if (srun.missing === undefined) await srun.run();
  const outcome = await rounds(context, [bproc, srun, pdsh, clush], { rounds: context.count(5, 1), limitMs: 120_000 });
  const what = `${nodes} slaves, one \`/bin/true\` each (${short(outcome.medians.bproc)} ms)`;
  const lines = [
    quickerThan(what, 5, outcome, srun),
    ...[pdsh, clush].map((peer) => quickerThan('the same', 20, outcome, peer)),
  ];
  return { lines, outcome };
}
