/** Running processes are written down, and made again elsewhere: PROTOCOL.md 12.5. */
import { createHash } from 'node:crypto';
import { chmod, cp, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Cluster, connect, startCluster, startMaster, startSlave } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { connectAs, openScratch } from '../../support/other-user.ts';

let cluster: Cluster;
let client: Client;
let scratch: string;
/** A checkpoint of a process that has read one line and is gone. */
let taken: string;

/** Counts the lines that it has read, and knows the first one. */
const COUNTER = `
import sys, os
lines = []
for line in sys.stdin:
  lines.append(line.strip())
  print(os.getpid(), len(lines), lines[0], lines[-1], flush=True)
sys.exit(len(lines))
`;

/** Says when there is something to be read, and reads it when a file is there. */
const LATE_READER = `
import sys, os, time, fcntl, termios
while fcntl.ioctl(0, termios.FIONREAD, bytes(4)) != (7).to_bytes(4, sys.byteorder): time.sleep(0.01)
print('there', flush=True)
while not os.path.exists(sys.argv[1]): time.sleep(0.01)
print(sys.stdin.read(), flush=True)
`;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 });
  client = cluster.client;
  scratch = await mkdtemp(join(tmpdir(), 'bproc-test-checkpoint-'));
  taken = join(scratch, 'taken');
  const original = await client.rexec(0, '/usr/bin/python3', ['-c', COUNTER]);
  original.stdin.write('first\n');
  await new Promise<void>((resolve) => original.stdout.once('data', () => resolve()));
  await client.checkpoint(original.pid, taken);
  // it has gone on
  original.stdin.end('second\n');
  expect(await text(original.stdout)).toBe(`${original.pid} 2 first second\n`);
  expect(await original.wait()).toEqual({ kind: 'exited', code: 2 });
});

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await cluster[Symbol.asyncDispose]();
});

/** The checkpoint, to be damaged. */
async function copyOf(name: string): Promise<string> {
  const directory = join(scratch, name);
  await cp(taken, directory, { recursive: true });
  return directory;
}

async function manifestOf(directory: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(directory, 'checkpoint.json'), 'utf8')) as Record<string, unknown>;
}

/** Nothing of what this program's slaves keep for checkpoints is left. */
async function noRooms(): Promise<void> {
  const found = await Promise.all(['/dev/shm', tmpdir()].map((directory) => readdir(directory)));
  expect(found.flat().filter((name) => name.startsWith(`bproc-checkpoint-${process.pid}-`))).toEqual([]);
}

describe('a checkpoint', () => {
  test('is a directory of its owner alone, which says what it needs', async () => {
    expect((await stat(taken)).mode & 0o777).toBe(0o700);
    const manifest = await manifestOf(taken);
    expect(manifest).toMatchObject({ version: 1, engine: expect.stringMatching(/^criu \d/), command: 'python3' });
    expect(manifest['cpuFeatures']).not.toEqual([]);
    await noRooms();
  });

  test('becomes a process on another node, and as many more as are asked for', async () => {
    const first = await client.restart(taken, 1);
    const second = await client.restart(taken, 1);
    const third = await client.restart(taken, 2);
    expect([first, second, third].map(({ node }) => node)).toEqual([1, 1, 2]);
    expect(new Set([first, second, third].map(({ pid }) => pid)).size).toBe(3);
    expect((await client.procList()).map(({ command, mapped }) => ({ command, mapped }))).toEqual(
      Array(3).fill({ command: 'python3', mapped: false }),
    );
    for (const each of [first, second, third]) {
      each.stdin.end('a\nb\n');
      expect(await text(each.stdout)).toBe(`${each.pid} 2 first a\n${each.pid} 3 first b\n`);
      expect(await each.wait()).toEqual({ kind: 'exited', code: 3 });
    }
    await noRooms();
  });

  test('is one again of what was restarted', async () => {
    const first = await client.restart(taken, 1);
    const directory = join(scratch, 'again');
    first.stdin.write('more\n');
    await new Promise<void>((resolve) => first.stdout.once('data', () => resolve()));
    await client.checkpoint(first.pid, directory);
    await first.kill('SIGKILL');
    await first.wait();
    const second = await client.restart(directory, 0);
    second.stdin.end('last\n');
    expect(await text(second.stdout)).toBe(`${second.pid} 3 first last\n`);
    await second.wait();
  });
});

