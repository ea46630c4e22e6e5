/** What every Checkpointer has to do, with processes of two nodes that are pid namespaces of one machine. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Mover, type MoverParts } from './mover.ts';
import { Programs } from './programs.ts';
import { describeFailures } from './suite/failures.ts';
import { describeKinds } from './suite/kinds.ts';
import { describeMemory } from './suite/memory.ts';
import { describeRefusals } from './suite/refusals.ts';
import { describeStreams } from './suite/streams.ts';

export function checkpointerSuite(name: string, parts: MoverParts): void {
  describe(name, () => {
    let mover: Mover;
    let programs: Programs;

    beforeAll(() => {
      programs = new Programs();
    });
    afterAll(() => programs[Symbol.dispose]());
    beforeEach(async () => {
      mover = await Mover.open(parts);
    });
    afterEach(() => mover[Symbol.asyncDispose]());

    it('can work here, and knows what it can read', async () => {
      await mover.engine(0).check();
      expect(mover.engine(0).canRestore(mover.engine(1).engine)).toBe(true);
      expect(mover.engine(0).canRestore('another 1.0')).toBe(false);
    });

    describeKinds(
      () => mover,
      () => programs,
    );
    describeStreams(
      () => mover,
      () => programs,
    );
    describeRefusals(
      () => mover,
      () => programs,
    );
    describeFailures(
      () => mover,
      () => programs,
    );
  });
}

/** The same for engines that can leave memory behind, on a machine that lets them. */
export function laterMemorySuite(name: string, parts: MoverParts): void {
  describe(name, () => {
    let mover: Mover;

    beforeEach(async () => {
      mover = await Mover.open(parts);
    });
    afterEach(() => mover[Symbol.asyncDispose]());

    describeMemory(() => mover);
  });
}
