/** How slaves and users join a cluster over TLS [PROTOCOL 8.5, 8.6, 8.7]. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Slave } from '../../../src/index.ts';
import { connect, loginByToken, startMaster, startSlave } from '../../../src/index.ts';
import { nextTrouble, TlsCluster } from '../../support/tls-cluster.ts';

/** The node of a slave that a master has. */
async function nodeOf(slave: Slave): Promise<number | undefined> {
  await slave.attached;
  return slave.node;
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('a token', () => {
  test('lets a slave in, which comes back by its certificate without it', async () => {
    await using cluster = await TlsCluster.start();
    const stateDir = join(cluster.directory, 'node');
    const first = await cluster.slave({ token: await cluster.token(), stateDir });
    expect(await nodeOf(first)).toBe(0);
    await first[Symbol.asyncDispose]();
    const again = await cluster.slave({ stateDir });
    expect(await nodeOf(again)).toBe(0);
    await expect.poll(() => cluster.client.nodeStatus(0), { timeout: 20_000 }).toBe('up');
    // and no second certificate was made for it
    expect(await cluster.client.certificates()).toMatchObject([{ subject: 'node/0', revoked: false }]);
  });

  test('is kept nowhere, and what is kept is its owner’s alone', async () => {
    await using cluster = await TlsCluster.start();
    const stateDir = join(cluster.directory, 'node');
    const token = await cluster.token();
    const slave = await cluster.slave({ token, stateDir });
    await slave.attached;
    const files = [...filesBelow(join(cluster.directory, 'master/trust')), join(stateDir, 'identity.pem')];
    expect(files.length).toBeGreaterThanOrEqual(4);
    const secret = token.split('.').at(-1) ?? '';
    expect(secret.length).toBe(32);
    for (const file of files) {
      expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600]);
      const text = readFileSync(file, 'utf8');
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
    }
  });

  test('gives the node that it is for, whoever had it before', async () => {
    await using cluster = await TlsCluster.start();
    const old = await cluster.slave({ token: await cluster.token(7) });
    expect(await nodeOf(old)).toBe(7);
    const trouble = nextTrouble(old);
    const fresh = await cluster.slave({ token: await cluster.token(7) });
    expect((await trouble).message).toContain('the certificate of node/7 was revoked');
    expect(await nodeOf(fresh)).toBe(7);
  });

  test('without a node does not take that of another', async () => {
    await using cluster = await TlsCluster.start();
    const one = await cluster.slave({ token: await cluster.token(), node: 3 });
    expect(await nodeOf(one)).toBe(3);
    const other = await cluster.slave({ token: await cluster.token(), node: 3 });
    expect(await nextTrouble(other)).toMatchObject({
      code: 'EEXIST',
      message: expect.stringContaining('node 3 has a certificate of another key: make a token for it'),
    });
  });

  test('that was refused is not used up', async () => {
    await using cluster = await TlsCluster.start();
    await (await cluster.slave({ token: await cluster.token(), node: 3 })).attached;
    const token = await cluster.token();
    await nextTrouble(await cluster.slave({ token, node: 3 }));
    expect(await nodeOf(await cluster.slave({ token, node: 4 }))).toBe(4);
  });

  test('is used once: a second bearer is told so', async () => {
    await using cluster = await TlsCluster.start();
    const token = await cluster.token();
    await (await cluster.slave({ token })).attached;
    expect(await nextTrouble(await cluster.slave({ token }))).toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('this token has been used'),
    });
  });

  test('is used once by two that come at the same moment', async () => {
    await using cluster = await TlsCluster.start();
    const token = await cluster.token();
    const both = await Promise.all([cluster.slave({ token }), cluster.slave({ token })]);
    const outcomes = await Promise.all(
      both.map((slave) =>
        Promise.race([slave.attached.then(() => 'in'), nextTrouble(slave).then(({ message }) => message)]),
      ),
    );
    expect(outcomes).toContain('in');
    expect(outcomes).toContainEqual(expect.stringContaining('this token has been used'));
    expect(await cluster.client.certificates()).toHaveLength(1);
  });

  test('expires', async () => {
    await using cluster = await TlsCluster.start();
    const { text, expiresAt } = await cluster.client.createToken({ ttlMs: 1 });
    await expect.poll(() => Date.now()).toBeGreaterThan(expiresAt);
    expect(await nextTrouble(await cluster.slave({ token: text }))).toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('this token has expired'),
    });
  });

  test('whose secret is wrong is not known, and its text is quoted nowhere', async () => {
    await using cluster = await TlsCluster.start();
    const token = await cluster.token();
    const wrong = `${token.slice(0, -32)}${'A'.repeat(32)}`;
    const error = await nextTrouble(await cluster.slave({ token: wrong }));
    expect(error).toMatchObject({ code: 'EPERM', message: expect.stringContaining('does not know this token') });
    await expect(startSlave({ master: cluster.address, token: 'BP1.secretish' })).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.not.stringContaining('secretish'),
    });
  });

  test('survives the master', async () => {
    await using cluster = await TlsCluster.start();
    const token = await cluster.token();
    await cluster.master[Symbol.asyncDispose]();
    const stateDir = join(cluster.directory, 'master');
    await using next = await startMaster({ stateDir, listen: 'tls://127.0.0.1:0' });
    const slave = await cluster.slave({ master: next.addresses, token });
    expect(await nodeOf(slave)).toBe(0);
    expect(await nextTrouble(await cluster.slave({ master: next.addresses, token }))).toMatchObject({ code: 'EPERM' });
  });

  test('is made by the administrator only, for what can be', async () => {
    await using cluster = await TlsCluster.start();
    const master = () => cluster.master.connect({ credentials: { uid: 4711, gids: [4711] } });
    await using stranger = await connect({ master });
    await expect(stranger.createToken()).rejects.toMatchObject({ code: 'EPERM' });
    await expect(stranger.pendingSlaves()).rejects.toMatchObject({ code: 'EPERM' });
    await expect(stranger.revoke({ node: 0 })).rejects.toMatchObject({ code: 'EPERM' });
    await expect(stranger.certificates()).rejects.toMatchObject({ code: 'EPERM' });
    await expect(stranger.approveSlave('00')).rejects.toMatchObject({ code: 'EPERM' });
    await expect(cluster.client.createToken({ ttlMs: 1e12 })).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(cluster.client.createToken({ node: 1, role: 'client' })).rejects.toMatchObject({ code: 'EINVAL' });
  });
});

