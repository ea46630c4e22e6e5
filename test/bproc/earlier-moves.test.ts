/** Moves that an earlier master has ordered, as a new one learns of them: PROTOCOL.md 12.6. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type ControlInit, EndKind, type Init, type ProcessReport, ProcessState, Role } from '../../src/wire/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';

const BOOTS = [idOf(50), idOf(51), idOf(52)] as const;
const PUID = idOf(1);
const KEY = PUID.toString('hex');
const CLIENT = idOf(9);
/** The first of node 0. */
const PID = 8192;
const NUMBER = 77;

let master: MasterTable;

beforeEach(() => {
  master = new MasterTable();
});

function reportOf(moves: number, more: Init<ProcessReport> = {}): Init<ProcessReport> {
  return {
    puid: PUID,
    pid: PID,
    state: ProcessState.RUNNING,
    client: CLIENT,
    localPid: 7,
    startedAt: 1,
    moves,
    ...more,
  };
}

function slave(
  node: 0 | 1 | 2,
  processes: readonly Init<ProcessReport>[] = [],
  before: readonly ControlInit[] = [],
): number {
  const link = master.greet(Role.SLAVE, BOOTS[node], { node });
  for (const message of before) {
    master.say(link, message);
    expect(master.sent(link)).toEqual([]);
  }
  master.say(link, { inventory: { processes: [...processes], last: true } });
  return link;
}

const DEPARTED: ControlInit = { departed: { puid: PUID, number: NUMBER, node: 1, process: reportOf(0) } };
const END_ACK: ControlInit = { endAck: { puid: PUID, number: NUMBER } };
const GO: ControlInit = { settle: { puid: PUID, number: NUMBER, go: true } };
const NEVER: ControlInit = { settle: { puid: PUID, number: NUMBER, go: false } };
const WAITS: ControlInit = { arrived: { puid: PUID, number: NUMBER, from: 0 } };

function claim(node = 0): number {
  const client = master.client(CLIENT);
  const entries = [{ puid: PUID, node, boot: BOOTS[0], pid: PID }];
  master.say(client, { claim: { entries, last: true } });
  return client;
}

function place(): readonly unknown[] {
  const process = master.state.processes.get(KEY);
  return [process?.node.node, process?.state];
}

describe('a slave says that a process has gone', () => {
  test('to a node whose slave has not come: it is unknown there, and what it says is not acknowledged before it is found', () => {
    const client = claim();
    const source = slave(0, [], [DEPARTED]);
    expect(master.sent(source)).not.toMatchObject([END_ACK]);
    expect(place()).toEqual([1, 'unknown']);
    const target = slave(1, [reportOf(1)]);
    expect(place()).toEqual([1, 'running']);
    expect(master.sent(source)).toContainEqual(expect.objectContaining(END_ACK));
    expect(master.sent(client)).toMatchObject([
      { moved: { puid: PUID, node: 1, boot: BOOTS[1] } },
      { started: { puid: PUID, node: 1 } },
      { change: { state: ProcessState.RUNNING, reattached: true } },
    ]);
    expect(master.sent(target)).toEqual([]);
  });

  test('to a node that has it: that is acknowledged once all that the slave holds is known', () => {
    slave(1, [reportOf(1)]);
    const source = slave(0, [], [DEPARTED]);
    expect(master.sent(source)).toContainEqual(expect.objectContaining(END_ACK));
    expect(place()).toEqual([1, 'running']);
  });

  test('to a node where it waits: it may run', () => {
    const target = slave(1);
    slave(0, [], [DEPARTED]);
    expect(master.sent(target)).toMatchObject([GO]);
    master.say(target, { arrived: { puid: PUID, number: NUMBER, process: reportOf(1) } });
    expect(place()).toEqual([1, 'running']);
  });

  test('to a node where it is not: it is lost', () => {
    const client = claim();
    const target = slave(1);
    const source = slave(0, [], [DEPARTED]);
    master.say(target, { arrived: { puid: PUID, number: NUMBER, failure: { code: 'BE_INVALIDPROC' } } });
    expect(master.sent(client)).toMatchObject([{ ended: { puid: PUID, end: { kind: EndKind.LOST } } }]);
    expect(master.sent(source)).toMatchObject([END_ACK]);
  });

  test('and it is back there by now: that is old news', () => {
    const source = slave(0, [reportOf(2)], [DEPARTED]);
    expect(master.sent(source)).toContainEqual(expect.objectContaining(END_ACK));
    expect(place()).toEqual([0, 'running']);
  });

  test('which a client wants to go there: that is the answer to its request', () => {
    const client = claim();
    const target = slave(1);
    const source = slave(0, [reportOf(0)]);
    master.say(target, { peerAddress: { address: 'unix:/x', key: Buffer.alloc(32) } });
    master.say(client, { request: { id: 5, move: { pid: PID, node: 1 } } });
    expect(master.sent(source)).toMatchObject([{ depart: { puid: PUID, node: 1 } }]);
    master.say(source, DEPARTED);
    expect(master.sent(target)).toMatchObject([GO]);
    master.say(target, { arrived: { puid: PUID, number: NUMBER, process: reportOf(1) } });
    expect(master.sent(client)).toContainEqual(expect.objectContaining({ response: { id: 5 } }));
    expect(master.sent(source)).toContainEqual(expect.objectContaining(END_ACK));
  });
});

