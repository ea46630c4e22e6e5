/** A network of the benchmarks' own: a namespace with nothing but loopback in it. */
import { existsSync, readdirSync } from 'node:fs';
import { run } from '../lib/processes.mjs';

const PREFIX = 'bproc-bench-';
const NAMESPACES = '/run/netns';

/**
 * Makes it.
 *
 * @returns {Promise<{ readonly enter: readonly string[], readonly remove: () => Promise<void> }>} `enter`:
 *   the command that runs another one inside
 */
export async function createNetwork() {
  await removeStale();
  const name = PREFIX + process.pid;
  await run('ip', ['netns', 'add', name]);
  const enter = ['nsenter', `--net=${NAMESPACES}/${name}`];
  await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
  // A second address: resolvers that go by what is configured take 127.0.0.1 alone for no network.
  await run('ip', ['-n', name, 'address', 'add', '127.0.0.2/8', 'dev', 'lo']);
  return {
    enter,
    remove: async () => {
      await run('ip', ['netns', 'delete', name]);
    },
  };
}

/** Namespaces of runs that were killed. */
async function removeStale() {
  if (!existsSync(NAMESPACES)) return;
  for (const name of readdirSync(NAMESPACES)) {
    if (!name.startsWith(PREFIX) || existsSync(`/proc/${name.slice(PREFIX.length)}`)) continue;
    await run('ip', ['netns', 'delete', name]);
  }
}
