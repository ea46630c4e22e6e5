/** A program that no node has, sent to 64 of them: from node to node, and by the master alone. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Daemons } from '../lib/daemons.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line, unmeasured } from '../lib/verdict.mjs';

const NODES = 64;
const MEBIBYTES = 12;
/** Copies of the program that may leave the master. */
const MOST_COPIES = 3;
/** Of the time that copying it by scp and starting it by pdsh takes. */
const MOST_OF_SCP = 0.6;
/** Where caches are, of the nodes as of the master: not a disk that 64 of them would share. */
const MEMORY = '/dev/shm';

export const name = 'tree';
export const title = `A program of ${MEBIBYTES} MiB to ${NODES} nodes`;
export const method =
  `One \`vexecmove\` of a static program of ${MEBIBYTES} MiB, new in each round, to ${NODES} slaves, which are processes of their own on unix ` +
  'sockets of one machine, all with caches on tmpfs; the time is to the last end. In the tree slaves have it from each other, in the star from ' +
  'the master alone (`--no-peers`). On one machine there is no network that the star could fill: every copy costs the same processors, ' +
  'whoever sends it. What the master sends is counted by itself. With scp the file is copied 32 nodes at a time, then pdsh starts it.';

const compile = promisify(execFile);

/** Builds a program that does nothing, and makes ever new ones of it. */
async function programs(directory, mebibytes) {
  const source = join(directory, 'program.c');
  await writeFile(source, 'int main(void) { return 0; }\n');
  await compile('cc', ['-O1', '-static', '-o', join(directory, 'base'), source]);
  let made = 0;
  return async () => {
    made += 1;
    const path = join(directory, `program-${made}`);
    await copyFile(join(directory, 'base'), path);
    await appendFile(path, randomBytes(Math.round(mebibytes * 2 ** 20)));
    return path;
  };
}

export async function run(context, cleanup) {
  const nodes = context.count(NODES, 4);
  const directory = await mkdtemp(join(MEMORY, 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const next = await programs(directory, context.count(MEBIBYTES, 1));
  const env = { ...process.env, TMPDIR: directory };
  const copies = { tree: [], star: [] };
  const contender = async (kind) => {
    const daemons = await Daemons.start(nodes, { env, hasPeers: kind === 'tree' });
    cleanup.add(() => daemons.stop());
    const sent = () => daemons.master.call('imageBytesSent');
    return {
      name: kind,
      run: async () => {
        const file = await next();
        const before = await sent();
        const ms = await daemons.client.call('send', { nodes, file });
        copies[kind].push(((await sent()) - before) / (await stat(file)).size);
        await rm(file);
        return ms;
      },
    };
  };
  const tree = await contender('tree');
  const star = await contender('star');
  const scp = {
    name: 'scp',
    missing: context.peers.missing('scp'),
    run: async () => {
      const file = await next();
      const ms = await context.peers.copyAndRun(nodes, file);
      await rm(file);
      return ms;
    },
  };
  for (const { run: warmUp } of [tree, star]) await warmUp();
  for (const kind of ['tree', 'star']) copies[kind].length = 0;
  const outcome = await rounds(context, [tree, star, scp], { rounds: context.count(3, 2), limitMs: 90_000 });
  const most = { tree: Math.max(...copies.tree), star: Math.max(...copies.star) };
  const { medians } = outcome;
  const times = `${short(medians.tree)} ms, star ${short(medians.star)} ms`;
  const lines = [
    line(
      `${MEBIBYTES} MiB to ${nodes} nodes: what leaves the master`,
      `≤ ${MOST_COPIES} copies`,
      `${short(most.tree)} (star ${short(most.star)})`,
      most.tree <= MOST_COPIES,
    ),
  ];
  const goal = `≤ ${MOST_OF_SCP}× scp and pdsh`;
  if (scp.missing === undefined) {
    const ratio = medians.tree / medians.scp;
    lines.push(
      line(
        'the same, in time',
        goal,
        `${short(ratio)}× (${times}, scp ${short(medians.scp)} ms)`,
        ratio <= MOST_OF_SCP,
      ),
    );
  } else lines.push(unmeasured('the same, in time', goal, `${times}; not installed: ${scp.missing}`));
  return { lines, outcome, copies };
}
