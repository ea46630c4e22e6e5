/** What a slave says of processes that have gone from it, and keeps of them: PROTOCOL.md 12.6. */
import { expect, test } from 'vitest';
import { factsOf, tagOf } from '../../src/bproc/slave/facts.ts';
import { captureTag } from '../../src/bproc/slave/left-captures.ts';
import { takePid } from '../../src/bproc/slave/pids.ts';
import type { HeldProcess } from '../../src/linux/index.ts';
import { StdioKind } from '../../src/wire/index.ts';
import { SlaveTable } from '../support/slave-table.ts';

const NUMBER = 77;
const TARGET = 1;
const PIDS = { first: 4096, count: 4096 };

/** A slave from which a process has gone. */
function slaveWithGone() {
  const slave = new SlaveTable();
  const key = slave.start();
  const process = slave.state.processes.get(key);
  if (process === undefined) throw new Error('it was not started');
  const facts = factsOf(tagOf(process, 1));
  const { pid, puid } = process;
  slave.say({ depart: { puid, number: NUMBER, node: TARGET, address: 'unix:/x', ticket: Buffer.alloc(0) } });
  slave.feed({ type: 'freezing', key });
  slave.feed({ type: 'departed', key, number: NUMBER, node: TARGET, error: undefined });
  return { slave, key, pid, puid, facts };
}

/** What the slave says when it has connected anew. */
function toldAgain(slave: SlaveTable) {
  slave.feed({ type: 'closed', link: 1, reason: undefined });
  slave.pass(10_000);
  slave.feed({ type: 'opened', link: 1, takeover: false });
  slave.say({ welcome: { major: 1, session: 1, epoch: { generation: 0, revision: 1 }, node: 0, pids: PIDS } });
  slave.feed({ type: 'kept', error: undefined });
  return slave.told.filter((message) => 'departed' in message || 'inventory' in message);
}

/** What the engine has kept of what has captured a process that went. */
function heldCapture({ key, facts }: Pick<ReturnType<typeof slaveWithGone>, 'key' | 'facts'>, note = ''): HeldProcess {
  const usage = { userMs: 0, systemMs: 0, maxRssBytes: 0, minorFaults: 0, majorFaults: 0 };
  const rest = { blocksIn: 0, blocksOut: 0, voluntarySwitches: 0, involuntarySwitches: 0 };
  return {
    id: 1,
    tag: captureTag({ key, move: { number: NUMBER, node: TARGET }, facts, directory: '/nowhere' }),
    note: Buffer.from(note),
    marker: 'criu',
    phase: 'exited',
    identity: { pid: 7, startTime: 1 },
    inputOffset: 0,
    inputTaken: 0,
    isInputOver: true,
    acknowledged: [0, 0],
    stopped: undefined,
    exit: { status: { kind: 'exited', code: 0 }, usage: { ...usage, ...rest } },
  };
}

function gives(slave: SlaveTable, pid: number): boolean {
  for (let count = 0; count < PIDS.count; count += 1) if (takePid(slave.state) === pid) return true;
  return false;
}

test('that a process has gone is told on every connection, before what is there, until a master has found it', () => {
  const { slave, key, pid, puid } = slaveWithGone();
  const departed = { departed: { puid, number: NUMBER, node: TARGET, process: { puid, pid, moves: 0 } } };
  expect(slave.told).toMatchObject([departed]);
  slave.say({ endAck: { puid, number: NUMBER + 1 } });
  slave.say({ endAck: { puid } });
  expect(toldAgain(slave)).toMatchObject([departed, { inventory: { processes: [], last: true } }]);
  slave.say({ endAck: { puid, number: NUMBER } });
  expect(slave.effects).toMatchObject([{ type: 'noteGone', key }]);
  expect(toldAgain(slave)).toMatchObject([{ inventory: {} }]);
});

test('whoever asks is told again', () => {
  const { slave, puid } = slaveWithGone();
  slave.say({ endAck: { puid, number: NUMBER } });
  slave.say({ depart: { puid, number: NUMBER, node: TARGET, address: '', ticket: Buffer.alloc(0) } });
  expect(slave.told).toMatchObject([{ departed: { puid, number: NUMBER, node: TARGET, process: { puid } } }]);
});

