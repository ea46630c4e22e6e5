import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ProcessEffect } from '../../src/bproc/slave/spawn-queue.ts';
import { SpawnQueue } from '../../src/bproc/slave/spawn-queue.ts';
import type { Clock } from '../../src/clock.ts';

/** A clock by which every start takes so many milliseconds: it is looked at before and after each. */
function clockOf(startMs: number): Clock {
  let looks = 0;
  return {
    now() {
      looks += 1;
      return Math.floor(looks / 2) * startMs;
    },
    wallTime: () => 0,
    after: () => () => {},
  };
}

function spawn(key: string): ProcessEffect {
  const request = {
    file: '/bin/true',
    argv: ['true'],
    env: {},
    cwd: '/',
    stdio: ['ignore', 'ignore', 'ignore'] as const,
  };
  return { type: 'spawn', key, request: { ...request, marker: key }, cwdByName: false };
}

function record(startMs: number): { readonly done: string[]; readonly queue: SpawnQueue } {
  const done: string[] = [];
  const queue = new SpawnQueue(clockOf(startMs), (effect) => done.push(`${effect.type} ${effect.key}`));
  return { done, queue };
}

test('starts that take no time happen at once', () => {
  const { done, queue } = record(0);
  for (let at = 0; at < 100; at += 1) queue.perform(spawn(String(at)));
  expect(done).toHaveLength(100);
});

test('slow starts leave the event loop to others after every four of them', async () => {
  const { done, queue } = record(20);
  for (let at = 0; at < 10; at += 1) queue.perform(spawn(String(at)));
  expect(done).toHaveLength(4);
  await turn();
  expect(done).toHaveLength(8);
  await turn();
  expect(done).toEqual(Array.from({ length: 10 }, (_, at) => `spawn ${at}`));
});

test('what follows a start that waits comes after it, and nothing else waits', async () => {
  const { done, queue } = record(20);
  for (let at = 0; at < 6; at += 1) queue.perform(spawn(String(at)));
  queue.perform({ type: 'endStdin', key: '4' });
  queue.perform({ type: 'discard', key: '4', fd: 1 });
  queue.perform({ type: 'endStdin', key: '0' });
  expect(done).toEqual(['spawn 0', 'spawn 1', 'spawn 2', 'spawn 3', 'endStdin 0']);
  await turn();
  expect(done.slice(5)).toEqual(['spawn 4', 'endStdin 4', 'discard 4', 'spawn 5']);
});
