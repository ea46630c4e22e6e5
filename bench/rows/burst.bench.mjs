/** What a burst of starts costs the daemons. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Daemons } from '../lib/daemons.mjs';
import { run as runProgram } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { median, short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const SLAVES = 16;
const CPUS = availableParallelism();
const EVERY_CPU = `0-${CPUS - 1}`;
const MOST_CPU_US = 70;
const MOST_STALL_MS = 10;

export const name = 'burst';
export const title = 'What a burst of starts costs';
export const method =
  `One vector of 4,096 \`/bin/true\` over ${SLAVES} slaves, all processes of their own, after six such vectors. CPU is what the kernel counts ` +
  'for the daemon’s process, where all of them compete for all processors. A stall is the longest time in which a timer ' +
  'of 1 ms did not fire. It is measured with the master on a processor of its own (`taskset`), as on a cluster, whose ' +
  'slaves run elsewhere; the stall with everything on all processors is mostly the master’s turn in the kernel’s queue.';

export async function run(context, cleanup) {
  const per = context.count(256, 16);
  const starts = per * SLAVES;
  const daemons = await Daemons.start(SLAVES);
  cleanup.add(() => daemons.stop());
  for (let warm = 0; warm < 6; warm += 1) await daemons.client.call('vector', { nodes: SLAVES, per });
  const details = { together: [], apart: [] };
  const burst = async (place) => {
    const { master, slaves, client } = daemons;
    const others = [client, ...slaves];
    await pin(master, place === 'apart' ? '0' : EVERY_CPU);
    for (const other of [...others, ...holders()]) await pin(other, place === 'apart' ? `1-${CPUS - 1}` : EVERY_CPU);
    const watched = [master, ...others];
    await Promise.all(watched.map((agent) => agent.call('watchStalls')));
    const before = await daemons.usage();
    const ms = await client.call('vector', { nodes: SLAVES, per });
    const after = await daemons.usage();
    const [ofMaster, ofClient, ...ofSlaves] = await Promise.all(watched.map((agent) => agent.call('stalls')));
    const cpu = (role) => (after[role].cpu - before[role].cpu) / starts;
    const worst = ofSlaves.reduce((a, b) => (b.ms > a.ms ? b : a));
    const cpus = { master: cpu('master'), slave: cpu('slave'), client: cpu('client') };
    details[place].push({ ms, cpus, stalls: { master: ofMaster, client: ofClient, slave: worst } });
    return place === 'together' ? cpus.master : ofMaster.ms;
  };
  const contenders = [
    { name: 'master CPU, us a start', run: () => burst('together') },
    {
      name: 'master’s longest stall, ms',
      run: () => burst('apart'),
      ...(CPUS < 2 ? { missing: 'one processor' } : {}),
    },
  ];
  const outcome = await rounds(context, contenders, { rounds: context.count(5, 1), limitMs: 120_000 });
  const of = (place, pick) => median(details[place].map(pick));
  const cpu = outcome.medians['master CPU, us a start'];
  const place = CPUS < 2 ? 'together' : 'apart';
  const stall = of(place, ({ stalls }) => stalls.master.ms);
  const shared = of('together', ({ stalls }) => stalls.master.ms);
  const own = of('together', ({ stalls }) => stalls.master.cpuMs);
  const rate = (starts * 1000) / of('together', ({ ms }) => ms);
  const [slaveCpu, clientCpu] = ['slave', 'client'].map((role) => of('together', ({ cpus }) => cpus[role]));
  const lines = [
    line(
      `master CPU a start, ${starts.toLocaleString('en-US')} at once on ${SLAVES} slaves (${short(rate)}/s)`,
      `≤ ${MOST_CPU_US} µs`,
      `${short(cpu)} µs (slave ${short(slaveCpu)} µs, client ${short(clientCpu)} µs)`,
      cpu <= MOST_CPU_US,
    ),
    line(
      'the master’s longest stall meanwhile',
      `≤ ${MOST_STALL_MS} ms`,
      `${short(stall)} ms on a processor of its own (${short(shared)} ms on shared ones, ${short(own)} of them its own work)`,
      stall <= MOST_STALL_MS,
    ),
  ];
  return { lines, outcome, details };
}

/** What creates the slaves' processes, which run where it does. */
function holders() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => (commandOf(pid).startsWith('bpspawn') ? [{ pid }] : []));
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1');
  } catch {
    // gone meanwhile
    return '';
  }
}

/** All threads of a process, and what it starts from then on. */
async function pin({ pid }, cpus) {
  if (CPUS > 1) await runProgram('taskset', ['-a', '-c', '-p', cpus, String(pid)]);
}
