/** What every engine does with a root of its own. */
import { chmodSync, constants, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request, script } from '../recorder.ts';
import type { SpawnerBench } from './bench.ts';

/** Tests it on the spawner of `bench`. */
export function describeRoot(bench: SpawnerBench): void {
  describe.skipIf(bench.uid !== 0)('a root of its own', () => {
    /** A root that holds one static program, if this machine has one: its shell with what that needs. */
    const makeRoot = (): string => {
      const root = join(bench.path, 'root');
      const needed = ['/bin/sh', ...sharedLibraries('/bin/sh')];
      for (const file of needed) {
        mkdirSync(join(root, file, '..'), { recursive: true });
        writeFileSync(join(root, file), readFileSync(file));
        chmodSync(join(root, file), 0o755);
      }
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

/** What the dynamic loader maps into a program. */
function sharedLibraries(file: string): readonly string[] {
  const head = readFileSync(file).toString('latin1');
  const loader = /\/lib\S*ld-[\w.-]+\.so\.\d/.exec(head)?.[0];
  const maps = readFileSync('/proc/self/maps', 'utf8');
  const libc = /\S+\/(?:libc\.so\.6|ld-musl\S*|libc-\S+\.so)$/m.exec(maps)?.[0];
  return [loader, libc].filter((path) => path !== undefined);
}
