/** How the time in which nodes get a program grows with their number, on a virtual network. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { plot } from '../lib/plot.mjs';
import { Agent } from '../lib/processes.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const NODES = [16, 64, 256, 1024];
/** Larger than what a connection has under way, so that a node sends it in about the time that its bytes take. */
const KIBIBYTES = 1024;
const LATENCY_MS = 1;
/** 100 MB/s. */
const BYTES_PER_MS = 100_000;
/** Times that a copy from node to node may take of what its bytes alone do: questions, answers, windows. */
const MOST_OVERHEAD = 2;
const DYING = 0.05;
const MOST_COPIES = 3;
const MEMORY = '/dev/shm';

export const name = 'tree-depth';
export const title = 'A program to up to 1,024 nodes on a virtual network';
export const method =
  `The test kit’s cluster in one process: real master, slaves, connections’ frames and caches, on a clock that is counted; ${LATENCY_MS} ms from ` +
  `one host to another, and ${BYTES_PER_MS / 1000} MB/s that each host can send. A program of 1 MiB and more, which the master has and no node, ` +
  'goes to all of them in one `vexecmove`; the time is to the last start. It needs no quiet machine: the clock is virtual.';

const compile = promisify(execFile);

export async function run(context, cleanup) {
  const directory = await mkdtemp(join(MEMORY, 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const [source, file] = [join(directory, 'program.c'), join(directory, 'program')];
  await writeFile(source, 'int main(void) { return 0; }\n');
  await compile('cc', ['-O1', '-static', '-o', file, source]);
  await appendFile(file, randomBytes(KIBIBYTES * 1024));
  const { size } = await stat(file);
  const copyMs = size / BYTES_PER_MS;
  const send = async (nodes, dying) => {
    const agent = await new Agent('world', [], { env: { ...process.env, TMPDIR: directory } }).ready();
    try {
      const net = { latencyMs: LATENCY_MS, hostBytesPerMs: BYTES_PER_MS };
      const sent = await agent.call('send', { nodes, file, dying, dieAtMs: 3 * copyMs, ...net });
      context.log(
        `  ${nodes} nodes: ${short(sent.ms)} virtual ms, ${sent.depth} deep, ${short(sent.bytes / size)} copies`,
      );
      return { nodes, ...sent };
    } finally {
      await agent.stop();
    }
  };
  const counts = NODES.map((nodes) => context.count(nodes, 2));
  const curve = [];
  for (const nodes of counts) curve.push(await send(nodes, 0));
  const last = curve.at(-1);
  const deaths = Math.max(1, Math.round(last.nodes * DYING));
  const dying = await send(last.nodes, deaths);
  /** The first copy, and then as many rounds as it takes to double it. */
  const ideal = (nodes) => (Math.log2(nodes) + 1) * copyMs;
  const worst = Math.max(...curve.map(({ nodes, ms }) => ms / ideal(nodes)));
  const copies = Math.max(...curve.map(({ bytes }) => bytes / size));
  const many = last.nodes.toLocaleString('en-US');
  const lines = [
    line(
      `a program to ${many} virtual nodes, each of 100 MB/s`,
      `≤ ${MOST_OVERHEAD}× (log₂ n + 1) copies one after another, for each n`,
      `${short(worst)}× at most (${curve.map(({ nodes, ms }) => `${nodes.toLocaleString('en-US')}: ${short(ms)} ms`).join(', ')}; a copy ${short(copyMs)} ms)`,
      worst <= MOST_OVERHEAD,
    ),
    line(
      'the same, nodes on the longest way',
      `≤ ${Math.ceil(Math.log2(last.nodes)) + 1}`,
      String(last.depth),
      last.depth <= Math.ceil(Math.log2(last.nodes)) + 1,
    ),
    line('the same, what leaves the master', `≤ ${MOST_COPIES} copies`, short(copies), copies <= MOST_COPIES),
    line(
      `${deaths} of them die meanwhile: results of the others that change`,
      'none',
      `${dying.changed} (${short(dying.bytes / size)} copies from the master)`,
      dying.changed === 0,
    ),
  ];
  const words = {
    title: `${short(size / 2 ** 20)} MiB to many nodes`,
    xTitle: 'nodes',
    yTitle: 'virtual milliseconds',
  };
  const figure = plot(words, [
    { name: 'measured', points: curve.map(({ nodes, ms }) => [nodes, ms]) },
    { name: '(log₂ n + 1) copies one after another', points: curve.map(({ nodes }) => [nodes, ideal(nodes)]) },
  ]);
  return { lines, outcome: { noisy: false, curve, dying }, figures: { 'tree-depth.svg': figure } };
}
