/** Who comes to a slave for images, and what he gets: PROTOCOL.md 10.4. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CacheHome } from '../../src/bproc/image/index.ts';
import { fileIdentityStore, Membership } from '../../src/bproc/join/index.ts';
import { PeerSources } from '../../src/bproc/slave/peer-sources.ts';
import { makeTicket } from '../../src/bproc/tickets.ts';
import { systemClock } from '../../src/clock.ts';
import { systemRandom } from '../../src/random.ts';
import {
  Connection,
  dialTls,
  memoryPair,
  parseAddress,
  secureContext,
  type TlsAddress,
} from '../../src/transport/index.ts';
import type { Init, Present, Source } from '../../src/wire/index.ts';
import { hexOf, idOf, RawPeer, rawSlave } from '../support/raw-peer.ts';
import { TlsCluster } from '../support/tls-cluster.ts';
import { ask, failure, fetchAll, nextSource, TreeCluster, type WholeImage } from '../support/tree-cluster.ts';

let cluster: TreeCluster;
let raw: RawPeer;
let image: WholeImage;
/** Where node 0 is, and a ticket for node 9. */
let source: Source;

beforeAll(async () => {
  cluster = await TreeCluster.start();
  await cluster.slave(0);
  await cluster.client.execmove(0, cluster.program(1000));
  raw = await cluster.raw(9);
  cluster.client.execmove(9, join(cluster.directory, 'program-1')).catch(() => {});
  const { start } = await raw.control('start');
  source = await nextSource(raw, start.image);
  image = await fetchAll(raw, hexOf(start.image));
});

afterAll(() => cluster[Symbol.asyncDispose]());

function visit(): RawPeer {
  return new RawPeer(cluster.dial(source.address));
}

function ticket(more: Init<Present> = {}): Init<Present> {
  return { image: Buffer.from(image.name, 'hex'), node: 9, number: source.number, ticket: source.ticket, ...more };
}

async function admitted(): Promise<RawPeer> {
  const peer = visit();
  peer.send({ present: ticket() });
  const { admitted: answer } = await peer.control('admitted');
  peer.channel.establish(answer.session);
  return peer;
}

test('the master sends a slave to the one that has the image, with a ticket', () => {
  expect(source.node).toBe(0);
  expect(source.address).toMatch(/^unix:/);
  expect(source.ticket).toHaveLength(32);
});

test('node 0 is a node like others', async () => {
  await using other = await TreeCluster.start();
  await other.slave(1);
  const file = other.program(1000);
  await other.client.execmove(1, file);
  const before = other.master.imageBytesSent;
  await other.slave(0);
  await other.client.execmove(0, file);
  expect(other.master.imageBytesSent).toBe(before);
});

test('with the ticket all of the image is to be had, and nothing else', async () => {
  const peer = await admitted();
  const got = await fetchAll(peer, image.name);
  expect([...got.blobs].every(([name, bytes]) => image.blobs.get(name)?.equals(bytes) === true)).toBe(true);
  const other = hexOf(randomBytes(32));
  ask(peer, 100, image.name, other);
  expect(await failure(peer, 100)).toBe('ENOENT');
  ask(peer, 101, other, other);
  expect(await failure(peer, 101)).toBe('EPERM');
  ask(peer, 102, other, image.largest);
  expect(await failure(peer, 102)).toBe('EPERM');
  peer.cut();
});

test.each<[string, () => Init<Present>]>([
  ['made up', () => ({ ticket: randomBytes(32) })],
  ['missing', () => ({ ticket: Buffer.alloc(0) })],
  ['longer', () => ({ ticket: Buffer.concat([source.ticket, Buffer.alloc(1)]) })],
  ['of another node', () => ({ node: 8 })],
  ['of another number', () => ({ number: source.number + 1 })],
  ['for another image', () => ({ image: randomBytes(32) })],
  ['for an image without a name', () => ({ image: Buffer.alloc(0) })],
])('a ticket that is %s opens nothing', async (_what, more) => {
  const peer = visit();
  peer.send({ present: ticket(more()) });
  expect((await peer.close()).code).toBe('EPERM');
  await peer.whenEnded();
});

