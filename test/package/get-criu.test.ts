import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { scratchTree } from '../support/scratch.ts';

function get(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 20_000 } as const;
  const { status, stdout, stderr } = spawnSync(resolve('scripts/get-criu.sh'), args, options);
  return { status, stdout, stderr };
}

test('it says how it is used', () => {
  expect(get(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('usage: bproc-get-criu DIR') });
  for (const args of [[], ['a', 'b'], ['--frob']]) {
    expect(get(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('usage:') });
  }
});

test('a directory that cannot be made, or not be used, is named', () => {
  using tree = scratchTree({ file: '' });
  const inFile = join(tree.path, 'file', 'criu');
  expect(get([inFile])).toMatchObject({ status: 1, stderr: expect.stringContaining(`cannot make ${inFile}`) });
  const odd = join(tree.path, 'with space');
  expect(get([odd])).toMatchObject({ status: 1, stderr: expect.stringContaining(`${odd}: apt cannot work`) });
});

const hasApt = spawnSync('apt-get', ['--version']).status === 0;

test.skipIf(!hasApt)('without apt, or without a mirror, it says so and leaves nothing', () => {
  using tree = scratchTree({
    'target/keep': '',
    'apt.conf': 'Dir::Etc { sourcelist "/dev/null"; sourceparts "/dev/null"; };',
  });
  const target = join(tree.path, 'target');
  const bin = join(tree.path, 'bin');
  mkdirSync(bin);
  symlinkSync('/bin/mkdir', join(bin, 'mkdir'));
  expect(get([target], { PATH: bin })).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/apt-get not found: .*install criu 4\.2/),
  });
  expect(get([target], { APT_CONFIG: join(tree.path, 'apt.conf') })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('apt has no mirror'),
  });
  expect(readdirSync(target)).toEqual(['keep']);
});
