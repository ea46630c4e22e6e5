/** Running processes that go to other nodes, and copies of them, against CRIU by hand. */
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { dumpAndRestore, lackOfCriu } from '../lib/by-hand.mjs';
import { Daemons } from '../lib/daemons.mjs';
import { Agent, run as command } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { median, short } from '../lib/stats.mjs';
import { line, unmeasured } from '../lib/verdict.mjs';

const MEMORY = '/dev/shm';
const MIB = 2 ** 20;
const SMALL_MIB = 16;
const RING = 4;
const PIPE_LIMIT = '/proc/sys/fs/pipe-max-size';
const PIPE_BYTES = 4 * MIB;

export const name = 'move';
export const title = 'Moving and copying running processes';
export const method =
  'A C program that has written so much memory looks at the clock all the time; how long it stands still is the longest time ' +
  'between two of its looks. Beside it, in the same rounds, `criu dump` and then `criu restore` of the same program by hand, over one tmpfs. ' +
  'Client, master and slaves are processes of their own on unix sockets, the slaves’ files on tmpfs. Bytes are all that the slave of ' +
  'the source writes meanwhile, and an image is so many of them as it writes for one copy. A copy is asked for by the client, and there when the client knows that it runs.';

const NODE_PROGRAM = `
let last = Date.now(), longest = 0;
setInterval(() => { const at = Date.now(); longest = Math.max(longest, at - last); last = at; }, 1);
process.stdin.on('data', () => { console.log(longest); longest = 0; last = Date.now(); });
console.log('ready');`;

const written = async ({ pid }) => Number(/^wchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[1]);

/** A process that goes to and fro between nodes 0 and 1. */
async function shuttle(daemons, what, isSilent = false) {
  const pid = await daemons.client.call('hold', { node: 0, command: what, isSilent });
  let node = 0;
  const move = async () => {
    const source = daemons.slaves[node];
    node = 1 - node;
    const before = await written(source);
    const whole = await daemons.client.call('move', { pid, node });
    return { whole, bytes: (await written(source)) - before };
  };
  return { pid, move, stood: () => daemons.client.call('stood', { pid }) };
}

/** Moves a process of so many MiB, in turn with CRIU by hand. */
async function compare(context, daemons, directory, { program, mebibytes, count, others = [] }) {
  const what = [program, String(mebibytes)];
  const { pid, move, stood } = await shuttle(daemons, what);
  const [wholes, bytes] = [[], []];
  const moved = async () => {
    await stood();
    const each = await move();
    wholes.push(each.whole);
    bytes.push(each.bytes);
    return stood();
  };
  const contenders = [
    { name: 'freeze', run: moved },
    { name: 'byHand', run: () => dumpAndRestore(directory, what) },
    ...others,
  ];
  await moved();
  wholes.length = 0;
  const outcome = await rounds(context, contenders, { rounds: count, limitMs: 60_000 });
  await daemons.client.call('release', { pid });
  return { outcome, whole: median(wholes), bytes: median(bytes) };
}

