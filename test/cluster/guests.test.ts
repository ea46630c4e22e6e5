/** Programs on a node reach the master by its slave, each as its user [PROTOCOL 8.6]. Only root has several. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  type Client,
  connect,
  type Master,
  type RemoteProcess,
  type Slave,
  startMaster,
  startSlave,
} from '../../src/index.ts';
import { Role } from '../../src/wire/index.ts';
import { bundleProgram, connectAs, NOBODY, openScratch, textOf } from '../support/other-user.ts';
import { idOf, RawPeer } from '../support/raw-peer.ts';

const OTHER = 4711;

describe.skipIf(process.geteuid?.() !== 0).each([['unix'], ['tls']])('with a master at %s', (kind) => {
  let scratch: ReturnType<typeof openScratch>;
  let program: string;
  let master: Master;
  let slave: Slave;
  let root: Client;
  let nobody: Client;
  let roots: RemoteProcess;

  beforeAll(async () => {
    scratch = openScratch();
    program = await bundleProgram('guest.mjs', scratch.path);
    const listen = kind === 'unix' ? `unix:${scratch.path}/master.sock` : 'tls://127.0.0.1:0';
    master = await startMaster({ listen, users: 'all', stateDir: join(scratch.path, 'master') });
    root = await connect({ master: () => master.connect() });
    nobody = await connect({ master: () => master.connect({ credentials: { uid: NOBODY, gids: [NOBODY] } }) });
    const { text: token } = kind === 'tls' ? await root.createToken() : { text: undefined };
    const stateDir = join(scratch.path, 'slave');
    const joins = token === undefined ? {} : { token };
    slave = await startSlave({ master: master.addresses, node: 3, spawner: 'holder', stateDir, ...joins });
    await slave.attached;
    roots = await root.rexec(3, 'sleep', ['1000'], { cwd: '/' });
  });

  afterAll(async () => {
    for (const part of [nobody, root, slave, master]) await part?.[Symbol.asyncDispose]();
    scratch?.[Symbol.dispose]();
  });

  /** What the program says of itself. */
  async function run(client: Client) {
    const argv = [program, String(roots.pid)];
    const running = await client.rexec(3, process.execPath, argv, { cwd: '/' });
    return JSON.parse(await textOf(running));
  }

  /** Where programs on the node find the master. */
  async function gateway(): Promise<string> {
    const text = await textOf(await root.rexec(3, 'sh', ['-c', 'echo $BPROC_MASTER'], { cwd: '/' }));
    return text.trim().slice('unix:'.length);
  }

  test('a user’s program is that user: it starts as him, with his groups, and ends nothing of root’s', async () => {
    const { nodes, ids, kill } = await run(nobody);
    expect({ nodes, kill, uid: ids[0] }).toEqual({ nodes: [3], kill: 'EPERM', uid: String(NOBODY) });
    expect(ids[1].split(' ')).toContain(String(NOBODY));
    expect((await root.procList({ node: 3 })).some(({ pid }) => pid === roots.pid)).toBe(true);
  });

  test('root’s is root', async () => {
    const own = await root.rexec(3, 'sleep', ['1000'], { cwd: '/' });
    const argv = [program, String(own.pid)];
    const running = await root.rexec(3, process.execPath, argv, { cwd: '/' });
    expect(JSON.parse(await textOf(running))).toMatchObject({ kill: 'done', ids: ['0', expect.anything()] });
    expect(await own.wait()).toMatchObject({ kind: 'signaled' });
  });

  test('everybody can reach the socket, and put nothing beside it', async () => {
    const path = await gateway();
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o7777]).toEqual([0o666, 0o711]);
  });

  test('a user of whom nothing runs there does not get in', async () => {
    const socket = connectAs(await gateway(), OTHER);
    onTestFinished(() => void socket.destroy());
    const peer = new RawPeer(socket);
    peer.hello(Role.CLIENT, idOf(9));
    const { code, message } = await peer.close();
    expect([code, message]).toEqual(['EPERM', expect.stringContaining(`uid ${OTHER} does not get to the master`)]);
  });

  test.each([
    ['a slave', Role.SLAVE, {}, 'EPROTO'],
    ['what was said before', Role.CLIENT, { identity: Buffer.alloc(3) }, 'EPROTO'],
  ])('one who says he is %s is refused', async (_, role, more, code) => {
    const his = await nobody.rexec(3, 'sleep', ['1000'], { cwd: '/' });
    const socket = connectAs(await gateway());
    onTestFinished(() => void socket.destroy());
    const peer = new RawPeer(socket);
    peer.hello(role, idOf(9), more);
    expect((await peer.control('refuse')).refuse.failure).toMatchObject({ code });
    await his.kill('SIGKILL');
    await his.wait();
  });

  test('one who is refused is not heard again on the slave’s connection, as whoever that is [PROTOCOL 3.2]', async () => {
    const his = await nobody.rexec(3, 'sleep', ['1000'], { cwd: '/' });
    const socket = connectAs(await gateway());
    onTestFinished(() => void socket.destroy());
    const peer = new RawPeer(socket);
    peer.hello(Role.CLIENT, Buffer.alloc(3));
    peer.hello(Role.SLAVE, idOf(9), { node: kind === 'unix' ? 77 : 3 });
    await peer.control('refuse');
    await peer.whenEnded();
    expect((await root.nodeList('', { timeoutMs: 10_000 })).map(({ node }) => node)).toEqual([3]);
    expect(await root.nodeStatus(3)).toBe('up');
    await his.kill('SIGKILL');
    await his.wait();
  });

  test('what does not begin with a HELLO, or is too long, is closed', async () => {
    for (const bytes of [Buffer.alloc(64, 0xff), Buffer.from('GET / HTTP/1.0\r\nHost: here\r\n\r\n')]) {
      const socket = connectAs(await gateway(), 0);
      onTestFinished(() => void socket.destroy());
      const peer = new RawPeer(socket);
      peer.write(bytes);
      expect(await peer.close()).toMatchObject({ code: 'EPROTO' });
    }
  });

  test('a program cannot say itself who it is', async () => {
    const his = await nobody.rexec(3, 'sleep', ['1000'], { cwd: '/' });
    const socket = connectAs(await gateway());
    onTestFinished(() => void socket.destroy());
    const peer = new RawPeer(socket);
    peer.send({ guest: { uid: 0, gids: [0], greeting: Buffer.alloc(0) } });
    expect((await peer.control('refuse')).refuse.failure).toMatchObject({ code: 'EPROTO' });
    await his.kill('SIGKILL');
    await his.wait();
  });

  test('a slave that comes back has its socket where programs look for it', async () => {
    const path = await gateway();
    const argv = ['-c', `cat >/dev/null; exec "$0" "$@"`, process.execPath, program, String(roots.pid)];
    const waiting = await nobody.rexec(3, 'sh', argv, { cwd: '/' });
    await slave.leave();
    slave = await startSlave({
      master: master.addresses,
      node: 3,
      spawner: 'holder',
      stateDir: join(scratch.path, 'slave'),
    });
    await slave.attached;
    expect(existsSync(path)).toBe(true);
    waiting.stdin.end();
    expect(JSON.parse(await textOf(waiting))).toMatchObject({ nodes: [3], kill: 'EPERM' });
  });
});
