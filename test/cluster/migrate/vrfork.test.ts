/** One process copied to many nodes, which have its files from each other: PROTOCOL.md 12.10. */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BprocError, type Client, connect, type RemoteProcess } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { type Daemon, Machines } from '../../support/daemons.ts';

const MIB = 1024 * 1024;
const MEMORY = '/dev/shm';
/** Counts all the time, and says how far it was when it became a copy, and what it has in memory. */
const COUNTING = `
import hashlib, os, select, sys
held = os.urandom(int(sys.argv[1]) << 20)
me, count, copied = os.getpid(), 0, 0
print(hashlib.sha256(held).hexdigest(), flush=True)
def look():
  global me, copied
  if os.getpid() != me: me, copied = os.getpid(), count
while not select.select([0], [], [], 0.001)[0]:
  look()
  count += 1
look()
own = dict(line.split('=', 1) for line in open('/proc/self/environ').read().split('\\0') if '=' in line)
print(os.getpid(), own['BPROC_RANK'], own['BPROC_NODE'], copied, hashlib.sha256(held).hexdigest())
`;
const EXITED = { kind: 'exited', code: 0 };

let machines: Machines;
let client: Client;
let slaves: Daemon[];
let master: Daemon;

beforeEach(async () => {
  machines = await Machines.create();
  master = await startMaster();
  client = await connect({ master: machines.address });
  slaves = [];
});

afterEach(async () => {
  await client[Symbol.asyncDispose]();
  await machines[Symbol.asyncDispose]();
});

function startMaster(): Promise<Daemon> {
  return machines.master({ stateDir: join(machines.directory, 'master') });
}

async function startSlaves(count: number): Promise<void> {
  for (let node = 0; node < count; node += 1) slaves.push(await machines.slave(node));
}

/** A process of node 0 with so many MiB in memory, and the hash of that. */
async function begin(mebibytes: number): Promise<{ readonly original: RemoteProcess; readonly hash: string }> {
  const original = await client.rexec(0, '/usr/bin/python3', ['-c', COUNTING, String(mebibytes), machines.directory]);
  const [line] = (await new Promise<Buffer>((resolve) => original.stdout.once('data', resolve))).toString().split('\n');
  return { original, hash: line ?? '' };
}

/** How many of it there are on this machine. */
function running(): number {
  const mark = `${COUNTING}\0`;
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return words.includes(mark) && words.endsWith(`${machines.directory}\0`);
    } catch {
      // it has ended meanwhile
      return false;
    }
  }).length;
}

/** What a copy has said of itself. */
async function told(copy: RemoteProcess): Promise<readonly string[]> {
  copy.stdin.end('\n');
  const [pid = '', rank = '', node = '', copied = '', hash = ''] = (await text(copy.stdout)).trim().split(' ');
  expect(await copy.wait()).toEqual(EXITED);
  expect([pid, node]).toEqual([String(copy.pid), String(copy.node)]);
  return [rank, copied, hash];
}

/** All that copies have said, who are of one capture and have all of its memory. */
async function checkCopies(copies: readonly RemoteProcess[], hash: string, ranks: readonly number[]): Promise<void> {
  const said = await Promise.all(copies.map(told));
  expect(said.map(([rank]) => Number(rank))).toEqual(ranks);
  expect(said.map(([, , held]) => held)).toEqual(said.map(() => hash));
  expect(new Set(said.map(([, copied]) => copied)).size).toBe(Math.min(1, said.length));
  expect(said.map(([, copied]) => copied)).not.toContain('0');
}

/** Directories with what was captured, of one slave. */
async function parcels({ process: { pid } }: Daemon): Promise<readonly string[]> {
  return (await readdir(MEMORY)).filter((name) => name.startsWith(`bproc-move-${pid}-`));
}

/** Bytes of a captured process that are on their way to a slave. */
async function arriving(slave: Daemon): Promise<number> {
  let sum = 0;
  for (const name of await parcels(slave)) {
    const drafts = join(MEMORY, name, 'parcel', 'drafts');
    for (const draft of await readdir(drafts).catch(() => [])) {
      sum += await stat(join(drafts, draft)).then(
        ({ size }) => size,
        () => 0,
      );
    }
  }
  return sum;
}

/** The slave that has something of it first. */
async function firstArriving(): Promise<Daemon> {
  for (;;) {
    for (const slave of slaves) if ((await arriving(slave)) > MIB) return slave;
    await setImmediate();
  }
}

