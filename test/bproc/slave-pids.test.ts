/** Which pids a slave gives, where its engine has a say in them: fed by hand, since no kernel takes pids away when it is told to. */
import { describe, expect, test } from 'vitest';
import type { SlaveEffect } from '../../src/bproc/slave/events.ts';
import { BprocError } from '../../src/errors.ts';
import type { TreeEntry } from '../../src/linux/index.ts';
import { Scope } from '../../src/wire/index.ts';
import { idOf } from '../support/raw-peer.ts';
import { SlaveTable } from '../support/slave-table.ts';

const BLOCK = { first: 8192, count: 4096 };
const LIMIT = 32_768;

function spawned(slave: SlaveTable): { readonly key: string; readonly pid: number | undefined; readonly env: string } {
  for (const effect of slave.effects) {
    if (effect.type === 'spawn') {
      const { pid, env } = effect.request;
      return { key: effect.key, pid, env: env['BPROC_PID'] ?? '' };
    }
  }
  throw new Error('nothing is spawned');
}

function taken(slave: SlaveTable, key: string): void {
  slave.feed({ type: 'failed', key, error: new BprocError('EEXIST', 'that pid is taken') });
}

function entry(pid: number, origin: number, startTime = 7): TreeEntry {
  const ids = { pid, ppid: origin, pgid: origin, sid: origin, outerPid: pid + 100_000 };
  return { ...ids, startTime, uid: 0, state: 'S', command: 'child', origin };
}

/** The slave's answer to a list of these. */
function listed(slave: SlaveTable, request: number, entries: readonly TreeEntry[]) {
  slave.say({ request: { id: request, listProcesses: {} } });
  slave.feed({ type: 'listed', request, entries });
  return slave.told.flatMap(({ response }) =>
    response !== undefined && response !== null && 'processList' in response
      ? (response.processList?.processes ?? [])
      : [],
  );
}

test('a start asks the kernel for its global pid, and is told to be that one', () => {
  const slave = new SlaveTable(BLOCK, LIMIT);
  expect(slave.effects).toContainEqual({ type: 'preferPids', ...BLOCK });
  slave.start({}, (pid) => ({ pid, startTime: 1, outerPid: 99 }));
  const [{ started } = {}] = slave.told;
  expect(started).toMatchObject({ localPid: 99, mapped: false });
});

test('a node whose pids are beyond what its kernel has maps them', () => {
  const slave = new SlaveTable({ first: 36_864, count: 4096 }, LIMIT);
  expect(slave.effects.map(({ type }) => type)).not.toContain('preferPids');
  slave.start({});
  const [{ started } = {}] = slave.told;
  expect(started).toMatchObject({ mapped: true });
});

test('a pid that the kernel has given away: another one, further on, and in the end whichever the kernel gives', () => {
  const slave = new SlaveTable(BLOCK, LIMIT);
  slave.ask({});
  const asked = new Set<number>();
  let { key, pid, env } = spawned(slave);
  for (let tries = 0; pid !== undefined; tries += 1) {
    expect(tries).toBeLessThan(100);
    expect(env).toBe(String(pid));
    expect(asked.has(pid)).toBe(false);
    asked.add(pid);
    taken(slave, key);
    ({ key, pid, env } = spawned(slave));
  }
  expect(asked.size).toBeGreaterThan(32);
  // a run of 500 is left behind at once
  const [first = 0, second = 0] = asked;
  expect(Math.abs(second - first)).toBeGreaterThan(500);
  slave.feed({ type: 'started', key, identity: { pid: 20_000, startTime: 1 }, at: 0 });
  const [{ started } = {}] = slave.told;
  expect(started).toMatchObject({ pid: Number(env), mapped: true });
});

