/** The abstract suite that every engine of the spawner seam has to pass. */
import { afterEach, beforeEach, describe } from 'vitest';
import type { Spawner } from '../../src/linux/index.ts';
import { type BenchOptions, SpawnerBench } from './suite/bench.ts';
import { describeEnding } from './suite/ending.ts';
import { describeFailures } from './suite/failures.ts';
import { describeRoot } from './suite/root.ts';
import { describeSignals } from './suite/signals.ts';
import { describeStarting } from './suite/starting.ts';
import { describeStdio } from './suite/stdio.ts';

/**
 * Runs the suite on the spawners that `factory` makes, one for each test and given the path of an empty directory;
 * each is disposed of by the suite.
 */
export function describeSpawner(
  name: string,
  factory: (path: string) => Promise<Spawner>,
  options: BenchOptions = {},
): void {
  describe(`spawner ${name}`, () => {
    const bench = new SpawnerBench(factory, options);
    beforeEach(() => bench.setUp());
    afterEach(() => bench.tearDown());
    describeStarting(bench);
    describeFailures(bench);
    describeStdio(bench);
    describeEnding(bench);
    describeSignals(bench);
    describeRoot(bench);
  });
}
