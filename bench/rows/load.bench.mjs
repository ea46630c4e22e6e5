/** What it costs to know how busy a thousand nodes are. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const NODES = 1000;
const HOSTS = 4;
const WATCHED_MS = 15_000;
const RING_SECONDS = 600;
const SAMPLES = 3000;
const MIB = 1024 * 1024;
const MOST = { core: 0.15, ringMiB: 150, sampleBytes: 400, ownCore: 0.003 };

export const name = 'load';
export const title = 'How busy nodes are';
export const method =
  `${NODES.toLocaleString('en-US')} slaves, objects of the library in ${HOSTS} processes with a connection each over a unix socket, tell a master in a process of its own once a second of a machine with 16 processors ` +
  'that is not there, half of which are busy: the CPU time of all that the master’s process does, heartbeats too. What ten minutes of them take is measured on the part that keeps them alone, fed as fast ' +
  `as it goes, after garbage collections; what a sample takes on a node, over ${SAMPLES.toLocaleString('en-US')} samples of this machine in a row.`;

export async function run(context, cleanup) {
  const nodes = context.count(NODES, 20);
  const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const ring = await new Agent('load-ring', [], {
    prefix: ['env'],
    env: { ...process.env, NODE_OPTIONS: '--expose-gc' },
  }).ready();
  cleanup.add(() => ring.stop());
  const seconds = context.count(RING_SECONDS, 60);
  const { bytes, kept } = await ring.call('feed', { nodes, seconds });
  const master = await new Agent('load-master', [`unix:${join(directory, 'master')}`, '1000']).ready();
  cleanup.add(() => master.stop());
  const address = await master.call('address');
  const each = Math.ceil(nodes / HOSTS);
  const hosts = Array.from({ length: HOSTS }, (_, at) => {
    return new Agent('load-fleet', [address, String(at * each), String(Math.min(each, nodes - at * each))]);
  });
  cleanup.add(() => Promise.all(hosts.map((host) => host.stop())));
  await Promise.all(hosts.map((host) => host.call('attached')));
  await sleep(2000);
  const watched = async () => {
    const before = await master.call('usage');
    const from = performance.now();
    await sleep(context.count(WATCHED_MS, 2000));
    const after = await master.call('usage');
    return (after.cpu - before.cpu) / 1000 / (performance.now() - from);
  };
  const contenders = [
    { name: 'master', run: watched },
    { name: 'node', run: async () => (await ring.call('sample', { count: context.count(SAMPLES, 200) })) / 1e6 },
  ];
  const outcome = await rounds(context, contenders, { rounds: context.count(3, 1), limitMs: 120_000 });
  const core = (share) => `${short(share * 100)} % of a core`;
  const lines = [
    line(
      `${nodes.toLocaleString('en-US')} nodes of 16 processors, once a second: the master`,
      `≤ ${MOST.core * 100} % of a core`,
      core(outcome.medians.master),
      outcome.medians.master <= MOST.core,
    ),
    line(
      'What ten minutes of them take, with all else that is known of the nodes',
      `≤ ${MOST.ringMiB} MiB`,
      `${short(kept / MIB)} MiB`,
      kept <= MOST.ringMiB * MIB,
    ),
    line('A sample on the wire', `≤ ${MOST.sampleBytes} bytes`, `${short(bytes)} bytes`, bytes <= MOST.sampleBytes),
    line(
      'A sample a second of this machine, on its node',
      `≤ ${MOST.ownCore * 100} % of a core`,
      core(outcome.medians.node),
      outcome.medians.node <= MOST.ownCore,
    ),
  ];
  return { lines, outcome };
}
