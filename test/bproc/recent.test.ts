/** What is remembered for a while. */
import { expect, test } from 'vitest';
import { Recent } from '../../src/bproc/recent.ts';

const keys = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, at) => `key ${from + at}`);

test('the newest are there, and what is older than twice as many is not', () => {
  const recent = new Recent<string>(100);
  for (const key of keys(0, 1000)) recent.set(key, `of ${key}`);
  expect(keys(900, 1000).every((key) => recent.get(key) === `of ${key}`)).toBe(true);
  expect(keys(0, 800).some((key) => recent.get(key) !== undefined)).toBe(false);
});

test('what is set again is new again', () => {
  const recent = new Recent<number>(10);
  recent.set('kept', 0);
  for (const key of keys(0, 1000)) {
    recent.set(key, 1);
    recent.set('kept', 2);
  }
  expect(recent.get('kept')).toBe(2);
});
