/** What every engine does with a root of its own. */
import { constants, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shellRoot } from '../../support/shell-root.ts';
import { request, script } from '../recorder.ts';
import type { SpawnerBench } from './bench.ts';

/** Tests it on the spawner of `bench`. */
export function describeRoot(bench: SpawnerBench): void {
  describe.skipIf(bench.uid !== 0)('a root of its own', () => {
    const makeRoot = (): string => {
      const root = shellRoot(join(bench.path, 'root'));
      mkdirSync(join(root, 'inner'));
      mkdirSync(join(root, 'dev'));
      symlinkSync('/bin/sh', join(root, 'inner', 'link'));
      return root;
    };

    it('is what the process sees', async () => {
      const root = makeRoot();
      const out = { file: '/inner/out', flags: constants.O_WRONLY | constants.O_CREAT, mode: 0o600 };
      const what = script('pwd; echo /*', { root, cwd: '/inner', file: '/inner/link', stdio: ['ignore', out, 'pipe'] });
      const { sink } = bench.start(what);
      expect(await sink.finish(2)).toEqual({ kind: 'exited', code: 0 });
      expect(readFileSync(join(root, 'inner', 'out'), 'utf8')).toMatch(/^\/inner\n\/bin \/dev \/inner .*\n$/);
      expect(await bench.output(script('pwd', { root }))).toBe('/\n');
    });

    it('is searched for the program, the directory and the files', async () => {
      const root = makeRoot();
      expect(await bench.failure(request('/usr/bin/env', [], { root }))).toMatchObject({ code: 'ENOENT' });
      expect(await bench.failure(script('', { root, cwd: '/tmp' }))).toMatchObject({ code: 'ENOENT' });
      expect(await bench.failure(script('', { root: `${root}/none` }))).toMatchObject({ code: 'ENOENT' });
      expect(await bench.failure(script('', { root: `${root}/bin/sh` }))).toMatchObject({ code: 'ENOTDIR' });
    });
  });
}
