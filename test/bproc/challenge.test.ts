/** Users of one machine who show who they are by a directory, where nothing asks the kernel [PROTOCOL 8.9]. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { meetChallenge } from '../../src/bproc/challenge.ts';
import { challengePlace } from '../../src/bproc/master/made-directory.ts';
import { connect, type Master, startMaster } from '../../src/index.ts';
import { Role } from '../../src/wire/index.ts';
import { idOf, RawPeer } from '../support/raw-peer.ts';

const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

/** Whether this machine lets tests mount anything. */
function mayMount(): boolean {
  if (!isRoot) return false;
  const at = mkdtempSync(join(tmpdir(), 'bproc-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'none', at], { stdio: 'ignore' });
    execFileSync('umount', [at]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true });
  }
}

let scratch: string;
let path: string;
let master: Master;

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'bproc-challenge-'));
  chmodSync(scratch, 0o755);
  path = join(scratch, 'master.sock');
  master = await startMaster({ listen: `unix:${path}`, users: 'all', usersBy: 'directory' });
});
afterEach(async () => {
  await master[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true });
});

/** A client by hand that knows of challenges, and has been given one. */
async function asked(features: readonly string[] = ['challenge'], at = path) {
  const socket: Socket = createConnection(at);
  onTestFinished(() => void socket.destroy());
  const peer = new RawPeer(socket);
  peer.hello(Role.CLIENT, idOf(1), { features });
  return peer;
}

async function challengeOf(peer: RawPeer): Promise<string> {
  const { challenge } = await peer.control('challenge');
  expect(challenge.name).toMatch(/^bproc-[0-9a-f]{32}$/);
  const directory = join(challenge.directory, challenge.name);
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function refusal(peer: RawPeer) {
  return (await peer.control('refuse')).refuse.failure;
}

test('a client of this library does it by itself, and leaves nothing behind', async () => {
  await using client = await connect({ master: `unix:${path}` });
  expect(await client.nodeList()).toEqual([]);
  const peer = await asked();
  const directory = await challengeOf(peer);
  mkdirSync(directory, { mode: 0o700 });
  peer.send({ challenged: {} });
  const { welcome } = await peer.control('welcome');
  peer.channel.establish(welcome.session);
  peer.send({ request: { id: 1, status: {} } });
  expect((await peer.control('response')).response).toMatchObject({ masterStatus: { uid: process.getuid?.() } });
  expect(existsSync(directory)).toBe(false);
});

test.skipIf(!isRoot)('whose the directory is, that is who comes; nobody else can bring it there', async () => {
  const peer = await asked();
  const directory = await challengeOf(peer);
  mkdirSync(directory, { mode: 0o700 });
  chownSync(directory, NOBODY, 4711);
  peer.send({ challenged: {} });
  const { welcome } = await peer.control('welcome');
  peer.channel.establish(welcome.session);
  peer.send({ request: { id: 1, createToken: {} } });
  const { response } = await peer.control('response');
  expect(response.failure).toMatchObject({ code: 'EPERM', message: expect.stringContaining(`uid ${NOBODY}`) });

  // a directory of root's, which a user may write into, is moved there by him
  const thief = await asked();
  const place = await challengeOf(thief);
  const open = mkdtempSync(join(dirname(place), 'bproc-open-'));
  onTestFinished(() => rmSync(open, { recursive: true }));
  const rootsOwn = join(open, 'roots');
  chmodSync(open, 0o777);
  mkdirSync(rootsOwn);
  chmodSync(rootsOwn, 0o777);
  process.seteuid?.(NOBODY);
  try {
    renameSync(rootsOwn, place);
  } finally {
    process.seteuid?.(0);
  }
  thief.send({ challenged: {} });
  expect(await refusal(thief)).toMatchObject({ code: 'EPERM', message: expect.stringContaining('mode 0700') });
});

test.skipIf(!mayMount())('what a user has mounted over a directory of his says nothing of whose it is', async () => {
  const peer = await asked();
  const directory = await challengeOf(peer);
  mkdirSync(directory, { mode: 0o700 });
  chownSync(directory, NOBODY, NOBODY);
  // as a file system in user space can show it
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'uid=0,gid=0,mode=700', 'none', directory]);
  onTestFinished(() => void execFileSync('umount', [directory]));
  peer.send({ challenged: {} });
  expect(await refusal(peer)).toMatchObject({ code: 'EPERM', message: expect.stringContaining('no empty directory') });
});

