/** Users of one machine: each is who the kernel says, runs as himself, and leaves others alone. Only root can be several. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { submit, waitForJob } from '../../src/beomap/index.ts';
import { UserDirectory } from '../../src/bproc/master/user-directory.ts';
import { type Client, connect, type Master, type Slave, startMaster, startSlave } from '../../src/index.ts';
import { encodeSpec, Role } from '../../src/wire/index.ts';
import { connectAs, GROUP, NOBODY, openScratch, textOf } from '../support/other-user.ts';
import { idOf, RawPeer } from '../support/raw-peer.ts';
import { scratchTree } from '../support/scratch.ts';

const OTHER = 4711;

describe.skipIf(process.geteuid?.() !== 0)('users of a master that is open to all', () => {
  let scratch: ReturnType<typeof openScratch>;
  let path: string;
  let master: Master;
  let slaves: Slave[];
  let root: Client;
  let nobody: Client;

  beforeAll(async () => {
    scratch = openScratch();
    path = join(scratch.path, 'master.sock');
    master = await startMaster({ listen: `unix:${path}`, users: 'all' });
    const common = { master: () => master.connect(), spawner: 'holder' } as const;
    slaves = [await startSlave({ ...common, node: 0 }), await startSlave({ ...common, node: 1, users: [1, 1000] })];
    await Promise.all(slaves.map((slave) => slave.attached));
    root = await connect({ master: `unix:${path}` });
    nobody = await connect({ master: async () => connectAs(path) });
  });

  afterAll(async () => {
    for (const part of [nobody, root, ...slaves, master]) await part[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
  });

  test('processes run as who asked for them, with the groups of the one who connected', async () => {
    const options = { cwd: '/' };
    expect(await textOf(await nobody.rexec(0, 'sh', ['-c', 'id -u; id -g; id -G'], options))).toBe(
      `${NOBODY}\n${NOBODY}\n${NOBODY} ${GROUP}\n`,
    );
    expect(await textOf(await root.rexec(0, 'id', ['-u'], options))).toBe('0\n');
  });

  test('others than the slave’s own user gain no rights, also not by setuid programs', async () => {
    const text = 'grep -E "CapBnd|NoNewPrivs" /proc/self/status | cut -f2';
    const shown = async (bp: Client) => (await textOf(await bp.rexec(0, 'sh', ['-c', text], { cwd: '/' }))).split('\n');
    expect(await shown(nobody)).toEqual(['0000000000000000', '1', '']);
    expect((await shown(root))[1]).toBe('0');
    expect((await shown(root))[0]).not.toBe('0000000000000000');
  });

  test('a user signals what is his and nothing else; root all', async () => {
    const his = await nobody.rexec(0, 'sleep', ['1000'], { cwd: '/' });
    const roots = await root.rexec(0, 'sleep', ['1000']);
    await expect(nobody.kill(roots.pid)).rejects.toMatchObject({ code: 'EPERM' });
    await root.kill(his.pid, 'SIGTERM');
    expect(await his.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGTERM' });
    await roots.kill('SIGKILL');
    expect(await roots.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGKILL' });
  });

  test('a job of the queue runs as who has submitted it', async () => {
    const job = await submit(nobody, { file: 'sh', argv: ['-c', `test $(id -u) = ${NOBODY} && exit 9`], cwd: '/' });
    expect(await waitForJob(root, job)).toMatchObject([{ uid: NOBODY, reason: '', end: 'exited', code: 9 }]);
  });

  test('root starts as whom he names, with that user’s groups; others only as themselves', async () => {
    const passwd = readFileSync('/etc/passwd', 'latin1').split('\n');
    const [name = '', , uid = '', gid = ''] =
      passwd.map((line) => line.split(':')).find(([, , id]) => id === '1') ?? [];
    const whoami = (bp: Client, user: string | number) => bp.rexec(0, 'sh', ['-c', 'id -u; id -g'], { cwd: '/', user });
    for (const user of [name, Number(uid)]) expect(await textOf(await whoami(root, user))).toBe(`${uid}\n${gid}\n`);
    expect(await textOf(await whoami(root, 'root'))).toBe('0\n0\n');
    expect(await textOf(await whoami(nobody, NOBODY))).toBe(`${NOBODY}\n${NOBODY}\n`);
    expect(await textOf(await whoami(nobody, 'nobody'))).toBe(`${NOBODY}\n${NOBODY}\n`);
    for (const user of ['root', 0, name, 'no-such-user']) {
      await expect(whoami(nobody, user)).rejects.toMatchObject({ code: 'EPERM' });
    }
    for (const user of ['no-such-user', 4_000_000_000]) {
      await expect(whoami(root, user)).rejects.toMatchObject({ code: 'EINVAL' });
    }
    await expect(root.rexec(1, 'true', [], { cwd: '/', user: NOBODY })).rejects.toMatchObject({
      code: 'EPERM',
      node: 1,
    });
  });

  test('what a user’s process forked is his to signal by its pid, and no other user’s [PROTOCOL 6.4]', async () => {
    await using other = await connect({ master: async () => connectAs(path, OTHER) });
    const his = await nobody.rexec(0, 'sh', ['-c', 'sleep 1000; exit 7'], { cwd: '/' });
    const forkedBy = async (parent: number) =>
      (await other.procList({ node: 0 })).find(({ ppid, command }) => ppid === parent && command === 'sleep');
    await expect.poll(() => forkedBy(his.pid)).toBeDefined();
    const child = await forkedBy(his.pid);
    expect(child).toMatchObject({ uid: NOBODY, puid: '' });
    const pid = child?.pid ?? 0;
    for (const scope of ['process', 'group', 'tree'] as const) {
      await expect(other.kill(pid, 'SIGKILL', { scope })).rejects.toMatchObject({ code: 'EPERM', pid });
    }
    await nobody.kill(pid, 'SIGTERM', { scope: 'process' });
    expect(await his.wait()).toMatchObject({ kind: 'exited', code: 7 });
    await expect(nobody.kill(pid, 'SIGTERM')).rejects.toMatchObject({ code: 'BE_INVALIDPROC' });
  });

  test('what root’s process forked as a user is that user’s, but not the group that it shares with root’s', async () => {
    const script = `setpriv --reuid ${NOBODY} --clear-groups sleep 1000; exit 7`;
    const roots = await root.rexec(0, 'sh', ['-c', script], { cwd: '/' });
    const find = async () =>
      (await root.procList({ node: 0 })).find(({ ppid, uid }) => ppid === roots.pid && uid === NOBODY);
    await expect.poll(find).toBeDefined();
    const pid = (await find())?.pid ?? 0;
    await expect(nobody.kill(-pid)).rejects.toMatchObject({ code: 'EPERM', pid });
    await nobody.kill(pid, 'SIGTERM');
    expect(await roots.wait()).toMatchObject({ kind: 'exited', code: 7 });
  });

  test('the end of what a user left running is his to take, whoever else asks for it first [PROTOCOL 7.1]', async () => {
    const owner = await connect({ master: async () => connectAs(path) });
    const his = await owner.rexec(0, 'sh', ['-c', 'read x; exit 5'], { cwd: '/', detached: true, stdout: 'ignore' });
    await owner[Symbol.asyncDispose]();
    const state = async () => (await root.procList({ startedOnly: true })).find(({ pid }) => pid === his.pid)?.state;
    await expect.poll(state, { timeout: 10_000 }).toBe('exited');
    await using other = await connect({ master: async () => connectAs(path, OTHER) });
    await using his2 = await connect({ master: async () => connectAs(path) });
    for (const bp of [other, his2]) expect(await bp.wait(his.pid)).toMatchObject({ kind: 'exited', code: 5 });
  });

  test('nothing that a user’s process can read is the id of the client that started it', async () => {
    const id = idOf(91);
    const socket = connectAs(path, 0);
    onTestFinished(() => void socket.destroy());
    const peer = new RawPeer(socket);
    peer.hello(Role.CLIENT, id);
    const { welcome } = await peer.control('welcome');
    peer.channel.establish(welcome.session);
    peer.send({ claim: { last: true } });
    peer.send({ request: { id: 1, resolve: { spec: '0' } } });
    const { response } = await peer.control('response');
    const boot = response.body === 'resolved' ? response.resolved.entries[0]?.boot : undefined;
    const spec = encodeSpec({ file: 'env', argv: ['env'], cwd: '/', window: 65_536, env: ['PATH=/bin:/usr/bin'] });
    peer.send({ start: { spec, command: 'env', user: 'nobody', targets: [{ puid: idOf(92), node: 0, boot }] } });
    let text = '';
    await peer.until('BPROC_PID', (heard) => {
      if (heard.kind === 'data') text += heard.text;
      return text.includes('BPROC_PID=') ? text : undefined;
    });
    expect(text).not.toContain(id.toString('hex'));
  });

  test('what runs as a user is that user’s to signal', async () => {
    const p = await root.rexec(0, 'sleep', ['1000'], { cwd: '/', user: 'nobody' });
    expect(await root.procList({ node: 0 })).toContainEqual(expect.objectContaining({ pid: p.pid, uid: NOBODY }));
    await nobody.kill(p.pid, 'SIGTERM');
    expect(await p.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGTERM' });
  });

  test('a hard limit is lowered by everybody, and raised by none who is not root', async () => {
    for (const bp of [root, nobody]) {
      const limits = { cwd: '/', rlimits: { nofile: 100 } };
      expect(await textOf(await bp.rexec(0, 'sh', ['-c', 'ulimit -Hn'], limits))).toBe('100\n');
    }
    // no machine lets its ordinary users have this one
    await expect(nobody.rexec(0, 'true', [], { cwd: '/', rlimits: { rtprio: 99 } })).rejects.toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('only root'),
    });
  });

  test('a slave runs nothing for users it is not to run anything for', async () => {
    await expect(nobody.rexec(1, 'true')).rejects.toMatchObject({ code: 'EPERM', node: 1 });
    expect((await root.procList({ node: 1 })).length).toBe(0);
  });

  test('a user may not administer nodes', async () => {
    await expect(nobody.setNodeStatus(0, 'error', { reason: 'mine' })).rejects.toMatchObject({ code: 'EPERM' });
  });

  test('a node’s owner, group and mode decide who may place work on it', async () => {
    const run = (bp: Client) => bp.rexec(0, 'true', [], { cwd: '/' }).then((p) => p.wait());
    await using other = await connect({ master: async () => connectAs(path, OTHER) });
    await root.chmod(0, 0o010);
    await expect(run(nobody)).rejects.toMatchObject({ code: 'EPERM', node: 0 });
    await root.chgrp(0, GROUP);
    expect(await run(nobody)).toMatchObject({ kind: 'exited', code: 0 });
    await root.chmod(0, 0o100);
    await expect(run(nobody)).rejects.toMatchObject({ code: 'EPERM' });
    await expect(nobody.chmod(0, 0o111)).rejects.toMatchObject({ code: 'EPERM' });
    await root.chown(0, OTHER);
    expect(await run(other)).toMatchObject({ kind: 'exited', code: 0 });
    await other.chmod(0, 0o111);
    expect(await run(nobody)).toMatchObject({ kind: 'exited', code: 0 });
    await expect(other.chown(0, NOBODY)).rejects.toMatchObject({ code: 'EPERM' });
    await root.chown(0, 0);
  });

  test('a user without an entry on any machine runs all the same, with the groups that he has', async () => {
    await using other = await connect({ master: async () => connectAs(path, OTHER) });
    expect(await textOf(await other.rexec(0, 'sh', ['-c', 'id -u; id -G'], { cwd: '/' }))).toBe(
      `${OTHER}\n${OTHER} ${GROUP}\n`,
    );
  });

  test('one of whom only the number is known, and the master’s machine does not know it, is told so', async () => {
    await using other = await connect({ master: () => master.connect({ credentials: { uid: OTHER, gids: [] } }) });
    await expect(other.rexec(0, 'true', [], { cwd: '/' })).rejects.toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('the master knows no group of it'),
    });
  });

  test('what another user’s process writes is for its client alone, whatever one claims', async () => {
    const id = idOf(77);
    const sockets = [connectAs(path, 0), connectAs(path)] as const;
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
    const [owner, thief] = [new RawPeer(sockets[0]), new RawPeer(sockets[1])];
    owner.hello(Role.CLIENT, id);
    await owner.control('welcome');
    thief.hello(Role.CLIENT, id);
    expect((await thief.control('refuse')).refuse.failure).toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('belongs to another user'),
    });
    expect(owner.ended).toBe(false);
  });

  test('one user’s flood of connections is bounded, and keeps nobody else out', async () => {
    const flood = Array.from({ length: 1500 }, () => connectAs(path));
    for (const each of flood) each.on('error', () => {});
    await using other = await connect({ master: async () => connectAs(path, OTHER) });
    expect((await other.nodeList()).length).toBe(2);
    await using again = await connect({ master: `unix:${path}` });
    expect((await again.nodeList()).length).toBe(2);
    // more than he may have are closed, with the reason
    const peers = flood.map((socket) => new RawPeer(socket));
    const refused = () =>
      peers.filter(({ heard }) => heard.some((each) => each.kind === 'close' && each.failure.code === 'EAGAIN'));
    await expect.poll(() => refused().length, { timeout: 20_000 }).toBeGreaterThan(400);
    for (const socket of flood) socket.destroy();
  });
});

test('a change of groups is seen by the next request', () => {
  using scratch = scratchTree({ passwd: 'x:x:4711:100::/:/bin/sh\n', group: 'a:x:200:y\n' });
  const users = new UserDirectory(join(scratch.path, 'passwd'), join(scratch.path, 'group'));
  const caller = users.credentialsOf(OTHER);
  expect([caller.uid, ...caller.gids]).toEqual([OTHER, 100]);
  writeFileSync(join(scratch.path, 'group'), 'a:x:200:y,x\nb:x:300:x\n');
  expect(caller.gids).toEqual([100, 200, 300]);
  expect(users.credentialsOf(1).gids).toEqual([]);
});
