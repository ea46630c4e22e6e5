/** Nodes that a new master knows from its clients before their slaves are back [PROTOCOL 3.8]. */
import { expect, test } from 'vitest';
import { ProcessState, Role } from '../../src/wire/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';

const BOOT = idOf(50);

function claimed(node: number) {
  const table = new MasterTable();
  const client = table.client(idOf(1));
  table.say(client, { claim: { entries: [{ puid: idOf(11), node, boot: BOOT, pid: 5000 }], last: true } });
  return { table, client };
}

test('a claim makes no node that anybody sees', () => {
  const { table, client } = claimed(40);
  table.say(client, { request: { id: 1, listNodes: { spec: 'all' } } });
  expect(table.sent(client)).toMatchObject([{ response: { nodeList: { nodes: [] } } }]);
  table.say(client, { request: { id: 2, status: {} } });
  expect(table.sent(client)).toMatchObject([{ response: { masterStatus: { nodes: 0, processes: 1 } } }]);
  table.say(client, { start: { spec: Buffer.alloc(0), targets: [{ puid: idOf(12), node: 40, boot: BOOT }] } });
  expect(table.sent(client)).toMatchObject([{ startFailed: { failure: { code: 'BE_INVALIDNODE' } } }]);
});

test('its slave takes the node over with what was claimed there', () => {
  const { table, client } = claimed(40);
  const slave = table.slave(40, BOOT);
  expect(table.state.expected.size).toBe(0);
  expect(table.state.nodes.get(40)?.link).toBe(slave);
  // the slave holds nothing, and that decides
  expect(table.sent(client)).toMatchObject([{ ended: { puid: idOf(11), node: 40 } }]);
});

test('what its slave knows of a process takes the place of the bare claim', () => {
  const { table, client } = claimed(40);
  const slave = table.greet(Role.SLAVE, BOOT, { node: 40 });
  const facts = { command: 'sleep', detached: true, startedAt: 77, lostAfterMs: 9 };
  const report = { puid: idOf(11), pid: 5000, client: idOf(1), state: ProcessState.RUNNING, ...facts };
  table.say(slave, { inventory: { processes: [report], last: true } });
  expect(table.state.byPid.get(5000)).toMatchObject(facts);
  table.say(client, { request: { id: 1, listProcesses: { startedOnly: true } } });
  expect(table.sent(client)).toMatchObject([{ response: { processList: { processes: [{ command: 'sleep' }] } } }]);
});

test('a slave that wants no certain node is not given one that is expected', () => {
  const { table } = claimed(0);
  table.slave(undefined, idOf(51));
  expect([...table.state.nodes.keys()]).toEqual([1]);
  expect([...table.state.expected.keys()]).toEqual([0]);
});

test('it is forgotten with the last client that claimed anything there', () => {
  const { table, client } = claimed(40);
  expect(table.state.expected.size).toBe(1);
  table.say(client, { goodbye: {} });
  expect(table.state.expected.size).toBe(0);
  expect(table.state.nodes.size).toBe(0);
});

test('a start that is repeated and one that is cancelled wait for the slave of an expected node', () => {
  const table = new MasterTable();
  const client = table.client(idOf(1));
  const target = { puid: idOf(12), node: 4, boot: BOOT };
  table.say(client, { start: { spec: Buffer.alloc(0), repeated: true, targets: [target] } });
  table.say(client, { cancel: { puid: idOf(13), node: 5, boot: BOOT } });
  expect(table.state.nodes.size).toBe(0);
  const four = table.slave(4, BOOT);
  expect(table.sent(four)).toContainEqual(expect.objectContaining({ start: expect.objectContaining({}) }));
  const five = table.slave(5, BOOT);
  expect(table.sent(five)).toContainEqual(expect.objectContaining({ cancel: expect.objectContaining({}) }));
});
