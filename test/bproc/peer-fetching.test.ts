/** A slave that is sent to another one which does not do what it should: PROTOCOL.md 10.3 and 10.4. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isTicketOf } from '../../src/bproc/tickets.ts';
import { hexOf, type RawPeer } from '../support/raw-peer.ts';
import { fetchAll, TreeCluster, type WholeImage } from '../support/tree-cluster.ts';

const MIB = 1024 * 1024;
const KEY = Buffer.alloc(32, 7);
const SESSION = 77;

let cluster: TreeCluster;
/** What is said to be the slave of node 0, and to have the image. */
let liar: RawPeer;
let image: WholeImage;
/** Connections that node 1 has made to it. */
let visits: RawPeer[];
let file: string;
let sentBefore: number;

beforeEach(async () => {
  cluster = await TreeCluster.start();
  visits = [];
  liar = await cluster.raw(0);
  file = cluster.program(3 * MIB);
  // never answered: it ends with the client
  cluster.client.execmove(0, file).catch(() => {});
  const { start } = await liar.control('start');
  image = await fetchAll(liar, hexOf(start.image));
  sentBefore = cluster.master.imageBytesSent;
});

afterEach(() => cluster[Symbol.asyncDispose]());

/** Node 0 says that it has the image, and does this with everybody who comes for it. */
async function lie(serve: (visit: RawPeer) => void, address?: string): Promise<void> {
  const real = await cluster.listen((visit) => {
    visits.push(visit);
    serve(visit);
  });
  liar.send({ peerAddress: { address: address ?? real, key: KEY } });
  liar.send({ fetched: { image: Buffer.from(image.name, 'hex'), number: 0 } });
  // what was sent before the request has been taken when that is answered
  const since = liar.heard.length;
  liar.send({ lack: { image: Buffer.alloc(32, 1), number: 0 } });
  await liar.control('source', since);
}

/** Lets it in as it should, then does this about each blob it asks for. */
function serveBlobs(visit: RawPeer, give: (transfer: number, bytes: Buffer, blob: string) => unknown): void {
  visit.onControl = (message) => {
    if (message.body === 'present') {
      expect(message.present.node).toBe(1);
      expect(isTicketOf(KEY, message.present)).toBe(true);
      visit.send({ admitted: { session: SESSION } });
      visit.channel.establish(SESSION);
    }
    if (message.body !== 'fetch') return;
    const blob = hexOf(message.fetch.blob);
    give(message.fetch.transfer, image.blobs.get(blob) ?? Buffer.alloc(0), blob);
  };
}

/** Sends as much of a blob as is said, as far as the receiver's credit goes at each time. */
async function send(visit: RawPeer, transfer: number, bytes: Buffer, fin: boolean): Promise<void> {
  const [stream, most] = [transfer * 4 + 3, 256 * 1024];
  for (let at = 0; at === 0 || at < bytes.length; at += most) {
    const end = Math.min(at + most, bytes.length);
    await visit.until(`credit to ${end}`, (heard) =>
      heard.kind === 'credit' && heard.stream === stream && heard.limit >= end ? true : undefined,
    );
    visit.channel.sendData(stream, at, bytes.subarray(at, end), fin && end === bytes.length);
    visit.flush();
  }
}

/** Node 1 gets what it runs, whatever node 0 does; gives how many bytes of it the master sent. */
async function startThere(): Promise<number> {
  await cluster.slave(1);
  const p = await cluster.client.execmove(1, file);
  expect(p.node).toBe(1);
  return cluster.master.imageBytesSent - sentBefore;
}

test('one that gives it all spares the master everything', async () => {
  await lie((visit) => serveBlobs(visit, (transfer, bytes) => send(visit, transfer, bytes, true)));
  expect(await startThere()).toBe(0);
  expect(visits).toHaveLength(1);
  await visits[0]?.whenEnded();
});

