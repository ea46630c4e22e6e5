/** Processes of which none runs before each can: PROTOCOL.md 10.5. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect, type Master, type Slave, startMaster, startSlave } from '../../src/index.ts';
import type { SpawnedProcess, SpawnRequest, SpawnSink } from '../../src/linux/index.ts';
import { encodeSpec, ProcessState } from '../../src/wire/index.ts';
import { PaperSpawner } from '../support/paper-spawner.ts';
import { hexOf, idOf, type RawPeer, rawClient, rawSlave } from '../support/raw-peer.ts';
import { tapped } from '../support/tap.ts';

/** Counts what is let run. */
class CountingSpawner extends PaperSpawner {
  spawned = 0;

  override spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess {
    this.spawned += 1;
    return super.spawn(request, sink);
  }
}

let master: Master;
let spawner: CountingSpawner;
let slaves: readonly Slave[];
const parts: AsyncDisposable[] = [];

beforeEach(async () => {
  master = await startMaster();
  spawner = new CountingSpawner();
  const environment = { BPROC_MASTER: 'none' };
  slaves = await Promise.all(
    [0, 1, 2].map((node) => startSlave({ master: () => master.connect(), node, spawner, environment })),
  );
  parts.push(master, ...slaves);
  await Promise.all(slaves.map((slave) => slave.attached));
  // what they hold the master hears after that
  const client = await newClient();
  for (const node of [0, 1, 2]) await expect.poll(() => client.nodeStatus(node)).toBe('up');
});

afterEach(async () => {
  for (const part of parts.splice(0).reverse()) await part[Symbol.asyncDispose]();
});

async function newClient(): Promise<Client> {
  const client = await connect({ master: () => master.connect() });
  parts.push(client);
  return client;
}

/** Asks each slave something: once it answers, it has done all that it was told before. */
async function askAll(): Promise<void> {
  const client = await newClient();
  for (const node of [0, 1, 2]) expect(await client.procList({ node })).toHaveLength(0);
}

/** A slave by hand that has been asked for nothing yet. */
async function rawNode(node: number): Promise<RawPeer> {
  const slave = await rawSlave(master.connect(), node, idOf(node));
  await slave.until('the first PING', (heard) => (heard.kind === 'ping' ? true : undefined));
  return slave;
}

function isTold(peer: RawPeer, body: 'ready' | 'go'): Promise<readonly string[]> {
  return peer.control(body).then((message) => {
    const puids = message.body === 'ready' ? message.ready.puids : message.body === 'go' ? message.go.puids : [];
    return puids.map(hexOf);
  });
}

describe('a client that waits for a node', () => {
  test('lets nobody run before that is ready, then all', async () => {
    const late = await rawNode(9);
    const started = (await newClient()).rexec('0-2,9', '/bin/program', [], { gang: true });
    const { start } = await late.control('start');
    expect(start.gang).toBe(true);
    await askAll();
    expect(spawner.spawned).toBe(0);
    const [target] = start.targets;
    const puid = target?.puid ?? Buffer.alloc(0);
    late.send({ ready: { puids: [puid] } });
    expect(await isTold(late, 'go')).toEqual([hexOf(puid)]);
    late.send({ started: { puid, pid: 4_000_000, node: 9, localPid: 1, startTime: 1 } });
    expect((await started).processes).toHaveLength(4);
    expect(spawner.spawned).toBe(3);
  });

  test('lets the others run when it fails', async () => {
    const late = await rawNode(9);
    const started = (await newClient()).rexec('0-2,9', '/bin/program', [], { gang: true });
    const { start } = await late.control('start');
    late.send({ startFailed: { puid: start.targets[0]?.puid ?? Buffer.alloc(0), failure: { code: 'ENOENT' } } });
    const vector = await started;
    expect(vector.processes).toHaveLength(3);
    expect(vector.errors).toMatchObject([{ code: 'ENOENT' }]);
  });

  test('lets the others run when it dies', async () => {
    const late = await rawNode(9);
    const started = (await newClient()).rexec('0-2,9', '/bin/program', [], { gang: true });
    await late.control('start');
    await askAll();
    expect(spawner.spawned).toBe(0);
    late.send({ goodbye: { reason: 'its machine goes' } });
    const vector = await started;
    expect(vector.processes).toHaveLength(3);
    expect(vector.errors).toMatchObject([{ code: 'BE_SLAVEDIED' }]);
  });

  test('lets nobody run when it gives up', async () => {
    const late = await rawNode(9);
    const abort = new AbortController();
    const started = (await newClient()).rexec('0-2,9', '/bin/program', [], { gang: true, signal: abort.signal });
    const refused = expect(started).rejects.toMatchObject({ code: 'ECANCELED' });
    await late.control('start');
    abort.abort();
    await refused;
    await askAll();
    expect(spawner.spawned).toBe(0);
  });

  test('lets nobody run when it dies itself', async () => {
    const late = await rawNode(9);
    const client = await connect({ master: () => master.connect() });
    const started = client.rexec('0-2,9', '/bin/program', [], { gang: true, detached: true });
    await late.control('start');
    await client[Symbol.asyncDispose]();
    expect((await started).errors).toHaveLength(4);
    await askAll();
    expect(spawner.spawned).toBe(0);
  });

  test('goes on where its connection breaks', async () => {
    const late = await rawNode(9);
    let cut = (): void => {};
    const dial = () => {
      const { near, cut: cutThis } = tapped(master.connect(), { up: [], down: [] });
      cut = cutThis;
      return near;
    };
    const client = await connect({ master: dial });
    parts.push(client);
    const started = client.rexec('0-2,9', '/bin/program', [], { gang: true });
    const { start } = await late.control('start');
    const detached = new Promise<void>((resolve) => void client.on('detached', () => resolve()));
    cut();
    await detached;
    const puid = start.targets[0]?.puid ?? Buffer.alloc(0);
    late.send({ ready: { puids: [puid] } });
    // said again when its client is back, as a slave does
    late.onControl = (message) => {
      if (message.body === 'change') late.send({ ready: { puids: [puid] } });
    };
    await isTold(late, 'go');
    late.send({ started: { puid, pid: 4_000_000, node: 9, localPid: 1, startTime: 1 } });
    expect((await started).processes).toHaveLength(4);
    expect(spawner.spawned).toBe(3);
  });
});

