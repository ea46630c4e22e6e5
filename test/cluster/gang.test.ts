/** Real processes that wait for each other, and what breaks meanwhile: PROTOCOL.md 10.5. */
import { existsSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, connect, type MasterOptions, type ProcessVector } from '../../src/index.ts';
import { type Daemon, Machines } from '../support/daemons.ts';
import { hexOf, idOf, type RawPeer, rawSlave } from '../support/raw-peer.ts';
import { SeverableWay } from '../support/severed.ts';

/** The node whose slave is the test itself: nobody runs before it has said that it is ready. */
const LATE = 9;

let machines: Machines;
let bp: Client;
let slave: Daemon;
let way: SeverableWay;
let late: RawPeer;

/** A master, two nodes that run processes, the first by a way that can be cut, and one that everybody waits for. */
async function assemble(options: MasterOptions = {}): Promise<void> {
  await machines.master(options);
  way = await SeverableWay.create(join(machines.directory, 'way'), machines.address);
  await machines.slave(1, { spawner: 'holder' });
  slave = await startSlave();
  bp = await connect({ master: machines.address });
  late = await rawSlave(createConnection(machines.address.slice('unix:'.length)), LATE, idOf(LATE));
  for (const node of [0, 1, LATE]) await isUp(node);
}

function startSlave(): Promise<Daemon> {
  return machines.slave(0, { master: way.address, spawner: 'holder' });
}

beforeEach(async () => {
  machines = await Machines.create();
});

afterEach(async () => {
  await bp[Symbol.asyncDispose]();
  late.cut();
  await way[Symbol.asyncDispose]();
  await machines[Symbol.asyncDispose]();
});

function isUp(node: number): Promise<void> {
  return expect.poll(() => bp.nodeStatus(node).catch(() => 'none'), { timeout: 20_000 }).toBe('up');
}

/** What has run, a line each: its node, by its own first instruction. */
function ran(): readonly string[] {
  const log = join(machines.directory, 'log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').sort() : [];
}

const LOG_AND_END = (): string => `echo $BPROC_NODE >>${join(machines.directory, 'log')}; exit 3`;

/** Starts a gang on these nodes; gives it once nodes 0 and 1 have been asked and wait, and its puid on the late one. */
async function atTheGate(nodes = `0-1,${LATE}`): Promise<{ vector: Promise<ProcessVector>; puid: Uint8Array }> {
  const vector = bp.rexec(nodes, 'sh', ['-c', LOG_AND_END()], { gang: true, stdout: 'ignore', stderr: 'ignore' });
  // said in the test; until then nobody else is to complain of it
  vector.catch(() => {});
  const { start } = await late.control('start');
  await bothAnswer();
  expect(ran()).toEqual([]);
  return { vector, puid: start.targets[0]?.puid ?? Buffer.alloc(0) };
}

/** Each of the two has done all that it was told before. */
async function bothAnswer(): Promise<void> {
  for (const node of [0, 1]) await bp.procList({ node });
}

/** The last one is ready, is let run, and says that it does. */
async function lateRuns(puid: Uint8Array): Promise<void> {
  late.send({ ready: { puids: [puid] } });
  const { go } = await late.control('go');
  expect(go.puids.map(hexOf)).toEqual([hexOf(puid)]);
  late.send({ started: { puid, pid: 4_096 * (LATE + 2), node: LATE, localPid: 1, startTime: 1 } });
}

/** Both real ones run, once, to their own ends. */
async function bothRun(vector: ProcessVector): Promise<void> {
  for (const p of vector.processes.filter(({ node }) => node !== LATE)) {
    expect(await p.wait()).toEqual({ kind: 'exited', code: 3 });
  }
  expect(ran()).toEqual(['0', '1']);
}

test('a link that breaks at the gate: they wait on, and run once', async () => {
  await assemble({ silentAfterMs: 600_000 });
  const { vector, puid } = await atTheGate();
  const before = way.connections;
  way.cut();
  await expect.poll(() => way.connections, { timeout: 20_000 }).toBeGreaterThan(before);
  await bothAnswer();
  expect(ran()).toEqual([]);
  await lateRuns(puid);
  await bothRun(await vector);
});