test('its pid is given to nobody before it is free', () => {
  const { slave, key, pid, puid } = slaveWithGone();
  slave.say({ endAck: { puid, number: NUMBER } });
  expect(gives(slave, pid)).toBe(false);
  slave.say({ pidsAway: { free: [pid] } });
  expect(slave.effects).toMatchObject([{ type: 'forgetGone', key }]);
  expect(gives(slave, pid)).toBe(true);
});

test('what is not of this node is not kept once a master has found it', () => {
  const { slave, key, puid } = slaveWithGone();
  const gone = slave.state.gone.get(key);
  if (gone !== undefined) slave.state.gone.set(key, { ...gone, pid: 100_000 });
  slave.say({ endAck: { puid, number: NUMBER } });
  expect(slave.effects).toMatchObject([{ type: 'forgetGone', key }]);
});

test('a daemon that is started anew says the same, and keeps the pid', () => {
  const gone = slaveWithGone();
  const slave = new SlaveTable();
  slave.feed({ type: 'held', held: [heldCapture(gone)], remembered: [], wallTime: 0 });
  expect(slave.effects).toMatchObject([{ type: 'keepGone', key: gone.key }]);
  const process = { puid: gone.puid, pid: gone.pid, moves: 0 };
  expect(toldAgain(slave)).toMatchObject([
    { departed: { puid: gone.puid, number: NUMBER, node: TARGET, process } },
    { inventory: { processes: [] } },
  ]);
  expect(gives(slave, gone.pid)).toBe(false);
});

test('a daemon that is started anew says nothing of what a master has found, and keeps the pid', () => {
  const gone = slaveWithGone();
  const slave = new SlaveTable();
  slave.feed({ type: 'held', held: [heldCapture(gone, 'known')], remembered: [], wallTime: 0 });
  expect(toldAgain(slave)).toMatchObject([{ inventory: { processes: [] } }]);
  expect(gives(slave, gone.pid)).toBe(false);
});

test('nothing is kept of one that is back', () => {
  const gone = slaveWithGone();
  const slave = new SlaveTable();
  const back = { ...heldCapture(gone), phase: 'running', exit: undefined } as const;
  const tag = Buffer.from(JSON.stringify({ ...gone.facts, moves: 2 }));
  slave.feed({ type: 'held', held: [{ ...back, tag }, heldCapture(gone)], remembered: [], wallTime: 0 });
  expect(slave.effects).toMatchObject([{ type: 'adopt', key: gone.key }, { type: 'dismiss' }]);
  const inventory = { processes: [{ puid: gone.puid, moves: 2 }], last: true };
  expect(toldAgain(slave)).toMatchObject([{ inventory }]);
});

test('a second order to the same node is answered by what becomes of the first', () => {
  const slave = new SlaveTable();
  const puid = Buffer.from(slave.start(), 'hex');
  const order = { puid, number: NUMBER, node: TARGET, address: 'unix:/x', ticket: Buffer.alloc(0) };
  slave.say({ depart: order });
  expect(slave.effects).toMatchObject([{ type: 'depart' }]);
  slave.say({ depart: { ...order, number: NUMBER + 1 } });
  expect(slave.effects).toEqual([]);
  slave.say({ depart: { ...order, number: NUMBER + 2, node: TARGET + 1 } });
  expect(slave.told).toMatchObject([{ departed: { number: NUMBER + 2, failure: { code: 'EBUSY' } } }]);
});

test('what is about to stand still writes no more than what anybody reads', () => {
  const slave = new SlaveTable();
  const key = slave.start({ stdout: { kind: StdioKind.STREAM }, window: 65536 });
  const puid = slave.state.processes.get(key)?.puid ?? Buffer.alloc(0);
  slave.say({ depart: { puid, number: NUMBER, node: TARGET, address: 'unix:/x', ticket: Buffer.alloc(0) } });
  slave.feed({ type: 'freezing', key });
  slave.feed({ type: 'output', key, fd: 1, bytes: Buffer.alloc(65535) });
  expect(slave.effects).not.toContainEqual({ type: 'pause', key, fd: 1 });
  slave.feed({ type: 'output', key, fd: 1, bytes: Buffer.alloc(1) });
  expect(slave.effects).toContainEqual({ type: 'pause', key, fd: 1 });
});
