/** Daemons that die, connections that break, and what becomes of the processes. */
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect, type RemoteProcess, startSlave } from '../../src/index.ts';
import { isAlive, Machines } from '../support/daemons.ts';

let machines: Machines;

beforeEach(async () => {
  machines = await Machines.create();
});

afterEach(async () => {
  await machines[Symbol.asyncDispose]();
});

const COUNT = 'i=0; while :; do echo $i; i=$((i+1)); done';

/** Reads numbered lines and fails at the first that is missing, doubled or out of order. */
async function countLines(p: RemoteProcess, until: () => boolean): Promise<number> {
  let expected = 0;
  for await (const line of createInterface({ input: p.stdout })) {
    if (line !== String(expected)) throw new Error(`line ${expected} reads ${line}`);
    expected += 1;
    if (until()) break;
  }
  // whoever stops reading stops the process too, and its end
  p.stdout.resume();
  return expected;
}

async function nodeIs(bp: Client, node: number, state: string): Promise<void> {
  await expect.poll(() => bp.nodeStatus(node).catch(() => 'none'), { timeout: 20_000 }).toBe(state);
}

describe('a slave killed in mid-stream', () => {
  test('its processes are unknown, and lost once when it returns; what they left is ended', async () => {
    await machines.master();
    // an engine that keeps nothing; with a holder they live on: slave-restart.test.ts
    const slave = await machines.slave(0, { spawner: 'child_process' });
    await using bp = await connect({ master: machines.address });
    await using changes = bp.notifier({ processes: true });
    const p = await bp.rexec(0, 'sh', ['-c', `(trap "" PIPE; setsid sleep 1000) & ${COUNT}`]);
    // it is there once its shell has forked it
    await expect.poll(async () => (await bp.procList()).length, { timeout: 20_000 }).toBeGreaterThan(1);
    const table = await bp.procList();
    const locals = table.map((info) => info.localPid);
    p.stdout.once('data', () => void slave.kill());
    p.stdout.on('error', () => {});
    p.stdout.resume();
    await expect.poll(() => p.state, { timeout: 20_000 }).toBe('unknown');
    expect(await bp.nodeInfo(0)).toMatchObject({ state: 'down', flags: ['unreachable'] });
    await expect(bp.rexec(0, 'true')).rejects.toMatchObject({ code: 'BE_NODEDOWN', node: 0 });
    await expect(p.kill()).rejects.toMatchObject({ code: 'BE_NODEDOWN' });
    await expect.poll(() => locals.map(isAlive), { timeout: 20_000 }).toEqual(locals.map(() => false));
    await machines.slave(0, { spawner: 'child_process' });
    expect(await p.wait()).toMatchObject({ kind: 'lost' });
    await nodeIs(bp, 0, 'up');
    const q = await bp.rexec(0, 'sh', ['-c', 'exit 5']);
    expect(await q.wait()).toEqual({ kind: 'exited', code: 5 });
    const ends: number[] = [];
    for await (const change of changes) {
      if (change.kind === 'process' && change.info.end !== undefined) ends.push(change.info.pid);
      if (ends.includes(q.pid)) break;
    }
    expect(ends).toEqual([p.pid, q.pid]);
  });

  test('an administrator’s word, or a bound that was chosen, says it is lost', async () => {
    await machines.master();
    const slave = await machines.slave(0);
    await using bp = await connect({ master: machines.address });
    const bounded = await bp.rexec(0, 'sleep', ['1000'], { lostAfterMs: 1500 });
    const open = await bp.rexec(0, 'sleep', ['1000']);
    await slave.kill();
    expect(await bounded.wait()).toMatchObject({ kind: 'lost' });
    expect(open.end).toBeUndefined();
    await bp.setNodeStatus(0, 'down', { reason: 'burnt' });
    expect(await open.wait()).toEqual({ kind: 'lost', reason: 'node 0: burnt' });
  });
});

