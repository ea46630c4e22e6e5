/** Checkpoints that nodes keep: PROTOCOL.md 12.15. */
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  type Cluster,
  connect,
  type RemoteProcess,
  startCluster,
  startMaster,
  startSlave,
} from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { connectAs, openScratch } from '../../support/other-user.ts';

let cluster: Cluster;
let client: Client;
let scratch: string;

/** Has 16 MiB of memory of which no page is like another, after 4 that it has not used; changes a byte of it, or uses a page before all of it, as it is told. */
const LARGE = `
import sys, os, mmap
memory = mmap.mmap(-1, 20 << 20)
memory[4 << 20:] = os.urandom(16 << 20)
for line in sys.stdin:
  word = line.strip()
  if word == 'change': memory[5 << 20] ^= 1
  if word == 'touch': memory[0] = 1
  if word == 'sum': word = str(sum(memory[4 << 20 :: 4096]))
  print(os.getpid(), word, flush=True)
sys.exit(7)
`;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'bproc-test-store-'));
  cluster = await start();
  client = cluster.client;
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

function start(): Promise<Cluster> {
  return startCluster({ nodes: 4, stateDir: join(scratch, 'state') });
}

function begin(node: number): Promise<RemoteProcess> {
  return client.rexec(node, '/usr/bin/python3', ['-c', LARGE]);
}

/** What reads the lines of each. */
const readers = new WeakMap<RemoteProcess, AsyncIterator<string>>();

async function say(process: RemoteProcess, word: string): Promise<string> {
  process.stdin.write(`${word}\n`);
  const lines = readers.get(process) ?? createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  readers.set(process, lines);
  const line: unknown = (await lines.next()).value;
  return String(line).split(' ').at(-1) ?? '';
}

async function end(process: RemoteProcess): Promise<void> {
  process.stdin.end();
  await readers.get(process)?.return?.();
  process.stdout.resume();
  expect(await process.wait()).toEqual({ kind: 'exited', code: 7 });
}

/** Bytes of pieces that a node has on its disk. */
async function piecesOf(node: number): Promise<{ readonly bytes: number; readonly paths: readonly string[] }> {
  const directory = join(scratch, 'state', `node.${node}`, 'checkpoints', 'pieces', 'blobs');
  const paths = (await readdir(directory)).map((name) => join(directory, name));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), paths };
}

