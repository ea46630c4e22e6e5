/** MPI jobs by a command, and what their ranks exchange when they begin. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, end, run as runProgram, serve } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line, unmeasured } from '../lib/verdict.mjs';

const SIZES = [4, 16];
const MOST = { command: { 4: 1.6, 16: 1.2 }, fenceMs: 1000 };
const RANKS = 64;
const AT_ONCE = { nodes: 64, each: 16 };
const LEAST_REQUESTS = 100_000;
const COMMAND = (name) => fileURLToPath(new URL(`../../dist/cli/${name}.js`, import.meta.url));
const SOURCE = fileURLToPath(new URL('../programs/mpi-init.c', import.meta.url));

export const name = 'pmi';
export const title = 'What ranks of MPI exchange, and `bprun`';
export const method =
  `${RANKS} ranks that are nothing but connections of one program say the 13 requests of a rank of MPICH’s, each one after the other’s answer, to one node’s server in another program. The fence is of ` +
  `${AT_ONCE.nodes * AT_ONCE.each} such ranks on ${AT_ONCE.nodes} nodes, whose slaves and master are one program, of 440 bytes each; messages are those that pass the master. \`bprun\` runs a program that only calls ` +
  '`MPI_Init` and `MPI_Finalize`, on one node of a master in a process of its own, Node’s own start included, and so does `mpiexec.hydra`.';

export async function run(context, cleanup) {
  const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const exchanges = await exchange(context, cleanup);
  const fences = await fence(context, cleanup);
  const starts = await startsOf(context, cleanup, directory);
  const contenders = [...starts.contenders, exchanges.contender, fences.contender];
  const outcome = await rounds(context, contenders, { rounds: context.count(9, 1), limitMs: 200_000 });
  const { 'a second': requests, fence: fenceMs } = outcome.medians;
  const least = LEAST_REQUESTS.toLocaleString('en-US');
  const many = Math.round(requests);
  const lines = [
    ...starts.lines(outcome),
    line(
      `What ${RANKS} ranks say and are answered`,
      `≥ ${least} a second`,
      `${many.toLocaleString('en-US')} a second`,
      many >= LEAST_REQUESTS,
    ),
    line(
      `A fence of ${AT_ONCE.nodes * AT_ONCE.each} ranks on ${AT_ONCE.nodes} nodes`,
      `< ${MOST.fenceMs} ms, O(nodes) messages`,
      `${short(fenceMs)} ms (${fences.messages()} messages)`,
      fenceMs < MOST.fenceMs && fences.messages() <= 4 * AT_ONCE.nodes,
    ),
  ];
  return { lines, outcome };
}

/** MPICH's own launcher, and the command. */
async function startsOf(context, cleanup, directory) {
  const program = join(directory, 'init');
  const sizes = SIZES.filter((np) => np <= context.count(16, 4));
  const what = (np) => `\`bprun\` of ${np} ranks of MPICH`;
  const goal = (np) => `≤ ${MOST.command[np]}× mpiexec`;
  try {
    await runProgram('mpicc.mpich', ['-O1', '-o', program, SOURCE]);
    await runProgram('mpiexec.hydra', ['-n', '1', program]);
  } catch (error) {
    const lines = () =>
      sizes.map((np) => unmeasured(what(np), goal(np), `not installed: ${error.message.slice(0, 60)}`));
    return { contenders: [], lines };
  }
  const env = { ...process.env, BPROC_MASTER: `unix:${join(directory, 'master.sock')}` };
  const master = serve(process.execPath, [COMMAND('bpmaster'), '--local', '1'], { env });
  cleanup.add(() => end(master.child));
  while (!master.text().includes('nodes up') && !master.text().includes('node up'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const timed = async (act) => {
    const from = performance.now();
    await act();
    return performance.now() - from;
  };
  const contenders = sizes.flatMap((np) => [
    { name: `hydra ${np}`, run: () => timed(() => runProgram('mpiexec.hydra', ['-n', String(np), program])) },
    {
      name: `bprun ${np}`,
      run: () =>
        timed(() =>
          runProgram(process.execPath, [COMMAND('bprun'), '-np', String(np), '--map', '0', program], { env }),
        ),
    },
  ]);
  const lines = ({ medians }) =>
    sizes.map((np) => {
      const { [`bprun ${np}`]: ours, [`hydra ${np}`]: theirs } = medians;
      const told = `${short(ours / theirs)}× (${short(ours)} ms, mpiexec.hydra ${short(theirs)} ms)`;
      return line(what(np), goal(np), told, ours / theirs <= MOST.command[np]);
    });
  return { contenders, lines };
}

async function exchange(context, cleanup) {
  const server = await new Agent('pmi-cluster', ['1', String(RANKS)]).ready();
  cleanup.add(() => server.stop());
  const ranks = await new Agent('pmi-ranks', []).ready();
  cleanup.add(() => ranks.stop());
  const turns = context.count(30, 2);
  const run = async () => {
    let [ms, requests] = [0, 0];
    for (let turn = 0; turn < turns; turn += 1) {
      const places = await server.call('open');
      const took = await ranks.call('exchange', { places });
      await ranks.call('leave');
      ms += took.ms;
      requests += took.requests;
    }
    return (requests / ms) * 1000;
  };
  return { contender: { name: 'a second', run } };
}

async function fence(_context, cleanup) {
  const server = await new Agent('pmi-cluster', [String(AT_ONCE.nodes), String(AT_ONCE.each)]).ready();
  cleanup.add(() => server.stop());
  const ranks = await new Agent('pmi-ranks', []).ready();
  cleanup.add(() => ranks.stop());
  let messages = Number.NaN;
  const run = async () => {
    const places = await server.call('open');
    await ranks.call('come', { places });
    const before = await server.call('messages');
    const took = await ranks.call('fence', { places });
    messages = (await server.call('messages')) - before;
    await ranks.call('leave');
    return took;
  };
  return { contender: { name: 'fence', run }, messages: () => messages };
}
