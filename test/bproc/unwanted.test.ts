/** Processes that nobody wants: their output is read by nobody, and their end must not wait for a reader [PROTOCOL 6.6]. */
import { expect, test } from 'vitest';
import { createClientState } from '../../src/bproc/client/state.ts';
import { step } from '../../src/bproc/client/step.ts';
import { streamOf } from '../../src/bproc/ids.ts';
import { tagOf } from '../../src/bproc/slave/facts.ts';
import { BprocError } from '../../src/errors.ts';
import type { HeldProcess } from '../../src/linux/index.ts';
import { SeededRandom } from '../../src/testing/index.ts';
import { EndKind, ProcessState, Role } from '../../src/wire/index.ts';
import { MasterTable, received } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';
import { SlaveTable } from '../support/slave-table.ts';

const PID = 4097;
const STREAMS = [streamOf(PID, 1), streamOf(PID, 2)];

test('a client that does not know a process stops its outputs and ends it', () => {
  const config = { id: idOf(9), domain: '', giveUpMs: 1000, startsPerNode: 1, random: new SeededRandom(1) };
  const state = createClientState(config);
  step(state, { type: 'connect' }, 0);
  step(state, { type: 'opened', link: 1 }, 0);
  const say = (message: Parameters<typeof received>[0]) =>
    step(state, { type: 'control', link: 1, message: received(message) }, 0)[1];
  say({ welcome: { major: 1, session: 1, epoch: { generation: 0, revision: 5 } } });
  const effects = say({ started: { puid: idOf(1), pid: PID, node: 0 } });
  expect(effects.flatMap((effect) => (effect.type === 'stop' ? [effect.stream] : []))).toEqual(STREAMS);
  expect(effects).toContainEqual({
    type: 'send',
    link: 1,
    message: { request: { id: 1, terminate: { pid: PID, graceMs: 0 } } },
  });
});

const RUNNING = { puid: idOf(1), pid: PID, state: ProcessState.RUNNING, client: idOf(9) };

test('a master does the same with what no client claims', () => {
  const master = new MasterTable();
  const slave = master.greet(Role.SLAVE, idOf(50), { node: 0 });
  master.say(slave, { inventory: { processes: [RUNNING], last: true } });
  const client = master.client(idOf(9));
  master.say(client, { claim: { entries: [], last: true } });
  expect(master.effects.flatMap((effect) => (effect.type === 'stop' ? [effect] : []))).toEqual(
    STREAMS.map((stream) => ({ type: 'stop', link: slave, stream })),
  );
  expect(master.sent(slave)).toMatchObject([{ request: { terminate: { pid: PID, graceMs: 0 } } }]);
});

test('a slave then has its end although more was written than anybody has read', () => {
  const slave = new SlaveTable();
  const key = slave.start();
  const pid = slave.state.processes.get(key)?.pid ?? 0;
  slave.feed({ type: 'output', key, fd: 1, bytes: Buffer.alloc(2 ** 21) });
  expect(slave.effects).toContainEqual({ type: 'pause', key, fd: 1 });
  for (const fd of [1, 2] as const) slave.feed({ type: 'stop', link: 1, stream: streamOf(pid, fd) });
  slave.feed({ type: 'exited', key, status: { kind: 'signaled', signal: 9, core: false } });
  slave.feed({ type: 'outputEnd', key, fd: 1 });
  slave.feed({ type: 'outputEnd', key, fd: 2 });
  expect(slave.told).toMatchObject([{ ended: { end: { signal: 9 } } }]);
});

test('a start that was under way when its engine was lost is said to have failed, and never that it runs', () => {
  const slave = new SlaveTable();
  const key = slave.start();
  slave.say({
    start: { spec: Buffer.from([0x0a, 1, 0x61]), targets: [{ puid: idOf(200), node: 0, boot: idOf(50) }] },
  });
  const starting = idOf(200).toString('hex');
  const error = new BprocError('ECONNRESET', 'the holder has gone');
  slave.feed({ type: 'lost', key: starting, error });
  expect(slave.told).toMatchObject([{ startFailed: { failure: { code: 'BE_SLAVEDIED' } } }]);
  expect(slave.state.processes.has(starting)).toBe(false);
  slave.feed({ type: 'lost', key, error });
  expect(slave.told).toMatchObject([{ ended: { end: { reason: 'the holder has gone' } } }]);
});

test('output that an earlier life of the slave threw away is waited for by nobody', () => {
  const first = new SlaveTable();
  const started = first.state.processes.get(first.start());
  if (started === undefined) throw new Error('nothing was started');
  const slave = new SlaveTable();
  const held = {
    id: 1,
    marker: 'm',
    note: Buffer.alloc(0),
    tag: tagOf(started, 0),
    identity: { pid: 7, startTime: 1 },
    stopped: undefined,
  };
  const input = { inputOffset: 0, inputTaken: 0, isInputOver: true };
  const kept: HeldProcess = { ...held, ...input, phase: 'exited', acknowledged: [5000, 0], exit: undefined };
  slave.feed({ type: 'held', held: [kept], remembered: [], wallTime: 0 });
  const { key, pid } = started;
  slave.feed({ type: 'exited', key, status: { kind: 'exited', code: 3 } });
  for (const fd of [1, 2] as const) slave.feed({ type: 'outputEnd', key, fd });
  expect(slave.told).toMatchObject([{ ended: { stdoutBytes: 5000, stderrBytes: 0 } }]);
  slave.feed({
    type: 'credit',
    link: 1,
    stream: streamOf(pid, 1),
    credit: { acked: 100, limit: 70_000, rewind: true },
  });
  expect(slave.told).toMatchObject([{ ended: { end: { kind: EndKind.LOST }, stdoutBytes: 0, stderrBytes: 0 } }]);

  const master = new MasterTable();
  const link = master.slave(0, idOf(50));
  const client = master.client(idOf(9));
  const target = { puid: idOf(1), node: 0, boot: idOf(50) };
  master.say(client, { start: { spec: Buffer.from('spec'), targets: [target] } });
  master.say(link, { started: { puid: idOf(1), pid: PID, node: 0 } });
  const ended = { puid: idOf(1), pid: PID, node: 0, end: { kind: EndKind.EXITED, code: 3 } };
  master.say(link, { ended: { ...ended, stdoutBytes: 5000 } });
  master.say(link, { ended: { ...ended, end: { kind: EndKind.LOST } } });
  expect(master.sent(client)).toMatchObject([{ ended: { stdoutBytes: 0, end: { kind: EndKind.LOST } } }]);
});

test('output that was stopped by the word of another master is waited for by nobody', () => {
  const slave = new SlaveTable();
  const key = slave.start();
  const pid = slave.state.processes.get(key)?.pid ?? 0;
  const stream = streamOf(pid, 1);
  slave.feed({ type: 'output', key, fd: 1, bytes: Buffer.alloc(5000) });
  slave.feed({ type: 'stop', link: 1, stream });
  slave.feed({ type: 'exited', key, status: { kind: 'signaled', signal: 9, core: false } });
  for (const fd of [1, 2] as const) slave.feed({ type: 'outputEnd', key, fd });
  expect(slave.told).toMatchObject([{ ended: { stdoutBytes: 5000 } }]);
  slave.feed({ type: 'credit', link: 1, stream, credit: { acked: 0, limit: 70_000, rewind: false } });
  expect(slave.told).toEqual([]);
  slave.feed({ type: 'credit', link: 1, stream, credit: { acked: 0, limit: 70_000, rewind: true } });
  expect(slave.told).toMatchObject([{ ended: { end: { kind: EndKind.LOST }, stdoutBytes: 0 } }]);
});
