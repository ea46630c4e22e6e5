/** Who waits for the end of a process at the master. */
import { expect, test } from 'vitest';
import { EndKind, ProcessState } from '../../src/wire/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';

const PID = 5000;
const PUID = idOf(11);

function running() {
  const table = new MasterTable();
  const owner = table.client(idOf(1));
  const slave = table.slave(0, idOf(50));
  const report = { puid: PUID, pid: PID, localPid: 10, startTime: 20, client: idOf(1), state: ProcessState.RUNNING };
  table.say(slave, { inventory: { processes: [report], last: true } });
  const process = table.state.byPid.get(PID);
  if (process === undefined) throw new Error('the process is not in the table');
  return { table, owner, slave, process };
}

const WAIT = { request: { id: 3, wait: { pid: PID } } };

test('one that asks again under the same number is answered once', () => {
  const { table, slave, process } = running();
  const other = table.client(idOf(2));
  table.say(other, WAIT);
  table.say(other, WAIT);
  table.say(other, { request: { id: 4, wait: { pid: PID } } });
  table.say(slave, { ended: { puid: PUID, pid: PID, end: { kind: EndKind.EXITED, code: 7 } } });
  const answers = table.sent(other).map((message) => ('response' in message ? message.response?.id : undefined));
  expect(answers).toEqual([3, 4]);
  expect(process.waiters.size).toBe(0);
  expect([...table.state.clients.values()].map((client) => client.waits.size)).toEqual([0, 0]);
});

test('a client that is gone waits for nothing any more', () => {
  const { table, process } = running();
  const other = table.client(idOf(2));
  table.say(other, WAIT);
  expect(process.waiters.size).toBe(1);
  table.say(other, { goodbye: {} });
  expect(process.waiters.size).toBe(0);
});
