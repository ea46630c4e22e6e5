/** A reader that stops reading. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemons } from '../lib/daemons.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const BLOCK = 1024 * 1024;
const STOPPED_MS = 4000;
const EVERY_MS = 100;
const MOST_BYTES = 64 * 2 ** 20;

export const name = 'stopped-reader';
export const title = 'A reader that stops';
export const method =
  `A process writes 1 GiB, and its client does not read for ${STOPPED_MS / 1000} s, then reads all of it. Memory is the ` +
  'resident memory of slave, master and client together, against just before the start.';

export async function run(context, cleanup) {
  const blocks = context.count(1024, 64);
  const bytes = blocks * BLOCK;
  const command = ['dd', 'if=/dev/zero', `bs=${BLOCK}`, `count=${blocks}`, 'status=none'];
  const daemons = await Daemons.start(1);
  cleanup.add(() => daemons.stop());
  const warm = ['dd', 'if=/dev/zero', `bs=${BLOCK}`, 'count=16', 'status=none'];
  await daemons.client.call('stream', { command: warm });
  const resident = async () => {
    const { master, slave, client } = await daemons.usage();
    return master.rss + slave.rss + client.rss;
  };
  const { value, others, isQuiet } = await context.quiet.during(async () => {
    const before = await resident();
    await daemons.client.call('stop', { command });
    let stopped = 0;
    for (const from = performance.now(); performance.now() - from < STOPPED_MS; ) {
      await sleep(EVERY_MS);
      stopped = Math.max(stopped, (await resident()) - before);
    }
    let reading = 0;
    let isOver = false;
    const all = daemons.client.call('goOn').finally(() => {
      isOver = true;
    });
    while (!isOver) {
      reading = Math.max(reading, (await resident()) - before);
      await sleep(EVERY_MS);
    }
    return { stopped, reading, arrived: (await all).bytes };
  });
  const mib = (size) => `${short(size / 2 ** 20)} MiB`;
  const lines = [
    line(
      `memory growth with ${bytes / 2 ** 20} MiB written to a stopped reader`,
      `< ${MOST_BYTES / 2 ** 20} MiB`,
      `${mib(value.stopped)} (${mib(value.reading)} at most while it reads on)`,
      value.stopped < MOST_BYTES,
    ),
    line('what arrives afterwards', 'all of it', `${mib(value.arrived)}`, value.arrived === bytes),
  ];
  return { lines, outcome: { samples: value, others: [others], noisy: !isQuiet } };
}
