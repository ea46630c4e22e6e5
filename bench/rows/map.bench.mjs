/** How long it takes to choose where a large job goes. */
import { byAttribute, choose, leastLoaded, pack, roundRobin, spread, topology } from 'bproc/beomap';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const NODES = 1000;
const CPUS = 16;
const SLOTS = 10_000;
const MOST_MS = 10;
const POLICIES = {
  'least-loaded': leastLoaded,
  pack,
  spread,
  'round-robin': roundRobin,
  'by attribute': byAttribute('memory >= 4GiB and arch == x86_64'),
  topology: topology({ by: ['switch', 'rack'] }),
};

export const name = 'map';
export const title = 'Where a large job goes';
export const method =
  `One job map of ${SLOTS.toLocaleString('en-US')} slots over ${NODES.toLocaleString('en-US')} nodes of ${CPUS} processors, each with a load of its own, from what ` +
  'is known of them to the map, without asking anybody; the median of 21 maps, after as many.';

export async function run(context) {
  const nodes = Array.from({ length: NODES }, (_, node) => ({
    node,
    cpus: CPUS,
    load: Array.from({ length: CPUS }, (__, cpu) => ((node * 7919 + cpu * 104_729) % 1000) / 1000),
    attributes: { memory: String(8 * 2 ** 30), arch: 'x86_64', switch: `s${node >> 4}`, rack: `r${node >> 6}` },
    state: 'up',
    mayPlace: true,
  }));
  const contenders = Object.entries(POLICIES).map(([policyName, policy]) => ({
    name: policyName,
    run: async () => {
      const times = [];
      for (let each = 0; each < 42; each += 1) {
        const from = performance.now();
        const { map } = choose(nodes, { np: SLOTS, policy });
        times.push(performance.now() - from);
        if (map.size !== SLOTS) throw new Error(`policy ${policyName} gave ${map.size} slots`);
      }
      return times.slice(21).sort((a, b) => a - b)[10];
    },
  }));
  const outcome = await rounds(context, contenders, { rounds: context.count(5, 1), limitMs: 60_000 });
  const { 'least-loaded': usual, ...others } = outcome.medians;
  const rest = Object.entries(others).map(([policyName, ms]) => `${policyName} ${short(ms)} ms`);
  const lines = [
    line(
      `a map of ${SLOTS.toLocaleString('en-US')} slots over ${NODES.toLocaleString('en-US')} nodes`,
      `≤ ${MOST_MS} ms`,
      `${short(usual)} ms (${rest.join(', ')})`,
      Math.max(usual, ...Object.values(others)) <= MOST_MS,
    ),
  ];
  return { lines, outcome };
}
