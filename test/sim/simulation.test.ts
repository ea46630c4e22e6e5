import { expect, test } from 'vitest';
import { planOf, simulate } from '../../src/testing/index.ts';
import { bundleSimulation, runSeeds } from '../support/simulation-bundle.ts';

/** How many seeds are run; more at night. */
const SEEDS = Number(process.env['SIM_SEEDS'] ?? 2000);
const THREADS = 2;

test(`${SEEDS} clusters under faults keep every promise`, { timeout: 300_000 + SEEDS * 200 }, async () => {
  using bundle = await bundleSimulation();
  const parts = Array.from({ length: THREADS }, (_, index) =>
    runSeeds(bundle, { first: 1 + index, end: 1 + SEEDS, step: THREADS, most: 5 }),
  );
  const outcomes = await Promise.all(parts);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  expect(failures.map(({ seed, violation }) => `SEED=${seed} npm run sim: ${violation}`)).toEqual([]);
  expect(outcomes.reduce((sum, { seeds }) => sum + seeds, 0)).toBe(SEEDS);
});

test.for([
  [273, 'what nobody wants has to end although nobody reads its output'],
  [406, 'a signal that the slave before has delivered'],
  [1936, 'a vector that is cancelled while a part of it is started again'],
  [4039, 'a start that was under way when the slave died'],
  [4840, 'another one'],
  [3811, 'a start that is repeated when it is over and its slave was killed'],
  [5416, 'another one'],
  [7463, 'another one'],
] as const)('seed %i, which failed once, keeps every promise: %s', async ([seed]) => {
  expect(await simulate({ seed })).toMatchObject({ violation: undefined });
});

test('the same seed is the same story, and another one is another', async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 40; seed += 1) {
    const once = await simulate({ seed });
    const lines: string[] = [];
    const again = await simulate({ seed, print: (line) => lines.push(line) });
    expect(again).toEqual(once);
    expect(lines.length).toBeGreaterThan(10);
    hashes.add(once.hash);
  }
  expect(hashes.size).toBe(40);
});

test('plans know all faults, and every seed its own few', () => {
  const plans = Array.from({ length: 200 }, (_, seed) => planOf(seed));
  const kinds = new Set(plans.flatMap(({ faults }) => faults));
  expect(kinds.size).toBe(13);
  for (const rate of ['drop', 'duplicate', 'delay', 'overtaken', 'replay'] as const) {
    expect(plans.some(({ frames }) => frames[rate] > 0)).toBe(true);
    expect(plans.some(({ frames }) => frames[rate] === 0)).toBe(true);
  }
  expect(planOf(7)).toEqual(planOf(7));
});
