/** What peers cannot do to a master and to each other, however they bend the protocol. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Master, startMaster } from '../../src/index.ts';
import { EndKind, PowerAction, ProcessState, Role } from '../../src/wire/index.ts';
import { type Heard, idOf, RawPeer, rawClient, rawSlave } from '../support/raw-peer.ts';

let master: Master;
beforeEach(async () => {
  master = await startMaster({ silentAfterMs: 30_000 });
});
afterEach(async () => {
  await master[Symbol.asyncDispose]();
});

/** The answer to request `id`. */
function answer(peer: RawPeer, id: number, since = 0) {
  return peer.until(
    `the answer to ${id}`,
    (heard: Heard) =>
      heard.kind === 'control' && heard.message.body === 'response' && heard.message.response.id === id
        ? heard.message.response
        : undefined,
    since,
  );
}

/** Waits until a node is in this state; asked for under numbers that no test uses. */
async function nodeIs(client: RawPeer, node: number, state: string): Promise<void> {
  for (let id = 1_000_000 * (node + 1); ; id += 1) {
    client.send({ request: { id, listNodes: { spec: String(node) } } });
    const response = await answer(client, id, client.heard.length);
    if (response.body === 'nodeList' && response.nodeList.nodes[0]?.state === state) return;
  }
}

/** A report of a running process, as its slave makes it. */
const reportOf = (puid: Buffer, pid: number, client: Buffer) => ({
  puid,
  pid,
  localPid: 10,
  startTime: 20,
  client,
  state: ProcessState.RUNNING,
});

describe('claims [PROTOCOL 3.8]', () => {
  test('do not speak for a node: what others claim there is decided by its slave', async () => {
    const liar = await rawClient(master.connect(), idOf(1));
    liar.send({ claim: { entries: [{ puid: idOf(11), node: 0, boot: idOf(99), pid: 4096 }] } });
    const honest = await rawClient(master.connect(), idOf(2));
    honest.send({ claim: { entries: [{ puid: idOf(12), node: 0, boot: idOf(50), pid: 4097 }] } });
    expect((await honest.control('change')).change.state).toBe(ProcessState.UNKNOWN);
    await rawSlave(master.connect(), 0, idOf(50), [reportOf(idOf(12), 4097, idOf(2))]);
    const ended = await liar.control('ended');
    expect(ended.ended).toMatchObject({ end: { kind: EndKind.LOST } });
    const { change } = await honest.until('RUNNING', (heard) =>
      heard.kind === 'control' && heard.message.body === 'change' && heard.message.change.reattached
        ? heard.message
        : undefined,
    );
    expect(change.state).toBe(ProcessState.RUNNING);
    expect(honest.heard.some((heard) => heard.kind === 'control' && heard.message.body === 'ended')).toBe(false);
  });

  test('give no right to a process, a pid or a stream of another client', async () => {
    const thief = await rawClient(master.connect(), idOf(1));
    // the puid of another's process, and its pid under a puid of one's own
    thief.send({
      claim: {
        entries: [
          { puid: idOf(12), node: 0, boot: idOf(50), pid: 4097 },
          { puid: idOf(13), node: 0, boot: idOf(50), pid: 4097 },
        ],
      },
    });
    await thief.control('change');
    const owner = await rawClient(master.connect(), idOf(2));
    const slave = await rawSlave(master.connect(), 0, idOf(50), [reportOf(idOf(12), 4097, idOf(2))]);
    await owner.control('started');
    slave.channel.sendData(4097 * 4 + 1, 0, Buffer.from('secret'), false);
    slave.flush();
    await owner.until('its output', (heard) => (heard.kind === 'data' ? heard : undefined));
    const ends = thief.heard.flatMap((heard) =>
      heard.kind === 'control' && heard.message.body === 'ended' ? [heard.message.ended.end?.kind] : [],
    );
    expect(ends).toEqual([EndKind.LOST, EndKind.LOST]);
    expect(thief.heard.some((heard) => heard.kind === 'data')).toBe(false);
  });

  test('make no node that cannot be', async () => {
    const client = await rawClient(master.connect(), idOf(1));
    client.send({
      claim: { entries: [-7, 70_000].map((node, at) => ({ puid: idOf(at), node, boot: idOf(9), pid: 5000 })) },
    });
    await client.until('two ends', () =>
      client.heard.filter((heard) => heard.kind === 'control' && heard.message.body === 'ended').length === 2
        ? true
        : undefined,
    );
    client.send({ request: { id: 1, listNodes: { spec: '' } } });
    expect(await answer(client, 1)).toMatchObject({ nodeList: { nodes: [] } });
  });
});

