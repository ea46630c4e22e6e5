/** Ghosts in the master's table [PROTOCOL 7.1, 7.3]. */
import { expect, test } from 'vitest';
import { ProcessState, Role } from '../../../src/wire/index.ts';
import { MasterTable } from '../../support/master-table.ts';
import { idOf } from '../../support/raw-peer.ts';

const PUID = idOf(11);

function withProcess() {
  const table = new MasterTable();
  const slave = table.greet(Role.SLAVE, idOf(50), { node: 0 });
  const report = { puid: PUID, pid: 5000, client: idOf(1), state: ProcessState.RUNNING, startedAt: 1 };
  table.say(slave, { inventory: { processes: [report], last: true } });
  const asker = table.client(idOf(2));
  let request = 0;
  const ghost = (): unknown => {
    request += 1;
    table.say(asker, { request: { id: request, listProcesses: { startedOnly: true } } });
    const response = table.sent(asker)[0]?.response ?? {};
    return 'processList' in response ? (response.processList?.processes?.[0]?.ghost ?? 0) : undefined;
  };
  return { table, asker, ghost };
}

test('are shown while the client that made them is there', () => {
  const { table, asker, ghost } = withProcess();
  expect(ghost()).toBe(0);
  table.say(asker, { request: { id: 100, subscribe: { id: 1, processes: true } } });
  const maker = table.client(idOf(3));
  table.say(maker, {
    request: {
      id: 1,
      ghosts: {
        ghosts: [
          { puid: PUID, pid: 321 },
          { puid: idOf(12), pid: 4 },
        ],
      },
    },
  });
  expect(table.sent(maker)).toMatchObject([{ response: { id: 1 } }]);
  expect(table.sent(asker)).toMatchObject([{ events: { events: [{ process: { process: { ghost: 321 } } }] } }]);
  expect(ghost()).toBe(321);
  table.feed({ type: 'closed', link: maker, reason: undefined });
  expect(ghost()).toBe(0);
  const again = table.client(idOf(3));
  expect(ghost()).toBe(321);
  table.say(again, { request: { id: 2, ghosts: { ghosts: [{ puid: PUID, pid: 0 }] } } });
  expect(ghost()).toBe(0);
});

test('are made by the administrator alone', () => {
  const { table, ghost } = withProcess();
  const link = table.nextLink;
  const maker = table.client(idOf(3));
  expect(maker).toBe(link);
  const known = table.state.links.get(link);
  if (known?.who.role !== 'client') throw new Error('it is no client');
  known.who.client.credentials = { uid: 4242, gids: [] };
  table.say(maker, { request: { id: 1, ghosts: { ghosts: [{ puid: PUID, pid: 321 }] } } });
  expect(table.sent(maker)).toMatchObject([{ response: { failure: { code: 'EPERM' } } }]);
  expect(ghost()).toBe(0);
});
