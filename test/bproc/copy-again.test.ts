/** A client that repeats the start of a copy to a new master, before the node's slave has come back: PROTOCOL.md 3.8 and 12.4. */
import { expect, test } from 'vitest';
import { ProcessState, Role } from '../../src/wire/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';

const BOOT = idOf(50);
const PUID = idOf(1);
const USER = 4711;
const ORIGINAL = { puid: idOf(2), pid: 4097, state: ProcessState.RUNNING, client: idOf(9), uid: USER };
const COPY = { puid: PUID, pid: 5001, client: idOf(9), uid: USER };

/** A master that knows the original, on node 1, and has been asked for a copy on node 0. */
function masterThatIsAsked() {
  const master = new MasterTable();
  const source = master.greet(Role.SLAVE, idOf(51), { node: 1 });
  master.say(source, { inventory: { processes: [ORIGINAL], last: true } });
  const client = master.client(idOf(9));
  const targets = [{ puid: PUID, node: 0, boot: BOOT }];
  master.say(client, { start: { spec: Buffer.from('spec'), targets, repeated: true, copyOf: ORIGINAL.pid } });
  return { master, source, client, said: master.sent(client) };
}

test('the copy that is on its way to its node is waited for, and is of whose the original is', () => {
  const { master, client, source, said } = masterThatIsAsked();
  expect(said).toEqual([]);
  expect(master.sent(source)).toEqual([]);
  const slave = master.greet(Role.SLAVE, BOOT, { node: 0 });
  master.say(slave, { inventory: { processes: [{ ...COPY, state: ProcessState.STARTING }], last: true } });
  expect(master.sent(client)).toEqual([]);
  master.say(slave, { started: { puid: PUID, pid: COPY.pid, node: 0 } });
  expect(master.sent(client)).toMatchObject([{ started: { puid: PUID, pid: COPY.pid } }]);
  expect(master.state.byPid.get(COPY.pid)?.uid).toBe(USER);
});

test('one that its slave does not know is not made again', () => {
  const { master, client, source } = masterThatIsAsked();
  const slave = master.greet(Role.SLAVE, BOOT, { node: 0 });
  master.say(slave, { inventory: { last: true } });
  expect(master.sent(client)).toMatchObject([{ startFailed: { puid: PUID, failure: { code: 'BE_SLAVEDIED' } } }]);
  expect(master.sent(source)).toEqual([]);
});
