/** What certificates are good for, for how long, and for what they are not [PROTOCOL 8.5, 8.6, 8.8]. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as tlsConnect, createServer as tlsServer } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { certifiedIdentity, identityUri, notMaster, parseIdentity } from '../../../src/bproc/join/identity.ts';
import type { RemoteProcess, Slave } from '../../../src/index.ts';
import { connect, startMaster } from '../../../src/index.ts';
import { KEY_USE } from '../../../src/transport/index.ts';
import { encodeControl, ProcessState, Role } from '../../../src/wire/index.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { idOf, RawPeer } from '../../support/raw-peer.ts';
import { nextTrouble, TlsCluster } from '../../support/tls-cluster.ts';

const HOUR_MS = 3_600_000;

/** A connection by hand, with the certificate in a file or none. */
function rawPeer(cluster: TlsCluster, identityFile?: string): RawPeer {
  const own = identityFile === undefined ? {} : bundle(identityFile);
  const socket = tlsConnect({ host: '127.0.0.1', port: cluster.port, rejectUnauthorized: false, ...own });
  onTestFinished(() => void socket.destroy());
  return new RawPeer(socket);
}

function bundle(file: string): { readonly key: string; readonly cert: string } {
  const text = readFileSync(file, 'utf8');
  return { key: text, cert: text };
}

async function joined(cluster: TlsCluster, node: number): Promise<{ readonly slave: Slave; readonly file: string }> {
  const stateDir = join(cluster.directory, `node-${node}`);
  const slave = await cluster.slave({ stateDir, token: await cluster.token(node) });
  await slave.attached;
  await expect.poll(() => cluster.client.nodeStatus(node), { timeout: 20_000 }).toBe('up');
  return { slave, file: join(stateDir, 'identity.pem') };
}

async function refusal(peer: RawPeer) {
  const { refuse } = await peer.control('refuse');
  return refuse.failure;
}

describe('identities', () => {
  test.each([
    [{ role: 'master', domain: '', id: 'a1' }, 'bproc:///master/a1'],
    [{ role: 'node', domain: 'lab', node: 3 }, 'bproc://lab/node/3'],
    [{ role: 'user', domain: 'a b/é', uid: 1000, realm: '1f' }, 'bproc://a%20b%2F%C3%A9/user/1000@1f'],
  ] as const)('%o has one name', (identity, uri) => {
    expect(identityUri(identity)).toBe(uri);
    expect(parseIdentity(uri)).toEqual(identity);
  });

  test.each([
    'bproc:///node/03',
    'bproc:///node/-1',
    'bproc:///node/3@x',
    'bproc:///node/99999999999',
    'bproc:///user/1000',
    'bproc:///user/x@y',
    'bproc:///master/a@b',
    'bproc:///master/',
    'bproc://%zz/node/3',
    'bproc://a%2fb/node/3',
    'bproc:///node/3/',
    'https:///node/3',
    'bproc:///slave/3',
  ])('%s names nobody', (uri) => {
    expect(parseIdentity(uri)).toBeUndefined();
  });

  const facts = { serial: '1', notBefore: 0, notAfter: 1, keyHash: () => '' };
  test('count with the use that belongs to them only', () => {
    const node = { ...facts, uri: 'bproc:///node/3' };
    expect(certifiedIdentity({ ...node, usages: [KEY_USE.client] })).toMatchObject({ node: 3 });
    for (const usages of [[], [KEY_USE.server], [KEY_USE.client, KEY_USE.server]]) {
      expect(() => certifiedIdentity({ ...node, usages })).toThrow('is not made for a client');
    }
    expect(() => certifiedIdentity({ ...facts, uri: undefined, usages: [KEY_USE.client] })).toThrow('names nobody');
  });

  test('a master is who the CA calls one, in the domain that is looked for', () => {
    const server = { ...facts, usages: [KEY_USE.server] };
    expect(notMaster('', { ...server, uri: 'bproc:///master/1' })).toBeUndefined();
    expect(notMaster('x', { ...server, uri: 'bproc:///master/1' })).toMatchObject({ code: 'EPERM' });
    expect(notMaster('', { ...server, uri: 'bproc:///node/1' })).toMatchObject({ code: 'EPERM' });
    const node = { ...facts, uri: 'bproc:///node/1', usages: [KEY_USE.client] };
    expect(notMaster('', node)?.message).toContain('is no master: its certificate is of node/1');
  });
});