async function small(context, daemons, directory, program) {
  const count = context.count(11, 3);
  const { outcome, whole } = await compare(context, daemons, directory, { program, mebibytes: SMALL_MIB, count });
  const { freeze, byHand } = outcome.medians;
  const hand = `by hand ${short(byHand)} ms`;
  const lines = [
    line(
      `${SMALL_MIB} MiB, stands still`,
      '≤ 1.6× by hand',
      `${short(freeze / byHand)}× (${short(freeze)} ms, ${hand})`,
      freeze / byHand <= 1.6,
    ),
    line(
      `${SMALL_MIB} MiB, the whole call`,
      '≤ 3× by hand',
      `${short(whole / byHand)}× (${short(whole)} ms, ${hand})`,
      whole / byHand <= 3,
    ),
  ];
  return { outcome, lines };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function large(context, daemons, directory, program, [one, other]) {
  const mebibytes = context.count(1024, 64);
  const size = mebibytes * MIB;
  const loopback = async () => {
    const path = { host: '127.0.0.1', port: await freePort() };
    await one.call('receive', { path });
    await other.call('send', { path, bytes: size });
    return one.call('received');
  };
  const count = context.count(3);
  const others = [{ name: 'loopback', run: loopback }];
  const { outcome, whole, bytes } = await compare(context, daemons, directory, { program, mebibytes, count, others });
  const { freeze, byHand, loopback: tcp } = outcome.medians;
  const sum = byHand + tcp;
  const parts = `${short(freeze)} ms; by hand ${short(byHand)} ms, loopback TCP ${short(tcp)} ms; the whole call ${short(whole)} ms`;
  const lines = [
    line(
      `${mebibytes} MiB, stands still`,
      '≤ 1.1× by hand and loopback TCP',
      `${short(freeze / sum)}× (${parts})`,
      freeze / sum <= 1.1,
    ),
    line(`${mebibytes} MiB, bytes sent`, '≤ 1.02× its memory', `${short(bytes / size)}×`, bytes / size <= 1.02),
  ];
  return { outcome, lines };
}

/** Lets pipes be as large as pages that follow want them, also where this program may not exceed the limit; undefined: it may not change that. */
async function allowLargePipes(cleanup) {
  const before = await readFile(PIPE_LIMIT, 'utf8');
  if (Number(before) >= PIPE_BYTES) return true;
  const set = (value) => writeFile(PIPE_LIMIT, value);
  const isSet = await set(String(PIPE_BYTES)).then(
    () => true,
    () => false,
  );
  if (isSet) cleanup.add(() => set(before));
  return isSet;
}

/** A new process each time: until all of its memory has followed it does not move again. */
async function postCopy(context, cleanup, daemons, program) {
  const mebibytes = context.count(1024, 64);
  const what = `${mebibytes} MiB, stands still where its memory follows`;
  if (!(await allowLargePipes(cleanup))) return unmeasured(what, '≤ 250 ms', `${PIPE_LIMIT} cannot be raised`);
  const freezes = [];
  for (let count = 0; count <= context.count(5, 1); count += 1) {
    const pid = await daemons.client.call('hold', { node: 0, command: [program, String(mebibytes)] });
    await daemons.client.call('stood', { pid });
    await daemons.client.call('move', { pid, node: 1, mode: 'post-copy' });
    freezes.push(await daemons.client.call('stood', { pid }));
    await daemons.client.call('release', { pid });
  }
  // the first has nothing on the other node yet
  const freeze = median(freezes.slice(1));
  return line(what, '≤ 250 ms', `${short(freeze)} ms`, freeze <= 250);
}

async function sleeper(daemons) {
  const { pid, move } = await shuttle(daemons, ['/bin/sleep', 'inf'], true);
  await move();
  const { bytes, whole } = await move();
  await daemons.client.call('release', { pid });
  const measured = `${short(bytes / 1024)} KiB (${short(whole)} ms)`;
  return line('/bin/sleep, bytes sent', '≤ 256 KiB', measured, bytes <= 256 * 1024);
}

async function nodeCopies(context, daemons) {
  const pid = await daemons.client.call('hold', { node: 0, command: [process.execPath, '-e', NODE_PROGRAM] });
  const [times, freezes] = [[], []];
  for (let count = 0; count <= context.count(10, 2); count += 1) {
    await daemons.client.call('stood', { pid });
    times.push(await daemons.client.call('copy', { pid, nodes: [1] }));
    freezes.push(await daemons.client.call('stood', { pid }));
  }
  await daemons.client.call('release', { pid });
  // the first has nothing on the other node yet
  const [whole, freeze] = [median(times.slice(1)), median(freezes.slice(1))];
  return [
    line('a copy of a Node program is there', '≤ 150 ms', `${short(whole)} ms`, whole <= 150),
    line('the Node program that is copied stands still', '≤ 30 ms', `${short(freeze)} ms`, freeze <= 30),
  ];
}

async function manyCopies(context, daemons, program) {
  const nodes = Array.from({ length: daemons.slaves.length - 1 }, (_, at) => at + 1);
  const mebibytes = context.count(64, 8);
  const pid = await daemons.client.call('hold', { node: 0, command: [program, String(mebibytes)] });
  const copy = (to) => daemons.client.call('copy', { pid, nodes: to });
  await copy(nodes);
  const [one, many, sent] = [[], [], []];
  for (let count = 0; count < context.count(3); count += 1) {
    const before = await written(daemons.slaves[0]);
    one.push(await copy([1]));
    const between = await written(daemons.slaves[0]);
    many.push(await copy(nodes));
    sent.push(((await written(daemons.slaves[0])) - between) / (between - before));
  }
  await daemons.client.call('release', { pid });
  const [first, all, images] = [median(one), median(many), median(sent)];
  const what = `${mebibytes} MiB copied to ${nodes.length} nodes`;
  return [
    line(
      `${what}, against one`,
      '≤ 4×',
      `${short(all / first)}× (${short(all)} ms, one ${short(first)} ms)`,
      all / first <= 4,
    ),
    // what it says to each of the others besides is no image
    line(`${what}, what the source sends`, '≤ 2 images', `${short(images)} images`, images < 2.01),
  ];
}

/** What could be left behind: processes and namespaces of the machine, and what the daemons have open. */
async function belongings(daemons, directory) {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const agents = [daemons.master, daemons.client, ...daemons.slaves].map(({ pid }) => String(pid));
  const own = new Set();
  for (const pid of await descendants(pids, new Set(agents))) own.add(pid);
  const spaces = new Set();
  let open = 0;
  for (const pid of own) {
    for (const kind of ['pid', 'mnt', 'net', 'ipc', 'user'])
      spaces.add(await readlink(`/proc/${pid}/ns/${kind}`).catch(() => kind));
    open += await readdir(`/proc/${pid}/fd`).then(
      (fds) => fds.length,
      () => 0,
    );
  }
  const files = (await readdir(directory, { recursive: true })).length;
  // their names say whose they are
  const isTheirs = (entry) => agents.includes(/^bproc-[a-z]+-(\d+)-/.exec(entry)?.[1]);
  const left = (await readdir(MEMORY)).filter(isTheirs).length;
  const { master, slave } = await daemons.usage();
  return {
    processes: own.size,
    namespaces: spaces.size,
    descriptors: open,
    files: files + left,
    memory: master.rss + slave.rss,
  };
}

async function descendants(pids, found) {
  const parents = new Map();
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    parents.set(pid, /^PPid:\s*(\d+)$/m.exec(status)?.[1]);
  }
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return found;
}

