/** Lives of a node's processes that follow each other while its slave goes on, at the slave and at the master, fed by hand. */
import { expect, test } from 'vitest';
import { BprocError } from '../../src/errors.ts';
import type { ControlInit } from '../../src/wire/index.ts';
import { EndKind, ProcessState, Role } from '../../src/wire/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';
import { SlaveTable } from '../support/slave-table.ts';

const LOST = new BprocError('ECONNRESET', 'the holder has gone');
const LIFE = { boot: idOf(77), pidLimit: 0 };

/** The messages, by what they are. */
function bodies(told: readonly ControlInit[]): string[] {
  return told.flatMap((message) => Object.keys(message)).filter((name) => name !== 'domain');
}

test('a start that comes between two lives waits, and is told that it did not run [PROTOCOL 3.10]', () => {
  const slave = new SlaveTable();
  slave.feed({ type: 'engineLost', error: LOST });
  slave.ask({});
  expect(bodies(slave.told)).toEqual([]);
  expect(slave.effects.map(({ type }) => type)).not.toContain('spawn');
  slave.feed({ type: 'renewed', life: LIFE });
  expect(slave.told).toMatchObject([{ newLife: { boot: LIFE.boot } }, { bootMiss: { boot: LIFE.boot } }]);
  slave.ask({});
  expect(bodies(slave.told)).toEqual(['bootMiss']);
});

test('where no other life begins, starts fail and say why, those that waited too', () => {
  const slave = new SlaveTable();
  slave.feed({ type: 'engineLost', error: LOST });
  slave.ask({});
  slave.feed({ type: 'engineFailed', error: LOST });
  const failure = { code: 'EAGAIN', message: 'node 0 can start nothing now: the holder has gone' };
  expect(slave.told).toMatchObject([{ startFailed: { failure } }]);
  slave.ask({});
  expect(slave.told).toMatchObject([{ startFailed: { failure } }]);
});

test('a start that was under way may have happened; one that was refused has not', () => {
  const slave = new SlaveTable();
  const begun = slave.ask({});
  const refused = slave.ask({});
  slave.feed({ type: 'lost', key: begun, error: LOST });
  expect(slave.told).toMatchObject([{ startFailed: { failure: { code: 'BE_SLAVEDIED' } } }]);
  slave.feed({ type: 'engineLost', error: LOST });
  slave.feed({ type: 'failed', key: refused, error: LOST });
  expect(bodies(slave.told)).toEqual([]);
  slave.feed({ type: 'renewed', life: LIFE });
  expect(bodies(slave.told)).toEqual(['newLife', 'bootMiss']);
});

test('what a slave held before its engine died it still tells, once it is attached again', () => {
  const slave = new SlaveTable();
  const key = slave.start({});
  slave.feed({ type: 'closed', link: 1, reason: undefined });
  slave.feed({ type: 'lost', key, error: LOST });
  slave.feed({ type: 'engineLost', error: LOST });
  slave.feed({ type: 'renewed', life: LIFE });
  const [hello] = slave.feed({ type: 'opened', link: 2, takeover: false });
  expect(hello).toMatchObject({ message: { hello: { identity: LIFE.boot, pids: [{ first: 4096 }] } } });
  expect(slave.state.processes.get(key)?.end).toMatchObject({ kind: EndKind.LOST, reason: 'the holder has gone' });
});

const REPORT = { localPid: 10, startTime: 20, client: idOf(1) };

/** A master with two running processes of node 0, whose slave is on link 2. */
function table() {
  const master = new MasterTable();
  const client = master.client(idOf(1));
  const slave = master.slave(0, idOf(50));
  const running = [11, 12].map((n) => ({ ...REPORT, puid: idOf(n), pid: 5000 + n, state: ProcessState.RUNNING }));
  master.say(slave, { inventory: { processes: running, last: true } });
  return { master, client, slave };
}

test('under another boot id, ends that the inventory names are what they were, and the rest is lost [PROTOCOL 3.7]', () => {
  const { master, client, slave } = table();
  master.feed({ type: 'closed', link: slave, reason: undefined });
  const again = master.greet(Role.SLAVE, idOf(60), { node: 0 });
  expect(master.sent(client)).toEqual([]);
  const ended = { puid: idOf(11), pid: 5011, end: { kind: EndKind.EXITED, code: 3 } };
  const report = { ...REPORT, puid: idOf(11), pid: 5011, state: ProcessState.EXITED, ended };
  master.say(again, { inventory: { processes: [report], last: true } });
  const ends = master.sent(client).flatMap((message) => ('ended' in message ? [message.ended] : []));
  expect(ends).toMatchObject([
    { end: { kind: EndKind.EXITED, code: 3 } },
    { end: { kind: EndKind.LOST, reason: expect.stringContaining('another boot id') } },
  ]);
});

test('a new life on the same link: the node has its boot id, and what did not end is lost [PROTOCOL 3.10]', () => {
  const { master, client, slave } = table();
  master.say(slave, { newLife: { boot: Buffer.from('short') } });
  expect(master.state.nodes.get(0)?.boot).toEqual(idOf(50));
  master.say(slave, { newLife: { boot: idOf(60) } });
  expect(master.state.nodes.get(0)?.boot).toEqual(idOf(60));
  expect(bodies(master.sent(client)).filter((name) => name === 'ended')).toHaveLength(2);
  master.say(slave, { newLife: { boot: idOf(61) } });
  expect(master.sent(client)).toEqual([]);
});