describe('the master takes the place of one that', () => {
  test('nobody listens for', async () => {
    await lie(() => {}, `unix:${cluster.directory}/nobody`);
    expect(await startThere()).toBe(image.bytes);
    expect(visits).toEqual([]);
  });

  test('sends everybody away', async () => {
    await lie((visit) => {
      visit.channel.sendClose({ code: 'EPERM', message: 'not you' });
      visit.flush();
      visit.cut();
    });
    expect(await startThere()).toBe(image.bytes);
    expect(visits).toHaveLength(1);
  });

  test('has not got it any more', async () => {
    await lie((visit) =>
      serveBlobs(visit, (transfer) => visit.send({ fetchFailed: { transfer, failure: { code: 'ENOENT' } } })),
    );
    expect(await startThere()).toBe(image.bytes);
  });

  test('says nothing at all', async () => {
    await lie(() => {});
    expect(await startThere()).toBe(image.bytes);
  });

  test('stalls in the middle of it, and goes on from there', async () => {
    const half = 2 * MIB;
    await lie((visit) =>
      serveBlobs(visit, (transfer, bytes, blob) => {
        return blob === image.largest
          ? send(visit, transfer, bytes.subarray(0, half), false)
          : send(visit, transfer, bytes, true);
      }),
    );
    expect(await startThere()).toBeLessThan(image.bytes - MIB);
  });

  test('dies in the middle of it, and goes on from there', async () => {
    const half = 2 * MIB;
    await lie((visit) =>
      serveBlobs(visit, (transfer, bytes, blob) => {
        if (blob !== image.largest) return send(visit, transfer, bytes, true);
        void send(visit, transfer, bytes.subarray(0, half), false);
        // what it had sent has come when the credit for it has
        return visit
          .until('credit', (heard) => (heard.kind === 'credit' && heard.acked >= MIB ? true : undefined))
          .then(() => visit.cut());
      }),
    );
    expect(await startThere()).toBeLessThanOrEqual(image.bytes - MIB);
  });

  test('breaks the protocol', async () => {
    await lie((visit) => serveBlobs(visit, () => visit.write(randomBytes(64))));
    expect(await startThere()).toBe(image.bytes);
  });
});

describe('what is not what its name says', () => {
  test('is fetched anew from elsewhere', async () => {
    await lie((visit) =>
      serveBlobs(visit, (transfer, bytes, blob) => {
        return send(visit, transfer, blob === image.largest ? randomBytes(bytes.length) : bytes, true);
      }),
    );
    const sent = await startThere();
    expect(sent).toBe(image.blobs.get(image.largest)?.length);
  });

  test('in a part that came before its source died is fetched anew, and nobody else is blamed', async () => {
    await lie((visit) =>
      serveBlobs(visit, (transfer, bytes, blob) => {
        if (blob !== image.largest) return send(visit, transfer, bytes, true);
        void send(visit, transfer, randomBytes(2 * MIB), false);
        return visit
          .until('credit', (heard) => (heard.kind === 'credit' && heard.acked >= MIB ? true : undefined))
          .then(() => visit.cut());
      }),
    );
    // the rest of it, and then all of it
    const whole = image.blobs.get(image.largest)?.length ?? 0;
    const sent = await startThere();
    expect(sent).toBeGreaterThan(whole);
    expect(sent).toBeLessThan(2 * whole);
  });

  test('is fetched anew where it is longer than it should be', async () => {
    await lie((visit) =>
      serveBlobs(visit, (transfer, bytes) => send(visit, transfer, Buffer.concat([bytes, randomBytes(MIB)]), true)),
    );
    expect(await startThere()).toBe(image.bytes);
  });
});

test.each(['tls://127.0.0.1:9', 'tcp://127.0.0.1:9', 'memory:1', 'nonsense', 'unix:relative'])(
  'a slave goes to no address such as %s',
  async (address) => {
    await lie(() => {}, address);
    expect(await startThere()).toBe(image.bytes);
    expect(visits).toEqual([]);
  },
);