test('the certificate of a node is not taken for that of a master', async () => {
  await using cluster = await TlsCluster.start();
  const { file } = await joined(cluster, 0);
  const impostor = tlsServer({ ...bundle(file), minVersion: 'TLSv1.3' }, (socket) => socket.resume());
  onTestFinished(() => void impostor.close());
  await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
  const address = impostor.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { slave } = await joined(cluster, 1);
  await cluster.client.reconnect(1, { address: `tls://127.0.0.1:${port}` });
  const failure = await new Promise<Error>((resolve) => slave.on('unreachable', resolve));
  expect(failure).toMatchObject({ code: 'EPERM', message: expect.stringContaining('not made for this end') });
  // and it stays where it was
  expect(slave.isAttached).toBe(true);
});

describe('a HELLO that says something else than the certificate is refused', () => {
  test('another node', async () => {
    await using cluster = await TlsCluster.start();
    const { file } = await joined(cluster, 4);
    const peer = rawPeer(cluster, file);
    peer.hello(Role.SLAVE, idOf(1), { node: 5 });
    expect(await refusal(peer)).toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('its certificate is of node 4, and it says that it is node 5'),
    });
  });

  test('a client, by a node', async () => {
    await using cluster = await TlsCluster.start();
    const { file } = await joined(cluster, 4);
    const peer = rawPeer(cluster, file);
    peer.hello(Role.CLIENT, idOf(1), { pid: 4096 });
    expect(await refusal(peer)).toMatchObject({ code: 'EPERM', message: expect.stringContaining('not one of a user') });
  });

  test('a slave, by a user', async () => {
    await using cluster = await TlsCluster.start();
    const { file } = await cluster.client.login({ file: join(cluster.directory, 'me.pem') });
    const peer = rawPeer(cluster, file);
    peer.hello(Role.SLAVE, idOf(1));
    expect(await refusal(peer)).toMatchObject({ code: 'EPERM', message: expect.stringContaining('not one of a node') });
  });

  test('anybody, without a certificate', async () => {
    await using cluster = await TlsCluster.start();
    for (const role of [Role.SLAVE, Role.CLIENT]) {
      const peer = rawPeer(cluster);
      peer.hello(role, idOf(1));
      expect(await refusal(peer)).toMatchObject({ code: 'EPERM', message: expect.stringContaining('join first') });
    }
  });

  test('and the certificate says it where the HELLO does not', async () => {
    await using cluster = await TlsCluster.start();
    const { slave, file } = await joined(cluster, 4);
    await slave[Symbol.asyncDispose]();
    const peer = rawPeer(cluster, file);
    peer.hello(Role.SLAVE, idOf(1));
    expect((await peer.control('welcome')).welcome.node).toBe(4);
  });
});