describe('it is refused', () => {
  test('by name, to a client that knows nothing of it', async () => {
    const peer = await asked([]);
    expect(await refusal(peer)).toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('upgrade this program'),
    });
  });

  test('where nothing was made, and another try on that connection is not heard', async () => {
    const peer = await asked();
    const directory = await challengeOf(peer);
    peer.send({ challenged: {} });
    expect(await refusal(peer)).toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('was not made (ENOENT)'),
    });
    mkdirSync(directory, { mode: 0o700 });
    peer.send({ challenged: {} });
    await peer.whenEnded();
    expect(peer.heard.some((heard) => heard.kind === 'control' && heard.message.body === 'welcome')).toBe(false);
  });

  test.each([
    ['a link to one of its own', (at: string) => symlinkSync(scratch, at)],
    ['one that others may write into', (at: string) => chmodSync(mkdirSync(at, { recursive: true }) ?? '', 0o777)],
    ['one with others in it', (at: string) => mkdirSync(join(at, 'x'), { recursive: true, mode: 0o700 })],
  ])('with %s', async (_, make) => {
    const peer = await asked();
    make(await challengeOf(peer));
    peer.send({ challenged: {} });
    expect(await refusal(peer)).toMatchObject({
      code: 'EPERM',
      message: expect.stringContaining('no empty directory'),
    });
  });

  test('where it is not made in time, and what is asked for before is not heard', async () => {
    const at = join(scratch, 'hasty.sock');
    await using _ = await startMaster({ listen: `unix:${at}`, users: 'all', usersBy: 'directory', greetingMs: 500 });
    const peer = await asked(undefined, at);
    await challengeOf(peer);
    peer.send({ request: { id: 1, createToken: {} } });
    expect(await peer.close()).toMatchObject({ code: 'ETIMEDOUT' });
    expect(peer.heard.some((heard) => heard.kind === 'control' && heard.message.body === 'response')).toBe(false);
  });
});

describe('a client does not do it', () => {
  test('somewhere else than where everybody may', async () => {
    const name = `bproc-${'0'.repeat(32)}`;
    for (const challenge of [
      { directory: scratch, name },
      { directory: '/dev/shm', name: '../x' },
      { directory: '/dev/shm', name: 'bproc-' },
    ]) {
      await expect(meetChallenge(challenge, path)).rejects.toMatchObject({ code: 'EPERM' });
    }
  });

  test.skipIf(!isRoot)('for a master that another user could stand before', async () => {
    const directory = await challengePlace();
    const challenge = { directory, name: `bproc-${'1'.repeat(32)}` };
    const theirs = join(scratch, 'theirs');
    mkdirSync(theirs);
    const socket = join(theirs, 'master.sock');
    const server = createServer().listen(socket);
    onTestFinished(() => void server.close());
    await expect.poll(() => existsSync(socket)).toBe(true);
    const remove = await meetChallenge(challenge, socket);
    await remove();
    for (const [what, unsafe] of [
      [theirs, () => chownSync(theirs, NOBODY, NOBODY)],
      [theirs, () => [chownSync(theirs, 0, 0), chmodSync(theirs, 0o777)]],
      [socket, () => [chmodSync(theirs, 0o755), chownSync(socket, NOBODY, NOBODY)]],
    ] as const) {
      unsafe();
      await expect(meetChallenge(challenge, socket)).rejects.toMatchObject({
        code: 'EPERM',
        message: expect.stringContaining(`${what} is not root's or your own`),
      });
    }
    expect(existsSync(join(directory, challenge.name))).toBe(false);
  });
});

test('a slave shows itself in the same way', async () => {
  const { startSlave } = await import('../../src/index.ts');
  await using slave = await startSlave({ master: `unix:${path}`, node: 0, spawner: 'child_process' });
  await slave.attached;
  await using client = await connect({ master: `unix:${path}` });
  await expect.poll(() => client.nodeStatus(0)).toBe('up');
});

test('where there is no such place, that is said', async () => {
  await expect(challengePlace([scratch, '/nowhere'])).rejects.toMatchObject({
    code: 'ENOSYS',
    message: expect.stringContaining('build the holder'),
  });
});
