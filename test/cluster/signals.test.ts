/** Signals, stopping, process trees and limits. */
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Cluster, connect, type RemoteProcess, startCluster } from '../../src/index.ts';
import { isAlive } from '../support/daemons.ts';
import { localPidOf } from '../support/local-pid.ts';

let cluster: Cluster;
let bp: Client;

async function firstLine(p: RemoteProcess): Promise<string> {
  const lines = createInterface({ input: p.stdout });
  for await (const line of lines) return line;
  throw new Error('it wrote no line');
}

/** The pid on this machine of the process that says its own in a line. */
async function firstPid(p: RemoteProcess): Promise<number> {
  return localPidOf(bp, Number(await firstLine(p)));
}

describe.each(['none', 'auto'] as const)('pid namespace %s', (pidNamespace) => {
  beforeAll(async () => {
    cluster = await startCluster({ nodes: [{ pidNamespace }, { pidNamespace }] });
    bp = cluster.client;
  });

  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  describe('terminate', () => {
    test('ends what is stopped by TERM, long before the grace time is over [PROTOCOL 6.4]', async () => {
      const p = await bp.rexec(0, 'sleep', ['1000']);
      await p.kill('STOP');
      await expect
        .poll(async () => (await bp.procList({ node: 0 })).find(({ pid }) => pid === p.pid)?.state)
        .toBe('stopped');
      await bp.terminate(p.pid, { graceMs: 3_600_000 });
      expect(await p.wait({ timeoutMs: 20_000 })).toMatchObject({ kind: 'signaled', signal: 'SIGTERM' });
    });
  });

  describe('signals', () => {
    test('reach the program, by name and by number', async () => {
      const p = await bp.rexec(0, 'sh', [
        '-c',
        'trap "echo got usr1; exit 4" USR1; echo ready; while :; do sleep 0.05; done',
      ]);
      const lines = createInterface({ input: p.stdout })[Symbol.asyncIterator]();
      expect((await lines.next()).value).toBe('ready');
      await bp.kill(p.pid, 10);
      expect((await lines.next()).value).toBe('got usr1');
      expect(await p.wait()).toEqual({ kind: 'exited', code: 4 });
      await expect(p.kill('USR1')).rejects.toMatchObject({ code: 'BE_INVALIDPROC', pid: p.pid });
    });

    test('that do not exist, and processes that do not', async () => {
      const p = await bp.rexec(0, 'sleep', ['1000']);
      await expect(p.kill('SIGNOTHING')).rejects.toMatchObject({ code: 'EINVAL' });
      await expect(bp.kill(987_654)).rejects.toMatchObject({ code: 'BE_INVALIDPROC', pid: 987_654 });
      await expect(bp.kill(0)).rejects.toMatchObject({ code: 'EINVAL' });
      await p.kill('KILL');
      await p.wait();
    });

    test('of another user are refused', async () => {
      const p = await bp.rexec(0, 'sleep', ['1000']);
      const other = await connect({ master: () => cluster.master.connect({ credentials: { uid: 4242, gids: [] } }) });
      await expect(other.kill(p.pid)).rejects.toMatchObject({ code: 'EPERM', pid: p.pid });
      await other[Symbol.asyncDispose]();
      await p.kill('KILL');
      expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGKILL', core: false });
    });

    test('stop and continue, and the table shows it', async () => {
      const p = await bp.rexec(1, 'sleep', ['1000']);
      const listed = async () => (await bp.procList()).find((info) => info.pid === p.pid)?.state;
      // a signal that was sent takes effect when its process next runs
      await p.kill('STOP');
      await expect.poll(listed, { timeout: 20_000 }).toBe('stopped');
      await expect.poll(() => p.state, { timeout: 20_000 }).toBe('stopped');
      await p.kill('CONT');
      await expect.poll(listed, { timeout: 20_000 }).toBe('running');
      await p.kill();
      expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGTERM', core: false });
    });
  });

  describe('process trees', () => {
    test('forked children are in the table with their parent, and can be signalled', async () => {
      const p = await bp.rexec(0, 'sh', ['-c', 'sleep 1000 & echo $!; wait $!; echo child ended with $?']);
      const lines = createInterface({ input: p.stdout })[Symbol.asyncIterator]();
      const localChild = await localPidOf(bp, Number((await lines.next()).value));
      const find = async () => (await bp.procList({ node: 0 })).find((info) => info.localPid === localChild);
      // between its fork and its exec it still has the shell's name
      await expect.poll(async () => (await find())?.command).toBe('sleep');
      const child = await find();
      expect(child).toMatchObject({ ppid: p.pid, pgid: p.pid, sid: p.pid, node: 0, command: 'sleep', puid: '' });
      expect(child?.pid).toBeGreaterThan(0);
      expect((await find())?.pid).toBe(child?.pid);
      await bp.kill(child?.pid ?? 0, 'TERM');
      expect((await lines.next()).value).toBe('child ended with 143');
      expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
      expect(await bp.pidNode(child?.pid ?? 0)).toBe(-3);
    });

    test('a kill reaches a grandchild in another session', async () => {
      const p = await bp.rexec(0, 'sh', ['-c', 'setsid sh -c "echo \\$\\$; sleep 1000" & sleep 1000']);
      const grandchild = await firstPid(p);
      expect(isAlive(grandchild)).toBe(true);
      await p.kill('KILL');
      await p.wait();
      await expect.poll(() => isAlive(grandchild)).toBe(false);
    });

    test('a negative pid means the group', async () => {
      const p = await bp.rexec(0, 'sh', ['-c', 'trap "" HUP; sleep 1000 & echo $!; wait']);
      const child = await firstPid(p);
      await bp.kill(-p.pid, 'USR2');
      expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGUSR2', core: false });
      await expect.poll(() => isAlive(child)).toBe(false);
    });

    test('pidNode and pidGhostNode', async () => {
      const p = await bp.rexec(1, 'sleep', ['1000']);
      expect(await bp.pidNode(p.pid)).toBe(1);
      expect(await bp.pidGhostNode(p.pid)).toBe(-1);
      expect(await bp.pidNode(999_999)).toBe(-3);
      await p.kill('KILL');
      await p.wait();
    });
  });

  describe('ending', () => {
    const stubborn = ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done'];

    test('a process that ignores TERM is killed after its grace time', async () => {
      const p = await bp.rexec(0, 'sh', stubborn);
      await firstLine(p);
      await p.terminate({ graceMs: 200 });
      expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGKILL', core: false });
    });

    test('unless it is spared in between', async () => {
      const p = await bp.rexec(0, 'sh', ['-c', 'trap "echo termed" TERM; echo ready; while :; do sleep 0.05; done']);
      const lines = createInterface({ input: p.stdout })[Symbol.asyncIterator]();
      await lines.next();
      const aborter = new AbortController();
      await p.terminate({ graceMs: 1500, signal: aborter.signal });
      expect((await lines.next()).value).toBe('termed');
      aborter.abort();
      await expect(p.wait({ timeoutMs: 2500 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
      await p.kill('KILL');
      await p.wait();
    });

    test('a life that is too long', async () => {
      const p = await bp.rexec(0, 'sh', stubborn, { lifetimeMs: 200, killGraceMs: 100 });
      expect(await p.wait()).toEqual({ kind: 'timedOut', limit: 'lifetime' });
    });

    test('a silence that is too long, measured from the last output', async () => {
      const script = 'for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done; sleep 1000';
      const p = await bp.rexec(0, 'sh', ['-c', script], { silenceMs: 400 });
      expect(await text(p.stdout)).toBe('1\n2\n3\n4\n5\n6\n');
      expect(await p.wait()).toEqual({ kind: 'timedOut', limit: 'silence' });
    });

    test('waiting can be bounded, and another client can wait too', async () => {
      const p = await bp.rexec(0, 'sleep', ['1000']);
      await expect(p.wait({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
      await expect(p.wait({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ECANCELED' });
      const other = await connect({ master: () => cluster.master.connect() });
      const seen = other.wait(p.pid);
      await p.kill('INT');
      expect(await seen).toEqual({ kind: 'signaled', signal: 'SIGINT', core: false });
      expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGINT', core: false });
      await other[Symbol.asyncDispose]();
    });

    test('detach takes a process out of the process space and leaves it running', async () => {
      const p = await bp.rexec(1, 'sleep', ['1000']);
      const { localPid } = p;
      await bp.detach(p.pid, 5);
      expect(await p.wait()).toEqual({ kind: 'exited', code: 5 });
      expect(await bp.pidNode(p.pid)).toBe(-3);
      expect(isAlive(localPid)).toBe(true);
      process.kill(localPid, 'SIGKILL');
    });
  });

  describe('clients', () => {
    test('a client that leaves takes its processes with it, and what they left behind', async () => {
      const client = await connect({ master: () => cluster.master.connect() });
      const p = await client.rexec(0, 'sh', ['-c', 'setsid sleep 1000 & echo $!; sleep 1000']);
      const left = await client.rexec(1, 'sh', ['-c', '(setsid sh -c "echo \\$\\$; exec sleep 1000" &) ; sleep 0.2']);
      const children = [await firstPid(p), await firstPid(left), p.localPid];
      await left.wait();
      expect(children.map(isAlive)).toEqual([true, true, true]);
      await client[Symbol.asyncDispose]();
      await expect.poll(() => children.map(isAlive), { timeout: 20_000 }).toEqual([false, false, false]);
      await expect(p.wait()).rejects.toMatchObject({ code: 'ECANCELED' });
    });

    test('a detached process stays, and its end is kept for whoever asks', async () => {
      const client = await connect({ master: () => cluster.master.connect() });
      const p = await client.rexec(0, 'sh', ['-c', 'echo nobody reads this; sleep 0.3; exit 6'], { detached: true });
      await client[Symbol.asyncDispose]();
      expect(await bp.wait(p.pid)).toEqual({ kind: 'exited', code: 6 });
    });
  });
});