describe('a node speaks for the users whose processes it was given', () => {
  /** A program of a user, as the node says. */
  function guest(cluster: TlsCluster, file: string, uid: number): RawPeer {
    const peer = rawPeer(cluster, file);
    const hello = { majorMin: 1, majorMax: 1, role: Role.CLIENT, identity: idOf(uid % 255) };
    peer.send({ guest: { uid, gids: [0], greeting: encodeControl({ hello }) } });
    return peer;
  }

  async function uidOf(peer: RawPeer): Promise<number | undefined> {
    const { welcome } = await peer.control('welcome');
    peer.channel.establish(welcome.session);
    // only who owns a node, or an administrator, may
    peer.send({ request: { id: 1, createToken: {} } });
    const { failure } = (await peer.control('response')).response;
    return failure === null ? undefined : Number(/uid (\d+)/.exec(failure.message)?.[1]);
  }

  test('and for no others', async () => {
    await using cluster = await TlsCluster.start();
    const { file } = await joined(cluster, 4);
    const master = () => cluster.master.connect({ credentials: { uid: 4711, gids: [4711] } });
    await using user = await connect({ master });
    expect((await refusal(guest(cluster, file, 4711)))?.message).toContain('node 4 has no process of uid 4711');
    // the user of the slave's program is not the point here: it is a spawner on paper
    const started = await user.rexec(4, '/bin/cat').catch((error: unknown) => error);
    if (process.getuid?.() === 0) {
      const running = started as RemoteProcess;
      expect(await uidOf(guest(cluster, file, 4711))).toBe(4711);
      await running.kill('SIGKILL');
      await running.wait();
      expect((await refusal(guest(cluster, file, 4711)))?.code).toBe('EPERM');
    } else expect(started).toMatchObject({ code: 'EPERM' });
    expect((await refusal(guest(cluster, file, 0)))?.code).toBe('EPERM');
    for (const bad of [
      Buffer.from('rubbish'),
      encodeControl({ goodbye: {} }),
      encodeControl({ hello: { role: Role.SLAVE } }),
    ]) {
      const peer = rawPeer(cluster, file);
      peer.send({ guest: { uid: 4711, gids: [], greeting: bad } });
      expect((await refusal(peer))?.code).toBe('EPROTO');
    }
  });

  test('nor for one of whom it only says that he has a process there', async () => {
    await using cluster = await TlsCluster.start();
    const { slave, file } = await joined(cluster, 4);
    await slave[Symbol.asyncDispose]();
    const liar = rawPeer(cluster, file);
    liar.hello(Role.SLAVE, idOf(8));
    const { welcome } = await liar.control('welcome');
    liar.channel.establish(welcome.session);
    liar.send({ promised: { epoch: welcome.epoch ?? {} } });
    const pid = welcome.pids?.first ?? 0;
    const report = {
      puid: idOf(7),
      pid,
      localPid: 1,
      startTime: 1,
      state: ProcessState.RUNNING,
      client: idOf(6),
      uid: 4711,
    };
    liar.send({ inventory: { processes: [report], last: true } });
    await expect.poll(async () => (await cluster.client.procList({ startedOnly: true })).length).toBe(1);
    expect((await refusal(guest(cluster, file, 4711)))?.code).toBe('EPERM');
  });

  test('and a user speaks for nobody', async () => {
    await using cluster = await TlsCluster.start();
    const { file } = await cluster.client.login({ file: join(cluster.directory, 'me.pem') });
    expect(await refusal(guest(cluster, file, 4711))).toMatchObject({
      code: 'EPERM',
      message: 'only a slave speaks for programs of its node',
    });
    const peer = rawPeer(cluster);
    peer.send({
      guest: {
        uid: 0,
        greeting: encodeControl({ hello: { majorMin: 1, majorMax: 1, role: Role.CLIENT, identity: idOf(1) } }),
      },
    });
    expect((await refusal(peer))?.code).toBe('EPERM');
  });
});

