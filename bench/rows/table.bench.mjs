/** How many processes a second one master enters into its table, and takes out again. */
import { Daemons } from '../lib/daemons.mjs';
import { Agent } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const SLAVES = 125;
const PROCESSES = 15_000;
/** What BProc reached with as many machines. */
const LEAST_PER_SECOND = 4500;
/** Slaves that start real programs meanwhile: each has a holder of its own. */
const REAL_SLAVES = 16;
const REAL_PROCESSES = 1024;

export const name = 'table';
export const title = 'A crowd of processes through one master';
export const method =
  `One vector of ${PROCESSES.toLocaleString('en-US')} starts over ${SLAVES} slaves, which are objects of the library in one ` +
  'process, as a client in another one asks for it; the time is until it has the last end. Their processes are entries ' +
  'without a program behind them, since this machine starts some two thousand real ones a second whoever asks: for the ' +
  `client and the master they are the same. Beside it stand ${REAL_PROCESSES.toLocaleString('en-US')} real \`/bin/true\` on ${REAL_SLAVES} slaves of a process each.`;

export async function run(context, cleanup) {
  const slaves = context.count(SLAVES, 10);
  const per = PROCESSES / SLAVES;
  const entries = await Daemons.start(0);
  cleanup.add(() => entries.stop());
  const fleet = new Agent('fleet', [entries.address, '0', String(slaves), 'short']);
  cleanup.add(() => fleet.stop());
  await fleet.call('attached');
  await entries.client.call('waitForNodes', { nodes: slaves });
  const realSlaves = context.count(REAL_SLAVES, 2);
  const real = await Daemons.start(realSlaves);
  cleanup.add(() => real.stop());
  const contenders = [
    { name: 'entries', run: () => entries.client.call('vector', { nodes: slaves, per }) },
    { name: 'real', run: () => real.client.call('vector', { nodes: realSlaves, per: REAL_PROCESSES / REAL_SLAVES }) },
  ];
  for (const { run: warmUp } of contenders) await warmUp();
  const outcome = await rounds(context, contenders, { rounds: context.count(5, 2), limitMs: 90_000 });
  const rate = (slots, ms) => Math.round((slots / ms) * 1000);
  const entered = rate(slaves * per, outcome.medians.entries);
  const started = rate((realSlaves * REAL_PROCESSES) / REAL_SLAVES, outcome.medians.real);
  const text = (number) => number.toLocaleString('en-US');
  const lines = [
    line(
      `${text(slaves * per)} processes over ${slaves} slaves, recorded, started and ended`,
      `≥ ${text(LEAST_PER_SECOND)} a second`,
      `${text(entered)} a second (${short(outcome.medians.entries)} ms; real programs ${text(started)} a second)`,
      entered >= LEAST_PER_SECOND,
    ),
  ];
  return { lines, outcome };
}
