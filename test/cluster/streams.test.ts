/** Standard streams: every byte once and in order, and never more of them in memory than allowed. */
import { createHash, randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2 });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

async function hashOf(stream: AsyncIterable<Buffer>): Promise<{ bytes: number; digest: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, digest: hash.digest('hex') };
}

test('64 MiB go in and come out the same', async () => {
  const p = await cluster.client.rexec(0, 'cat');
  const block = randomBytes(1024 * 1024);
  const expected = createHash('sha256');
  const received = hashOf(p.stdout);
  for (let i = 0; i < 64; i += 1) {
    expected.update(block);
    if (!p.stdin.write(block)) await new Promise((resolve) => p.stdin.once('drain', resolve));
  }
  p.stdin.end();
  expect(await received).toEqual({ bytes: 64 * 1024 * 1024, digest: expected.digest('hex') });
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

test('stdout and stderr stay apart, and the end comes after both', async () => {
  const p = await cluster.client.rexec(1, 'sh', ['-c', 'for i in 1 2 3; do echo out $i; echo err $i >&2; done']);
  const [out, err, end] = await Promise.all([text(p.stdout), text(p.stderr), p.wait()]);
  expect(out).toBe('out 1\nout 2\nout 3\n');
  expect(err).toBe('err 1\nerr 2\nerr 3\n');
  expect(end).toEqual({ kind: 'exited', code: 0 });
});

test('a reader that stops makes the process stop, and everything arrives afterwards', async () => {
  const total = 96 * 1024 * 1024;
  const p = await cluster.client.rexec(0, 'sh', ['-c', `head -c ${total} /dev/zero; echo done >&2`]);
  const other = await cluster.client.rexec(0, 'sh', ['-c', 'echo not held up by it']);
  expect(await text(other.stdout)).toBe('not held up by it\n');
  let finished = false;
  p.stderr.once('data', () => {
    finished = true;
  });
  const before = process.memoryUsage().rss;
  await cluster.client.procList();
  expect(finished).toBe(false);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  expect((await hashOf(p.stdout)).bytes).toBe(total);
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

test('100,000 lines of one byte each', async () => {
  const script = 'i=0; while [ $i -lt 100000 ]; do echo; i=$((i+1)); done';
  const p = await cluster.client.rexec(0, 'sh', ['-c', script]);
  expect((await hashOf(p.stdout)).bytes).toBe(100_000);
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

test('stdout closed early: the process sees a closed pipe, as in a shell', async () => {
  const p = await cluster.client.rexec(1, 'sh', [
    '-c',
    'trap "" PIPE; while echo more; do :; done 2>/dev/null; exit 7',
  ]);
  await new Promise((resolve) => p.stdout.once('data', resolve));
  p.stdout.destroy();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
  const killed = await cluster.client.rexec(1, 'yes');
  killed.stdout.destroy();
  // this engine's pipes are sockets: bytes that were never read make the writer see a reset instead of a signal
  const ends = [
    { kind: 'signaled', signal: 'SIGPIPE', core: false },
    { kind: 'exited', code: 1 },
  ];
  expect(ends).toContainEqual(await killed.wait());
});

test('stdin closed early: a writer gets EPIPE', async () => {
  const p = await cluster.client.rexec(0, 'sh', ['-c', 'exec <&-; sleep 1000']);
  const failed = new Promise<Error>((resolve) => p.stdin.once('error', resolve));
  const block = Buffer.alloc(64 * 1024);
  const writing = setInterval(() => p.stdin.write(block), 1);
  expect(await failed).toMatchObject({ code: 'EPIPE', pid: p.pid });
  clearInterval(writing);
  await p.kill('KILL');
  await p.wait();
});

test('a child that keeps stdio open does not keep the end from coming', async () => {
  const p = await cluster.client.rexec(0, 'sh', ['-c', 'sleep 1000 & echo parent is done']);
  expect(await text(p.stdout)).toBe('parent is done\n');
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

test('what a process writes at its very end is not lost', async () => {
  const size = 3 * 1024 * 1024;
  const p = await cluster.client.rexec(0, 'sh', ['-c', `head -c ${size} /dev/zero; kill -9 $$`]);
  expect((await hashOf(p.stdout)).bytes).toBe(size);
  expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGKILL', core: false });
});
