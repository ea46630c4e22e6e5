/** What every engine does to start a program. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MARKER_VARIABLE } from '../../../src/linux/index.ts';
import { readStat } from '../../../src/linux/procfs.ts';
import { request, script } from '../recorder.ts';
import type { SpawnerBench } from './bench.ts';

/** Tests it on the spawner of `bench`. */
export function describeStarting(bench: SpawnerBench): void {
  describe('starting', () => {
    it('tells the start, the output, the exit and the ends, each once', async () => {
      const { sink, process } = bench.start(script('echo out; echo err >&2; exit 7'));
      process.endStdin();
      expect(await sink.finish()).toEqual({ kind: 'exited', code: 7 });
      expect(sink.told[0]?.what).toBe('started');
      expect(sink.bytes(1).toString()).toBe('out\n');
      expect(sink.bytes(2).toString()).toBe('err\n');
      for (const fd of [1, 2] as const) expect(sink.count('outputEnd', fd)).toBe(1);
      expect([sink.count('started'), sink.count('exited')]).toEqual([1, 1]);
    });

    it('tells a start time that identifies the process', async () => {
      const { sink } = bench.start(request('sleep', ['600']));
      const { pid, startTime, outerPid = pid } = await sink.start();
      expect(bench.ground.stat(pid)).toMatchObject({ pid, startTime });
      // whatever pid it has itself, this one is what the machine knows it by
      expect(readStat(outerPid)).toMatchObject({ pid: outerPid, startTime, command: 'sleep' });
      const [entry] = await bench.spawner.list();
      expect(entry).toMatchObject({ pid, startTime });
      expect([entry?.outerPid ?? pid, entry?.outer?.sid ?? pid]).toEqual([outerPid, outerPid]);
    });

    it('tells the start also of a process that has ended by then', async () => {
      const { sink } = bench.start(request('/bin/true'));
      expect((await sink.start()).startTime).toBeGreaterThan(0);
      expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
    });

    it('gives each process a session and a group of its own', async () => {
      const { sink } = bench.start(request('sleep', ['600']));
      const { pid } = await sink.start();
      expect(bench.ground.stat(pid)).toMatchObject({ pgid: pid, sid: pid });
    });

    it('passes arguments as they are, argv[0] included', async () => {
      const argv = ['not cat', '/proc/self/cmdline', '--', '', 'a b', '$HOME "\'\\', 'line\nbreak', 'Grüße ☃'];
      const { sink } = bench.start(request('/bin/cat', [], { argv }));
      await sink.finish();
      const shown = sink.bytes(1).toString();
      expect(shown.startsWith(`${argv.join('\0')}\0`)).toBe(true);
    });

    it('passes exactly the environment it was given, and the marker', async () => {
      const env = { PATH: '/usr/bin:/bin', EMPTY: '', 'WITH SPACE': 'a=b\nc', [MARKER_VARIABLE]: 'overridden' };
      const what = request('/usr/bin/env', ['-0'], { env });
      const shown = (await bench.output(what)).split('\0').filter((entry) => entry !== '');
      const expected = ['PATH=/usr/bin:/bin', 'EMPTY=', 'WITH SPACE=a=b\nc', `${MARKER_VARIABLE}=${what.marker}`];
      expect(shown.toSorted()).toEqual(expected.toSorted());
    });

    it('adds what many processes share to the environment of each, whose own variables count', async () => {
      const commonEnv = { PATH: '/usr/bin:/bin', SHARED: 'by all', EITHER: 'common', [MARKER_VARIABLE]: 'overridden' };
      const shown = async (env: Record<string, string>) => {
        const text = await bench.output(request('env', ['-0'], { env, commonEnv }));
        return text.split('\0').filter((entry) => entry !== '' && !entry.startsWith(`${MARKER_VARIABLE}=`));
      };
      const common = ['PATH=/usr/bin:/bin', 'SHARED=by all'];
      const environments = [{ OWN: '1' }, { OWN: '2' }, { EITHER: 'own' }, { OWN: '3' }];
      const all = await Promise.all(environments.map(async (env) => (await shown(env)).toSorted()));
      expect(all).toEqual([
        ['EITHER=common', 'OWN=1', ...common],
        ['EITHER=common', 'OWN=2', ...common],
        ['EITHER=own', ...common],
        ['EITHER=common', 'OWN=3', ...common],
      ]);
    });

    it('finds the program in the PATH of the process, not in its own', async () => {
      writeFileSync(join(bench.path, 'only-here'), '#!/bin/sh\necho found\n', { mode: 0o755 });
      expect(await bench.output(request('only-here', [], { env: { PATH: `/nowhere:${bench.path}` } }))).toBe('found\n');
    });

    it('begins in the working directory', async () => {
      expect(await bench.output(request('/bin/pwd', ['-P'], { cwd: bench.path }))).toBe(`${bench.path}\n`);
    });
  });
}