test('more of them on one node than are started there at a time', async () => {
  const client = await newClient();
  const vector = await client.rexec(Array<number>(700).fill(0), '/bin/program', [], { gang: true });
  expect(vector.processes).toHaveLength(700);
});

test('a node that fell silent at the gate is told to cancel it when it is back, and nobody waits for it', async () => {
  await using strict = await startMaster({ silentAfterMs: 1 });
  const lost = await rawSlave(strict.connect(), 9, idOf(9));
  await lost.until('the first PING', (heard) => (heard.kind === 'ping' ? true : undefined));
  await using client = await connect({ master: () => strict.connect() });
  const started = client.rexec(9, '/bin/program', [], { gang: true });
  const refused = expect(started).rejects.toMatchObject({ code: 'BE_NODEDOWN', node: 9 });
  const { start } = await lost.control('start');
  const puid = start.targets[0]?.puid ?? Buffer.alloc(0);
  lost.cut();
  await refused;
  const report = { puid, client: start.client, state: ProcessState.STARTING };
  const back = await rawSlave(strict.connect(), 9, idOf(9), [report]);
  expect((await back.control('cancel')).cancel).toMatchObject({ puid, node: 9, boot: idOf(9) });
});

describe('a slave', () => {
  let client: RawPeer;
  const puid = idOf(5);

  beforeEach(async () => {
    client = await rawClient(master.connect(), idOf(8));
    const boot = Buffer.from(slaves[0]?.bootId ?? '', 'hex');
    const targets = [{ puid, node: 0, boot, rank: 0 }];
    client.send({ start: { targets, spec: encodeSpec({ file: '/bin/program' }), gang: true } });
    expect(await isTold(client, 'ready')).toEqual([hexOf(puid)]);
    expect(spawner.spawned).toBe(0);
  });

  test('runs what it is told to, once', async () => {
    client.send({ go: { puids: [puid, idOf(6), puid] } });
    await client.control('started');
    client.send({ go: { puids: [puid] } });
    client.send({ request: { id: 1, status: {} } });
    await client.control('response');
    expect(spawner.spawned).toBe(1);
  });

  test('hears of no other client’s word', async () => {
    const other = await rawClient(master.connect(), idOf(7));
    other.send({ go: { puids: [puid] } });
    other.send({ cancel: { puid, node: 0, boot: idOf(1) } });
    other.send({ request: { id: 1, listProcesses: { node: 0 } } });
    await other.control('response');
    expect(spawner.spawned).toBe(0);
    client.send({ go: { puids: [puid] } });
    await client.control('started');
  });

  test('withdraws it, and never runs it then', async () => {
    const boot = Buffer.from(slaves[0]?.bootId ?? '', 'hex');
    client.send({ cancel: { puid, node: 0, boot } });
    await client.control('cancelled');
    client.send({ go: { puids: [puid] } });
    client.send({ request: { id: 1, status: {} } });
    await client.control('response');
    expect(spawner.spawned).toBe(0);
  });

  test('that ends lets it fail', async () => {
    await slaves[0]?.[Symbol.asyncDispose]();
    expect((await client.control('startFailed')).startFailed.failure?.code).toBe('BE_NODEDOWN');
    expect(spawner.spawned).toBe(0);
  });
});
