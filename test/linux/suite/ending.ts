/** How every engine tells of ends, and how it leaves processes alone or ends them all. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture, type Recorder, request, script, until } from '../recorder.ts';
import { SIGKILL, type SpawnerBench } from './bench.ts';

/** Tests it on the spawner of `bench`. */
export function describeEnding(bench: SpawnerBench): void {
  describe('ending', () => {
    it('tells every exit code', async () => {
      const codes = Array.from({ length: 256 }, (_, code) => code);
      const sinks: Recorder[] = [];
      for (const code of codes) {
        const { sink } = bench.start(script(`exit ${code}`, { stdio: ['ignore', 'ignore', 'ignore'] }));
        sinks.push(sink);
        if (sinks.length % 16 === 0) await sink.exit();
      }
      expect(await Promise.all(sinks.map((sink) => sink.exit()))).toEqual(
        codes.map((code) => ({ kind: 'exited', code })),
      );
    });

    it.each([1, 2, 6, 9, 10, 13, 15, 31])('tells the signal %i that ended it', async (signal) => {
      const { sink, process } = bench.start(request('sleep', ['600']));
      await sink.start();
      expect(await process.signal(signal, 'process')).toBe(true);
      expect(await sink.finish()).toEqual({ kind: 'signaled', signal, core: false });
      expect(await process.signal(signal, 'process')).toBe(false);
    });

    it('ends the outputs although a descendant holds them', async () => {
      const { sink } = bench.start(request(fixture('leave-holder.sh')));
      expect(await sink.finish()).toEqual({ kind: 'exited', code: 3 });
      const holder = (await sink.pids(2)).get('holder') ?? 0;
      expect(sink.bytes(1).toString()).toBe(`holder ${holder}\nlast words\n`);
      expect(bench.ground.runs(holder)).toBe(true);
    });

    it('ends an output although a descendant writes to it without pause', async () => {
      const { sink, process } = bench.start(request(fixture('leave-writer.sh')));
      await sink.finish();
      expect(sink.count('outputEnd', 1)).toBe(1);
      await process.signal(SIGKILL, 'tree');
    });

    it('waits for a paused reader before it gives such an output up', async () => {
      const { sink, process } = bench.start(request(fixture('leave-holder.sh')));
      process.pause(1);
      await sink.exit();
      await until(() => sink.count('outputEnd', 2) > 0, 'the end of stderr');
      expect(sink.count('outputEnd', 1)).toBe(0);
      process.resume(1);
      await sink.finish();
      expect(sink.bytes(1).toString()).toMatch(/^holder \d+\nlast words\n$/);
    });
  });

  it('sweeps exactly those whose marker begins with the prefix', async () => {
    const prefix = `sweep/${process.pid}/`;
    const swept = [
      bench.start(request('sleep', ['600'], { marker: `${prefix}1` })),
      bench.start(script('setsid sleep 600 & echo "other $!"; wait', { marker: `${prefix}2` })),
    ];
    const spared = bench.start(request('sleep', ['600'], { marker: `sweep/${process.pid}` }));
    await Promise.all([...swept, spared].map(({ sink }) => sink.start()));
    const other = (await swept[1]?.sink.pids(1))?.get('other') ?? 0;
    expect(await bench.spawner.sweep(prefix)).toBeGreaterThanOrEqual(3);
    for (const { sink } of swept) expect(await sink.exit()).toMatchObject({ kind: 'signaled', signal: SIGKILL });
    await bench.ground.gone(other);
    expect(spared.sink.count('exited')).toBe(0);
    expect(await bench.spawner.sweep(prefix)).toBe(0);
    await expect(bench.spawner.sweep('')).rejects.toMatchObject({ code: 'EINVAL' });
  });

  it('tells nothing of a released process, which runs on and can go on writing', async () => {
    const told = join(bench.path, 'told');
    const { sink, process } = bench.start(
      script(`echo ready; read line; head -c 1000000 /dev/zero && echo survived > ${told}; exec sleep 600`),
    );
    const { pid } = await sink.start();
    await until(() => sink.count('output', 1) > 0, 'it to run');
    const before = sink.told.length;
    process.release();
    await until(() => {
      try {
        return readFileSync(told, 'utf8') === 'survived\n';
      } catch {
        return false;
      }
    }, 'it to have written');
    expect(sink.told).toHaveLength(before);
    expect((await bench.spawner.list()).map((entry) => entry.pid)).not.toContain(pid);
    expect(await process.signal(SIGKILL, 'tree')).toBe(false);
    await bench.spawner[Symbol.asyncDispose]();
    expect(bench.ground.runs(pid)).toBe(true);
    bench.ground.kill(pid);
    await bench.ground.gone(pid);
  });

  it('leaves nothing behind when it is disposed of', async () => {
    const family = bench.start(request(fixture('family.sh')));
    const holder = bench.start(request(fixture('leave-holder.sh')));
    const paused = bench.start(script('yes'));
    await until(() => paused.sink.count('output', 1) > 0, 'output');
    paused.process.pause(1);
    await holder.sink.exit();
    const pids = [
      ...(await family.sink.pids(6)).values(),
      ...(await holder.sink.pids(2)).values(),
      (await paused.sink.start()).pid,
    ];
    await Promise.all([bench.spawner[Symbol.asyncDispose](), bench.spawner[Symbol.asyncDispose]()]);
    expect(pids.filter((pid) => bench.ground.runs(pid))).toEqual([]);
    for (const { sink } of [family, holder, paused]) {
      expect([sink.count('exited'), sink.count('outputEnd', 1), sink.count('outputEnd', 2)]).toEqual([1, 1, 1]);
    }
    expect(await bench.failure(request('/bin/true'))).toMatchObject({ code: 'ECANCELED' });
  });
}
