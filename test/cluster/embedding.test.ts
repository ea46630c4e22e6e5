/** What an embedding program may do to the library, and what the library never does to it. */
import { getEventListeners } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Cluster, connect, startCluster } from '../../src/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { shellRoot } from '../support/shell-root.ts';

let cluster: Cluster;
let bp: Client;
const uncaught: unknown[] = [];
const note = (error: unknown): void => {
  uncaught.push(error);
};
let before: NodeJS.UncaughtExceptionListener[] = [];

beforeAll(async () => {
  before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', note).on('unhandledRejection', note);
  cluster = await startCluster({ nodes: 2 });
  bp = cluster.client;
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  process.off('uncaughtException', note).off('unhandledRejection', note);
  for (const listener of before) process.on('uncaughtException', listener);
});

describe('a listener that throws', () => {
  test('is heard of by its program, and breaks no connection', async () => {
    const p = await bp.rexec(0, 'sh', ['-c', 'echo one; read x; echo two']);
    const bug = new Error('a bug of the program');
    p.stdout.once('data', () => {
      throw bug;
    });
    await expect.poll(() => uncaught).toEqual([bug]);
    uncaught.length = 0;
    p.stdin.end('go\n');
    p.stdout.resume();
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
    expect(bp.isConnected).toBe(true);
  });
});

describe('numbers and sets that are none', () => {
  test.each([1.5, Number.NaN, 2 ** 32 + 1, -2, '', ' ', undefined, { node: 1 }, [0, 0.5]])('%o', async (nodes) => {
    await expect(bp.rexec(nodes as number, 'true')).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test('argv and env that are none', async () => {
    await expect(bp.rexec(0, 'echo', 'hello' as never)).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(bp.rexec(0, 'true', [], { env: { A: 1 as never } })).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(bp.terminate(1, { graceMs: Number.NaN })).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(bp.terminate(1, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ECANCELED' });
  });
});

describe('after the client is disposed of', () => {
  test('nothing is thrown at a program that writes, waits or starts', async () => {
    const client = await connect({ master: () => cluster.master.connect() });
    const p = await client.rexec(0, 'sleep', ['1000']);
    p.stdin.write(Buffer.alloc(5_000_000));
    const waiting = p.wait().catch((error: { code: string }) => error.code);
    await client[Symbol.asyncDispose]();
    expect(await waiting).toBe('ECANCELED');
    expect(p.stdin.destroyed).toBe(true);
    await expect(client.rexec(0, 'true', [], { timeoutMs: 50 })).rejects.toMatchObject({ code: 'ECANCELED' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(uncaught).toEqual([]);
  });
});

test('stdin is closed when its process has ended, as a child’s is', async () => {
  const p = await bp.rexec(0, 'true');
  const idle = new PassThrough();
  await expect(pipeline(idle, p.stdin)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  expect(p.stdin.writable).toBe(false);
});

test('a descriptor is read only for a process that runs', async () => {
  const fd = openSync('/dev/zero', 'r');
  await expect(bp.rexec(0, 'no-such-program', [], { stdin: fd })).rejects.toMatchObject({ code: 'ENOENT' });
  const p = await bp.rexec(0, 'true', [], { stdin: fd });
  await p.wait();
  await expect.poll(() => process.getActiveResourcesInfo().filter((name) => name === 'FSReqCallback')).toEqual([]);
  closeSync(fd);
});

describe('signals of calls', () => {
  test('end a vector as they end a single start, and leave nothing running', async () => {
    for (const nodes of [[0], [0, 1], 'all']) {
      const aborter = new AbortController();
      const start = bp.rexec(nodes, 'sleep', ['1000'], { signal: aborter.signal });
      aborter.abort();
      await expect(start).rejects.toMatchObject({ code: 'ECANCELED' });
    }
    await expect.poll(() => bp.procList(), { timeout: 20_000 }).toEqual([]);
  });

  test('keep no listeners', async () => {
    const warnings: Error[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    const { signal } = new AbortController();
    const vector = await bp.rexec(Array(20).fill(0), 'true', [], { signal });
    await vector.wait({ signal });
    for (let i = 0; i < 5; i += 1) await bp.notifier({ signal })[Symbol.asyncDispose]();
    await expect.poll(() => getEventListeners(signal, 'abort')).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

test('a notifier can be asked twice at once', async () => {
  const notifier = bp.notifier();
  const both = Promise.all([notifier.next(), notifier.next()]);
  await bp.setNodeAttr(0, 'a', '1');
  await bp.setNodeAttr(0, 'a', '2');
  const values = (await both).map(({ value }) => (value?.kind === 'node' ? value.info.attributes['a'] : ''));
  expect(values.sort()).toEqual(['1', '2']);
  await notifier[Symbol.asyncDispose]();
});

test.skipIf(process.geteuid?.() !== 0)('in another root nobody is told of a socket that is not there', async () => {
  await using own = await startCluster({ nodes: 1, spawner: 'holder' });
  const says = async () => {
    let said = '';
    const p = await own.client.rexec(0, '/bin/sh', ['-c', 'echo "way:$BPROC_MASTER"'], { cwd: '/' });
    for await (const chunk of p.stdout) said += chunk;
    return said;
  };
  expect(await says()).toMatch(/^way:unix:/);
  using scratch = scratchTree({});
  await own.client.chroot(0, shellRoot(join(scratch.path, 'root')));
  expect(await says()).toBe('way:\n');
});
