/** A program of 100 MiB on a node that has not got it, and on one that has it from before. */
import { execFile } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Daemons } from '../lib/daemons.mjs';
import { Agent } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const MEMORY = '/dev/shm';
const MOST_OF_OWN = 1.3;
const MOST_BYTES = 8 * 1024;
const LEAST_OF_STAGE = 0.7;

export const name = 'image';
export const title = 'A program of 100 MiB';
export const method =
  'A C program with a shared library of 100 MiB, of which it reads a byte. On the node’s own disk it is started by `rexec`, from ' +
  'the cache by `execmove`; both to the exit status. Bytes are all that the master writes meanwhile, to the slave and to the client. ' +
  'First is a slave that has just come, with nothing in its cache, while the master has the image; then one that nobody ' +
  'has had before, not even the client, who has to hash it. Client, master and slave are processes of their own on unix sockets, their ' +
  'caches on tmpfs. The stages are SHA-256 of the file, the same bytes through a unix socket, and writing them to tmpfs, each alone in Node.';

const compile = promisify(execFile);

/** Builds the program anew, so that nobody has seen it; returns its path and size. */
async function build(directory, at, mebibytes) {
  const [data, library, program] = ['data', `libbig${at}.so`, `program${at}`].map((file) => join(directory, file));
  await writeFile(data, randomFillSync(Buffer.alloc(mebibytes * 2 ** 20)));
  await writeFile(
    join(directory, 'big.c'),
    `__asm__(".section .rodata\\n.global big\\nbig: .incbin \\"${data}\\"\\n.previous");\n` +
      'extern const char big[];\nint peek(void) { return big[4096] == big[8192] && big[0] == big[1] && 0; }\n',
  );
  await writeFile(join(directory, 'main.c'), 'int peek(void);\nint main(void) { return peek(); }\n');
  await compile('cc', ['-O1', '-shared', '-fPIC', '-o', library, join(directory, 'big.c')]);
  await compile('cc', ['-O1', '-o', program, join(directory, 'main.c'), library, '-Wl,-rpath,$ORIGIN']);
  await rm(data);
  return { program, library };
}

export async function run(context, cleanup) {
  const mebibytes = context.count(100, 10);
  const bytes = mebibytes * 2 ** 20;
  const directory = await mkdtemp(join(MEMORY, 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const { program, library } = await build(directory, 0, mebibytes);
  const daemons = await Daemons.start(1, { env: { ...process.env, TMPDIR: directory } });
  cleanup.add(() => daemons.stop());
  const [one, other] = [await new Agent('stages', []).ready(), await new Agent('stages', []).ready()];
  cleanup.add(() => Promise.all([one.stop(), other.stop()]));
  const start = (node, file, isSent) => daemons.client.call('start', { node, file, isSent });
  const written = async () =>
    Number(/^wchar: (\d+)$/m.exec(await readFile(`/proc/${daemons.master.pid}/io`, 'utf8'))?.[1]);
  let [nodes, programs, wire] = [1, 1, 0];
  /** Of a slave that has started something of its own, but no image. */
  const first = async (file) => {
    const node = nodes;
    nodes += 1;
    const slave = await daemons.addSlave(node);
    await daemons.client.call('waitForNode', { node });
    for (let count = 0; count < 10; count += 1) await start(node, '/bin/true', false);
    const ms = await start(node, file, true);
    await slave.stop();
    return ms;
  };
  const loopback = async () => {
    const path = join(directory, 'socket');
    await one.call('receive', { path });
    await other.call('send', { path, bytes });
    return one.call('received');
  };
  const contenders = [
    { name: 'own', run: () => start(0, program, false) },
    { name: 'second', run: () => start(0, program, true) },
    { name: 'first', run: () => first(program) },
    {
      name: 'fresh',
      run: async () => {
        const built = await build(directory, programs, mebibytes);
        programs += 1;
        const ms = await first(built.program);
        await Promise.all([rm(built.program), rm(built.library)]);
        return ms;
      },
    },
    { name: 'hash', run: () => one.call('hash', { file: library }) },
    { name: 'loopback', run: loopback },
    { name: 'write', run: () => one.call('write', { file: join(directory, 'written'), bytes }) },
  ];
  for (const { run: warmUp } of contenders) await warmUp();
  for (let count = 0; count < 20; count += 1) for (const isSent of [false, true]) await start(0, program, isSent);
  const before = await written();
  await start(0, program, true);
  wire = (await written()) - before;
  const outcome = await rounds(context, contenders, { rounds: context.count(7, 2), limitMs: 120_000 });
  const { own, second, first: sent, fresh, hash, loopback: socket, write } = outcome.medians;
  const slowest = Math.max(hash, socket, write);
  const rate = (ms) => `${short(bytes / 1000 / ms)} MB/s`;
  const stages = `hash ${rate(hash)}, socket ${rate(socket)}, tmpfs ${rate(write)}`;
  const lines = [
    line(
      `a second start of ${mebibytes} MiB`,
      `≤ ${MOST_OF_OWN}× from the node’s own disk`,
      `${short(second / own)}× (${short(second)} ms, own ${short(own)} ms)`,
      second / own <= MOST_OF_OWN,
    ),
    line('the same, bytes on the wire', `< ${MOST_BYTES / 1024} KiB`, `${short(wire / 1024)} KiB`, wire < MOST_BYTES),
    line(
      'the first to a node',
      `≥ ${LEAST_OF_STAGE}× the slowest stage`,
      `${short(slowest / sent)}× (${rate(sent)}; ${stages}; the first of all, which the client has to hash, ${rate(fresh)})`,
      slowest / sent >= LEAST_OF_STAGE,
    ),
  ];
  return { lines, outcome };
}