test.each<[string, unknown]>([
  ['of no user', undefined],
  ['of a user by a name', 'root'],
  ['of a user below all', -1],
  ['of a user above all', 2 ** 32],
  ['of a part of a user', 0.5],
  ['of a user that the ticket does not name', 0],
])('a process %s does not come in by the ticket of an image', async (_what, uid) => {
  const puid = Buffer.from(image.name, 'hex').subarray(0, 16);
  const known = { key: hexOf(puid), pid: 4000, uid, streams: [true, true, true] };
  const peer = visit();
  const facts = Buffer.from(JSON.stringify(known));
  peer.send({
    bring: { puid, number: source.number, node: 9, ticket: source.ticket, pid: 4000, engine: 'criu 4.2', facts },
  });
  expect((await peer.close()).code).toBe('EPERM');
  await peer.whenEnded();
  (await admitted()).cut();
});

test('whoever says something else first is sent away, and so is who says what cannot be understood', async () => {
  const early = visit();
  early.send({ fetch: { transfer: 1, image: Buffer.from(image.name, 'hex'), blob: Buffer.from(image.name, 'hex') } });
  expect((await early.close()).code).toBe('EPROTO');
  for (let each = 0; each < 200; each += 1) {
    const fuzz = visit();
    fuzz.write(randomBytes(1 + (each % 100)));
    // a frame of a length that nothing may have before a ticket was shown
    if (each % 2 === 0) fuzz.write(Buffer.concat([Buffer.from([0x7f, 0xff, 0xff, 0xff, 1]), Buffer.alloc(60)]));
    fuzz.cut();
  }
  (await admitted()).cut();
});

test('more than sixteen at a time are sent away, until one of them leaves', async () => {
  const peers = await Promise.all(Array.from({ length: 16 }, admitted));
  const late = visit();
  late.send({ present: ticket() });
  expect((await late.close()).code).toBe('EAGAIN');
  for (const peer of peers) peer.cut();
  await expect
    .poll(async () => {
      const peer = visit();
      peer.send({ present: ticket() });
      const answer = await peer.until('an answer', (heard) =>
        heard.kind === 'close' || (heard.kind === 'control' && heard.message.body === 'admitted')
          ? heard.kind
          : undefined,
      );
      peer.cut();
      return answer;
    })
    .toBe('control');
});

test('who shows nothing is closed in time, and there are not many of them', async () => {
  const silent = Array.from({ length: 64 }, visit);
  const oneMore = visit();
  await oneMore.whenEnded();
  expect((await silent[0]?.close())?.code).toBe('ETIMEDOUT');
  await Promise.all(silent.map((peer) => peer.whenEnded()));
  (await admitted()).cut();
});

test('who comes for the files of a process that is not on its way is sent away before it is let in', async () => {
  using home = new CacheHome({ directory: undefined, maxBytes: 1, isShared: false });
  const clock = systemClock();
  using sources = new PeerSources({ clock, random: systemRandom(), home });
  sources.luggages = { luggageSender: () => undefined };
  const wanted = { image: randomBytes(16), node: 9, number: 1 };
  const [mine, theirs] = memoryPair();
  sources.accept(new Connection(theirs, clock, 'memory'), undefined);
  const peer = new RawPeer(mine);
  peer.send({ present: { ...wanted, ticket: makeTicket(sources.key(), wanted) } });
  const answer = await peer.until('an answer', (heard) => {
    if (heard.kind === 'close') return heard.failure.code;
    return heard.kind === 'control' ? heard.message.body : undefined;
  });
  expect(answer).toBe('BE_INVALIDPROC');
});

