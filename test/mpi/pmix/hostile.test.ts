/** Whoever is not a rank of the job, and ranks that say anything. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import type { LoopbackPeers } from '../../../src/linux/index.ts';
import { Collectives } from '../../../src/mpi/pmix/collectives.ts';
import { pmix } from '../../../src/mpi/pmix/index.ts';
import { COMMAND, STATUS, TYPE } from '../../../src/mpi/pmix/numbers.ts';
import { Packer } from '../../../src/mpi/pmix/packer.ts';
import { PmixServer } from '../../../src/mpi/pmix/server.ts';
import { SeededRandom } from '../../../src/testing/seeded-random.ts';
import { type MemoryJob, MemoryJobs } from '../../support/memory-jobs.ts';
import { header, helloFrame, PmixPeer, portIn } from '../../support/pmix-peer.ts';

let jobs: MemoryJobs;
let job: MemoryJob;
let port: number;

beforeEach(async () => {
  jobs = new MemoryJobs(pmix);
  job = jobs.make({ slots: [0, 0, 1] });
  port = await portOf(job);
});

afterEach(() => jobs[Symbol.asyncDispose]());

async function portOf({ servers }: MemoryJob): Promise<number> {
  const outfit = await servers.get(0)?.outfit(0);
  if (outfit === undefined) throw new Error('node 0 has no server');
  return portIn(outfit);
}

function own(rank: number) {
  return { job: job.layout.id, rank };
}

/** Whether a rank is served as ever. */
async function expectServed(rank: number): Promise<void> {
  using peer = await PmixPeer.greeted(port, own(rank));
  expect((await peer.ask(COMMAND.REQ)).one().string()).toBe(job.layout.id);
}

/** What a client is answered that says this first: a status, or nothing. */
async function answerTo(hello: Parameters<typeof helloFrame>[0]): Promise<number | 'closed'> {
  using peer = new PmixPeer(port);
  peer.socket.write(helloFrame(hello));
  return await peer.take(4).then(
    (bytes) => bytes.readInt32BE(0),
    () => 'closed',
  );
}

describe('whoever is no rank of the node', () => {
  test.each([
    { title: 'of another job', hello: () => ({ job: 'f'.repeat(32), rank: 0 }) },
    { title: 'of another node', hello: () => own(2) },
    { title: 'of no node', hello: () => own(3) },
    { title: 'of all of them', hello: () => own(-2) },
  ])('is not served: $title', async ({ hello }) => {
    expect(await answerTo(hello())).toBe(STATUS.NO_PERMISSIONS);
    await expectServed(0);
  });

  test.each([
    { title: 'a tool', hello: { kind: 4 } },
    { title: 'another encoding', hello: { encoding: 'v41' } },
  ])('is not served: $title', async ({ hello }) => {
    expect(await answerTo({ ...own(0), ...hello })).toBe('closed');
    await expectServed(0);
  });

  test('is not served as a rank that is there, until that has said that it is done', async () => {
    using peer = await PmixPeer.greeted(port, own(0));
    expect(await answerTo(own(0))).toBe(STATUS.NO_PERMISSIONS);
    expect(await peer.statusOf(COMMAND.FINALIZE)).toBe(STATUS.SUCCESS);
    await expectServed(0);
  });

  test('is not served who belongs to another user', async () => {
    const others = jobs.make({ slots: [0], uid: (process.getuid?.() ?? 0) + 1 });
    using peer = new PmixPeer(await portOf(others));
    peer.socket.write(helloFrame({ job: others.layout.id, rank: 0 }));
    await peer.closed();
    await expect(peer.take(1)).rejects.toThrow(/closed/);
  });

  test('is closed when it sends what is no greeting', async () => {
    for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(64, 0xff), header(1, 2 ** 32 - 1)]) {
      using peer = new PmixPeer(port);
      peer.socket.write(bytes);
      await peer.closed();
    }
    await expectServed(0);
  });

  test('is closed when too many others are there', async () => {
    const crowd = Array.from({ length: 80 }, () => new PmixPeer(port));
    await Promise.all(crowd.map(({ socket }) => once(socket, 'connect')));
    await Promise.any(crowd.map((peer) => peer.closed()));
    const gone = crowd.map((peer) => peer.closed());
    for (const peer of crowd) peer[Symbol.dispose]();
    await Promise.all(gone);
    await expectServed(0);
  });
});

