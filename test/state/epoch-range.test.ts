/** Every epoch that the wire can carry can be promised, and read back by the next life of its slave [PROTOCOL 3.3]. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileEpochStore } from '../../src/state/index.ts';
import { scratchTree } from '../support/scratch.ts';

test('an epoch comes back as it went, up to the largest', () => {
  using scratch = scratchTree({});
  const store = fileEpochStore(scratch.path, 'promise');
  expect(store.load()).toBeUndefined();
  const largest = Number.MAX_SAFE_INTEGER;
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (generation, revision) => {
      store.save({ generation, revision });
      expect(fileEpochStore(scratch.path, 'promise').load()).toEqual({ generation, revision });
    }),
    { numRuns: 20, examples: [[largest, largest]] },
  );
});

test.each(['', '1', '1.2', '1.2\n3', '-1.2\n', '1.9007199254740992\n', 'x.y\n'])('%j is no epoch', (text) => {
  using scratch = scratchTree({});
  writeFileSync(join(scratch.path, 'promise'), text);
  expect(() => fileEpochStore(scratch.path, 'promise').load()).toThrow('does not hold an epoch');
});
