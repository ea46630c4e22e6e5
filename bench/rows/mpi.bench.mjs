/** Programs of MPI, started by their own launchers and by this library. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'bproc';
import { launch } from 'bproc/mpi';
import { Daemons } from '../lib/daemons.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line, unmeasured } from '../lib/verdict.mjs';

const SIZES = [1, 4, 16];
const MOST = 1;

/** Each MPI: what builds its programs, and what starts them on one machine. */
const FAMILIES = [
  { mpi: 'mpich', compiler: 'mpicc.mpich', own: 'mpiexec.hydra', options: [], packages: 'mpich libmpich-dev' },
  {
    mpi: 'openmpi',
    compiler: 'mpicc.openmpi',
    own: 'mpirun.openmpi',
    options: ['--oversubscribe', '--bind-to', 'none'],
    packages: 'openmpi-bin libopenmpi-dev',
  },
];

export const name = 'mpi';
export const title = 'Starting MPI programs';
export const method =
  'A program that does MPI_Init and MPI_Finalize, on one node, from the call, or the start of the launcher, until all ranks have ended. `launch` is called ' +
  'by a program that is connected, over a unix socket, to a master and a slave of their own processes; `mpiexec.hydra` and `mpirun` are started with Node’s `spawn`, the latter with `--oversubscribe --bind-to none`, as processors are fewer than ranks.';

export async function run(context, cleanup) {
  const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-mpi-'));
  cleanup.add(() => rm(directory, { recursive: true }));
  const daemons = await Daemons.start(1);
  cleanup.add(() => daemons.stop());
  const client = await connect({ master: daemons.address });
  cleanup.add(() => client[Symbol.asyncDispose]());
  const families = FAMILIES.map((family) => ({ ...family, program: build(directory, family) }));
  const contenders = families.flatMap((family) => SIZES.flatMap((size) => contendersOf(client, family, size)));
  for (const { missing, run: warmUp } of contenders) if (missing === undefined) await warmUp();
  const outcome = await rounds(context, contenders, { rounds: context.count(9, 2), limitMs: 180_000 });
  const lines = families.flatMap((family) => SIZES.map((size) => lineOf(outcome, family, size)));
  return { lines, outcome };
}

/** @returns the program; undefined: the MPI is not installed. */
function build(directory, { mpi, compiler }) {
  const program = join(directory, mpi);
  const source = new URL('../programs/mpi-init.c', import.meta.url).pathname;
  return spawnSync(compiler, ['-O1', '-o', program, source]).status === 0 ? program : undefined;
}

function contendersOf(client, { mpi, own, options, program, packages }, size) {
  const missing = program === undefined ? { missing: `apt-get install ${packages}` } : {};
  const map = Array.from({ length: size }, () => 0).join(':');
  return [
    {
      name: `${mpi} ${size}`,
      ...missing,
      run: async () => {
        const from = performance.now();
        const job = await launch(client, { argv: [program], map, mpi, stdio: 'ignore', stdin: false });
        const { exitCode, lines } = await job.wait();
        if (exitCode !== 0) throw new Error(`the job ended with ${exitCode}: ${lines.join('; ')}`);
        return performance.now() - from;
      },
    },
    { name: `${own} ${size}`, ...missing, run: () => timeOf(own, [...options, '-n', String(size), program]) },
  ];
}

async function timeOf(command, args) {
  // as root it wants to be told that this is meant
  const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
  const from = performance.now();
  const child = spawn(command, args, { stdio: 'ignore', env });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return performance.now() - from;
}

function lineOf({ medians }, { mpi, own, program, packages }, size) {
  const what = `${size} ${size === 1 ? 'rank' : 'ranks'} of ${mpi === 'mpich' ? 'MPICH' : 'Open MPI'}`;
  const goal = `≤ ${MOST}× ${own.split('.')[0]}`;
  if (program === undefined) return unmeasured(what, goal, `not installed: apt-get install ${packages}`);
  const { [`${mpi} ${size}`]: ours, [`${own} ${size}`]: theirs } = medians;
  return line(
    what,
    goal,
    `${short(ours / theirs)}× (${short(ours)} ms, ${own} ${short(theirs)} ms)`,
    ours <= MOST * theirs,
  );
}
