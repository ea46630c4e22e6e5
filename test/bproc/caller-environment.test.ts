/** The calling program's environment, as it goes along with what it starts. */
import { afterEach, expect, test } from 'vitest';
import { CallerEnvironment, encodeEnvironment } from '../../src/bproc/client/caller-environment.ts';
import { decodeSpec } from '../../src/wire/index.ts';

const NAMES = ['BPROC_TEST_A', 'BPROC_TEST_B', 'BPROC_RANK'];

afterEach(() => {
  for (const name of NAMES) delete process.env[name];
});

test('the same object while nothing changes, and what is said is what is there', () => {
  const caller = new CallerEnvironment();
  const first = caller.get();
  expect(caller.get()).toBe(first);
  expect(first.variables).toEqual({ ...process.env });
  expect(decodeSpec(first.bytes).env).toEqual(Object.entries(process.env).map(([name, value]) => `${name}=${value}`));
});

test('whatever the program changes is seen, and a job’s own variables never go along', () => {
  const caller = new CallerEnvironment();
  process.env['BPROC_TEST_A'] = '1';
  expect(caller.get().variables['BPROC_TEST_A']).toBe('1');
  process.env['BPROC_TEST_A'] = '2';
  expect(caller.get().variables['BPROC_TEST_A']).toBe('2');
  delete process.env['BPROC_TEST_A'];
  process.env['BPROC_TEST_B'] = '2';
  expect(caller.get().variables).not.toHaveProperty('BPROC_TEST_A');
  expect(caller.get().variables['BPROC_TEST_B']).toBe('2');
  process.env['BPROC_RANK'] = '0000003';
  expect(caller.get().variables).not.toHaveProperty('BPROC_RANK');
});

test('what no environment can hold is refused by name', () => {
  for (const name of ['', 'A=B', 'A\0']) expect(() => encodeEnvironment({ [name]: 'x' })).toThrow(/cannot be/);
  expect(() => encodeEnvironment({ A: 'x\0y' })).toThrow(/"A" cannot be/);
  expect(encodeEnvironment({ A: undefined, B: '' }).variables).toEqual({ B: '' });
});
