/** Lists longer than one message. */
import { expect, test } from 'vitest';
import { processPart } from '../../src/bproc/list-parts.ts';
import { connect, type Master, startMaster } from '../../src/index.ts';
import type { Init, ListProcesses, ProcessRecord } from '../../src/wire/index.ts';
import { controlBytes, MAX_CONTROL_BYTES, ProcessState, Role } from '../../src/wire/index.ts';
import { idOf, RawPeer } from '../support/raw-peer.ts';
import { SlaveTable } from '../support/slave-table.ts';

const DEADLINE_MS = 60_000;
const COMMAND = 'c'.repeat(255);
const BOOT = idOf(50);
/** So many processes of one node, with their commands, are more than one message holds. */
const STARTED = 8000;
const FORKED = 10_000;

test('all nodes come, in order, and those of a set in its own order and as often as it names them', {
  timeout: DEADLINE_MS,
}, async () => {
  const count = 100_000;
  await using master = await startMaster({ nodes: Array.from({ length: count }, (_, node) => count - 1 - node) });
  await using client = await connect({ master: () => master.connect() });
  const all = await client.nodeList();
  expect(all.length).toBe(count);
  expect(all.every((info, at) => info.node === at && info.reason === 'no slave has come yet')).toBe(true);
  const some = (await client.nodeList('99999, 7, 5-99990, 7, master')).map((info) => info.node);
  expect(some).toEqual([99_999, 7, ...Array.from({ length: 99_986 }, (_, at) => at + 5), 7, -1]);
});

/** What one node's slave would list: in no order, forked ones among those that were started. */
function recordsOf(node: number): Init<ProcessRecord>[] {
  const base = 4096 + node * 65_536;
  const started = Array.from({ length: STARTED }, (_, at) => ({
    pid: base + at,
    node,
    localPid: 2 * at + 1,
    startTime: 7,
    puid: puidOf(node, at),
    command: COMMAND,
    state: ProcessState.RUNNING,
  }));
  const forked = Array.from({ length: FORKED }, (_, at) => ({
    // some have no pid: the node had none left
    pid: at % 3 === 0 ? 0 : base + STARTED + at,
    node,
    localPid: 2 * at + 2,
    startTime: 7,
    command: COMMAND,
    state: ProcessState.RUNNING,
  }));
  return [...forked, ...started.reverse()];
}

function puidOf(node: number, at: number): Buffer {
  const puid = Buffer.alloc(16, node + 1);
  puid.writeUInt32BE(at);
  return puid;
}

/** A slave by hand that holds such processes, and lists them as it is asked to. */
async function slaveWith(master: Master, node: number): Promise<RawPeer> {
  const records = recordsOf(node);
  const peer = new RawPeer(master.connect());
  peer.hello(Role.SLAVE, BOOT, { node });
  const { welcome } = await peer.control('welcome');
  peer.send({ promised: { epoch: welcome.epoch ?? {} } });
  const started = records.filter((record) => record.puid !== undefined);
  for (let at = 0; at < started.length; at += 1000) {
    const processes = started.slice(at, at + 1000).map(({ puid, pid, localPid, startTime, command, state }) => {
      return { puid, pid, localPid, startTime, command, state, client: idOf(99), detached: true };
    });
    peer.send({ inventory: { processes } });
  }
  peer.send({ inventory: { last: true } });
  peer.onControl = (message) => {
    if (message.body !== 'request' || message.request.body !== 'listProcesses') return;
    const { id, listProcesses } = message.request;
    peer.send({ response: { id, processList: processPart(listProcesses, records) } });
  };
  return peer;
}

test('all processes come, each once, those that were forked included', { timeout: DEADLINE_MS }, async () => {
  await using master = await startMaster({ clientGraceMs: 3_600_000 });
  const slaves = [await slaveWith(master, 0), await slaveWith(master, 1)];
  await using client = await connect({ master: () => master.connect() });
  const whole = controlBytes({ response: { processList: { processes: recordsOf(0) } } });
  expect(whole).toBeGreaterThan(MAX_CONTROL_BYTES);
  await expect.poll(() => client.nodeList('0 1').then((all) => all.map((info) => info.state))).toEqual(['up', 'up']);

  const all = await client.procList();
  expect(all.length).toBe(2 * (STARTED + FORKED));
  expect(new Set(all.map(({ node, localPid }) => `${node} ${localPid}`)).size).toBe(all.length);
  const sorted = [...all].sort((a, b) => a.node - b.node || a.pid - b.pid);
  expect(all.map((info) => info.pid)).toEqual(sorted.map((info) => info.pid));
  expect(all.every((info) => info.command === COMMAND)).toBe(true);

  expect((await client.procList({ node: 1 })).length).toBe(STARTED + FORKED);
  const started = await client.procList({ startedOnly: true });
  expect(started.map((info) => info.puid).every((puid) => puid !== '')).toBe(true);
  expect(new Set(started.map((info) => info.puid)).size).toBe(2 * STARTED);
  for (const slave of slaves) slave.cut();
});

/** What a slave answers when it is asked to list processes that fill more than one message. */
function listing(slave: SlaveTable, question: Init<ListProcesses>) {
  slave.say({ request: { id: 3, listProcesses: { node: 0, ...question } } });
  expect(slave.effects).toEqual([{ type: 'list', request: 3 }]);
  const entries = Array.from({ length: FORKED + STARTED }, (_, at) => {
    const pid = 101 + FORKED + STARTED - 1 - at;
    return { pid, ppid: 1, pgid: 1, sid: 1, startTime: 1, origin: 101, command: COMMAND, uid: 0, state: 'S' };
  });
  slave.feed({ type: 'listed', request: 3, entries });
  const list = slave.told.flatMap(({ response }) =>
    response !== undefined && response !== null && 'processList' in response ? [response.processList] : [],
  )[0];
  return { processes: list?.processes ?? [], more: list?.more ?? false };
}

test('a slave gives its own in parts to a master that takes them, and whole to one that does not', () => {
  const slave = new SlaveTable({ first: 4096, count: 32_768 });
  slave.start();
  const first = listing(slave, { partial: true });
  expect(first.more).toBe(true);
  expect(controlBytes({ response: { id: 3, processList: first } })).toBeLessThanOrEqual(MAX_CONTROL_BYTES);
  const { node, localPid, startTime, puid } = first.processes.at(-1) ?? {};
  const second = listing(slave, { partial: true, after: { node, localPid, startTime, puid } });
  expect(second.more).toBe(false);
  const parts = [...first.processes, ...second.processes].map((record) => record.localPid);
  expect(parts).toEqual(Array.from({ length: FORKED + STARTED }, (_, at) => 101 + at));
  expect(listing(slave, {}).processes.length).toBe(FORKED + STARTED);
  expect(slave.state.lists.size).toBe(0);
});