async function ring(context, daemons, directory, program) {
  const moves = context.count(200, 20);
  const pid = await daemons.client.call('hold', { node: 0, command: [program, '1'] });
  let node = 0;
  const go = async (count) => {
    for (let at = 0; at < count; at += 1) {
      node = (node + 1) % RING;
      await daemons.client.call('move', { pid, node });
    }
  };
  await go(RING * 10);
  const before = await belongings(daemons, directory);
  const from = performance.now();
  await go(moves - (moves % RING));
  const each = (performance.now() - from) / moves;
  const after = await belongings(daemons, directory);
  await daemons.client.call('release', { pid });
  const left = ['processes', 'namespaces', 'descriptors', 'files'].map((what) => [what, after[what] - before[what]]);
  const grown = (after.memory - before.memory) / MIB;
  const text = left.map(([what, count]) => `${what} ${count}`).join(', ');
  const isClean = left.every(([, count]) => count <= 0) && after.memory <= before.memory * 1.25;
  return line(
    `${moves} moves in a ring of ${RING}, what is left more`,
    'nothing; memory ≤ 1.25×',
    `${text}, memory ${short(grown)} MiB of ${short(before.memory / MIB)} (${short(each)} ms a move)`,
    isClean,
  );
}

export async function run(context, cleanup) {
  const lack = lackOfCriu();
  if (lack !== undefined)
    return {
      lines: [unmeasured(title, '≤ 1.6× by hand', lack)],
      outcome: { samples: {}, medians: {}, others: [], noisy: false },
    };
  const directory = await mkdtemp(join(MEMORY, 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const program = join(directory, 'moving');
  await command('cc', ['-O1', '-o', program, new URL('../programs/moving.c', import.meta.url).pathname]);
  const env = { ...process.env, TMPDIR: directory, BENCH_NO_IO_URING: '1' };
  const daemons = await Daemons.start(1 + context.count(16, RING), { env });
  cleanup.add(() => daemons.stop());
  const stages = [await new Agent('stages', []).ready(), await new Agent('stages', []).ready()];
  cleanup.add(() => Promise.all(stages.map((each) => each.stop())));
  const few = await small(context, daemons, directory, program);
  const much = await large(context, daemons, directory, program, stages);
  const lines = [
    ...few.lines,
    ...much.lines,
    await postCopy(context, cleanup, daemons, program),
    await sleeper(daemons),
    ...(await nodeCopies(context, daemons)),
    ...(await manyCopies(context, daemons, program)),
    await ring(context, daemons, directory, program),
  ];
  return { lines, outcome: few.outcome, large: much.outcome };
}
