/**
 * Runs the benchmarks: all of them, or those that are named.
 *
 *     npm run bench -- [NAME...] [--list] [--print] [--no-peers] [--scale N]
 *
 * `--print` writes no files; `--scale 0.1` makes everything that much smaller, and writes none either.
 */
import { parseArgs } from 'node:util';
import { Cleanup } from './lib/cleanup.mjs';
import { Context } from './lib/context.mjs';
import { describeMachine } from './lib/machine.mjs';
import { earlier, markdown, write } from './lib/report.mjs';
import * as burst from './rows/burst.bench.mjs';
import * as dhcp from './rows/dhcp.bench.mjs';
import * as fanOut from './rows/fan-out.bench.mjs';
import * as idle from './rows/idle.bench.mjs';
import * as image from './rows/image.bench.mjs';
import * as latency from './rows/latency.bench.mjs';
import * as load from './rows/load.bench.mjs';
import * as map from './rows/map.bench.mjs';
import * as move from './rows/move.bench.mjs';
import * as mpi from './rows/mpi.bench.mjs';
import * as nss from './rows/nss.bench.mjs';
import * as packaged from './rows/package.bench.mjs';
import * as pmi from './rows/pmi.bench.mjs';
import * as queue from './rows/queue.bench.mjs';
import * as rate from './rows/rate.bench.mjs';
import * as reconnect from './rows/reconnect.bench.mjs';
import * as stoppedReader from './rows/stopped-reader.bench.mjs';
import * as stream from './rows/stream.bench.mjs';
import * as table from './rows/table.bench.mjs';
import * as tree from './rows/tree.bench.mjs';
import * as treeDepth from './rows/tree-depth.bench.mjs';

/** Those that need peers first: after the last of them the peers are stopped. */
const WITH_PEERS = [latency, fanOut, stream, tree];
const ALL = [
  ...WITH_PEERS,
  rate,
  burst,
  table,
  map,
  image,
  move,
  treeDepth,
  stoppedReader,
  idle,
  reconnect,
  nss,
  load,
  queue,
  mpi,
  pmi,
  dhcp,
  packaged,
];
/** How long one benchmark may take before it is given up. */
const MOST_MS = 5 * 60_000;

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
    'no-peers': { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
  },
});

const log = (text) => process.stderr.write(`${text}\n`);

function chosen() {
  const unknown = names.filter((name) => !ALL.some((row) => row.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no benchmark is called ${unknown.join(' or ')}: there are ${ALL.map(({ name }) => name).join(', ')}`,
    );
  return names.length === 0 ? ALL : ALL.filter(({ name }) => names.includes(name));
}

async function within(promise, ms, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function measure(row, context) {
  const from = performance.now();
  const measuredAt = new Date().toISOString();
  log(`${row.name}: ${row.title}`);
  const cleanup = new Cleanup();
  context.cleanup.add(() => cleanup.run());
  try {
    const { lines, ...raw } = await within(row.run(context, cleanup), MOST_MS, row.name);
    for (const { what, goal, measured, verdict } of lines)
      log(`  ${verdict.padEnd(6)} ${what}: ${measured}, goal ${goal}`);
    return { title: row.title, method: row.method, measuredAt, lines, ...raw };
  } finally {
    await cleanup.run();
    log(`  took ${((performance.now() - from) / 1000).toFixed(1)} s`);
  }
}

async function main(cleanup) {
  const rows = chosen();
  if (options.list) {
    for (const { name, title } of ALL) process.stdout.write(`${name.padEnd(16)}${title}\n`);
    return true;
  }
  const machine = describeMachine();
  const context = new Context(cleanup, { scale: Number(options.scale), withPeers: !options['no-peers'], write: log });
  const measured = {};
  const failures = [];
  for (const row of rows) {
    if (!WITH_PEERS.includes(row)) await context.peers.stop();
    try {
      measured[row.name] = await measure(row, context);
    } catch (error) {
      failures.push(row.name);
      log(`  failed: ${error instanceof Error ? error.stack : error}`);
    }
  }
  const isTrial = options.print || options.scale !== '1';
  const before = isTrial ? {} : await earlier(machine);
  const results = {};
  for (const { name } of ALL) {
    const result = measured[name] ?? before[name];
    if (result !== undefined) results[name] = result;
  }
  if (isTrial) process.stdout.write(markdown(machine, context.quiet.means, results));
  else await write(machine, context.quiet.means, results);
  if (failures.length > 0) log(`failed: ${failures.join(', ')}`);
  return failures.length === 0;
}

const cleanup = new Cleanup();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void cleanup.run().finally(() => process.exit(1)));
}
try {
  process.exitCode = (await main(cleanup)) ? 0 : 1;
} finally {
  await cleanup.run();
}
