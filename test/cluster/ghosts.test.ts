/** Ghosts: what runs on nodes in the process table of this machine, with signals and states both ways. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import {
  type Client,
  type Cluster,
  type ClusterOptions,
  connect,
  type Logger,
  type RemoteProcess,
  startCluster,
  startGhosts,
  startMaster,
  startSlave,
} from '../../src/index.ts';
import { readStat } from '../../src/linux/index.ts';
import { Role } from '../../src/wire/index.ts';
import { gone, runs, until } from '../linux/recorder.ts';
import { idOf, RawPeer } from '../support/raw-peer.ts';
import { scratchTree } from '../support/scratch.ts';

const isRoot = process.geteuid?.() === 0;
const NOBODY = 65_534;

const clusters: Cluster[] = [];

afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster[Symbol.asyncDispose]();
});

async function start(options: ClusterOptions = {}): Promise<Client> {
  const cluster = await startCluster({ nodes: 2, ghosts: true, spawner: 'holder', ...options });
  clusters.push(cluster);
  return cluster.client;
}

/** A connection of another user to the cluster. */
function as(uid: number): Duplex {
  const [cluster] = clusters;
  if (cluster === undefined) throw new Error('there is no cluster');
  return cluster.master.connect({ credentials: { uid, gids: [uid] } });
}

/** Pids of ghosts, by the puids of their processes. */
async function ghosts(bp: Client): Promise<ReadonlyMap<string, number>> {
  const list = await bp.procList({ startedOnly: true });
  return new Map(list.filter(({ ghost }) => ghost !== 0).map(({ puid, ghost }) => [puid, ghost]));
}

function ghostOf(bp: Client, { puid, pid }: RemoteProcess): Promise<number> {
  return until(async () => (await ghosts(bp)).get(puid), `the ghost of ${pid}`);
}

/** Kills it by `victim`, the ghost itself or what holds it, and waits for its successor, which may have its pid. */
async function replaced(bp: Client, { puid }: RemoteProcess, ghost: number, victim = ghost): Promise<number> {
  const before = readStat(ghost)?.startTime;
  process.kill(victim, 'SIGKILL');
  return until(async () => {
    const pid = (await ghosts(bp)).get(puid) ?? 0;
    const after = readStat(pid)?.startTime;
    return after !== undefined && after !== before && pid;
  }, 'the ghost to come back');
}

function ps(pid: number, columns: string): string {
  return execFileSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' }).trim();
}

function shows(pid: number, state: string): Promise<unknown> {
  return until(() => readStat(pid)?.state === state, `${pid} in state ${state}`);
}

function lines(p: RemoteProcess): () => Promise<string | undefined> {
  const iterator = createInterface({ input: p.stdout })[Symbol.asyncIterator]();
  return async () => (await iterator.next()).value as string | undefined;
}

/** Reports what it gets and goes on; ends when its input does. */
const REPORTER = 'for s in USR1 TERM HUP WINCH; do trap "echo $s" $s; done; echo ready; while :; do sleep 0.02; done';

test('ps shows the name, and the pid of the process where that can be had', async () => {
  const bp = await start();
  const p = await bp.rexec(1, '/bin/sleep', ['1000']);
  const ghost = await ghostOf(bp, p);
  expect(ps(ghost, 'comm=,args=').split(/\s+/)).toEqual(['sleep', 'sleep']);
  if (isRoot) expect(ghost).toBe(p.pid);
  expect(readFileSync(`/proc/${ghost}/status`, 'utf8')).toMatch(/^CapEff:\s0+$/m);
  const own = await bp.rexec(-1, 'sleep', ['1000']);
  await until(
    async () => (await bp.procList({ node: -1 })).some(({ pid }) => pid === own.pid),
    'the one on the master',
  );
  expect((await ghosts(bp)).has(own.puid)).toBe(false);
});