test('what was not read yet is the first that is read by what is made of it, wherever it was kept', async () => {
  const state = join(scratch, 'state');
  await using kept = await startCluster({ nodes: 2, stateDir: state });
  const go = join(scratch, 'go');
  const original = await kept.client.rexec(0, '/usr/bin/python3', ['-c', LATE_READER, go]);
  original.stdin.write('unread ');
  // it is in the pipe
  await new Promise<void>((resolve) => original.stdout.once('data', () => resolve()));
  const directory = join(scratch, 'unread');
  await kept.client.checkpoint(original.pid, directory);
  const checkpoint = await kept.client.checkpoint(original.pid, { store: true }, { stop: true });
  await original.wait();
  await writeFile(go, '');
  for (const source of [directory, { checkpoint }]) {
    const again = await kept.client.restart(source, 1);
    again.stdin.end('and more');
    expect(await text(again.stdout)).toBe('unread and more\n');
    await again.wait();
  }
});

describe('is refused with the reason', () => {
  test('what cannot be captured, and nothing stays of it', async () => {
    const directory = join(scratch, 'none');
    await expect(client.checkpoint(2 ** 29, directory)).rejects.toMatchObject({ code: 'BE_INVALIDPROC' });
    const parent = await client.rexec(0, '/bin/sh', ['-c', 'sleep 1000 & read x; kill $!; echo on']);
    await until(async () => (await client.procList()).length === 2, 'its child');
    await expect(client.checkpoint(parent.pid, directory)).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringMatching(/children/),
    });
    await expect(client.checkpoint(parent.pid, taken)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(client.checkpoint(parent.pid, join(directory, 'below'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
    await noRooms();
    parent.stdin.end();
    expect(await text(parent.stdout)).toBe('on\n');
    await parent.wait();
  });

  test('what is no checkpoint, or is damaged', async () => {
    await expect(client.restart(join(scratch, 'none'), 1)).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringMatching(/there is no checkpoint: .*none\/checkpoint\.json/),
    });
    const damaged = await copyOf('damaged');
    await writeFile(join(damaged, 'checkpoint.json'), '{ "version": 1');
    await expect(client.restart(damaged, 1)).rejects.toMatchObject({
      code: 'EPROTO',
      message: expect.stringMatching(/no JSON/),
    });
    await writeFile(join(damaged, 'checkpoint.json'), JSON.stringify({ ...(await manifestOf(taken)), pid: 'x' }));
    await expect(client.restart(damaged, 1)).rejects.toMatchObject({
      code: 'EPROTO',
      message: expect.stringMatching(/does not describe/),
    });
    for (const need of [
      {},
      { path: 'relative', kind: 'file' },
      { path: '/x', kind: 'file', sha256: 'short' },
      { path: '/x', kind: 'file', mode: 'x' },
    ]) {
      const manifest = { ...(await manifestOf(taken)), needs: [need] };
      await writeFile(join(damaged, 'checkpoint.json'), JSON.stringify(manifest));
      await expect(client.restart(damaged, 1)).rejects.toMatchObject({ code: 'EPROTO' });
    }
    await writeFile(join(damaged, 'checkpoint.json'), JSON.stringify({ version: 2 }));
    await expect(client.restart(damaged, 1)).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringMatching(/version 2/),
    });
    await expect(client.restart(taken, 77)).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
  });

  test('one of which a file is missing or has changed', async () => {
    const missing = await copyOf('missing');
    await rm(join(missing, 'pstree.img'));
    await expect(client.restart(missing, 1)).rejects.toMatchObject({
      code: 'EPROTO',
      message: expect.stringMatching(/pstree\.img is missing/),
    });
    const changed = await copyOf('changed');
    const image = await readFile(join(changed, 'pages-1.img'));
    image[100] = 255 - (image[100] ?? 0);
    await writeFile(join(changed, 'pages-1.img'), image);
    await expect(client.restart(changed, 1)).rejects.toMatchObject({
      code: 'EPROTO',
      message: expect.stringMatching(/pages-1\.img is not what was captured/),
    });
    expect(await client.procList()).toEqual([]);
    await noRooms();
  });

  test('one that needs what the node has not got', async () => {
    const [read = '', written = '', appended = ''] = ['read', 'written', 'appended'].map((name) => join(scratch, name));
    for (const path of [read, written, appended]) await writeFile(path, 'as it was', { mode: 0o640 });
    const script = 'exec 3<"$0" 4<>"$1" 5>>"$2"; echo; read x; exec cat <&3';
    const reader = await client.rexec(0, '/bin/sh', ['-c', script, read, written, appended], { cwd: scratch });
    await new Promise<void>((resolve) => reader.stdout.once('data', () => resolve()));
    const directory = join(scratch, 'needs');
    await client.checkpoint(reader.pid, directory);
    await reader.kill('SIGKILL');
    await reader.wait();
    const sha256 = createHash('sha256').update('as it was').digest('hex');
    const code = {
      kind: 'file',
      size: expect.any(Number),
      mode: 0o755,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    };
    const needs = (await manifestOf(directory))['needs'];
    expect(needs).toEqual(
      expect.arrayContaining([
        { path: read, kind: 'file', size: 9, mode: 0o640, sha256 },
        { path: written, kind: 'file', size: 9, mode: 0o640 },
        { path: appended, kind: 'file', mode: 0o640 },
        { path: scratch, kind: 'directory', mode: 0o700 },
        { path: await realpath('/bin/sh'), ...code },
      ]),
    );

    const refused = async (code: string, ...why: string[]): Promise<void> => {
      const message = `process ${reader.pid} cannot be made again on node 2, which lacks what it needs: ${why.join('; ')}`;
      await expect(client.restart(directory, 2)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    };
    await writeFile(read, 'as it is!');
    await writeFile(written, 'longer than before');
    await writeFile(appended, 'as long as it likes');
    await refused('ENOTSUP', `${read} has another content there`, `${written} has 18 bytes there, and not 9`);
    await rm(read);
    await writeFile(written, 'is it was');
    await refused('ENOENT', `${read} is not there`);
    await writeFile(read, 'as it was', { mode: 0o600 });
    await refused('ENOTSUP', `${read} has mode 600 there, and not 640`);
    await chmod(read, 0o640);
    const again = await client.restart(directory, 1);
    again.stdin.end('\n');
    expect(await text(again.stdout)).toBe('as it was');
    await again.wait();

    // written down by an earlier version, which did not say modes
    const manifest = { ...(await manifestOf(directory)), needs: [{ path: read, kind: 'file', size: 9, sha256 }] };
    await writeFile(join(directory, 'checkpoint.json'), JSON.stringify(manifest));
    const another = await client.restart(directory, 1);
    another.stdin.end('\n');
    expect(await text(another.stdout)).toBe('as it was');
    await another.wait();
  });

  test('one of a newer engine, or of a CPU that can more', async () => {
    const other = await copyOf('other');
    const manifest = await manifestOf(taken);
    await writeFile(join(other, 'checkpoint.json'), JSON.stringify({ ...manifest, engine: 'criu 99.1' }));
    await expect(client.restart(other, 1)).rejects.toMatchObject({
      code: 'ENOSYS',
      message: expect.stringMatching(/criu 99\.1, which is newer/),
    });
    await writeFile(join(other, 'checkpoint.json'), JSON.stringify({ ...manifest, cpuFeatures: ['warp'] }));
    await expect(client.restart(other, 1)).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringMatching(/lacks .*: warp/),
    });
    await writeFile(join(other, 'checkpoint.json'), JSON.stringify({ ...manifest, architecture: 'vax' }));
    await expect(client.restart(other, 1)).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringMatching(/of kind vax/),
    });
    expect(await client.procList()).toEqual([]);
  });
});

describe.skipIf(process.geteuid?.() !== 0)('are for root alone where the slave is root', () => {
  test('neither taken nor restarted by others, also of what is theirs', async () => {
    using open = openScratch();
    const path = join(open.path, 'master.sock');
    await using master = await startMaster({ listen: `unix:${path}`, users: 'all' });
    await using slave = await startSlave({ master: () => master.connect(), spawner: 'holder', node: 0 });
    await slave.attached;
    await using nobody = await connect({ master: async () => connectAs(path) });
    const his = await nobody.rexec(0, '/usr/bin/python3', ['-c', COUNTER], { cwd: '/' });
    const directory = join(scratch, 'his');
    await expect(nobody.checkpoint(his.pid, directory)).rejects.toMatchObject({
      code: 'EPERM',
      message: expect.stringMatching(/may not checkpoint process/),
    });
    await expect(nobody.restart(taken, 0)).rejects.toMatchObject({ code: 'EPERM' });
    await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
    his.stdin.end();
    expect(await his.wait()).toEqual({ kind: 'exited', code: 0 });
  });
});