test('what was forked is known by its own pid where that is free, and else mapped', () => {
  const slave = new SlaveTable(BLOCK, LIMIT);
  const first = slave.start({}, (pid) => ({ pid, startTime: 1 }));
  const second = slave.start({}, () => ({ pid: 500, startTime: 1 }));
  const origin = slave.state.processes.get(first)?.pid ?? 0;
  const other = slave.state.processes.get(second)?.pid ?? 0;
  const own = origin + 1000 < 12_288 ? origin + 1000 : origin - 1000;
  const overrun = 12_288 + 5;
  const all = [entry(origin, origin, 1), entry(own, origin), entry(overrun, origin), entry(other, origin)];
  const records = listed(slave, 1, all);
  const [, mine, far, someoneElses] = records;
  expect(records.map(({ mapped }) => mapped)).toEqual([false, false, true, true]);
  expect(mine).toMatchObject({ pid: own, ppid: origin, localPid: own + 100_000 });
  for (const { pid = 0 } of [far ?? {}, someoneElses ?? {}]) {
    expect(pid).toBeGreaterThanOrEqual(BLOCK.first);
    expect(pid).toBeLessThan(BLOCK.first + BLOCK.count);
    expect([origin, other, own]).not.toContain(pid);
  }
  expect(listed(slave, 2, all)).toEqual(records);
});

test('a signal to a forked process that nobody has asked for a list of looks for it; to one whose pid is reused it is late', () => {
  const slave = new SlaveTable(BLOCK, LIMIT);
  const key = slave.start({}, (pid) => ({ pid, startTime: 1 }));
  const origin = slave.state.processes.get(key)?.pid ?? 0;
  const child = origin === 8192 ? 8193 : 8192;
  const kill = (request: number) => {
    const order = { pid: child, signal: 9, scope: Scope.PROCESS, client: idOf(3), clientRequest: request };
    return slave.say({ request: { id: request, kill: order } });
  };
  expect(kill(1)).toContainEqual({ type: 'list', request: 1 });
  slave.feed({ type: 'listed', request: 1, entries: [entry(origin, origin, 1), entry(child, origin)] });
  expect(slave.effects).toContainEqual(
    expect.objectContaining({ type: 'signalForked', identity: { pid: child, startTime: 7 } }),
  );
  // another one has that pid by now: what was listed before is meant, and is gone
  expect(kill(2)).toContainEqual(
    expect.objectContaining({ type: 'signalForked', identity: { pid: child, startTime: 7 } }),
  );
  expect(slave.say({ request: { id: 3, kill: { pid: 4096, signal: 9, client: idOf(3), clientRequest: 3 } } })).toEqual([
    expect.objectContaining({ type: 'send' }),
  ]);
});

describe('a signal to a forked process, of a user who may signal his own alone [PROTOCOL 6.4]', () => {
  const [mine, others] = [4711, 4712];

  /** What becomes of his signal to the second of two processes that one of root's has forked, which run as these. */
  function outcome(uids: readonly [number, number], scope: Scope, same: Partial<TreeEntry> = {}): string | undefined {
    const slave = new SlaveTable(BLOCK, LIMIT);
    const key = slave.start({}, (pid) => ({ pid, startTime: 1 }));
    const origin = slave.state.processes.get(key)?.pid ?? 0;
    const [first, second] = [origin + 10, origin + 11].map((pid) => BLOCK.first + (pid % BLOCK.count));
    const order = { pid: second, signal: 15, scope, client: idOf(3), clientRequest: 1, uid: mine };
    slave.say({ request: { id: 1, kill: order } });
    const forked = { ...entry(second ?? 0, first ?? 0), pgid: first ?? 0, sid: first ?? 0, origin, ...same };
    const entries = [
      { ...entry(origin, origin, 1), uid: 0 },
      { ...entry(first ?? 0, origin), uid: uids[0], pgid: first ?? 0, sid: first ?? 0 },
      { ...forked, uid: uids[1] },
      { ...entry(20_000, second ?? 0), origin, uid: others, pgid: 20_000 },
    ];
    slave.feed({ type: 'listed', request: 1, entries });
    if (slave.effects.some(({ type }) => type === 'signalForked')) return 'sent';
    const [{ response } = {}] = slave.told;
    return response?.failure?.code;
  }

  test('reaches him who runs as that user, and nobody else’s of its group or descent', () => {
    expect(outcome([mine, mine], Scope.PROCESS)).toBe('sent');
    expect(outcome([others, others], Scope.PROCESS)).toBe('EPERM');
    expect(outcome([mine, others], Scope.PROCESS)).toBe('EPERM');
    expect(outcome([mine, mine], Scope.GROUP)).toBe('sent');
    expect(outcome([others, mine], Scope.GROUP)).toBe('EPERM');
    expect(outcome([mine, mine], Scope.TREE)).toBe('EPERM');
  });

  test('is refused for a started process of another user, whatever the master thinks', () => {
    const slave = new SlaveTable(BLOCK, LIMIT);
    const { pid } = slave.state.processes.get(slave.start()) ?? {};
    slave.say({ request: { id: 1, kill: { pid, signal: 9, client: idOf(3), clientRequest: 1, uid: mine } } });
    expect(slave.told).toMatchObject([{ response: { id: 1, failure: { code: 'EPERM' } } }]);
  });
});

