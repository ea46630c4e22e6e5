/** Clients that repeat a MOVE to a new master, before or after slaves have spoken of it: PROTOCOL.md 12.17. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type ControlInit,
  EndKind,
  type Init,
  PROTOCOL,
  type ProcessReport,
  ProcessState,
  Role,
} from '../../src/wire/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';

const BOOTS = [idOf(50), idOf(51), idOf(52)] as const;
const PUID = idOf(1);
const CLIENT = idOf(9);
/** The first of node 0. */
const PID = 8192;
/** Of the move that an earlier master has ordered. */
const NUMBER = 77;
const REQUEST = 5;

let master: MasterTable;
let client: number;

beforeEach(() => {
  master = new MasterTable();
  client = master.client(CLIENT);
});

function reportOf(moves: number): Init<ProcessReport> {
  const facts = { puid: PUID, pid: PID, client: CLIENT, localPid: 7, startedAt: 1 };
  return { ...facts, state: ProcessState.RUNNING, moves };
}

/** A slave that has come, and takes processes from others. */
function slave(
  node: 0 | 1 | 2,
  processes: readonly Init<ProcessReport>[] = [],
  before: readonly ControlInit[] = [],
): number {
  const link = master.greet(Role.SLAVE, BOOTS[node], { node });
  for (const message of before) master.say(link, message);
  master.say(link, { peerAddress: { address: 'unix:/x', key: Buffer.alloc(32) } });
  master.say(link, { inventory: { processes: [...processes], last: true } });
  return link;
}

function repeat(): void {
  master.say(client, { request: { id: REQUEST, move: { pid: PID, node: 1, repeated: true } } });
}

/** What the client's request has been answered with by what has happened last. */
function answers(): readonly unknown[] {
  return master
    .sent(client)
    .flatMap(({ response }) => (response?.id === REQUEST ? [response.failure?.code ?? 'done'] : []));
}

const DEPARTED: ControlInit = { departed: { puid: PUID, number: NUMBER, node: 1, process: reportOf(0) } };
const ARRIVED: ControlInit = { arrived: { puid: PUID, number: NUMBER, process: reportOf(1) } };

test('it is there by now: so the master says when the slave that has it has come', () => {
  repeat();
  expect(answers()).toEqual([]);
  slave(1, [reportOf(1)]);
  expect(answers()).toEqual(['done']);
});

test('it runs where it was: the master waits for both slaves, and then orders the move', () => {
  repeat();
  const source = slave(0, [reportOf(0)]);
  expect(master.sent(source)).not.toContainEqual(expect.objectContaining({ depart: expect.anything() }));
  const target = slave(1);
  expect(master.sent(source)).toMatchObject([{ depart: { puid: PUID, node: 1 } }]);
  master.say(source, DEPARTED);
  expect(answers()).toEqual([]);
  master.say(target, ARRIVED);
  expect(answers()).toEqual(['done']);
});

describe.each([
  ['before the master knows of it', [repeat, () => {}]],
  ['when the master knows of it', [() => {}, repeat]],
] as const)('it is on its way, and the MOVE comes %s', (_, [early, late]) => {
  test('to a slave that has come: the answer comes with the process', () => {
    early();
    const target = slave(1);
    slave(0, [], [DEPARTED]);
    late();
    expect(answers()).toEqual([]);
    master.say(target, ARRIVED);
    expect(answers()).toEqual(['done']);
  });

  test('to a slave that has still to come', () => {
    early();
    slave(0, [], [DEPARTED]);
    late();
    expect(answers()).toEqual([]);
    slave(1, [reportOf(1)]);
    expect(answers()).toEqual(['done']);
  });

  test('to a slave that does not have it: it is lost', () => {
    early();
    const target = slave(1);
    slave(0, [], [DEPARTED]);
    late();
    master.say(target, { arrived: { puid: PUID, number: NUMBER, failure: { code: 'EIO' } } });
    expect(answers()).toEqual(['BE_SLAVEDIED']);
  });
});

test('it is on its way to another node: it fails', () => {
  slave(2);
  slave(1);
  slave(0, [], [{ departed: { puid: PUID, number: NUMBER, node: 2, process: reportOf(0) } }]);
  repeat();
  expect(answers()).toEqual(['EBUSY']);
});

test('another user does not wait for it', () => {
  const link = master.nextLink + 10;
  const { majorMin, majorMax, minor } = PROTOCOL;
  master.feed({ type: 'opened', link, peer: 'other', credentials: { uid: 4711, gids: [4711] } });
  master.say(link, { hello: { majorMin, majorMax, minor, role: Role.CLIENT, identity: idOf(8) } });
  slave(1);
  slave(0, [], [DEPARTED]);
  master.say(link, { request: { id: REQUEST, move: { pid: PID, node: 1, repeated: true } } });
  expect(master.sent(link)).toMatchObject([{ response: { id: REQUEST, failure: { code: 'EPERM' } } }]);
});

test('it has ended: it fails as soon as that is known', () => {
  repeat();
  slave(0, [{ ...reportOf(0), state: ProcessState.EXITED, ended: { puid: PUID, end: { kind: EndKind.EXITED } } }]);
  expect(answers()).toEqual(['BE_INVALIDPROC']);
});

test('nobody speaks of it: it fails after 10 seconds', () => {
  repeat();
  slave(0);
  slave(1);
  master.now = 9_999;
  master.feed({ type: 'timer' });
  expect(answers()).toEqual([]);
  master.now = 10_000;
  master.feed({ type: 'timer' });
  expect(answers()).toEqual(['BE_INVALIDPROC']);
});

test('one that was called off before anybody spoke of it is called off when it is known', () => {
  repeat();
  master.say(client, { request: { id: 6, callOffMove: { request: REQUEST, pid: PID } } });
  expect(master.sent(client)).toMatchObject([{ response: { id: 6 } }]);
  slave(1);
  const source = slave(0, [reportOf(0)]);
  expect(master.sent(source)).toMatchObject([{ depart: {} }, { callOff: { puid: PUID } }]);
});

test('a client that is gone waits for nothing', () => {
  repeat();
  master.feed({ type: 'closed', link: client, reason: undefined });
  master.now = 1000;
  master.feed({ type: 'timer' });
  slave(1);
  const source = slave(0, [reportOf(0)]);
  expect(master.sent(source)).not.toContainEqual(expect.objectContaining({ depart: expect.anything() }));
  expect(master.state.repeatedMoves.size).toBe(0);
});

test('one that is no repetition fails at once', () => {
  master.say(client, { request: { id: REQUEST, move: { pid: PID, node: 1 } } });
  expect(answers()).toEqual(['BE_INVALIDPROC']);
});