describe('a checkpoint that nodes keep', () => {
  test('becomes a process on any node, and outlives the cluster', async () => {
    const original = await begin(0);
    const sum = await say(original, 'sum');
    const checkpoint = await client.checkpoint(original.pid, { store: true });
    expect(checkpoint).toMatch(/^[0-9a-f]{64}$/);
    expect(await say(original, 'on')).toBe('on');
    await end(original);
    const { pid } = original;
    expect(await client.checkpoints()).toEqual([
      expect.objectContaining({ checkpoint, nodes: [0], pid, command: 'python3', uid: process.getuid?.() }),
    ]);

    await cluster[Symbol.asyncDispose]();
    cluster = await start();
    client = cluster.client;
    expect((await client.checkpoints()).map((each) => each.checkpoint)).toEqual([checkpoint]);
    for (const node of [0, 2]) {
      const again = await client.restart({ checkpoint }, node);
      expect(again.node).toBe(node);
      expect(await say(again, 'sum')).toBe(sum);
      await end(again);
    }
    // the node has had it for that alone
    expect((await client.checkpoints()).map(({ nodes }) => nodes)).toEqual([[0]]);
    expect((await piecesOf(2)).paths).toEqual([]);

    await client.removeCheckpoint(checkpoint);
    expect(await client.checkpoints()).toEqual([]);
    expect((await piecesOf(0)).paths).toEqual([]);
    await expect(client.restart({ checkpoint }, 1)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(client.removeCheckpoint(checkpoint)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('takes only the room of what has changed since the last, which stays whole', async () => {
    const p = await begin(1);
    await say(p, 'begin');
    const first = await client.checkpoint(p.pid, { store: true });
    const before = await piecesOf(1);
    expect(before.bytes).toBeGreaterThan(16 * 2 ** 20);
    const sum = await say(p, 'sum');
    await say(p, 'change');
    // all that comes after this page in the image is elsewhere there than it was
    await say(p, 'touch');
    const changed = await say(p, 'sum');
    expect(changed).not.toBe(sum);
    const second = await client.checkpoint(p.pid, { store: true });
    const after = await piecesOf(1);
    expect(after.bytes - before.bytes).toBeLessThan(8 * 2 ** 20);
    await end(p);

    await client.removeCheckpoint(first);
    const again = await client.restart({ checkpoint: second }, 1);
    expect(await say(again, 'sum')).toBe(changed);
    await end(again);
    await client.removeCheckpoint(second);
    expect((await piecesOf(1)).paths).toEqual([]);
  });

  test('is kept by other nodes as well, and had from those', async () => {
    const p = await begin(0);
    const sum = await say(p, 'sum');
    const checkpoint = await client.checkpoint(p.pid, { store: true, copies: [1, 0, 3] }, { stop: true });
    expect(await p.wait()).toMatchObject({ kind: 'signaled', checkpointed: true });
    expect((await client.checkpoints()).map(({ nodes }) => nodes)).toEqual([[0, 1, 3]]);
    // one has lost it
    const { paths } = await piecesOf(0);
    expect(paths).not.toEqual([]);
    await Promise.all(paths.map((path) => rm(path)));
    const again = await client.restart({ checkpoint }, 2);
    expect(await say(again, 'sum')).toBe(sum);
    await end(again);
    await client.removeCheckpoint(checkpoint);
    expect(await client.checkpoints()).toEqual([]);
  });
});

test('of a process of the master is kept there, and becomes one of any node', async () => {
  const p = await begin(-1);
  const sum = await say(p, 'sum');
  const checkpoint = await client.checkpoint(p.pid, { store: true });
  await end(p);
  expect((await client.checkpoints()).map(({ nodes }) => nodes)).toEqual([[-1]]);
  const again = await client.restart({ checkpoint }, 1);
  expect(await say(again, 'sum')).toBe(sum);
  await end(again);
  await client.removeCheckpoint(checkpoint);
});

describe('is refused with the reason', () => {
  test('what is damaged, and names that are none', async () => {
    const p = await begin(1);
    await say(p, 'begin');
    const checkpoint = await client.checkpoint(p.pid, { store: true });
    await end(p);
    const { paths } = await piecesOf(1);
    const sizes = await Promise.all(paths.map(async (path) => ({ path, size: (await stat(path)).size })));
    const { path = '' } = sizes.find(({ size }) => size === 2 ** 20) ?? {};
    await chmod(path, 0o600);
    await writeFile(path, Buffer.alloc(2 ** 20));
    for (const node of [1, 2]) {
      await expect(client.restart({ checkpoint }, node)).rejects.toMatchObject({
        code: expect.stringMatching(/^(EIO|ENOENT)$/),
      });
    }
    await expect(client.restart({ checkpoint: 'x' }, 1)).rejects.toMatchObject({ code: 'EINVAL' });
    await client.removeCheckpoint(checkpoint);
  });

  test('copies for which there is no node: nothing stays, and the process runs on', async () => {
    const p = await begin(1);
    await say(p, 'begin');
    const taking = client.checkpoint(p.pid, { store: true, copies: [2, 99] }, { stop: true });
    await expect(taking).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
    expect(await say(p, 'on')).toBe('on');
    await end(p);
    expect(await client.checkpoints()).toEqual([]);
  });

  test('nothing: but who asked wants it no more, or has left, and nothing stays of it', async () => {
    const p = await begin(3);
    await say(p, 'begin');
    const abort = new AbortController();
    const taking = client.checkpoint(p.pid, { store: true }, { signal: abort.signal });
    taking.catch(() => {});
    await until(async () => (await piecesOf(3).catch(() => ({ paths: [] }))).paths.length > 0, 'its pieces come');
    abort.abort();
    await expect(taking).rejects.toMatchObject({ code: 'ECANCELED' });
    // a list is made after what was begun before
    await until(async () => (await client.checkpoints()).length === 0, 'it is removed');

    const other = await connect({ master: () => cluster.master.connect() });
    const left = other.checkpoint(p.pid, { store: true });
    left.catch(() => {});
    await until(async () => (await piecesOf(3)).paths.length > 0, 'its pieces come');
    await other[Symbol.asyncDispose]();
    await until(async () => (await client.checkpoints()).length === 0, 'it is removed');
    expect((await piecesOf(3)).paths).toEqual([]);
    await end(p);
  });

  test('what another user wants to see or restart', async () => {
    using open = openScratch();
    const path = join(open.path, 'master.sock');
    await using master = await startMaster({ listen: `unix:${path}`, users: 'all' });
    await using slave = await startSlave({ master: () => master.connect(), spawner: 'holder', node: 0 });
    await slave.attached;
    await using nobody = await connect({ master: async () => connectAs(path) });
    const his = await nobody.rexec(0, 'sleep', ['1000'], { cwd: '/' });
    const refused = { code: 'EPERM' };
    await expect(nobody.checkpoint(his.pid, { store: true })).rejects.toMatchObject(refused);
    await expect(nobody.checkpoints()).rejects.toMatchObject(refused);
    await expect(nobody.restart({ checkpoint: 'ab'.repeat(32) }, 0)).rejects.toMatchObject(refused);
    await his.kill('SIGKILL');
  });

  test('a node whose slave has no stateDir', async () => {
    await using plain = await startCluster({ nodes: 1 });
    const p = await plain.client.rexec(0, '/usr/bin/python3', ['-c', LARGE]);
    await expect(plain.client.checkpoint(p.pid, { store: true })).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringContaining('stateDir'),
    });
    expect(await plain.client.checkpoints()).toEqual([]);
    p.stdin.end();
    expect(await text(p.stdout)).toBe('');
  });
});