test('a node whose pids are all taken says so, asks for more once, and goes on when they are there', () => {
  const slave = new SlaveTable({ first: 4096, count: 3 });
  slave.start();
  expect(slave.state.askedForPids).toBe(true);
  slave.start();
  slave.start();
  slave.ask();
  expect(slave.told).toEqual([
    { startFailed: expect.objectContaining({ failure: expect.objectContaining({ code: 'EAGAIN' }) }) },
  ]);
  slave.say({ pidBlock: { first: 8192, count: 4096 } });
  const key = slave.start();
  expect(slave.state.processes.get(key)).toMatchObject({ phase: 'running' });
  expect(slave.state.processes.get(key)?.pid).toBeGreaterThanOrEqual(8192);
});

describe('pids of processes that are elsewhere', () => {
  const keeping = (effects: readonly SlaveEffect[]) =>
    effects.filter(({ type }) => type === 'keepPids' || type === 'freePids');

  test('are kept by an engine that has a say in it, and by the next one too, until they are free', () => {
    const slave = new SlaveTable(undefined, 2 ** 22);
    expect(keeping(slave.say({ pidsAway: { taken: [4100] } }))).toEqual([{ type: 'keepPids', pids: [4100] }]);
    expect(keeping(slave.feed({ type: 'renewed', life: { boot: Buffer.alloc(16, 3), pidLimit: 2 ** 22 } }))).toEqual([
      { type: 'keepPids', pids: [4100] },
    ]);
    expect(keeping(slave.say({ pidsAway: { free: [4100] } }))).toEqual([{ type: 'freePids', pid: 4100 }]);
    expect(keeping(slave.say({ pidsAway: { free: [4100] } }))).toEqual([]);
  });

  test('are kept with those of what came of it, where they are this node’s and the kernel could give them', () => {
    const slave = new SlaveTable(undefined, 8000);
    const key = slave.start();
    const { pid = 0, puid } = slave.state.processes.get(key) ?? {};
    const other = pid === 4100 ? 4101 : 4100;
    slave.say({ depart: { puid, number: 1, node: 1, address: 'unix:/x', ticket: Buffer.alloc(0) } });
    const departed = slave.feed({
      type: 'departed',
      key,
      number: 1,
      node: 1,
      error: undefined,
      pids: [other, pid, 8100, 9000, 1, other],
    });
    expect(keeping(departed)).toEqual([{ type: 'keepPids', pids: [pid, other] }]);
  });

  test('of other nodes, and where the engine has none of its own, are nobody’s to keep', () => {
    expect(keeping(new SlaveTable(undefined, 2 ** 22).say({ pidsAway: { taken: [9000] } }))).toEqual([]);
    expect(keeping(new SlaveTable().say({ pidsAway: { taken: [4100] } }))).toEqual([]);
  });
});
