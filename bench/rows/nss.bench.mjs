/** Looking names up: what is known already, what is not, and what a whole cluster asks at once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const SLAVES = 1000;
const HOSTS = 4;
const LOOK_UPS = 200_000;
const COLD = 500;
const LEAST_PER_SECOND = 100_000;
/** NssQuestion: the user `carol` by name. */
const CAROL = '0a0670617373776412046e616d651a056361726f6c';

export const name = 'nss';
export const title = 'Names';
export const method =
  'One program looks users up one after another that the front end has told it (`kickback`); nodes that it has not asked for, beside a question to ' +
  `the master that finds nothing out; and ${SLAVES.toLocaleString('en-US')} slaves, which are objects of the library in ${HOSTS} processes with a connection each, are asked ` +
  'for the same user at the same moment, whom the master gets from a source that takes 5 ms and counts. A master and a client of their own processes, over a unix socket.';

export async function run(context, cleanup) {
  const nodes = context.count(SLAVES, 20);
  const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const master = await new Agent('names-master', [`unix:${join(directory, 'master')}`]).ready();
  cleanup.add(() => master.stop());
  const address = await master.call('address');
  const each = Math.ceil(nodes / HOSTS);
  const hosts = Array.from({ length: HOSTS }, (_, at) => {
    return new Agent('fleet', [address, String(at * each), String(Math.min(each, nodes - at * each))]);
  });
  cleanup.add(() => Promise.all(hosts.map((host) => host.stop())));
  await Promise.all(hosts.map((host) => host.call('attached')));
  const client = await new Agent('names-client', [address]).ready();
  cleanup.add(() => client.stop());
  const before = await master.call('queries');
  const crowdMs = await client.call('crowd', { nodes, question: CAROL });
  const queries = (await master.call('queries')) - before;
  const cold = await client.call('cold', { count: Math.min(COLD, nodes) });
  const count = context.count(LOOK_UPS, 2000);
  const contenders = [{ name: 'cached', run: () => client.call('cached', { count }) }];
  const outcome = await rounds(context, contenders, { rounds: context.count(5, 2), limitMs: 60_000 });
  const rate = Math.round((count / outcome.medians.cached) * 1000);
  const text = (number) => number.toLocaleString('en-US');
  const lines = [
    line(
      'Look-ups of names that are known',
      `≥ ${text(LEAST_PER_SECOND)} a second`,
      `${text(rate)} a second`,
      rate >= LEAST_PER_SECOND,
    ),
    line(
      'A look-up that the front end has to be asked for',
      '1 round trip',
      `${short(cold.questions)} (${short(cold.name)} ms; a question to the master ${short(cold.other)} ms)`,
      cold.questions === 1,
    ),
    line(
      `${text(nodes)} slaves that are asked for the same user at once: what the master’s source is asked`,
      '1 query',
      `${queries} (${short(crowdMs)} ms to the last answer)`,
      queries === 1,
    ),
  ];
  return { lines, outcome };
}
