import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bundleSimulation, checkEdits, runSeeds } from '../support/simulation-bundle.ts';
import { MUTANTS, type Mutant } from './mutants.ts';

/** Seeds that a mutant has to fail within. */
const SEEDS = Number(process.env['SIM_MUTANT_SEEDS'] ?? 2500);
const THREADS = 2;
/** Only those whose name has this in it; for whoever writes one. */
const CHOSEN = process.env['SIM_MUTANT'] ?? '';
/** Where to write what became of each mutant; for whoever tunes the simulation. */
const reportFile = process.env['SIM_REPORT'];

/** A seed at which a mutant fails, and how; undefined for one that survives. */
async function kill({ edits, seeds = [] }: Mutant): Promise<{ seed: number; violation: string } | undefined> {
  using bundle = await bundleSimulation(edits);
  for (const seed of seeds) {
    const [failure] = (await runSeeds(bundle, { first: seed, end: seed + 1, step: 1, most: 1 })).failures;
    if (failure !== undefined) return failure;
  }
  const outcome = await runSeeds(bundle, { first: 1, end: 1 + SEEDS, step: 1, most: 1 });
  return outcome.failures[0];
}

test('no rule of the protocol can be taken out unnoticed', { timeout: 1_200_000 }, async () => {
  const left = MUTANTS.filter(({ name }) => name.includes(CHOSEN));
  const survivors: string[] = [];
  const work = async (): Promise<void> => {
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      const from = performance.now();
      const killed = await kill(mutant);
      if (killed === undefined) survivors.push(mutant.name);
      const seconds = ((performance.now() - from) / 1000).toFixed(1);
      const outcome = killed === undefined ? 'SURVIVES' : `seed ${killed.seed}, ${killed.violation}`;
      if (reportFile !== undefined) appendFileSync(reportFile, `${mutant.name} (${seconds} s): ${outcome}\n`);
    }
  };
  await Promise.all(Array.from({ length: THREADS }, work));
  expect(survivors).toEqual([]);
});

test('every patch fits its source', () => {
  const stale = MUTANTS.flatMap(({ name, edits }) => {
    try {
      checkEdits(edits);
      return [];
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.message : error}`];
    }
  });
  expect(stale).toEqual([]);
});

test('a patch that no longer fits its source is refused', async () => {
  const stale = { file: 'src/wire/streams.ts', find: 'no such text', replace: '' };
  await expect(bundleSimulation([stale])).rejects.toThrow('stale patch');
});

test('names of mutants are their own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});
