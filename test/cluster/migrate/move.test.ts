/** Running processes go from node to node: PROTOCOL.md 12.1 to 12.3, with real ones on nodes that are pid namespaces. */
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Cluster, type RemoteProcess, startCluster } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';

let cluster: Cluster;
let client: Client;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-move-test-'));
  cluster = await startCluster({ nodes: 4 });
  client = cluster.client;
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** Reads on beside, so that what has come can be looked at. */
function following(process: RemoteProcess): { readonly text: string } {
  const seen = { text: '' };
  process.stdout.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  return seen;
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}

/** Moves it round the nodes until it has ended, and says how often. */
async function roundTrips(process: RemoteProcess, ended: Promise<unknown>): Promise<number> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  for (let moves = 0; ; moves += 1) {
    try {
      await client.move(process.pid, (process.node + 1) % 4);
    } catch (error) {
      if (isOver) return moves;
      expect(error).toMatchObject({ code: 'BE_INVALIDPROC' });
      await ended;
      return moves;
    }
  }
}

describe('a process that moves', () => {
  test.runIf(process.geteuid?.() === 0)(
    'has its pid again where the kernel was about to give that to others',
    async () => {
      const p = await client.rexec(0, '/bin/sleep', ['inf']);
      for (let before = 2; before <= 24; before += 2) {
        await client.move(p.pid, 1);
        const steer = ['-c', 'echo $1 > /proc/sys/kernel/ns_last_pid', 'sh', String(p.pid - before)];
        expect(await (await client.rexec(0, '/bin/sh', steer)).wait()).toEqual({ kind: 'exited', code: 0 });
        await client.move(p.pid, 0);
      }
      await p.kill('SIGKILL');
      await p.wait();
    },
  );

  test('goes on under its pid, and its client sees nothing of it', async () => {
    const p = await client.rexec(0, '/bin/sh', ['-c', 'echo $$; read x; echo $$ $x; exit 7']);
    const seen = following(p);
    await until(() => seen.text.includes('\n'), 'its first line');
    await client.move(p.pid, 1);
    expect(p.node).toBe(1);
    expect(p.state).toBe('running');
    expect((await client.procList()).find(({ pid }) => pid === p.pid)).toMatchObject({ node: 1, state: 'running' });
    p.stdin.end('there\n');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
    expect(seen.text).toBe(`${p.pid}\n${p.pid} there\n`);
    expect(await client.procList()).toEqual([]);
  });

  test('loses and repeats no line while it writes at full speed', async () => {
    const stop = join(directory, 'stop');
    const script = `i=0; while [ ! -e ${stop} ]; do i=$((i+1)); echo $i; done`;
    const p = await client.rexec(0, '/bin/sh', ['-c', script]);
    const seen = following(p);
    for (let move = 1; move <= 20; move += 1) await client.move(p.pid, move % 4);
    await writeFile(stop, '');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
    const lines = seen.text.trim().split('\n');
    expect(lines).toEqual(numbers(lines.length));
  });

  test('is fed while it moves, and gets every line once', async () => {
    const p = await client.rexec(1, '/bin/sh', ['-c', 'while read line; do echo $line; done']);
    const seen = following(p);
    const ended = p.wait();
    const feeding = (async () => {
      for (const each of numbers(3000)) {
        if (!p.stdin.write(`${each}\n`)) await new Promise<void>((resolve) => p.stdin.once('drain', resolve));
        if (Number(each) % 100 === 0) await until(() => seen.text.includes(`\n${each}\n`), `line ${each}`);
      }
      p.stdin.end();
    })();
    await roundTrips(p, ended);
    await feeding;
    expect(await ended).toEqual({ kind: 'exited', code: 0 });
    expect(seen.text.trim().split('\n')).toEqual(numbers(3000));
  });

  test('takes what it has not read along, and waits for a reader as before', async () => {
    // far more than all that is between it and its reader holds
    const p = await client.rexec(0, '/bin/sh', ['-c', 'seq 1000000; cat']);
    p.stdin.end('unread\n');
    // it waits, since nobody reads
    for (const node of [1, 2, 3]) await client.move(p.pid, node);
    const lines = (await text(p.stdout)).trim().split('\n');
    expect(lines).toEqual([...numbers(1_000_000), 'unread']);
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  });

  test('takes its children, files and pipes along', async () => {
    const path = join(directory, 'lines');
    await writeFile(path, `${numbers(1000).join('\n')}\n`);
    const go = join(directory, 'go');
    const child = `while [ ! -e ${go} ]; do sleep 0.02; done; while read line; do echo $line; done; echo child $$`;
    const script = `exec 5<${path}; read first <&5; echo ready >&2; (${child}) <&5 | sort -n & wait; exit 3`;
    const p = await client.rexec(0, '/bin/sh', ['-c', script]);
    await once(p.stderr, 'data');
    await client.move(p.pid, 2);
    await writeFile(go, '');
    const lines = (await text(p.stdout)).trim().split('\n');
    expect(lines).toEqual([`child ${p.pid}`, ...numbers(1000).slice(1)]);
    expect(await p.wait()).toEqual({ kind: 'exited', code: 3 });
  });

  test('is signalled, stopped and continued wherever it is', async () => {
    const p = await client.rexec(0, '/bin/sh', [
      '-c',
      'trap "echo usr1" USR1; echo ready; while :; do sleep 0.01; done',
    ]);
    const seen = following(p);
    await until(() => seen.text.includes('ready'), 'its trap');
    await client.kill(p.pid, 'SIGSTOP');
    await until(() => p.state === 'stopped', 'its stop');
    await client.move(p.pid, 1);
    expect(p.state).toBe('stopped');
    await client.kill(p.pid, 'SIGCONT');
    await until(() => p.state === 'running', 'its going on');
    const moving = client.move(p.pid, 2);
    const signals = [client.kill(p.pid, 'SIGUSR1'), moving];
    await Promise.all(signals);
    await until(() => seen.text.includes('usr1'), 'its signal');
    // whichever comes first
    const last = Promise.allSettled([client.move(p.pid, 3)]);
    await client.kill(p.pid, 'SIGKILL');
    await last;
    expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGKILL', core: false });
  });

  test('keeps its limits', async () => {
    const p = await client.rexec(0, 'sleep', ['1000'], { lifetimeMs: 4000 });
    await client.move(p.pid, 1);
    expect(await p.wait()).toEqual({ kind: 'timedOut', limit: 'lifetime' });
  });
});

describe('what cannot be moved stays', () => {
  test('and is told why', async () => {
    const p = await client.rexec(0, 'sleep', ['1000']);
    await expect(client.move(p.pid, 99)).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
    await expect(client.move(p.pid, -1)).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(client.move(2 ** 29, 1)).rejects.toMatchObject({ code: 'BE_INVALIDPROC' });
    await client.move(p.pid, 0);
    expect(p.node).toBe(0);
    const both = await Promise.allSettled([client.move(p.pid, 1), client.move(p.pid, 2)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'EBUSY' } });
    await p.kill('SIGKILL');
    await p.wait();
    await expect(client.move(p.pid, 1)).rejects.toMatchObject({ code: 'BE_INVALIDPROC' });
  });

  test('and what was begun is cleared away', async () => {
    // a move is answered before all of it has been removed
    const left = async () =>
      (await readdir('/dev/shm')).filter((name) => name.startsWith(`bproc-move-${process.pid}-`));
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  });
});