test('signals reach the process, those with handlers and the one that ends it', async () => {
  const bp = await start();
  const p = await bp.rexec(0, 'sh', ['-c', REPORTER]);
  const line = lines(p);
  expect(await line()).toBe('ready');
  const ghost = await ghostOf(bp, p);
  for (const signal of ['USR1', 'HUP', 'WINCH', 'TERM'] as const) {
    process.kill(ghost, `SIG${signal}`);
    expect(await line()).toBe(signal);
  }
  expect(runs(ghost)).toBe(true);
  process.kill(ghost, 'SIGKILL');
  expect(await p.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGKILL' });
  expect(runs(ghost)).toBe(false);
  const q = await bp.rexec(0, 'sleep', ['1000']);
  process.kill(await ghostOf(bp, q), 'SIGTERM');
  expect(await q.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGTERM' });
});

test('stopping and continuing go both ways, and no stop comes back', async () => {
  const bp = await start();
  const p = await bp.rexec(0, 'sleep', ['1000']);
  const ghost = await ghostOf(bp, p);
  for (let round = 0; round < 3; round += 1) {
    process.kill(ghost, 'SIGSTOP');
    await until(() => p.state === 'stopped', 'the stop of the process');
    process.kill(ghost, 'SIGCONT');
    await until(() => p.state === 'running', 'the process going on');
    await p.kill('SIGSTOP');
    await shows(ghost, 'T');
    await p.kill('SIGCONT');
    await shows(ghost, 'S');
    expect(p.state).toBe('running');
  }
  await p.kill('SIGSTOP');
  await shows(ghost, 'T');
  process.kill(ghost, 'SIGCONT');
  await until(() => p.state === 'running', 'the process going on');
  await p.kill('SIGSTOP');
  await shows(ghost, 'T');
  await p.kill('SIGKILL');
  await gone(ghost);
});

test('a process that ends takes its ghost with it, however it ends', async () => {
  const bp = await start();
  for (const script of ['read x; exit 3', 'read x; kill -SEGV $$']) {
    const p = await bp.rexec(0, 'sh', ['-c', script]);
    const ghost = await ghostOf(bp, p);
    p.stdin.end('\n');
    await p.wait();
    await gone(ghost);
  }
});

test('what ran before, two hundred of them, with little memory, and none left when they are disposed of', async () => {
  const bp = await start({ ghosts: false, nodes: 4 });
  const numbers = Array.from({ length: 200 }, (_, index) => index % 4);
  const { processes } = await bp.rexec(numbers, 'sleep', ['1000']);
  expect(processes).toHaveLength(200);
  expect((await ghosts(bp)).size).toBe(0);
  const all = await startGhosts(bp);
  await until(async () => (await ghosts(bp)).size === 200, '200 ghosts');
  expect(all.count).toBe(200);
  const pids = [...(await ghosts(bp)).values()];
  expect(new Set(pids).size).toBe(200);
  // what is its own; the program's text is shared by all
  const kilobytes = pids.map((pid) =>
    Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
  );
  expect(Math.max(...kilobytes)).toBeLessThan(200);
  await all[Symbol.asyncDispose]();
  expect(pids.filter(runs)).toEqual([]);
  expect((await ghosts(bp)).size).toBe(0);
  // it was not their processes that were meant
  expect(processes.filter(({ state }) => state !== 'running')).toEqual([]);
});

test('beyond the limit there are none, until others end', async () => {
  const said: string[] = [];
  const say = (_: object, message: string): void => void said.push(message);
  const logger: Logger = { debug: () => {}, info: () => {}, warn: say };
  const bp = await start({ ghosts: { most: 1, logger } });
  const first = await bp.rexec(0, 'sleep', ['1000']);
  await ghostOf(bp, first);
  const second = await bp.rexec(0, 'sleep', ['1000']);
  await until(() => said.length > 0, 'the warning');
  expect(said).toEqual(['there are 1 ghosts, which is the limit: further processes have none until others end']);
  expect((await ghosts(bp)).has(second.puid)).toBe(false);
  await first.kill('SIGKILL');
  await ghostOf(bp, second);
});

test('a holder that was killed harms no process, and the ghosts come back', async () => {
  const bp = await start();
  const p = await bp.rexec(0, 'sleep', ['1000']);
  const ghost = await ghostOf(bp, p);
  await p.kill('SIGSTOP');
  await shows(ghost, 'T');
  await shows(await replaced(bp, p, ghost, Number(ps(ghost, 'ppid='))), 'T');
  expect(p.state).toBe('stopped');
  await p.kill('SIGKILL');
});

test('killed although its node is silent, it comes back, and shows what its process does again', async () => {
  using directory = scratchTree({});
  await using master = await startMaster({ silentAfterMs: 50 });
  const settings = { master: () => master.connect(), node: 1, spawner: 'holder', stateDir: directory.path } as const;
  const slave = await startSlave(settings);
  await slave.attached;
  await using bp = await connect({ master: () => master.connect() });
  await using _ = await startGhosts(bp);
  const p = await bp.rexec(1, 'sleep', ['1000']);
  const ghost = await ghostOf(bp, p);
  await p.kill('SIGSTOP');
  await shows(ghost, 'T');
  await slave.leave();
  await until(() => p.state === 'unknown', 'the silence');
  const again = await replaced(bp, p, ghost);
  expect(ps(again, 'comm=')).toBe('sleep');
  // what is not known does not show
  await shows(again, 'S');
  await using successor = await startSlave(settings);
  await successor.attached;
  await shows(again, 'T');
  process.kill(again, 'SIGKILL');
  expect(await p.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGKILL' });
});

test('a name is what its starter chose, cut to size and fit for a terminal', async () => {
  using directory = scratchTree({});
  const bp = await start();
  for (const [name, comm] of [
    ['sl\x1b[2Jeep', 'sl?[2Jeep'],
    ['αβγδεζηθικλμ', 'αβγδεζη'],
  ] as const) {
    const program = join(directory.path, name);
    copyFileSync('/bin/sleep', program);
    const ghost = await ghostOf(bp, await bp.rexec(0, program, ['1000']));
    expect(readFileSync(`/proc/${ghost}/comm`, 'utf8')).toBe(`${comm}\n`);
    expect(readFileSync(`/proc/${ghost}/cmdline`, 'utf8')).toBe(`${name.replace('\x1b', '?')}\0`);
  }
});

test('only the administrator makes ghosts, and only so many', async () => {
  const bp = await start({ ghosts: false });
  const stranger = await connect({ master: () => as(4242) });
  await expect(startGhosts(stranger)).rejects.toMatchObject({ code: 'EPERM' });
  await stranger[Symbol.asyncDispose]();
  await expect(startGhosts(bp, { most: 0 })).rejects.toMatchObject({ code: 'EINVAL' });
});

test('what a client merely claims has no ghost: by its pid it would be somebody else', async () => {
  await using master = await startMaster({ nodes: [77] });
  await using slave = await startSlave({ master: () => master.connect(), node: 0, spawner: 'holder' });
  await slave.attached;
  await using bp = await connect({ master: () => master.connect() });
  const liar = new RawPeer(master.connect({ credentials: { uid: NOBODY, gids: [] } }));
  liar.hello(Role.CLIENT, idOf(1));
  await liar.control('welcome');
  const victim = await bp.rexec(0, 'sleep', ['1000']);
  liar.send({ claim: { entries: [{ puid: idOf(11), node: 77, boot: idOf(50), pid: victim.pid }], last: true } });
  await until(async () => (await bp.procList({ startedOnly: true })).length === 2, 'the claim');
  await using all = await startGhosts(bp);
  await ghostOf(bp, victim);
  expect(all.count).toBe(1);
  liar.cut();
});

test.skipIf(!isRoot)('a ghost belongs to the user of its process: he may signal it, others may not', async () => {
  const bp = await start();
  const nobody = await connect({ master: () => as(NOBODY) });
  const his = await nobody.rexec(0, 'sleep', ['1000'], { cwd: '/' });
  const roots = await bp.rexec(0, 'sleep', ['1000']);
  const [hisGhost, rootsGhost] = [await ghostOf(bp, his), await ghostOf(bp, roots)];
  expect(ps(hisGhost, 'uid=')).toBe(String(NOBODY));
  const kill = (pid: number) =>
    execFileSync('kill', ['-TERM', String(pid)], { uid: NOBODY, gid: NOBODY, stdio: 'pipe' });
  expect(() => kill(rootsGhost)).toThrow(/not permitted/i);
  kill(hisGhost);
  expect(await his.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGTERM' });
  expect(roots.state).toBe('running');
  await nobody[Symbol.asyncDispose]();
});