describe('by TLS', () => {
  let tls: TlsCluster;
  let where: TlsAddress;
  let shown: Source;

  beforeAll(async () => {
    tls = await TlsCluster.start();
    await tls.slave({ token: await tls.token(0), node: 0, stateDir: join(tls.directory, 'zero') });
    const one = await tls.slave({ token: await tls.token(1), node: 1, stateDir: join(tls.directory, 'one') });
    await one.attached;
    await tls.client.execmove(0, join(cluster.directory, 'program-1'));
    // node 1 goes, and comes back by hand
    await one[Symbol.asyncDispose]();
    const slave = await rawSlave(await dial('one', parsed(tls.address)), 1, idOf(1));
    shown = await nextSource(slave, Buffer.from(image.name, 'hex'));
    where = parsed(shown.address);
  });

  afterAll(() => tls[Symbol.asyncDispose]());

  function parsed(text: string): TlsAddress {
    const address = parseAddress(text);
    if (address.kind !== 'tls') throw new Error(`${text} is no address of TLS`);
    return address;
  }

  /** A TLS connection that shows the certificate in this directory, or none. */
  function dial(directory: string | undefined, to: TlsAddress) {
    const pem = directory === undefined ? '' : readFileSync(join(tls.directory, directory, 'identity.pem'), 'utf8');
    const [certificate = '', authority = ''] = pem.match(/-----BEGIN CERT[\s\S]*?-----END CERTIFICATE-----\n/g) ?? [];
    const [key = ''] = pem.match(/-----BEGIN PRIVATE[\s\S]*?-----END PRIVATE KEY-----\n/) ?? [];
    const own = directory === undefined ? {} : { secureContext: secureContext({ authority, certificate, key }) };
    return new Promise<ReturnType<typeof connectTls>>((resolve, reject) => {
      const socket = connectTls({ host: to.host, port: to.port, ...own, rejectUnauthorized: false }, () =>
        resolve(socket),
      );
      socket.once('error', reject);
    });
  }

  async function answerTo(directory: string | undefined, present: Init<Present>): Promise<string> {
    const peer = new RawPeer(await dial(directory, where));
    peer.send({ present });
    return peer.until('an answer', (heard) => {
      if (heard.kind === 'close') return heard.failure.code;
      return heard.kind === 'control' && heard.message.body === 'admitted' ? 'admitted' : undefined;
    });
  }

  const present = (more: Init<Present> = {}): Init<Present> => ({
    image: Buffer.from(image.name, 'hex'),
    node: 1,
    number: shown.number,
    ticket: shown.ticket,
    ...more,
  });

  test('the node that was sent gets it', async () => {
    expect(shown).toMatchObject({ node: 0 });
    expect(shown.address).toMatch(/^tls:\/\/127\.0\.0\.1:\d+$/);
    expect(await answerTo('one', present())).toBe('admitted');
  });

  test('another one with its ticket does not, nor does a stranger', async () => {
    expect(await answerTo('zero', present())).toBe('EPERM');
    expect(await answerTo(undefined, present())).toBe('EPERM');
  });

  test('who comes for it finds out that it is the node he was sent to, and no other, nor a master', async () => {
    const store = fileIdentityStore(join(tls.directory, 'one', 'identity.pem'));
    const options = { store, clock: systemClock(), domain: '', role: 'slave', address: '' } as const;
    using membership = new Membership(options);
    const reach = (node: number, address: string) => dialTls(parsed(address), membership.trustInPeer(node));
    (await reach(0, shown.address)).destroy();
    await expect(reach(5, shown.address)).rejects.toMatchObject({
      code: 'EPERM',
      message: expect.stringMatching(/node 0 answers there/),
    });
    await expect(reach(0, tls.address)).rejects.toMatchObject({
      code: 'EPERM',
      message: expect.stringMatching(/master/),
    });
    await using other = await TlsCluster.start();
    await expect(reach(0, other.address)).rejects.toMatchObject({
      code: 'EPERM',
      message: expect.stringMatching(/another cluster/),
    });
  });

  test('a node of another cluster does not', async () => {
    await using other = await TlsCluster.start();
    const stateDir = join(tls.directory, 'foreign');
    await (await other.slave({ token: await other.token(1), node: 1, stateDir })).attached;
    expect(await answerTo('foreign', present())).toBe('EPERM');
  });
});
