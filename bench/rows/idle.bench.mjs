/** A large cluster with nothing to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemons } from '../lib/daemons.mjs';
import { Agent } from '../lib/processes.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const HOSTS = 4;
const IDLE_MS = 20_000;
const SETTLE_MS = 6000;
const MOST_BYTES = 300 * 2 ** 20;
const MOST_SHARE = 0.02;

export const name = 'idle';
export const title = 'A large cluster, idle';
export const method =
  `A real master; its slaves are objects of the library in ${HOSTS} processes, each with a connection of its own over a ` +
  'unix socket, and their processes are entries without a program behind them, which is the same to the master. Its ' +
  `memory and CPU are taken over ${IDLE_MS / 1000} s with nothing to do but heartbeats.`;

export async function run(context, cleanup) {
  const nodes = context.count(1000, 40);
  const per = 10;
  const daemons = await Daemons.start(0);
  cleanup.add(() => daemons.stop());
  const each = Math.ceil(nodes / HOSTS);
  const hosts = Array.from({ length: HOSTS }, (_, at) => {
    const count = Math.min(each, nodes - at * each);
    return new Agent('fleet', [daemons.address, String(at * each), String(count)]);
  });
  cleanup.add(() => Promise.all(hosts.map((host) => host.stop())));
  await Promise.all(hosts.map((host) => host.call('attached')));
  await daemons.client.call('waitForNodes', { nodes });
  await daemons.client.call('fill', { nodes, per });
  await sleep(SETTLE_MS);
  const { value, others, isQuiet } = await context.quiet.during(async () => {
    const before = await daemons.master.call('usage');
    const from = performance.now();
    await sleep(IDLE_MS * Math.min(1, context.scale * 2));
    const after = await daemons.master.call('usage');
    return { share: (after.cpu - before.cpu) / 1000 / (performance.now() - from), rss: after.rss };
  });
  const what = `${(nodes * per).toLocaleString('en-US')} processes, ${nodes.toLocaleString('en-US')} slaves: the master’s`;
  const lines = [
    line(
      `${what} memory`,
      `≤ ${MOST_BYTES / 2 ** 20} MiB resident`,
      `${short(value.rss / 2 ** 20)} MiB`,
      value.rss <= MOST_BYTES,
    ),
    line(`${what} CPU`, `< ${MOST_SHARE * 100} % of a core`, `${short(value.share * 100)} %`, value.share < MOST_SHARE),
  ];
  return { lines, outcome: { samples: value, others: [others], noisy: !isQuiet } };
}