describe('a master killed -9', () => {
  test('and started again: processes run on, and no line is lost or doubled', async () => {
    const master = await machines.master();
    await machines.slave(0);
    await using bp = await connect({ master: machines.address });
    const p = await bp.rexec(0, 'sh', ['-c', COUNT]);
    const quiet = await bp.rexec(0, 'sh', ['-c', 'read x; echo "got $x"; exit 4']);
    let back = false;
    let after = 0;
    const counted = countLines(p, () => {
      if (back) after += 1;
      return after > 5000;
    });
    await master.kill();
    await machines.master();
    await expect
      .poll(
        () =>
          bp.procList({ timeoutMs: 5000 }).then(
            (list) => list.length,
            () => 0,
          ),
        { timeout: 20_000 },
      )
      .toBe(2);
    back = true;
    expect(await counted).toBeGreaterThan(5000);
    quiet.stdin.end('word\n');
    quiet.stdout.setEncoding('utf8');
    let text = '';
    for await (const chunk of quiet.stdout) text += chunk;
    expect(text).toBe('got word\n');
    expect(await quiet.wait()).toEqual({ kind: 'exited', code: 4 });
    await p.kill('KILL');
    expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGKILL', core: false });
  });

  test('slaves that are to kill without a master do so', async () => {
    const master = await machines.master();
    await machines.slave(0, { masterLostMs: 300 });
    await machines.slave(1);
    await using bp = await connect({ master: machines.address, giveUpMs: 500 });
    const killed = await bp.rexec(0, 'sleep', ['1000']);
    const kept = await bp.rexec(1, 'sleep', ['1000'], { detached: true });
    await master.kill();
    await expect(killed.wait()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect.poll(() => isAlive(killed.localPid), { timeout: 20_000 }).toBe(false);
    expect(isAlive(kept.localPid)).toBe(true);
    await machines.master();
    await using again = await connect({ master: machines.address });
    await nodeIs(again, 1, 'up');
    const found = (await again.procList()).find((info) => info.localPid === kept.localPid);
    expect(found).toMatchObject({ state: 'running', detached: true });
    await again.kill(found?.pid ?? 0, 'KILL');
    expect(await again.wait(found?.pid ?? 0)).toMatchObject({ kind: 'signaled' });
  });

  test('what nobody claims from the new one ends', async () => {
    const master = await machines.master();
    await machines.slave(0);
    const client = await machines.client(0, 'sleep 1000');
    const localPid = Number(client.ready[0]);
    await master.kill();
    await client.kill();
    await machines.master({ clientGraceMs: 500 });
    await expect.poll(() => isAlive(localPid), { timeout: 20_000 }).toBe(false);
  });
});

describe('a client killed -9', () => {
  test('its processes end, unless they are detached', async () => {
    await machines.master({ clientGraceMs: 300 });
    await machines.slave(0);
    const plain = await machines.client(0, 'trap "" HUP TERM; sleep 1000 & wait; sleep 1000');
    const detached = await machines.client(0, 'sleep 1000', 'detached');
    await using bp = await connect({ master: machines.address });
    const children = (await bp.procList()).filter((info) => info.puid === '').map((info) => info.localPid);
    expect(children.length).toBeGreaterThan(0);
    await Promise.all([plain.kill(), detached.kill()]);
    const pids = [Number(plain.ready[0]), ...children.slice(0, 1)];
    await expect.poll(() => pids.map(isAlive), { timeout: 20_000 }).toEqual(pids.map(() => false));
    expect(isAlive(Number(detached.ready[0]))).toBe(true);
    await bp.kill(Number(detached.ready[1]), 'KILL');
    expect(await bp.wait(Number(detached.ready[1]))).toEqual({ kind: 'signaled', signal: 'SIGKILL', core: false });
  });
});

test('a broadcast does not wait for a node that is gone', async () => {
  await machines.master();
  const dead = await machines.slave(0);
  await machines.slave(1);
  await using bp = await connect({ master: machines.address });
  const vector = await bp.rexec('0,1', 'wc', ['-c']);
  vector.stdin.write('x'.repeat(4_000_000));
  dead.process.kill('SIGSTOP');
  vector.stdin.write('x'.repeat(4_000_000));
  await dead.kill();
  vector.stdin.end('x'.repeat(4_000_000));
  const [, alive] = vector.processes;
  let text = '';
  for await (const chunk of alive?.stdout ?? []) text += chunk;
  expect(text).toBe('12000000\n');
});

test('two slaves that claim one node: whoever lives keeps it', async () => {
  await machines.master();
  const first = await machines.slave(3);
  await using bp = await connect({ master: machines.address });
  const p = await bp.rexec(3, 'sleep', ['1000']);
  await using rival = await startSlave({ master: machines.address, node: 3 });
  const refusals: string[] = [];
  rival.on('detached', ({ code }) => refusals.push(code));
  // it is refused for as long as the first one answers, and asks again
  await expect.poll(() => refusals.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  expect(new Set(refusals)).toEqual(new Set(['EEXIST']));
  expect(p.state).toBe('running');
  expect(await bp.nodeStatus(3)).toBe('up');
  await first.kill();
  await rival.attached;
  expect(rival.node).toBe(3);
  expect(await p.wait()).toMatchObject({ kind: 'lost' });
});

test('a slave that is frozen is left, and taken back as it was', async () => {
  await machines.master({ heartbeatMs: 200 });
  const slave = await machines.slave(0);
  await using bp = await connect({ master: machines.address });
  const p = await bp.rexec(0, 'sh', ['-c', COUNT]);
  let back = false;
  let after = 0;
  const counted = countLines(p, () => {
    if (back) after += 1;
    return after > 5000;
  });
  slave.process.kill('SIGSTOP');
  await expect.poll(() => p.state, { timeout: 20_000 }).toBe('unknown');
  slave.process.kill('SIGCONT');
  await expect.poll(() => p.state, { timeout: 20_000 }).toBe('running');
  back = true;
  expect(await counted).toBeGreaterThan(5000);
  await p.kill('KILL');
  await p.wait();
});

test('without a master there is a clear error at once', async () => {
  await expect(connect({ master: machines.address })).rejects.toMatchObject({ code: 'ENOENT' });
  const master = await machines.master();
  await master.kill();
  await expect(connect({ master: machines.address })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

describe('a program with a cluster inside that is killed -9', () => {
  const script = '(trap "" PIPE HUP; setsid sleep 1000) & while :; do echo more; sleep 0.01; done';

  test('leaves nothing running', async () => {
    const program = await machines.embedded(script);
    const pids = program.ready.map(Number);
    expect(pids.length).toBeGreaterThanOrEqual(4);
    await program.kill();
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });

  test('and whose state directory is used again at once', async () => {
    const stateDir = `${machines.directory}/state`;
    const program = await machines.embedded(script, stateDir);
    const pids = program.ready.map(Number);
    await program.kill();
    const next = await machines.embedded('exec sleep 1000', stateDir);
    // taken up, and ended since nobody wants them any more
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    const fresh = next.ready.map(Number).filter((pid) => !pids.includes(pid));
    expect(fresh.filter(isAlive).length).toBeGreaterThan(0);
  });
});