describe('a slave without a token', () => {
  test('is listed, and let in when an administrator says so', async () => {
    await using cluster = await TlsCluster.start();
    const slave = await cluster.slave({ address: 'rack-7', node: 5 });
    const { message } = await nextTrouble(slave);
    const [pending] = await cluster.client.pendingSlaves();
    expect(pending).toMatchObject({ address: 'rack-7', peer: '127.0.0.1', node: 5 });
    expect(message).toContain(`bpctl node approve ${pending?.id}`);
    await expect(cluster.client.approveSlave('0123')).rejects.toMatchObject({ code: 'ENOENT' });
    await cluster.client.approveSlave(pending?.id ?? '');
    expect(await nodeOf(slave)).toBe(5);
    expect(await cluster.client.pendingSlaves()).toEqual([]);
  });

  test('trusts the CA that it is told, and no other', async () => {
    await using cluster = await TlsCluster.start();
    const error = await nextTrouble(await cluster.slave({ authority: '0'.repeat(64) }));
    expect(error).toMatchObject({ code: 'EPERM', message: expect.stringContaining('nothing was sent to it') });
    expect(await cluster.client.pendingSlaves()).toEqual([]);
    const authority = (await cluster.token()).split('.')[1] ?? '';
    expect(await nextTrouble(await cluster.slave({ authority }))).toMatchObject({ code: 'EAGAIN' });
    await expect(cluster.slave({ authority: 'abc' })).rejects.toMatchObject({ code: 'EINVAL' });
  });
});

describe('a user', () => {
  test('logs in here, and connects from anywhere', async () => {
    await using cluster = await TlsCluster.start();
    const file = join(cluster.directory, 'me.pem');
    const login = await cluster.client.login({ file });
    expect(login.notAfter).toBeGreaterThan(Date.now() + 7 * 3_600_000);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await using remote = await connect({ master: cluster.address, identity: file });
    expect(await remote.nodeList()).toEqual([]);
    expect(await cluster.client.certificates()).toMatchObject([
      { subject: expect.stringMatching(new RegExp(`^user/${process.getuid?.()}@[0-9a-f]{16}$`)) },
    ]);
    // who came by a certificate does not make others by it for ever
    await expect(remote.login({ file })).rejects.toMatchObject({ code: 'EPERM' });
  });

  test('logs in by a token where the master is not', async () => {
    await using cluster = await TlsCluster.start();
    const { text: token } = await cluster.client.createToken({ role: 'client' });
    const file = join(cluster.directory, 'me.pem');
    await loginByToken({ master: cluster.address, token, file });
    await using remote = await connect({ master: cluster.address, identity: file });
    await remote.createToken();
    await expect(loginByToken({ master: 'unix:/x', token })).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test('without a certificate is told how to get one', async () => {
    await using cluster = await TlsCluster.start();
    const identity = join(cluster.directory, 'none.pem');
    await expect(connect({ master: cluster.address, identity })).rejects.toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('bpctl login'),
    });
  });
});

test('a master without a directory has no CA, and does not listen for TLS', async () => {
  await expect(startMaster({ listen: 'tls://127.0.0.1:0' })).rejects.toMatchObject({ code: 'EINVAL' });
  await using master = await startMaster();
  await using client = await connect({ master: () => master.connect() });
  await expect(client.createToken()).rejects.toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining('--state DIR'),
  });
});