describe('a client id [PROTOCOL 3.8]', () => {
  const USER = 4711;
  /** A client of an ordinary user. */
  async function userClient(identity: Buffer): Promise<RawPeer> {
    const peer = new RawPeer(master.connect({ credentials: { uid: USER, gids: [USER] } }));
    peer.hello(Role.CLIENT, identity);
    return peer;
  }
  const streams = (peer: RawPeer) => peer.heard.filter((heard) => heard.kind === 'data');
  const own = process.getuid?.() ?? 0;

  test.each([
    ['at all', []],
    ['and claims', [{ puid: idOf(12), node: 1, boot: idOf(51), pid: 8192 }]],
  ])('that proves to be an administrator’s is no user’s who has come with it before %s', async (_, entries) => {
    const thief = await userClient(idOf(2));
    const { welcome } = await thief.control('welcome');
    thief.channel.establish(welcome.session);
    thief.send({ claim: { entries, last: true } });
    // the administrator had started something as that user, and something else
    await rawSlave(master.connect(), 0, idOf(50), [{ ...reportOf(idOf(11), 4096, idOf(2)), uid: USER }]);
    const slave = await rawSlave(master.connect(), 1, idOf(51), [{ ...reportOf(idOf(12), 8192, idOf(2)), uid: own }]);
    expect(await thief.close()).toMatchObject({ code: 'EPERM' });
    slave.channel.sendData(8192 * 4 + 1, 0, Buffer.from('secret'), false);
    slave.flush();
    await thief.whenEnded();
    expect(streams(thief)).toEqual([]);
    // it is still the administrator's
    const owner = await rawClient(master.connect(), idOf(2));
    owner.send({ claim: { entries: [{ puid: idOf(12), node: 1, boot: idOf(51), pid: 8192 }] } });
    expect((await owner.control('started')).started).toMatchObject({ pid: 8192, node: 1 });
    const again = await userClient(idOf(2));
    expect((await again.control('refuse')).refuse.failure).toMatchObject({ code: 'EPERM' });
  });
});

test('a node gives its processes no pids of another node’s [PROTOCOL 4.2]', async () => {
  const [first, second] = [idOf(2), idOf(3)];
  await rawSlave(master.connect(), 0, idOf(50), [reportOf(idOf(12), 8192, first)]);
  await rawSlave(master.connect(), 1, idOf(51), [reportOf(idOf(13), 8192, second)]);
  const owner = await rawClient(master.connect(), first);
  owner.send({ request: { id: 1, kill: { pid: 8192, signal: 9 } } });
  owner.send({ request: { id: 2, listProcesses: { startedOnly: true } } });
  const response = await answer(owner, 2);
  const pids =
    response.body === 'processList' ? response.processList.processes.map(({ node, pid }) => [node, pid]) : [];
  expect(pids).toEqual([[0, 8192]]);
});

