/** The process table where not all nodes can be asked. */
import { expect, test } from 'vitest';
import { startVirtualCluster } from '../../src/testing/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';

const BOOT = idOf(50);

test('who does not answer in time is named beside what the table has of it', () => {
  const master = new MasterTable();
  const client = master.client(idOf(9));
  const slaves = [0, 1].map((node) => master.slave(node, BOOT));
  for (const [node, slave] of slaves.entries()) {
    const puid = idOf(node + 1);
    master.say(client, { start: { spec: Buffer.from('spec'), targets: [{ puid, node, boot: BOOT }] } });
    master.say(slave, { started: { puid, pid: 8192 + 4096 * node, node } });
  }
  master.say(client, { request: { id: 5, listProcesses: {} } });
  const [question] = master.sent(slaves[0] ?? 0);
  const id = question?.request?.id;
  master.say(slaves[0] ?? 0, { response: { id, processList: { processes: [{ pid: 8193, localPid: 7 }] } } });
  expect(master.sent(client)).toEqual([]);
  master.now += 5000;
  master.feed({ type: 'timer' });
  const processes = [{ pid: 8192 }, { pid: 12_288 }, { pid: 8193 }];
  expect(master.sent(client)).toMatchObject([{ response: { id: 5, processList: { processes, missing: [1] } } }]);
});

test('a node that is silent is missing, and may have a pid that is not in the table', async () => {
  await using world = await startVirtualCluster({ nodes: 2, keeps: true });
  const { client } = world;
  const [here, there] = await world.run(
    Promise.all([client.rexec(0, 'sleep', ['60000']), client.rexec(1, 'sleep', ['60000'])]),
  );
  const none = there.pid + 7;
  expect((await world.run(client.procList())).missing).toEqual([]);
  expect(await world.run(client.pidNode(none))).toBe(-3);
  world.crashSlave(1);
  await world.run(5000);
  const table = await world.run(client.procList());
  expect(table.map(({ node, state }) => [node, state])).toEqual([
    [0, 'running'],
    [1, 'unknown'],
  ]);
  expect(table.missing).toEqual([1]);
  expect(await world.run(client.pidNode(there.pid))).toBe(1);
  expect((await world.run(client.procList({ node: 0 }))).missing).toEqual([]);
  expect((await world.run(client.procList({ startedOnly: true }))).missing).toEqual([]);
  const refused = client.pidNode(none).catch((error: unknown) => error);
  expect(await world.run(refused)).toMatchObject({ code: 'EAGAIN', pid: none });
  world.startSlave(1);
  await world.run(1000);
  expect((await world.run(client.procList())).missing).toEqual([]);
  await world.run(Promise.all([here.kill('SIGKILL'), there.kill('SIGKILL')]));
});
