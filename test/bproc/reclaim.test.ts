/** A client that has returned names a process that its master has: both ends of its streams begin again [PROTOCOL 3.8, 5.3]. */
import { describe, expect, test } from 'vitest';
import { type ControlInit, ProcessState, Role } from '../../src/wire/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';

const BOOT = idOf(50);
const PUID = idOf(1);
const KEY = PUID.toString('hex');
const PID = 4097;
const USER = 4711;
const RUNNING = { puid: PUID, pid: PID, state: ProcessState.RUNNING, client: idOf(9), uid: USER, localPid: 7 };

/** How a process is named, as this user's. */
const NAMED: readonly (readonly [string, (user: string) => ControlInit])[] = [
  [
    'a start that is repeated',
    (user) => ({
      start: { spec: Buffer.from('spec'), targets: [{ puid: PUID, node: 0, boot: BOOT }], repeated: true, user },
    }),
  ],
  ['a claim', (user) => ({ claim: { entries: [{ puid: PUID, node: 0, boot: BOOT, pid: PID, user }] } })],
];

/** A master whose slave has reported a process of a client that has just come back. */
function masterWithProcess() {
  const master = new MasterTable();
  const slave = master.greet(Role.SLAVE, BOOT, { node: 0 });
  master.say(slave, { inventory: { processes: [RUNNING], last: true } });
  return { master, slave, client: master.client(idOf(9)) };
}

describe.each(NAMED)('%s', (_, named) => {
  test('tells the client what runs, and both ends of its streams to begin again', () => {
    const { master, slave, client } = masterWithProcess();
    master.say(client, named(''));
    expect(master.sent(client)).toMatchObject([
      { started: { puid: PUID, pid: PID, localPid: 7 } },
      { change: { puid: PUID, pid: PID, state: ProcessState.RUNNING, reattached: true } },
    ]);
    expect(master.sent(slave)).toMatchObject([{ change: { puid: PUID, pid: PID, reattached: true } }]);
  });

  test('keeps it from being ended as one that nobody wants', () => {
    const { master, slave, client } = masterWithProcess();
    master.say(client, named(''));
    master.say(client, { claim: { entries: [], last: true } });
    expect(master.sent(slave)).toEqual([]);
    expect(master.effects).toEqual([]);
  });

  test('says that the user it runs as was asked for, where that is he', () => {
    const { master, client } = masterWithProcess();
    const isWanted = (): boolean | undefined => master.state.processes.get(KEY)?.isWanted;
    expect(isWanted()).toBe(false);
    master.say(client, named('0'));
    expect(isWanted()).toBe(false);
    const his = new MasterTable();
    const slave = his.greet(Role.SLAVE, BOOT, { node: 0 });
    his.say(slave, { inventory: { processes: [{ ...RUNNING, uid: 0 }], last: true } });
    his.say(his.client(idOf(9)), named('0'));
    expect(his.state.processes.get(KEY)?.isWanted).toBe(true);
  });
});