describe('a slave says that a process has come', () => {
  test('which is claimed on a node whose slave is away: it is there', () => {
    const client = claim();
    const target = slave(1);
    master.say(target, { arrived: { puid: PUID, number: NUMBER, process: reportOf(1) } });
    expect(place()).toEqual([1, 'running']);
    expect(master.sent(client)).toMatchObject([
      { moved: { node: 1 } },
      { started: {} },
      { change: { reattached: true } },
    ]);
    slave(0);
    expect(place()).toEqual([1, 'running']);
  });

  test('which nobody has spoken of: it is entered', () => {
    const target = slave(1);
    master.say(target, { arrived: { puid: PUID, number: NUMBER, process: reportOf(1) } });
    expect(place()).toEqual([1, 'running']);
  });

  test('which has gone on since: that is old news', () => {
    slave(2, [reportOf(2)]);
    slave(1, [reportOf(1)]);
    expect(place()).toEqual([2, 'running']);
  });

  test('which was given up: it is ended', () => {
    master.state.givenUp.add(KEY);
    const target = slave(1);
    master.say(target, { arrived: { puid: PUID, number: NUMBER, process: reportOf(1) } });
    expect(master.sent(target)).toMatchObject([{ request: { terminate: { pid: PID } } }]);
  });
});

describe('a process waits for a word', () => {
  test('while the slave of its original is away: it is told nothing, and that one is asked when it comes', () => {
    const target = slave(1, [], [WAITS]);
    expect(master.sent(target)).toEqual([]);
    const source = slave(0, [reportOf(0)]);
    expect(master.sent(source)).toMatchObject([{ depart: { puid: PUID, number: NUMBER, node: 1, address: '' } }]);
    expect(master.sent(target)).toEqual([]);
  });

  test.each([
    ['runs on', { failure: { code: 'EBUSY' } }, NEVER],
    ['is gone', { process: reportOf(0) }, GO],
  ] as const)('and its original %s', (_, answer, verdict) => {
    const source = slave(0, [reportOf(0)]);
    const target = slave(1, [], [WAITS]);
    expect(master.sent(source)).toMatchObject([{ depart: { number: NUMBER, address: '' } }]);
    master.say(source, { departed: { puid: PUID, number: NUMBER, node: 1, ...answer } });
    expect(master.sent(target)).toMatchObject([verdict]);
  });
});

test('a claim counts for less than any report', () => {
  claim(1);
  expect(place()).toEqual([1, 'unknown']);
  slave(0, [reportOf(0)]);
  expect(place()).toEqual([0, 'running']);
});

test('a client that claims a process where it was is told first where it is', () => {
  slave(0);
  slave(1, [reportOf(1)]);
  const client = claim();
  expect(master.sent(client)).toMatchObject([{ moved: { node: 1, boot: BOOTS[1] } }, { started: {} }, { change: {} }]);
});

describe('pids that are away', () => {
  const taken: ControlInit = { pidsAway: { taken: [PID] } };

  test('are told to a slave that comes after the process is known', () => {
    slave(1, [reportOf(1)]);
    expect(master.sent(slave(0))).toMatchObject([taken]);
  });

  test('are told to a slave that has come before', () => {
    const source = slave(0);
    slave(1, [reportOf(1)]);
    expect(master.sent(source)).toMatchObject([taken]);
  });

  test('are free again when the slave is back that was away when the process ended', () => {
    const target = slave(1, [reportOf(1)]);
    const source = slave(0);
    const client = claim(1);
    master.feed({ type: 'closed', link: source, reason: undefined });
    master.say(target, { ended: { puid: PUID, pid: PID, end: { kind: EndKind.EXITED } } });
    master.say(client, { endAck: { puid: PUID } });
    expect(master.sent(slave(0))).toMatchObject([{ pidsAway: { taken: [], free: [PID] } }]);
  });
});
