/** What every engine does with the three standard descriptors. */
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Recorder, request, script, until } from '../recorder.ts';
import { SIGKILL, type SpawnerBench } from './bench.ts';

/** No pipe has room for more without asking. */
const MOST_PIPE_BYTES = 64 * 1024;

/** Tests it on the spawner of `bench`. */
export function describeStdio(bench: SpawnerBench): void {
  describe('stdio', () => {
    it('reads and writes files, relative to the working directory', async () => {
      writeFileSync(join(bench.path, 'in'), 'from a file\n');
      const { O_RDONLY, O_WRONLY, O_CREAT, O_APPEND } = constants;
      const sink = new Recorder();
      bench.spawner.spawn(
        script('cat; echo oops >&2', {
          cwd: bench.path,
          stdio: [
            { file: 'in', flags: O_RDONLY, mode: 0 },
            { file: join(bench.path, 'out'), flags: O_WRONLY | O_CREAT | O_APPEND, mode: 0o600 },
            { file: 'err', flags: O_WRONLY | O_CREAT, mode: 0o600 },
          ],
        }),
        sink,
      );
      await sink.exit();
      expect(readFileSync(join(bench.path, 'out'), 'utf8')).toBe('from a file\n');
      expect(readFileSync(join(bench.path, 'err'), 'utf8')).toBe('oops\n');
      expect(sink.told.map((each) => each.what)).toEqual(['started', 'exited']);
    });

    it('gives /dev/null for what is ignored', async () => {
      const sink = new Recorder();
      bench.spawner.spawn(
        script('readlink /proc/$$/fd/0 /proc/$$/fd/2', { stdio: ['ignore', 'pipe', 'ignore'] }),
        sink,
      );
      await sink.finish(1);
      expect(sink.bytes(1).toString()).toBe('/dev/null\n/dev/null\n');
    });

    it('gives the process nothing else that is open here', async () => {
      const secret = join(bench.path, 'secret');
      const errors = join(bench.path, 'errors');
      const fd = openSync(secret, 'w');
      const stderr = { file: errors, flags: constants.O_WRONLY | constants.O_CREAT, mode: 0o600 };
      const { sink } = bench.start(script('readlink /proc/$$/fd/*', { stdio: ['ignore', 'pipe', stderr] }));
      await sink.finish(1);
      closeSync(fd);
      const open = sink.bytes(1).toString().split('\n');
      expect(open).not.toContain(secret);
      expect(open.filter((path) => path === errors)).toHaveLength(1);
      expect(readdirSync('/proc/self/fd').map(readTarget)).not.toContain(errors);
    });

    it('carries 16 MiB through many pauses, byte for byte', async () => {
      const total = 16 * 1024 * 1024;
      const { sink, process } = bench.start(script(`seq 1 3000000 | head -c ${total}`));
      const numbers: string[] = [];
      for (let n = 1; n <= 3_000_000; n += 1) numbers.push(`${n}`);
      const expected = createHash('sha256').update(numbers.join('\n').slice(0, total)).digest('hex');
      for (let pause = 0; sink.count('outputEnd', 1) === 0; pause += 1) {
        const before = sink.told.length;
        process.pause(1);
        const outputs = sink.count('output', 1);
        await sleep(pause < 20 ? 2 : 0);
        expect(sink.count('output', 1) - outputs).toBeLessThanOrEqual(1);
        process.resume(1);
        await until(() => sink.told.length > before, 'more output');
      }
      expect(createHash('sha256').update(sink.bytes(1)).digest('hex')).toBe(expected);
    });

    it('holds output and its end back while paused, also over the end of the process', async () => {
      const { sink, process } = bench.start(script('echo first; read line; echo second'));
      await until(() => sink.count('output', 1) > 0, 'the first line');
      process.pause(1);
      process.write(Buffer.from('go\n'));
      expect(await sink.exit()).toEqual({ kind: 'exited', code: 0 });
      await until(() => sink.count('outputEnd', 2) > 0, 'the end of stderr');
      expect(sink.count('outputEnd', 1)).toBe(0);
      process.resume(1);
      await sink.finish();
      expect(sink.bytes(1).toString()).toBe('first\nsecond\n');
    });

    it('acknowledges every byte of input', async () => {
      const { sink, process } = bench.start(request('cat'));
      const chunks = Array.from({ length: 64 }, (_, index) => Buffer.alloc(16_384 + index, index));
      for (const chunk of chunks) process.write(chunk);
      process.endStdin();
      expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
      const sent = Buffer.concat(chunks);
      expect(sink.written).toBe(sent.length);
      expect(sink.bytes(1).equals(sent)).toBe(true);
      expect(sink.count('stdinClosed')).toBe(0);
    });

    it('does not acknowledge what the process does not take', async () => {
      const { sink, process } = bench.start(script('echo ready; sleep 600'));
      await until(() => sink.count('output', 1) > 0, 'it to run');
      process.write(Buffer.alloc(8 * 1024 * 1024));
      await sleep(20);
      // What its pipe holds is taken, by some engines once all of a chunk is there.
      expect(sink.written).toBeLessThanOrEqual(MOST_PIPE_BYTES);
    });

    it('tells once that the process closed its input', async () => {
      const { sink, process } = bench.start(script('exec 0<&-; echo closed; exec sleep 600'));
      await until(() => sink.bytes(1).toString() === 'closed\n', 'it to be closed');
      for (let tries = 0; tries < 10; tries += 1) process.write(Buffer.alloc(1024));
      await until(() => sink.count('stdinClosed') === 1, 'the news');
      process.write(Buffer.alloc(1024));
      process.endStdin();
      await process.signal(SIGKILL, 'process');
      await sink.finish();
      expect(sink.count('stdinClosed')).toBe(1);
    });

    it('gives the process EPIPE for an output that was given up', async () => {
      const { sink, process } = bench.start(script('trap "" PIPE; read line; echo unheard || echo "failed" >&2'));
      await sink.start();
      process.closeOutput(1);
      await until(() => sink.count('outputEnd', 1) === 1, 'its end');
      process.write(Buffer.from('go\n'));
      await sink.finish();
      expect(sink.bytes(2).toString()).toContain('failed\n');
      expect(sink.count('output', 1)).toBe(0);
    });

    it('reads discarded output to nowhere, so that the process goes on', async () => {
      const { sink, process } = bench.start(script('head -c 4000000 /dev/zero; echo done >&2'));
      process.discardOutput(1);
      expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(sink.bytes(2).toString()).toBe('done\n');
      expect(sink.count('output', 1)).toBe(0);
    });
  });
}

function readTarget(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
