/** A computation that moves around four nodes, as the example has it. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/roaming.mjs');

test('all that it says comes, once and in order', { timeout: 60_000 }, async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [EXAMPLE], { timeout: 50_000 });
  expect(stderr).toBe('');
  const visited = [...stdout.matchAll(/^moved to node (\d) /gm)].map(([, node]) => Number(node));
  expect(visited).toEqual([1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0]);
  const [, count, last] = /^(\d+) primes up to (\d+), none missing and none twice$/m.exec(stdout) ?? [];
  expect(Number(count)).toBeGreaterThan(0);
  expect(Number(last)).toBeGreaterThan(Number(count));
});