test('a GO that is lost with the link is said again to who is still ready', async () => {
  await assemble({ silentAfterMs: 600_000 });
  const { vector, puid } = await atTheGate();
  way.mute();
  await lateRuns(puid);
  await expect.poll(ran, { timeout: 20_000 }).toEqual(['1']);
  way.cut();
  await bothRun(await vector);
});

test('a daemon killed -9 at the gate: the next one is asked again, and it runs once', async () => {
  await assemble({ silentAfterMs: 600_000 });
  const { vector, puid } = await atTheGate();
  await slave.kill();
  slave = await startSlave();
  await bothAnswer();
  expect(ran()).toEqual([]);
  await lateRuns(puid);
  await bothRun(await vector);
});

test('a daemon killed -9 at the gate, which everybody else passes meanwhile, runs its own when it is back', async () => {
  await assemble({ silentAfterMs: 600_000 });
  const { vector, puid } = await atTheGate();
  await slave.kill();
  await lateRuns(puid);
  await expect.poll(ran, { timeout: 20_000 }).toEqual(['1']);
  slave = await startSlave();
  await bothRun(await vector);
});

test('a daemon killed -9 at the gate that does not return fails, and holds nobody up', async () => {
  await assemble();
  const { vector, puid } = await atTheGate();
  await slave.kill();
  // a GO that leaves for it before its master knows may have been heard
  await expect.poll(() => bp.nodeStatus(0), { timeout: 20_000 }).toBe('down');
  await lateRuns(puid);
  const { processes, errors } = await vector;
  expect(errors).toMatchObject([{ code: 'BE_NODEDOWN', node: 0 }]);
  expect(await processes.find(({ node }) => node === 1)?.wait()).toEqual({ kind: 'exited', code: 3 });
  slave = await startSlave();
  await isUp(0);
  await bothAnswer();
  expect(ran()).toEqual(['1']);
});

test('a link away at the gate for so long that its node was given up: nothing of it runs any more', async () => {
  await assemble({ silentAfterMs: 1 });
  const { vector, puid } = await atTheGate();
  slave.process.kill('SIGSTOP');
  way.cut();
  await expect.poll(() => bp.nodeStatus(0), { timeout: 20_000 }).toBe('down');
  await lateRuns(puid);
  expect((await vector).errors).toMatchObject([{ code: 'BE_NODEDOWN', node: 0 }]);
  slave.process.kill('SIGCONT');
  await isUp(0);
  await bothAnswer();
  expect(ran()).toEqual(['1']);
  const again = await bp.rexec('0', 'sh', ['-c', 'exit 4'], { gang: true });
  expect(await again.wait()).toEqual([{ kind: 'exited', code: 4 }]);
});

test('a client killed -9 at the gate: nobody runs', async () => {
  await assemble({ clientGraceMs: 100 });
  const client = await machines.gangClient(`0-1,${LATE}`, LOG_AND_END());
  const { start } = await late.control('start');
  const { puid = Buffer.alloc(0) } = start.targets[0] ?? {};
  await bothAnswer();
  await client.kill();
  await late.control('clientGone');
  late.send({ ready: { puids: [puid] } });
  await bothAnswer();
  expect(ran()).toEqual([]);
  const vector = await bp.rexec('0-1', 'sh', ['-c', LOG_AND_END()], { gang: true });
  await bothRun(vector);
});

test('one that cannot run holds nobody up: by its slave’s word, or without a node', async () => {
  await assemble();
  const { vector, puid } = await atTheGate(`0-1,${LATE},77`);
  late.send({ startFailed: { puid, failure: { code: 'ENOEXEC' } } });
  const { processes, errors } = await vector;
  expect(errors.map(({ code }) => code).sort()).toEqual(['BE_INVALIDNODE', 'ENOEXEC']);
  expect(processes).toHaveLength(2);
  await bothRun(await vector);
});
