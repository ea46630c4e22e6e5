/** A holder that is killed -9: what it held is lost, that is said, and its node goes on with another one by itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Client, type Cluster, connect, type RemoteProcess, startCluster } from '../../src/index.ts';
import { readStat } from '../../src/linux/procfs.ts';
import { isAlive } from '../support/daemons.ts';
import { scratchTree } from '../support/scratch.ts';

const own = process.geteuid?.() === 0 ? 'root' : 'user';
const WAIT = { timeout: 20_000 };

/** The holder of a process is its parent. */
function holderOf({ localPid }: RemoteProcess): number {
  const ppid = readStat(localPid)?.ppid;
  if (ppid === undefined || ppid <= 1) throw new Error(`process ${localPid} has no holder`);
  return ppid;
}

async function killHolder(holder: number): Promise<void> {
  process.kill(holder, 'SIGKILL');
  await expect.poll(() => isAlive(holder), WAIT).toBe(false);
}

describe.each([
  ['none', false],
  ['none', true],
  [own, false],
  [own, true],
] as const)('pid namespace %s, state directory %s', (pidNamespace, hasState) => {
  let scratch: ReturnType<typeof scratchTree>;
  let cluster: Cluster;
  let bp: Client;

  beforeEach(async () => {
    scratch = scratchTree({});
    const stateDir = hasState ? { stateDir: scratch.path } : {};
    cluster = await startCluster({ nodes: [{ pidNamespace }, { pidNamespace }], spawner: 'holder', ...stateDir });
    bp = cluster.client;
  });

  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
  });

  test('its processes are lost, once each, and ended; other nodes notice nothing; starts work again', async () => {
    const long = await bp.rexec(0, 'sh', ['-c', 'sleep 1000 & echo $!; wait']);
    const more = await bp.rexec(0, 'sleep', ['1000']);
    const elsewhere = await bp.rexec(1, 'cat');
    const short = await bp.rexec(0, 'sh', ['-c', 'exit 3']);
    expect(await short.wait()).toEqual({ kind: 'exited', code: 3 });
    for await (const _ of createInterface({ input: long.stdout })) break;
    const locals = (await bp.procList({ node: 0 })).map(({ localPid }) => localPid);
    expect(locals).toHaveLength(3);
    const waits = [long.wait(), more.wait()];
    const before = cluster.slaves[1]?.bootId;
    await killHolder(holderOf(long));
    for (const end of await Promise.all(waits)) expect(end).toMatchObject({ kind: 'lost', reason: /holder/ });
    expect(await short.wait()).toEqual({ kind: 'exited', code: 3 });
    await expect.poll(() => locals.filter(isAlive), WAIT).toEqual([]);
    const next = await bp.rexec(0, 'sh', ['-c', 'exit 4']);
    expect(await next.wait()).toEqual({ kind: 'exited', code: 4 });
    expect(cluster.slaves[1]?.bootId).not.toBe(before);
    expect((await bp.procList({ node: 0 })).map(({ pid }) => pid)).toEqual([]);
    elsewhere.stdin.end();
    expect(await elsewhere.wait()).toEqual({ kind: 'exited', code: 0 });
  });

  test('starts that are under way at that moment run in the next life, or are said to be lost', async () => {
    const first = await bp.rexec(0, 'sleep', ['1000']);
    const holder = holderOf(first);
    const starts = Array.from({ length: 40 }, async () => (await bp.rexec(0, 'true')).wait());
    process.kill(holder, 'SIGKILL');
    const late = Array.from({ length: 10 }, async () => (await bp.rexec(0, 'true')).wait());
    for (const outcome of await Promise.allSettled([...starts, ...late])) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'BE_SLAVEDIED' });
      else if (outcome.value.kind !== 'lost') expect(outcome.value).toEqual({ kind: 'exited', code: 0 });
    }
    expect(await first.wait()).toMatchObject({ kind: 'lost' });
    expect(await (await bp.rexec(0, 'true')).wait()).toEqual({ kind: 'exited', code: 0 });
  });

  test('an end that nobody has taken yet is what it was', async () => {
    const go = join(scratch.path, 'go');
    const script = `while [ ! -e ${go} ]; do sleep 0.02; done; exit 5`;
    const starter = await connect({ master: () => cluster.master.connect() });
    const options = { detached: true, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' } as const;
    const { pid } = await starter.rexec(0, 'sh', ['-c', script], options);
    await starter[Symbol.asyncDispose]();
    writeFileSync(go, '');
    const state = async () => (await bp.procList({ node: 0 })).find((info) => info.pid === pid)?.state;
    await expect.poll(state, WAIT).toBe('exited');
    const other = await bp.rexec(0, 'sleep', ['1000']);
    await killHolder(holderOf(other));
    expect(await other.wait()).toMatchObject({ kind: 'lost' });
    expect(await (await bp.rexec(0, 'true')).wait()).toEqual({ kind: 'exited', code: 0 });
    expect(await bp.wait(pid)).toEqual({ kind: 'exited', code: 5 });
  });

  test('killed again and again, the node still comes back', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      let p: RemoteProcess | undefined;
      await expect
        .poll(async () => {
          p = await bp.rexec(0, 'sleep', ['1000']).catch((error: unknown) => {
            expect(error).toMatchObject({ code: 'EAGAIN', message: /node 0 can start nothing now/ });
            return undefined;
          });
          return p !== undefined;
        }, WAIT)
        .toBe(true);
      if (p === undefined) throw new Error('nothing was started');
      await killHolder(holderOf(p));
      expect(await p.wait()).toMatchObject({ kind: 'lost' });
    }
  });

  test('what is left of it goes with the cluster', async () => {
    const p = await bp.rexec(0, 'sleep', ['1000']);
    await killHolder(holderOf(p));
    await p.wait();
    const next = await bp.rexec(0, 'sleep', ['1000']);
    const holder = holderOf(next);
    await cluster[Symbol.asyncDispose]();
    await expect.poll(() => [holder, next.localPid].filter(isAlive), WAIT).toEqual([]);
  });
});
