/** Who may have an address go along with a process, and what shows that he may: PROTOCOL.md 12.11. */
import { beforeEach, expect, test } from 'vitest';
import { makeTicket, movedName } from '../../src/bproc/tickets.ts';
import { PROTOCOL, ProcessState, Role } from '../../src/wire/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';

const PUID = idOf(1);
const PID = 8192;
const USER = 1000;
const KEY = Buffer.alloc(32, 7);
const ADDRESS = '10.0.0.7';
const MOVE = { pid: PID, node: 1, virtualAddress: ADDRESS };

let master: MasterTable;
let source: number;

beforeEach(() => {
  master = new MasterTable();
  source = master.greet(Role.SLAVE, idOf(50), { node: 0 });
  const process = { puid: PUID, pid: PID, uid: USER, state: ProcessState.RUNNING, client: idOf(9), localPid: 7 };
  master.say(source, { inventory: { processes: [process], last: true } });
  const target = master.slave(1, idOf(51));
  master.say(target, { peerAddress: { address: 'tcp://10.0.0.2:1', key: KEY } });
});

test('the administrator has it go along, by a ticket for this address', () => {
  const client = master.client(idOf(8));
  master.say(client, { request: { id: 1, move: MOVE } });
  const [message] = master.sent(source);
  const number = Number(message?.depart?.number);
  const ticketFor = (address: string): Uint8Array =>
    makeTicket(KEY, { image: movedName(PUID, USER, address), node: 0, number });
  expect(message?.depart).toMatchObject({ virtualAddress: ADDRESS, ticket: ticketFor(ADDRESS) });
  expect(ticketFor('')).not.toEqual(ticketFor(ADDRESS));
});

test('whose process it is may not', () => {
  const link = master.nextLink;
  const credentials = { uid: USER, gids: [USER] };
  master.client(idOf(8));
  master.feed({ type: 'opened', link: link + 1, peer: 'his', credentials });
  const { majorMin, majorMax, minor } = PROTOCOL;
  master.say(link + 1, { hello: { majorMin, majorMax, minor, role: Role.CLIENT, identity: idOf(10) } });
  master.say(link + 1, { request: { id: 1, move: MOVE } });
  expect(master.sent(link + 1)).toMatchObject([
    { response: { failure: { message: expect.stringMatching(/^uid 1000 may not move address 10\.0\.0\.7/) } } },
  ]);
  expect(master.sent(source)).toEqual([]);
});