describe('a revoked certificate', () => {
  test('ends the connection at once, and is refused afterwards', async () => {
    await using cluster = await TlsCluster.start();
    const { slave } = await joined(cluster, 0);
    const trouble = nextTrouble(slave);
    expect(await cluster.client.revoke({ node: 0 })).toBe(1);
    expect(await trouble).toMatchObject({ code: 'EPERM', message: 'the certificate of node/0 was revoked' });
    expect((await nextTrouble(slave)).message).toMatch(/^the certificate [0-9a-f]+ does not count: it was revoked/);
    await expect(cluster.client.revoke({ node: 0 })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('by its serial, of a user, and for good', async () => {
    await using cluster = await TlsCluster.start();
    const { file } = await cluster.client.login({ file: join(cluster.directory, 'me.pem') });
    await using remote = await connect({ master: cluster.address, identity: file });
    const gone = new Promise((resolve) => remote.on('detached', resolve));
    const [entry] = await cluster.client.certificates();
    expect(await cluster.client.revoke({ serial: entry?.serial.toUpperCase() ?? '' })).toBe(1);
    await gone;
    await cluster.master[Symbol.asyncDispose]();
    const stateDir = join(cluster.directory, 'master');
    await using next = await startMaster({ stateDir, listen: 'tls://127.0.0.1:0' });
    await expect(connect({ master: next.addresses, identity: file })).rejects.toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('it was revoked'),
    });
  });
});

describe('time', () => {
  test.each([
    ['ahead', HOUR_MS],
    ['behind', -HOUR_MS],
  ])('a master whose clock is an hour %s is joined and used', async (_, aheadMs) => {
    await using cluster = await TlsCluster.start({ clock: new HandClock(aheadMs) });
    const { slave } = await joined(cluster, 0);
    await slave[Symbol.asyncDispose]();
    const stateDir = join(cluster.directory, 'node-0');
    await (await cluster.slave({ stateDir })).attached;
    const { file } = await cluster.client.login({ file: join(cluster.directory, 'me.pem') });
    await using remote = await connect({ master: cluster.address, identity: file });
    expect(await remote.nodeList()).toMatchObject([{ node: 0 }]);
  });

  test('a certificate that is not valid yet is called that, with both times', async () => {
    await using cluster = await TlsCluster.start({ clock: new HandClock(5 * HOUR_MS) });
    const { message } = await nextTrouble(await cluster.slave({ token: await cluster.token() }));
    expect(message).toMatch(/the certificate is not valid before \d{4}-.*Z, and by this machine's clock it is \d{4}-/);
    expect(message).toContain('set the clocks right');
  });

  test('a certificate that is not valid any more is called that, by either side', async () => {
    const lifetimes = { userMs: 3 * HOUR_MS };
    const clock = new HandClock(-4 * HOUR_MS);
    await using cluster = await TlsCluster.start({ clock, certificates: lifetimes });
    const { file } = await cluster.client.login({ file: join(cluster.directory, 'me.pem') });
    await expect(connect({ master: cluster.address, identity: file })).rejects.toMatchObject({
      code: 'EPERM',
      message: expect.stringMatching(/was valid until \d{4}-.*bpctl login/),
    });
    const peer = rawPeer(cluster, file);
    expect((await peer.close()).message).toMatch(/was valid until \d{4}-.* and is not any more/);
  });

  test('a certificate is renewed at half of its life, and the connection stays', async () => {
    const clock = new HandClock();
    await using cluster = await TlsCluster.start();
    const stateDir = join(cluster.directory, 'node');
    const slave = await cluster.slave({ clock, stateDir, token: await cluster.token() });
    await slave.attached;
    const lost: Error[] = [];
    slave.on('detached', (reason) => lost.push(reason));
    const before = readFileSync(join(stateDir, 'identity.pem'), 'utf8');
    for (const count of [2, 3]) {
      clock.ring();
      await expect.poll(async () => (await cluster.client.certificates()).length, { timeout: 20_000 }).toBe(count);
      await expect.poll(() => readFileSync(join(stateDir, 'identity.pem'), 'utf8')).not.toBe(before);
    }
    expect(lost).toEqual([]);
    // any of them being revoked is the end
    await cluster.client.revoke({ node: 0 });
    await expect.poll(() => lost.length, { timeout: 20_000 }).toBeGreaterThan(0);
  });

  test('a connection ends with its certificate', async () => {
    const clock = new HandClock();
    await using cluster = await TlsCluster.start({ clock });
    const { slave } = await joined(cluster, 0);
    const trouble = nextTrouble(slave);
    clock.aheadMs = 31 * 24 * HOUR_MS;
    clock.ring();
    expect((await trouble).message).toBe('the certificate of node/0 has expired, and was not renewed');
  });

  test('the master’s own certificate is renewed while it listens', async () => {
    const clock = new HandClock();
    await using cluster = await TlsCluster.start({ clock });
    const shown = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = tlsConnect({ host: '127.0.0.1', port: cluster.port, rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate().serialNumber);
          socket.destroy();
        });
        socket.on('error', reject);
      });
    const before = await shown();
    clock.ring();
    await expect.poll(shown, { timeout: 20_000 }).not.toBe(before);
  });

  test('a login is renewed for a week and no longer', async () => {
    const clock = new HandClock();
    await using cluster = await TlsCluster.start({ clock, certificates: { userRenewableMs: 10 * HOUR_MS } });
    const { file } = await cluster.client.login({ file: join(cluster.directory, 'me.pem') });
    const holder = new HandClock();
    await using remote = await connect({ master: cluster.address, identity: file, clock: holder });
    expect(remote.isConnected).toBe(true);
    const known = async () => (await cluster.client.certificates()).filter((each) => each.subject.startsWith('user/'));
    clock.aheadMs = 4 * HOUR_MS;
    holder.ring();
    await expect.poll(async () => (await known()).length, { timeout: 20_000 }).toBe(2);
    const ends = (await known()).map(({ notAfter, issuedAt }) => Math.round((notAfter - issuedAt) / HOUR_MS));
    expect(ends).toEqual([8, 6]);
  });
});

test('a cluster does not know the certificates of another', async () => {
  await using ours = await TlsCluster.start();
  await using theirs = await TlsCluster.start();
  const { slave, file } = await joined(ours, 0);
  await slave[Symbol.asyncDispose]();
  const stateDir = join(ours.directory, 'node-0');
  const lost = await theirs.slave({ stateDir });
  expect(await nextTrouble(lost)).toMatchObject({
    code: 'EPERM',
    message: expect.stringContaining('it is of another cluster'),
  });
  const peer = rawPeer(theirs, file);
  expect(await peer.close()).toMatchObject({
    code: 'EPERM',
    message: expect.stringContaining('it is of another cluster'),
  });
  // nor does a token of one work at the other: nothing of it is sent there
  const strayed = await theirs.slave({ token: await ours.token() });
  expect(await nextTrouble(strayed)).toMatchObject({
    code: 'EPERM',
    message: expect.stringContaining('nothing was sent'),
  });
});
