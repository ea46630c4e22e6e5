/** Certificates by which slaves know each other, as they are renewed, run out and are revoked: PROTOCOL.md 10.4 and 8.8. */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileIdentityStore, Membership } from '../../src/bproc/join/index.ts';
import { systemClock } from '../../src/clock.ts';
import type { BprocError } from '../../src/index.ts';
import { certificateFacts, dialTls, listenTls, parseAddress, type TlsAddress } from '../../src/transport/index.ts';
import type { Source } from '../../src/wire/index.ts';
import { idOf, RawPeer, rawSlave } from '../support/raw-peer.ts';
import { nextTrouble, TlsCluster } from '../support/tls-cluster.ts';

/** So short that a certificate runs out, or is renewed, while a test waits for it. */
const SHORT_MS = 8000;

let cluster: TlsCluster;

beforeEach(async () => {
  cluster = await TlsCluster.start({ certificates: { nodeMs: SHORT_MS } });
});

afterEach(() => cluster[Symbol.asyncDispose]());

function directory(node: number): string {
  return join(cluster.directory, `node-${node}`);
}

async function slave(node: number) {
  const made = await cluster.slave({ token: await cluster.token(node), node, stateDir: directory(node) });
  await made.attached;
  return made;
}

/** Who a node's certificate makes it, as its slave does it. */
function memberOf(node: number): Membership {
  const store = fileIdentityStore(join(directory(node), 'identity.pem'));
  return new Membership({ store, clock: systemClock(), domain: '', role: 'slave', address: '' });
}

function certificateOf(node: number) {
  return certificateFacts(memberOf(node).material?.certificate ?? '');
}

function program(text: string): string {
  const path = join(cluster.directory, `program-${text}`);
  execFileSync('cc', ['-static', '-x', 'c', '-o', path, '-'], {
    input: `const char name[] = "${text}"; int main() {}`,
  });
  return path;
}

function tlsOf(text: string): TlsAddress {
  const address = parseAddress(text);
  if (address.kind !== 'tls') throw new Error(`${text} is no address of TLS`);
  return address;
}

/** Waits until a node has another certificate than this one. */
function renewed(node: number, before: { readonly serial: string }): Promise<void> {
  return expect.poll(() => certificateOf(node).serial, { timeout: 20_000 }).not.toBe(before.serial);
}

test('those that were renewed are shown and accepted, on both sides', async () => {
  await slave(0);
  await slave(1);
  const file = program('renewed');
  await cluster.client.execmove(0, file);
  const before = [certificateOf(0), certificateOf(1)] as const;
  await Promise.all([renewed(0, before[0]), renewed(1, before[1])]);
  const sent = cluster.master.imageBytesSent;
  await cluster.client.execmove(1, file);
  expect(cluster.master.imageBytesSent).toBe(sent);
  // neither fetches by what has run out since
  await expect.poll(() => Date.now(), { timeout: 20_000 }).toBeGreaterThan(Math.max(...before.map((c) => c.notAfter)));
  const another = program('another');
  await cluster.client.execmove(1, another);
  const sentThen = cluster.master.imageBytesSent;
  await cluster.client.execmove(0, another);
  expect(cluster.master.imageBytesSent).toBe(sentThen);
});

/** Comes to the master as the slave of a node does, but for renewing its certificate. */
async function dialMasterAs(node: number) {
  const master = tlsOf(cluster.address);
  using membership = memberOf(node);
  return dialTls(master, await membership.trustFor(master));
}

/** Node 1, by hand, is sent to node 0 for an image. */
async function sentTo0(): Promise<Source> {
  await slave(0);
  const one = await slave(1);
  const file = program('sent');
  await cluster.client.execmove(0, file);
  await one[Symbol.asyncDispose]();
  const byHand = await rawSlave(await dialMasterAs(1), 1, idOf(1));
  await expect.poll(() => cluster.client.nodeStatus(1)).toBe('up');
  cluster.client.execmove(1, file).catch(() => {});
  const { start } = await byHand.control('start');
  byHand.send({ lack: { image: start.image, number: 0 } });
  return (await byHand.control('source')).source;
}

/** What node 0 says to node 1, which shows what it has. */
async function answerTo1(source: Source, image: Uint8Array): Promise<string> {
  const peer = new RawPeer(await dialTls(tlsOf(source.address), memberOf(1).trustInPeer(0)));
  peer.send({ present: { image, node: 1, number: source.number, ticket: source.ticket } });
  return peer.until('an answer', (heard) => {
    if (heard.kind === 'close') return heard.failure.code;
    return heard.kind === 'control' && heard.message.body === 'admitted' ? 'admitted' : undefined;
  });
}

test('one that has run out opens nothing, with a good ticket', async () => {
  const source = await sentTo0();
  const { image } = source;
  expect(await answerTo1(source, image)).toBe('admitted');
  const { notAfter } = certificateOf(1);
  await expect.poll(() => Date.now(), { timeout: 20_000 }).toBeGreaterThan(notAfter);
  expect(await answerTo1(source, image)).toBe('EPERM');
});

test('a slave that shows one that has run out is fetched from by nobody', async () => {
  const one = await slave(1);
  await slave(0);
  await one[Symbol.asyncDispose]();
  const { material } = memberOf(1);
  if (material === undefined) throw new Error('node 1 has no certificate');
  const limits = { silent: 1, waiting: 1, atOnce: 1 };
  await using listener = await listenTls(tlsOf('tls://127.0.0.1:0'), { material, clock: systemClock(), limits }, (s) =>
    s.destroy(),
  );
  const { address } = listener;
  if (address.kind !== 'tls') throw new Error('it listens elsewhere');
  (await dialTls(address, memberOf(0).trustInPeer(1))).destroy();
  await expect.poll(() => Date.now(), { timeout: 20_000 }).toBeGreaterThan(certificateOf(1).notAfter);
  await expect(dialTls(address, memberOf(0).trustInPeer(1))).rejects.toMatchObject({ code: 'EPERM' });
});

test('a slave whose certificate is revoked is sent to nobody, and nobody to it', async () => {
  await slave(0);
  const one = await slave(1);
  const file = program('revoked');
  await cluster.client.execmove(1, file);
  const trouble = nextTrouble(one);
  await cluster.client.revoke({ node: 1 });
  expect(await trouble).toMatchObject({ code: 'EPERM' });
  expect(await new RawPeer(await dialMasterAs(1)).close()).toMatchObject({ code: 'EPERM' });
  const sent = cluster.master.imageBytesSent;
  await cluster.client.execmove(0, file);
  expect(cluster.master.imageBytesSent).toBeGreaterThan(sent);
});

test('a slave that cannot listen for others says so, and runs what it is given', async () => {
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const troubles: BprocError[] = [];
  const options = { token: await cluster.token(0), node: 0, peers: `tls://127.0.0.1:${port}` };
  const made = await cluster.slave({ ...options, stateDir: directory(0) });
  made.on('trouble', (error) => troubles.push(error));
  await made.attached;
  const trouble = async () => (await cluster.client.nodeInfo(0)).attributes['trouble'];
  await expect.poll(trouble, { timeout: 20_000 }).toMatch(/other nodes cannot fetch images from this one: .*\d/);
  expect(troubles).toMatchObject([{ code: 'EADDRINUSE' }]);
  await cluster.client.execmove(0, program('alone'));
  await new Promise((done) => taken.close(done));
  await cluster.client.reconnect(0);
  await expect.poll(trouble, { timeout: 20_000 }).toBe('');
});
