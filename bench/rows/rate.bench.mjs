/** Many starts at once on one slave. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Daemons } from '../lib/daemons.mjs';
import { Agent, run as execute } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { median, short } from '../lib/stats.mjs';
import { line, unmeasured } from '../lib/verdict.mjs';

const WIDTH = 32;
const LEAST_OF_BARE = 2.8;
const LEAST_OF_C = 0.75;
const LEAST_OF_EMPTY = 0.9;
const MOST_CPU_US = 70;
const HELD_BYTES = 2 ** 30;
const SOURCE = fileURLToPath(new URL('../programs/starts.c', import.meta.url));

export const name = 'rate';
export const title = 'A sustained rate of starts';
export const method =
  `${WIDTH} \`/bin/true\` are in flight at any time, on one slave, and the same with bare spawns, and in a C program of ` +
  'one thread that makes three pipes, calls `vfork` and `execve`, and waits. CPU is what the kernel counts for the daemon’s ' +
  'process, after some thousand starts: what V8 compiles at first is not a start’s own. With Buffers: the whole cluster is ' +
  'in one program, which holds 1 GiB of them, against the same program without.';

/** The C program, compiled; or why it is not. */
async function limit(cleanup) {
  const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const program = join(directory, 'starts');
  const missing = await execute('cc', ['-O2', '-o', program, SOURCE]).then(
    () => undefined,
    (error) => error.message,
  );
  return { program, missing };
}

export async function run(context, cleanup) {
  const count = context.count(1500, 100);
  const load = { count, width: WIDTH };
  const agent = async (program, args) => {
    const started = await new Agent(program, args).ready();
    cleanup.add(() => started.stop());
    return started;
  };
  const bare = await agent('bare', []);
  const empty = await agent('embedded', ['0']);
  const full = await agent('embedded', [String(HELD_BYTES)]);
  const daemons = await Daemons.start(1);
  cleanup.add(() => daemons.stop());
  const { program, missing } = await limit(cleanup);
  const cpus = { slave: [], master: [] };
  const measured = async () => {
    const before = await daemons.usage();
    const rate = await daemons.client.call('rate', load);
    const after = await daemons.usage();
    for (const role of Object.keys(cpus)) cpus[role].push((after[role].cpu - before[role].cpu) / count);
    return rate;
  };
  const c = {
    name: 'c',
    missing,
    run: async () => Number(await execute(program, [String(count), String(WIDTH), '/bin/true'])),
  };
  const contenders = [
    { name: 'bproc', run: measured },
    { name: 'bare', run: () => bare.call('rate', load) },
    c,
    { name: 'empty', run: () => empty.call('rate', load) },
    { name: 'full', run: () => full.call('rate', load) },
  ];
  for (const { run: warmUp, missing: why } of contenders) {
    for (let turn = 0; turn < 3 && why === undefined; turn += 1) await warmUp();
  }
  for (const role of Object.keys(cpus)) cpus[role] = [];
  const outcome = await rounds(context, contenders, { rounds: context.count(7, 2), limitMs: 120_000 });
  if ((await full.call('holds')) !== HELD_BYTES) throw new Error('the Buffers are not there');
  const { bproc, bare: plain, c: most, empty: without, full: held } = outcome.medians;
  const what = `starts a second, ${WIDTH} in flight, one slave`;
  const least = `≥ ${LEAST_OF_C}× vfork in C`;
  const cpu = (role) => {
    const us = median(cpus[role]);
    return line(`${role} CPU a start meanwhile`, `≤ ${MOST_CPU_US} µs`, `${short(us)} µs`, us <= MOST_CPU_US);
  };
  const ratio = (mine, other, unit) => `${short(mine / other)}× (${short(mine)}/s, ${unit} ${short(other)}/s)`;
  const lines = [
    line(what, `≥ ${LEAST_OF_BARE}× bare spawn`, ratio(bproc, plain, 'bare'), bproc / plain >= LEAST_OF_BARE),
    missing === undefined
      ? line('the same', least, ratio(bproc, most, 'C'), bproc / most >= LEAST_OF_C)
      : unmeasured('the same', least, `not compiled: ${missing}`),
    line(
      'the same in one program that holds 1 GiB of Buffers',
      `≥ ${LEAST_OF_EMPTY}× without`,
      ratio(held, without, 'without'),
      held / without >= LEAST_OF_EMPTY,
    ),
    cpu('slave'),
    cpu('master'),
  ];
  return { lines, outcome, details: { cpus } };
}
