/** The other side of `Agent`: what every measuring process can be asked, and what it adds. */
import { Stalls } from './stalls.mjs';

/** The library under measurement: the built package, or another build to compare it with. */
export const library = await import(process.env['BPROC_BENCH_LIBRARY'] ?? 'bproc');

const stalls = new Stalls();

const common = {
  ready: () => true,
  /** CPU in microseconds since the start of the process, and resident memory in bytes. */
  usage: () => {
    const { user, system } = process.cpuUsage();
    return { cpu: user + system, user, system, rss: process.memoryUsage.rss() };
  },
  watchStalls: () => stalls.start(),
  stalls: () => stalls.stop(),
  profileStart: () => profile('start'),
  profileStop: ({ path }) => profile('stop', path),
};

/**
 * Answers the calls of whoever forked this process, until that one lets go.
 *
 * @param {Readonly<Record<string, (params: any) => unknown>>} handlers
 * @param {() => unknown} [leave] what to do before the end
 */
export function answer(handlers, leave = () => {}) {
  const all = { ...common, ...handlers };
  process.on('message', async ({ id, method, params }) => {
    let reply;
    try {
      reply = { id, result: await all[method](params) };
    } catch (error) {
      reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    if (process.connected) process.send(reply);
  });
  process.on('disconnect', async () => {
    await leave();
    process.exit(0);
  });
}

let session;

/** Takes a CPU profile of this process, for whoever looks for where its time goes. */
async function profile(what, path) {
  const { Session } = await import('node:inspector/promises');
  const { writeFile } = await import('node:fs/promises');
  if (what === 'start') {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 200 });
    await session.post('Profiler.start');
    return;
  }
  const { profile: taken } = await session.post('Profiler.stop');
  session.disconnect();
  await writeFile(path, JSON.stringify(taken));
}
