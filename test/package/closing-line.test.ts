import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { scratchTree } from '../support/scratch.ts';

const good = `
import { test } from 'vitest';
test('passes', () => {});
test.skip('is skipped', () => {});
test.todo('is to be written');
`;

/** Runs vitest on one more file beside the good one; returns its exit code and the last line it printed. */
function run(file: string): { code: number | null; last: string | undefined } {
  using tree = scratchTree({ 'good.test.ts': good, 'other.test.ts': file });
  symlinkSync(resolve('node_modules'), join(tree.path, 'node_modules'));
  const reporter = resolve('test/support/closing-line.ts');
  const args = ['run', '--root', tree.path, '--reporter', 'default', '--reporter', reporter];
  const { status, stdout } = spawnSync(resolve('node_modules/.bin/vitest'), args, { encoding: 'utf8' });
  expect(stdout).toContain('Test Files');
  return { code: status, last: stdout.trimEnd().split('\n').at(-1) };
}

test.each([
  ['a passing test', `test('a', () => {});`, 0, '2 passed, 0 failed, 2 skipped'],
  ['a failing test', `test('a', () => { throw new Error('no'); });`, 1, '1 passed, 1 failed, 2 skipped'],
  [
    'a failing test in a suite',
    `describe('s', () => test('a', () => expect(1).toBe(2)));`,
    1,
    '1 passed, 1 failed, 2 skipped',
  ],
  ['a file that does not load', `import './missing.ts';`, 1, '1 passed, 1 failed, 2 skipped'],
  ['a file without a test', ``, 1, '1 passed, 1 failed, 2 skipped'],
  [
    'a hook that fails',
    `afterAll(() => { throw new Error('no'); }); test('a', () => {});`,
    1,
    '2 passed, 1 failed, 2 skipped',
  ],
  [
    'an error that nobody caught',
    `test('a', async () => { void Promise.reject(new Error('no')); await new Promise(setImmediate); });`,
    1,
    '2 passed, 1 failed, 2 skipped',
  ],
  [
    'a worker that dies',
    `test('a', async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); });`,
    1,
    '1 passed, 2 failed, 2 skipped',
  ],
])('the closing line counts %s', (_what, body, code, line) => {
  const result = run(`import { afterAll, describe, expect, test } from 'vitest';\n${body}\n`);
  expect(result).toEqual({ code, last: line });
});