async function expectNothingLeft(): Promise<void> {
  for (const slave of slaves) await expect.poll(() => parcels(slave)).toEqual([]);
  for (const [node] of slaves.entries()) {
    expect((await readdir(join(machines.directory, `slave-${node}`))).includes('images')).toBe(false);
  }
}

function written({ process: { pid } }: Daemon): number {
  return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

test('it is captured once, and sent few times: the nodes have it from each other', async () => {
  await startSlaves(7);
  const { original, hash } = await begin(16);
  const [source] = slaves;
  if (source === undefined) throw new Error('no slave');
  const before = written(source);
  const { process: copies } = await client.vrfork(original.pid, '1-6');
  expect(copies.errors).toEqual([]);
  // two copies, and one more where those take long
  expect(written(source) - before).toBeLessThan(3.5 * 16 * MIB);
  expect(new Set([original, ...copies.processes].map(({ pid }) => pid)).size).toBe(7);
  await checkCopies(copies.processes, hash, [0, 1, 2, 3, 4, 5]);
  await expectNothingLeft();
  original.stdin.end('\n');
  expect((await text(original.stdout)).split(' ')[4]).toBe(`${hash}\n`);
  expect(await original.wait()).toEqual(EXITED);
});

test('several copies of a node, its own one too, are made of what has come to it once', async () => {
  await startSlaves(3);
  const { original, hash } = await begin(16);
  const { process: copies } = await client.vrfork(original.pid, [1, 2, 0, 1, 1, 2, 0]);
  expect(copies.errors).toEqual([]);
  await checkCopies(copies.processes, hash, [0, 1, 2, 3, 4, 5, 6]);
  await expectNothingLeft();
  await original.kill('SIGKILL');
  await original.wait();
});

test('a node that dies meanwhile changes its own result alone', async () => {
  await startSlaves(6);
  const { original, hash } = await begin(64);
  // so slowly that it is dead before it has all
  const copying = client.vrfork(original.pid, '1-5', { bytesPerSecond: 16 * MIB });
  const first = await firstArriving();
  await first.kill();
  const dead = slaves.indexOf(first);
  // until it is told that the node will not come back its copy may still have been made
  await client.setNodeStatus(dead, 'down');
  const { process: copies } = await copying;
  expect(copies.errors).toHaveLength(1);
  expect(copies.processes.map(({ node }) => node)).toEqual([1, 2, 3, 4, 5].filter((node) => node !== dead));
  await checkCopies(
    copies.processes,
    hash,
    [0, 1, 2, 3, 4].filter((rank) => rank + 1 !== dead),
  );
  slaves = slaves.filter((slave) => slave !== first);
  for (const slave of slaves) await expect.poll(() => parcels(slave)).toEqual([]);
  await original.kill('SIGKILL');
  await original.wait();
});

test('where the master dies meanwhile, copies go on from whoever brings them, and each is its client’s or ends', async () => {
  await startSlaves(5);
  const { original, hash } = await begin(64);
  const copying = client.vrfork(original.pid, '1-4');
  await firstArriving();
  await master.kill();
  await until(() => running() === 5, 'all copies');
  master = await startMaster();
  const { process: copies } = await copying;
  // one that is asked for again before its slave has spoken of it may be refused
  const made = [...copies].flatMap((entry, rank) => (BprocError.is(entry) ? [] : [rank]));
  await checkCopies(copies.processes, hash, made);
  await until(() => running() === 1, 'the others to end');
  await expectNothingLeft();
  await original.kill('SIGKILL');
  await original.wait();
});

test.skipIf(process.geteuid?.() !== 0)('a node without room for it changes its own result alone', async () => {
  await startSlaves(4);
  const small = 'mount -t tmpfs -o size=8m none /dev/shm && mount -t tmpfs -o size=8m none /var/tmp && exec "$@"';
  const options = { master: machines.address, node: 4, stateDir: join(machines.directory, 'slave-4') };
  await machines.run('slave', [JSON.stringify(options)], ['unshare', '--mount', 'sh', '-c', small, 'sh']);
  const { original, hash } = await begin(16);
  const { process: copies } = await client.vrfork(original.pid, [1, 4, 2, 3]);
  expect(copies.errors).toMatchObject([{ code: 'ENOSPC' }]);
  expect(copies.processes.map(({ node }) => node)).toEqual([1, 2, 3]);
  await checkCopies(copies.processes, hash, [0, 2, 3]);
  await expectNothingLeft();
  await original.kill('SIGKILL');
  await original.wait();
});