describe('a rank', () => {
  test('is closed that sends more at once than is read', async () => {
    using peer = await PmixPeer.greeted(port, own(0));
    peer.socket.write(header(1, 64 * 1024 * 1024));
    await peer.closed();
    await expectServed(1);
  });

  test('is closed that asks on and on while nothing can be answered', async () => {
    using peer = await PmixPeer.greeted(port, own(0));
    const fence = new Packer().count().size(1).count().proc(own(1)).count().size(0).done();
    const get = new Packer().count().string(own(1).job).count().u32(1).count().size(0).count().string('never').done();
    expect(await peer.statusOf(COMMAND.FENCENB, fence)).toBe(STATUS.BAD_PARAM);
    for (let question = 0; question < 5000; question++) peer.send(COMMAND.GETNB, get);
    await peer.closed();
    await expectServed(1);
  });

  test('is closed that does not read what it asks for', async () => {
    using giver = await PmixPeer.greeted(port, own(1));
    const items = new Packer().kval('large', {
      type: TYPE.BYTE_OBJECT,
      content: new Packer().object(Buffer.alloc(2 ** 20)).done(),
    });
    const commit = new Packer().count().u8(1).count().u8(1).object(items.done()).done();
    expect(await giver.statusOf(COMMAND.COMMIT, commit)).toBe(STATUS.SUCCESS);
    using peer = await PmixPeer.greeted(port, own(0));
    const get = new Packer().count().string(own(1).job).count().u32(1).count().size(0).count().string('large').done();
    peer.socket.pause();
    for (let question = 0; question < 200; question++) peer.send(COMMAND.GETNB, get);
    // its side sees the end only when it reads
    await expectServedSoon();
    peer.socket.resume();
    await peer.closed();
  });

  /** The rank's place is free when its connection is closed. */
  async function expectServedSoon(): Promise<void> {
    while ((await answerTo(own(0))) !== STATUS.SUCCESS) await new Promise(setImmediate);
  }

  test('may put only so much', async () => {
    using peer = await PmixPeer.greeted(port, own(0));
    const statuses: number[] = [];
    for (let item = 0; item < 6; item++) {
      const content = new Packer().object(Buffer.alloc(3 * 2 ** 20)).done();
      const items = new Packer().kval(`large ${item}`, { type: TYPE.BYTE_OBJECT, content }).done();
      statuses.push(await peer.statusOf(COMMAND.COMMIT, new Packer().count().u8(1).count().u8(1).object(items).done()));
    }
    expect(statuses).toEqual([0, 0, 0, 0, 0, STATUS.OUT_OF_RESOURCE]);
  });

  test('is answered what it has broken, and goes on', async () => {
    using peer = await PmixPeer.greeted(port, own(0));
    const broken = new Packer().count().u8(1).count().u8(1).object(Buffer.from('no items')).done();
    expect(await peer.statusOf(COMMAND.COMMIT, broken)).toBe(STATUS.UNPACK_FAILURE);
    expect(await peer.statusOf(200)).toBe(STATUS.NOT_SUPPORTED);
    expect(await peer.statusOf(COMMAND.GETNB)).toBe(STATUS.UNPACK_FAILURE);
    expect((await peer.ask(COMMAND.REQ)).one().string()).toBe(job.layout.id);
  });

  test('cannot be in the same fence twice, nor in one that is not its own', async () => {
    using peer = await PmixPeer.greeted(port, own(0));
    const both = new Packer().count().size(1).count().proc(own(-2)).count().size(0).done();
    peer.send(COMMAND.FENCENB, both);
    expect(await peer.statusOf(COMMAND.CONNECTNB, new Packer().count().size(0).count().size(0).done())).toBe(
      STATUS.BAD_PARAM,
    );
    expect(await peer.statusOf(COMMAND.FENCENB, both)).toBe(STATUS.BAD_PARAM);
  });

  test('says anything, and the others are served', { timeout: 120_000 }, async () => {
    const random = new SeededRandom(Number(process.env['SEED'] ?? 7));
    const whole = [
      new Packer().count().size(1).count().proc(own(-2)).count().size(0).done(),
      new Packer().count().string(job.layout.id).count().u32(1).count().size(0).count().string('key').done(),
      new Packer().count().u32(0).count().size(1).count().string('name').count().size(0).done(),
      new Packer().count().size(1).count(1).i32(-3).count().size(0).done(),
      new Packer().count().i32(-3).count().u8(5).count().size(0).done(),
    ];
    for (let round = 0; round < 30; round++) {
      const peer = new PmixPeer(port);
      peer.socket.write(helloFrame(own(0)));
      for (let question = 0; question < 100; question++) {
        const body = Buffer.from(random.chance(0.7) ? random.pick(whole) : random.bytes(random.between(0, 200)));
        for (let change = random.between(0, 3); change > 0 && body.length > 0; change--) {
          body[random.between(0, body.length - 1)] = random.between(0, 255);
        }
        // all but giving the job up, which is no more than its right
        peer.send(random.pick([0, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 99]), body);
      }
      if (random.chance(0.5)) peer.socket.write(random.bytes(64));
      peer.socket.end();
      peer.socket.resume();
      await peer.closed();
    }
    await expectServed(1);
    await expectServed(0);
  });
});

test('who does not say who it is has ten seconds', async () => {
  const rung: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    wallTime: () => 0,
    after: (delayMs, callback) => {
      expect(delayMs).toBe(10_000);
      rung.push(callback);
      return () => {};
    },
  };
  const [node] = job.layout.nodes;
  const home = { job: job.layout, node: node?.node ?? 0, uid: process.getuid?.() ?? 0, clock } as ConstructorParameters<
    typeof PmixServer
  >[0];
  const everybody = { uidOf: async () => home.uid } as unknown as LoopbackPeers;
  await using server = new PmixServer(home, { peers: everybody, collectives: new Collectives() });
  using silent = new PmixPeer(portIn(await server.outfit(0)));
  await once(silent.socket, 'connect');
  using peer = await PmixPeer.greeted(portIn(await server.outfit(0)), own(0));
  for (const ring of rung) ring();
  await silent.closed();
  expect((await peer.ask(COMMAND.REQ)).one().string()).toBe(job.layout.id);
});
