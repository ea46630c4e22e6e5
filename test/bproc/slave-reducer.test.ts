/** What a slave does with pids and with clocks. */
import { expect, test } from 'vitest';
import { streamOf } from '../../src/bproc/ids.ts';
import type { TreeEntry } from '../../src/linux/index.ts';
import { SlaveTable } from '../support/slave-table.ts';

function entry(pid: number, origin: number): TreeEntry {
  return { pid, ppid: origin, pgid: origin, sid: origin, startTime: 1, origin, command: 'forked', uid: 0, state: 'S' };
}

test('a pid that a forked process has is not given to one that starts', () => {
  const slave = new SlaveTable({ first: 4096, count: 4 });
  slave.start();
  slave.feed({ type: 'listed', request: 1, entries: [entry(101, 101), entry(200, 101), entry(201, 101)] });
  slave.start();
  const forked = [...slave.state.forked.values()];
  const started = [...slave.state.byPid.keys()];
  expect(forked).toHaveLength(2);
  expect(started).toHaveLength(2);
  expect(new Set([...forked, ...started]).size).toBe(4);
  // and there is none left
  slave.start();
  expect(slave.state.byPid.size).toBe(2);
});

test('pids of forked processes count when more are asked for, and are free with them', () => {
  const slave = new SlaveTable();
  slave.start();
  const many = Array.from({ length: 3700 }, (_, at) => entry(1000 + at, 101));
  slave.feed({ type: 'listed', request: 1, entries: [entry(101, 101), ...many] });
  expect(slave.told).toContainEqual({ pidBlock: { first: 0, count: 0 } });
  slave.feed({ type: 'listed', request: 2, entries: [entry(101, 101)] });
  expect(slave.state.forkedPids.size).toBe(0);
});

const LIMITS = { window: 64 * 1024, silenceMs: 1000, killGraceMs: 1 };
const ENDED = expect.objectContaining({ type: 'signal', signal: 15 });

test('a process whose output has to wait is not silent', () => {
  const slave = new SlaveTable();
  const key = slave.start(LIMITS);
  slave.feed({ type: 'output', key, fd: 1, bytes: Buffer.alloc(64 * 1024) });
  expect(slave.effects).toContainEqual({ type: 'pause', key, fd: 1 });
  expect(slave.pass(10_500)).not.toContainEqual(ENDED);
  const pid = slave.state.processes.get(key)?.pid ?? 0;
  const credit = { acked: 64 * 1024, limit: 128 * 1024, rewind: false };
  slave.feed({ type: 'credit', link: 1, stream: streamOf(pid, 1), credit });
  expect(slave.effects).toContainEqual({ type: 'resume', key, fd: 1 });
  expect(slave.pass(999)).not.toContainEqual(ENDED);
  expect(slave.pass(1)).toContainEqual(ENDED);
});

test('a process that is stopped is not silent', () => {
  const slave = new SlaveTable();
  const key = slave.start(LIMITS);
  slave.feed({ type: 'stopped', key });
  expect(slave.pass(10_500)).not.toContainEqual(ENDED);
  slave.feed({ type: 'continued', key });
  expect(slave.pass(999)).not.toContainEqual(ENDED);
  expect(slave.pass(1)).toContainEqual(ENDED);
});