describe('requests [PROTOCOL 7.1]', () => {
  test('an order that is repeated takes effect once, and is answered again', async () => {
    const slave = await rawSlave(master.connect(), 0, idOf(50));
    const client = await rawClient(master.connect(), idOf(2));
    const order = { request: { id: 7, power: { node: 0, action: PowerAction.REBOOT } } };
    client.send(order);
    const { request } = await slave.control('request');
    client.send(order);
    slave.send({ response: { id: request.id } });
    await answer(client, 7);
    const again = await rawClient(master.connect(), idOf(2));
    again.send(order);
    expect(await answer(again, 7)).toMatchObject({ failure: null });
    expect(slave.heard.filter((heard) => heard.kind === 'control' && heard.message.body === 'request')).toHaveLength(1);
  });

  test('to do something to a machine that is no order does nothing [PROTOCOL 2.3]', async () => {
    const slave = await rawSlave(master.connect(), 0, idOf(50));
    const client = await rawClient(master.connect(), idOf(2));
    for (const [at, action] of [0, 4, 99].entries()) {
      client.send({ request: { id: at + 1, power: { node: 0, action: action as PowerAction } } });
      expect(await answer(client, at + 1)).toMatchObject({ failure: { code: 'EINVAL' } });
    }
    expect(slave.heard.some((heard) => heard.kind === 'control' && heard.message.body === 'request')).toBe(false);
  });

  test('one whose answer would be too long fails, and the master goes on [PROTOCOL 2.4]', async () => {
    const client = await rawClient(master.connect(), idOf(2));
    client.send({ request: { id: 1, resolve: { nodes: Array.from({ length: 65_537 }, (_, node) => node) } } });
    expect(await answer(client, 1)).toMatchObject({ failure: { code: 'E2BIG' } });
    const setAttributes = Object.fromEntries(Array.from({ length: 63 }, (_, n) => [`long${n}`, 'x'.repeat(1024)]));
    for (let node = 0; node < 70; node += 1) {
      await rawSlave(master.connect(), node, idOf(50));
      await nodeIs(client, node, 'up');
      client.send({ request: { id: 100 + node, updateNode: { node, setAttributes } } });
      expect(await answer(client, 100 + node)).toMatchObject({ failure: null });
    }
    client.send({ request: { id: 2, listNodes: { spec: '' } } });
    expect(await answer(client, 2)).toMatchObject({ failure: { code: 'E2BIG' } });
    client.send({ request: { id: 3, listNodes: { spec: 'x'.repeat(3_000_000) } } });
    const { failure } = await answer(client, 3);
    expect(failure?.message.length).toBeLessThan(5000);
    client.send({ request: { id: 4, status: {} } });
    expect(await answer(client, 4)).toMatchObject({ failure: null });
  });
});

describe('connections', () => {
  test('what is no identity, no role for a master, or another domain is refused [PROTOCOL 3.2]', async () => {
    for (const [role, identity, domain, code] of [
      [Role.CLIENT, Buffer.alloc(15), '', 'EPROTO'],
      [Role.MASTER, idOf(1), '', 'EPROTO'],
      [Role.CLIENT, idOf(1), `other${'\u0007'.repeat(3000)}`, 'EINVAL'],
    ] as const) {
      const peer = new RawPeer(master.connect());
      peer.send({ domain, hello: { majorMin: 1, majorMax: 1, role, identity } });
      const { refuse } = await peer.control('refuse');
      expect(refuse.failure?.code).toBe(code);
      expect(refuse.failure?.message).not.toContain('\u0007');
      await peer.close();
      await peer.whenEnded();
    }
  });

  test('a newer major version is refused, with who is to be upgraded [PROTOCOL 3.1]', async () => {
    const peer = new RawPeer(master.connect());
    peer.hello(Role.CLIENT, idOf(1), { majorMin: 2, majorMax: 3 });
    const { refuse } = await peer.control('refuse');
    expect(refuse.failure).toMatchObject({
      code: 'EPROTO',
      message: 'the peer speaks protocol 2 to 3, the master 1 to 1: the master is too old, upgrade it',
    });
    await peer.whenEnded();
    expect(peer.failure).toBeUndefined();
  });

  test('anything before the WELCOME closes the connection', async () => {
    const peer = new RawPeer(master.connect());
    peer.send({ request: { id: 1, status: {} } });
    expect(await peer.close()).toMatchObject({ code: 'EPROTO', message: 'request came before WELCOME' });
    await peer.whenEnded();
  });

  test('a superseded one speaks for nobody: a late GOODBYE takes no node down [PROTOCOL 2.7]', async () => {
    const first = await rawSlave(master.connect(), 0, idOf(50));
    const second = new RawPeer(master.connect());
    second.hello(Role.SLAVE, idOf(50), { node: 0 });
    // under way before the first one can have heard that it is to go
    first.send({ goodbye: { reason: 'too late' } });
    await second.control('welcome');
    second.send({ inventory: { last: true } });
    await first.whenEnded();
    const client = await rawClient(master.connect(), idOf(2));
    client.send({ request: { id: 1, listNodes: { spec: '' } } });
    expect(await answer(client, 1)).toMatchObject({ nodeList: { nodes: [{ node: 0, state: 'up' }] } });
    expect(second.ended).toBe(false);
  });
});
