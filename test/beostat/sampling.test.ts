/** When nodes take samples: on a clock and a network that pass only when they are told to. */
import { expect, test } from 'vitest';
import { createStats, masterStats, type Source, type StatOptions, slaveStats } from '../../src/beostat/index.ts';
import type { MasterService } from '../../src/bproc/index.ts';
import { startVirtualCluster, type World } from '../../src/testing/index.ts';

const NOWHERE = { proc: '/nonexistent', sys: '/nonexistent' };
const SECOND = 1000;

/** A cluster whose nodes note when each of them takes a sample, which says how many it has taken. */
async function start(nodes: number, options: StatOptions = {}) {
  const clock: { of?: World } = {};
  const times = Array.from({ length: nodes }, (): number[] => []);
  const source = (node: number): Source => ({
    name: 'taken',
    fields: ['samples'],
    counts: true,
    read: () => {
      const taken = times[node]?.push(clock.of?.clock.now() ?? 0) ?? 0;
      return { devices: [''], figures: [taken] };
    },
  });
  const world = await startVirtualCluster({
    nodes,
    master: { services: [masterStats(options)] },
    services: (node) => [slaveStats({ places: NOWHERE, sources: [source(node)] })],
  });
  clock.of = world;
  return { world, times, stats: createStats(world.client) };
}

/** How long it was from each sample to the next, of those from a moment on. */
function gaps(times: readonly number[] | undefined, from: number): readonly number[] {
  const those = (times ?? []).filter((time) => time >= from);
  return those.slice(1).map((time, index) => time - (those[index] ?? 0));
}

test('nodes take their time while nobody looks, and not from the moment on that somebody does', async () => {
  // in between two answers that are due anyway
  const lookMs = 62 * SECOND;
  const { world, times, stats } = await start(2, { lookMs });
  await using _ = world;
  await world.run(15 * SECOND);
  const idle = world.clock.now();
  await world.run(100 * SECOND);
  for (const each of times) expect(new Set(gaps(each, idle))).toEqual(new Set([10 * SECOND]));

  await world.run(stats.loads());
  const looked = world.clock.now();
  await world.run(30 * SECOND);
  for (const each of times) {
    // the next one is not waited for as long as it would have taken
    expect(each.find((time) => time > looked)).toBeLessThanOrEqual(looked + SECOND);
    expect(new Set(gaps(each, looked))).toEqual(new Set([SECOND]));
  }
  // it is for as long after somebody has looked as is said, and no longer
  await world.run(25 * SECOND);
  for (const each of times) expect(gaps(each, looked).at(-1)).toBe(SECOND);
  await world.run(65 * SECOND);
  for (const each of times) {
    const [first, ...others] = gaps(each, looked + lookMs);
    // it hears of it on the first sample that comes after that
    expect(first).toBe(10 * SECOND + 2);
    expect(new Set(others)).toEqual(new Set([10 * SECOND]));
  }
});

test('who follows is told as often as is wanted, and what was slow stays so for nobody', async () => {
  const { world, times, stats } = await start(1, { intervalMs: 500, idleIntervalMs: 3_600_000, lookMs: 2000 });
  await using _ = world;
  await world.run(10 * SECOND);
  const taken = times[0]?.length ?? 0;
  await world.run(600 * SECOND);
  expect(times[0]).toHaveLength(taken);
  const followed = stats.samples();
  await world.run(followed.next());
  const from = world.clock.now();
  for (let sample = 0; sample < 20; sample += 1) await world.run(followed.next());
  expect(new Set(gaps(times[0], from))).toEqual(new Set([500]));
});

test('a sample that is asked for is taken at once, one for all who ask at the same time', async () => {
  const { world, times, stats } = await start(2);
  await using _ = world;
  await world.run(31 * SECOND);
  const [before, others] = times.map(({ length }) => length);
  const asked = world.clock.now();
  const loads = await world.run(Promise.all([1, 2, 3].map(() => stats.load(1, { fresh: true }))));
  // to the master and to the node, and back: a millisecond each
  expect(world.clock.now() - asked).toBe(4);
  expect(times[1]?.slice(others)).toEqual([asked + 2]);
  expect(times[0]).toHaveLength(before ?? -1);
  for (const load of loads) {
    expect(load.figure('taken', '', 'samples')).toBe(times[1]?.length);
    expect(load).toMatchObject({ ageMs: 0, isStale: false });
  }
});

test('who is silent when it is asked has what it has said before, with its age', async () => {
  const { world, times, stats } = await start(1);
  await using _ = world;
  const first = await world.run(stats.load(0, { fresh: true }));
  world.crashSlave(0, { silent: true });
  await world.run(5 * SECOND);
  const taken = times[0]?.length;
  const load = await world.run(stats.load(0, { fresh: true }));
  expect(load.figure('taken', '', 'samples')).toBe(taken);
  expect(load.isStale).toBe(true);
  expect(load.ageMs).toBeGreaterThan(first.ageMs + 3 * SECOND);
});

test('who follows goes on with another master', async () => {
  const { world, times, stats } = await start(1);
  await using _ = world;
  const followed = stats.samples();
  for (let sample = 0; sample < 20; sample += 1) await world.run(followed.next());
  world.crashMaster();
  world.startMaster();
  const changed = world.clock.now();
  const { value } = await world.run(followed.next());
  // not only once it has counted as far as the one before it
  expect(value?.figure('taken', '', 'samples')).toBe(times[0]?.length);
  expect(times[0]?.filter((time) => time > changed).length).toBeLessThan(5);
});

test('who follows waits where nothing has come yet', async () => {
  let questions = 0;
  const silent: MasterService = {
    name: 'beostat',
    serve(home) {
      const part = masterStats().serve(home);
      return {
        request(...question) {
          questions += 1;
          return part.request?.(...question) ?? Promise.reject(new Error('it answers nothing'));
        },
      };
    },
  };
  await using world = await startVirtualCluster({ nodes: 1, master: { services: [silent] } });
  const over = new AbortController();
  const first = createStats(world.client).samples({ signal: over.signal }).next();
  await world.run(30 * SECOND);
  expect(questions).toBe(2);
  over.abort();
  expect((await world.run(first)).done).toBe(true);
});
