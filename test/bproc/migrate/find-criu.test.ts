import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { findCriu, isAtLeast, neededOn } from '../../../src/bproc/migrate/criu/find-criu.ts';
import { scratchTree } from '../../support/scratch.ts';

const number = fc.nat({ max: 99 });

it('compares versions by their numbers, not by their text', () => {
  fc.assert(
    fc.property(
      number,
      number,
      number,
      number,
      fc.constantFrom('', '.7', '-rc1', '.1-2-gabcdef'),
      (a, b, c, d, tail) => {
        expect(isAtLeast(`${a}.${b}${tail}`, `${c}.${d}`)).toBe(a * 100 + b >= c * 100 + d);
      },
    ),
  );
});

it.each([
  ['4.19.0-27-amd64', '3.17'],
  ['6.1.0-31-amd64', '3.17'],
  ['6.12.90+deb13-amd64', '3.17'],
  ['6.13.0', '4.1'],
  ['6.15-rc3', '4.1'],
  ['6.16.1-arch1-1', '4.2'],
  ['7.0', '4.2'],
  ['no number', '3.17'],
])('on Linux %s it takes %s', (kernel, needed) => {
  expect(neededOn(kernel)).toBe(needed);
});

it('finds one that does, and tells why others do not', async () => {
  using tree = scratchTree({});
  const program = (name: string, text: string): string => {
    const path = join(tree.path, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const old = program('old', 'echo "Version: 3.17.1"');
  expect(await findCriu(old, '6.1.0')).toEqual({ executable: old, version: '3.17.1' });
  vi.stubEnv('PATH', `/nowhere:${tree.path}`);
  expect(await findCriu('old', '6.1.0')).toEqual({ executable: old, version: '3.17.1' });
  vi.unstubAllEnvs();
  await expect(findCriu(old, '6.18.2')).rejects.toMatchObject({
    code: 'ENOSYS',
    message: expect.stringMatching(/CRIU 3\.17\.1 fails on Linux 6\.18\.2, which takes 4\.2: install .*BPROC_CRIU/),
  });
  const failures: readonly (readonly [string, RegExp])[] = [
    [join(tree.path, 'none'), /criu not found: install .*`bproc-get-criu DIR`/],
    [program('mute', 'echo hello'), /mute does not say which CRIU it is: install/],
    [program('broken', 'echo no luck >&2; exit 3'), /broken cannot be run \(.*no luck/s],
  ];
  for (const [executable, message] of failures) {
    const error = { code: 'ENOSYS', message: expect.stringMatching(message) };
    await expect(findCriu(executable, '6.1.0')).rejects.toMatchObject(error);
  }
  chmodSync(old, 0o644);
  await expect(findCriu(old, '6.1.0')).rejects.toMatchObject({ code: 'ENOSYS' });
});
