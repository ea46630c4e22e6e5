/** One ghost on a real holder: how it ends, and what it says of itself. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Forwarder } from '../../../src/bproc/ghosts/forwarder.ts';
import { Ghost } from '../../../src/bproc/ghosts/ghost.ts';
import type { ProcessEnd, ProcessInfo } from '../../../src/index.ts';
import { systemClock } from '../../../src/index.ts';
import { createHolderSpawner, type ExitStatus, type Spawner } from '../../../src/linux/index.ts';
import { until } from '../../linux/recorder.ts';

let spawner: Spawner;
/** How what it started has ended. */
let ends: ExitStatus[];

beforeEach(async () => {
  ends = [];
  spawner = await createHolderSpawner({ pidNamespace: 'none' });
  const { spawn } = spawner;
  spawner.spawn = (request, sink) => {
    const { exited } = sink;
    return spawn.call(spawner, request, {
      ...sink,
      exited: (status, usage) => {
        ends.push(status);
        exited(status, usage);
      },
    });
  };
});

afterEach(() => spawner[Symbol.asyncDispose]());

const INFO: ProcessInfo = {
  ...{ pid: 5000, ppid: 0, pgid: 5000, sid: 5000, node: 1, localPid: 5000, startTime: 1, startedAt: 1, uid: 0 },
  ...{ state: 'running', command: 'program', puid: '00', detached: false, mapped: true, ghost: 0 },
};

async function make(more: Partial<ProcessInfo> = {}, pid?: number) {
  const told: string[] = [];
  const say = (what: string) => (value?: unknown) => void told.push(value === undefined ? what : `${what} ${value}`);
  const listener = {
    ...{ appeared: say('appeared'), signalled: say('signalled'), gone: say('gone'), failed: say('failed') },
    lost: say('lost'),
  };
  const info = { ...INFO, ...more };
  const ghost = new Ghost({ spawner, clock: systemClock(), info, uid: undefined, pid, marker: 'ghost', listener });
  await until(() => told.length > 0, 'the ghost');
  return { ghost, told, pid: Number(told[0]?.split(' ')[1]) };
}

describe('a ghost', () => {
  test.each<[ProcessEnd, ExitStatus]>([
    [
      { kind: 'exited', code: 7 },
      { kind: 'exited', code: 7 },
    ],
    [
      { kind: 'exited', code: 0 },
      { kind: 'exited', code: 0 },
    ],
    [
      { kind: 'signaled', signal: 'SIGSEGV', core: true },
      { kind: 'signaled', signal: 11, core: false },
    ],
    [
      { kind: 'signaled', signal: 'SIG32', core: false },
      { kind: 'signaled', signal: 32, core: false },
    ],
    [
      { kind: 'signaled', signal: 'SIGRTMIN+3', core: false },
      { kind: 'signaled', signal: 37, core: false },
    ],
    [
      { kind: 'timedOut', limit: 'lifetime' },
      { kind: 'exited', code: 124 },
    ],
    [
      { kind: 'lost', reason: '' },
      { kind: 'signaled', signal: 9, core: false },
    ],
  ])('ends as its process: %j', async (end, status) => {
    const { ghost, told } = await make();
    // also where it cannot run
    ghost.show('stopped');
    ghost.end(end);
    await until(() => told.length === 2, 'the end');
    expect([told[1], ends]).toEqual(['gone', [status]]);
  });

  test('tells each signal it gets but those of its own maker, whatever it is', async () => {
    const { ghost, told, pid } = await make();
    const signals = Array.from({ length: 64 }, (_, index) => index + 1).filter(
      (signal) => signal !== 9 && signal !== 19,
    );
    for (const signal of signals) {
      process.kill(pid, signal);
      await until(() => told.at(-1) === `signalled ${signal}`, `signal ${signal}`);
    }
    expect(told).toHaveLength(signals.length + 1);
    ghost.show('stopped');
    ghost.show('running');
    process.kill(pid, 'SIGUSR1');
    await until(() => told.length === signals.length + 2, 'the last signal');
    expect(told.at(-1)).toBe('signalled 10');
    process.kill(pid, 'SIGKILL');
    await until(() => told.at(-1) === 'gone 9', 'the end');
  });

  test('is made without the pid it should have, where that is taken', async () => {
    const { told, pid } = await make({}, process.pid);
    expect(told).toEqual([`appeared ${pid}`]);
    expect(pid).not.toBe(process.pid);
  });
});

test('signals are sent one after the other, one that waits only once, and what fails is told', async () => {
  const sent: number[] = [];
  const failures: string[] = [];
  let go = (): void => {};
  const forwarder = new Forwarder(
    (signal) => {
      sent.push(signal);
      if (signal === 2) return Promise.reject(new Error('no'));
      return new Promise((resolve) => {
        go = resolve;
      });
    },
    (signal, error) => void failures.push(`${signal} ${error.message}`),
  );
  for (const signal of [1, 2, 15, 2, 15, 1]) forwarder.add(signal);
  expect(sent).toEqual([1]);
  go();
  await until(() => sent.length === 3, 'what waited');
  expect([sent, failures]).toEqual([[1, 2, 15], ['2 no']]);
  go();
  await until(() => sent.length === 4, 'the last one');
  expect(sent).toEqual([1, 2, 15, 1]);
});
