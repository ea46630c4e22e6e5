/** Who waits for the end of a process at the master. */
import { expect, test } from 'vitest';
import type { ClientEffect, ClientEvent } from '../../src/bproc/client/events.ts';
import { createClientState } from '../../src/bproc/client/state.ts';
import { step } from '../../src/bproc/client/step.ts';
import { systemRandom } from '../../src/random.ts';
import { EndKind, ProcessState } from '../../src/wire/index.ts';
import { MasterTable, received } from '../support/master-table.ts';
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

const ABANDON = { request: { id: 4, abandon: { id: 3 } } };

function waiting(table: MasterTable): number[] {
  return [...table.state.clients.values()].map((client) => client.waits.size);
}

test('one that does not wait any more is forgotten, and told so [PROTOCOL 7.1]', () => {
  const { table, slave, process } = running();
  const [other, third] = [table.client(idOf(2)), table.client(idOf(3))];
  table.say(other, WAIT);
  table.say(third, WAIT);
  table.say(other, ABANDON);
  expect(table.sent(other)).toMatchObject([{ response: { id: 4 } }]);
  expect([...process.waiters.values()].map(({ client }) => client.key)).toEqual([idOf(3).toString('hex')]);
  expect(waiting(table)).toEqual([0, 0, 1]);
  table.say(slave, { ended: { puid: PUID, pid: PID, end: { kind: EndKind.EXITED, code: 7 } } });
  expect(table.sent(other)).toEqual([]);
  expect(table.sent(third)).toMatchObject([{ response: { id: 3 } }]);
  // one that is too late, or never was
  table.say(third, ABANDON);
  expect(table.sent(third)).toMatchObject([{ response: { id: 4 } }]);
});

/** A client's reducer and the master's, which hear of each other only while they are connected. */
function joined(table: MasterTable) {
  const identity = idOf(2);
  const config = { id: identity, domain: '', giveUpMs: 60_000, startsPerNode: 1, random: systemRandom() };
  const state = createClientState(config);
  let link = 0;
  const toMaster = (effects: readonly ClientEffect[]): void => {
    for (const effect of effects) if (effect.type === 'send') table.say(effect.link, effect.message);
  };
  const take = (event: ClientEvent): readonly ClientEffect[] => step(state, event, 0)[1];
  return {
    state,
    /** Something happens to the client; what it says arrives, unless it is lost. */
    feed: (event: ClientEvent, isLost = false): void => {
      const effects = take(event);
      if (!isLost) toMaster(effects);
    },
    /** What the master says in answer to the latest of that arrives. */
    hear: (): void => {
      for (const message of table.sent(link)) take({ type: 'control', link, message: received(message) });
    },
    connect: (): void => {
      take({ type: 'connect' });
      link = table.nextLink;
      take({ type: 'opened', link });
      table.client(identity);
      const [welcome] = table.sent(link);
      if (welcome === undefined) throw new Error('the client was not let in');
      toMaster(take({ type: 'control', link, message: received(welcome) }));
    },
    disconnect: (): void => {
      take({ type: 'closed', link, reason: undefined });
      state.deadlines.clear('connect');
      table.feed({ type: 'closed', link, reason: undefined });
    },
  };
}

test.each([
  ['at once', false],
  ['on its next connection, where the first word of it was lost', true],
])('a client that gives a wait up says so %s', (_, isLost) => {
  const { table, process } = running();
  const client = joined(table);
  client.connect();
  client.feed({ type: 'request', id: client.state.nextRequest++, order: { wait: { pid: PID } } });
  expect(waiting(table)).toEqual([0, 1]);
  client.feed({ type: 'abandon', id: 1 }, isLost);
  if (isLost) {
    expect(waiting(table)).toEqual([0, 1]);
    client.disconnect();
    client.connect();
  }
  expect(waiting(table)).toEqual([0, 0]);
  expect(process.waiters.size).toBe(0);
  client.hear();
  expect(client.state.requests.size).toBe(0);
});

test('a client that gives a wait up while it is away says so when it is back', () => {
  const { table, process } = running();
  const client = joined(table);
  client.connect();
  client.feed({ type: 'request', id: client.state.nextRequest++, order: { wait: { pid: PID } } });
  client.disconnect();
  client.feed({ type: 'abandon', id: 1 });
  expect(process.waiters.size).toBe(1);
  client.connect();
  expect(process.waiters.size).toBe(0);
  client.hear();
  expect(client.state.requests.size).toBe(0);
});
