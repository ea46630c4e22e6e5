/** What a burst of starts costs the daemons. */
import { Daemons } from '../lib/daemons.mjs';
import { rounds } from '../lib/rounds.mjs';
import { median, short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const SLAVES = 16;
const MOST_CPU_US = 90;
const MOST_STALL_MS = 20;

export const name = 'burst';
export const title = 'What a burst of starts costs';
export const method =
  `One vector of 4,096 \`/bin/true\` over ${SLAVES} slaves, all processes of their own. CPU is what the kernel counts ` +
  'for the daemon’s process; a stall is the longest time in which a timer of 1 ms did not fire, and so includes what the ' +
  'kernel gave to others on a full machine (the CPU used meanwhile is given beside it).';

export async function run(context, cleanup) {
  const per = context.count(256, 16);
  const starts = per * SLAVES;
  const daemons = await Daemons.start(SLAVES);
  cleanup.add(() => daemons.stop());
  for (let warm = 0; warm < 3; warm += 1) await daemons.client.call('vector', { nodes: SLAVES, per });
  const details = [];
  const burst = async () => {
    const { master, slaves, client } = daemons;
    const watched = [master, client, ...slaves];
    await Promise.all(watched.map((agent) => agent.call('watchStalls')));
    const before = await daemons.usage();
    const ms = await client.call('vector', { nodes: SLAVES, per });
    const after = await daemons.usage();
    const [ofMaster, ofClient, ...ofSlaves] = await Promise.all(watched.map((agent) => agent.call('stalls')));
    const cpu = (role) => (after[role].cpu - before[role].cpu) / starts;
    const worst = ofSlaves.reduce((a, b) => (b.ms > a.ms ? b : a));
    const cpus = { master: cpu('master'), slave: cpu('slave'), client: cpu('client') };
    details.push({ ms, cpus, stalls: { master: ofMaster, client: ofClient, slave: worst } });
    return cpus.master;
  };
  const outcome = await rounds(context, [{ name: 'master CPU, us a start', run: burst }], {
    rounds: context.count(5, 1),
    limitMs: 60_000,
  });
  const of = (pick) => median(details.map(pick));
  const cpu = outcome.medians['master CPU, us a start'];
  const stall = of(({ stalls }) => stalls.master.ms);
  const own = of(({ stalls }) => stalls.master.cpuMs);
  const rate = (starts * 1000) / of(({ ms }) => ms);
  const lines = [
    line(
      `master CPU a start, ${starts.toLocaleString('en-US')} at once on ${SLAVES} slaves (${short(rate)}/s)`,
      `≤ ${MOST_CPU_US} µs`,
      `${short(cpu)} µs (slave ${short(of(({ cpus }) => cpus.slave))} µs, client ${short(of(({ cpus }) => cpus.client))} µs)`,
      cpu <= MOST_CPU_US,
    ),
    line(
      'the master’s longest stall meanwhile',
      `≤ ${MOST_STALL_MS} ms`,
      `${short(stall)} ms, ${short(own)} of them its own (slave ${short(of(({ stalls }) => stalls.slave.ms))} ms, client ${short(of(({ stalls }) => stalls.client.ms))} ms)`,
      stall <= MOST_STALL_MS,
    ),
  ];
  return { lines, outcome, details };
}
