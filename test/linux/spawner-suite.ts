/** The abstract suite that every engine of the spawner seam has to pass. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  MARKER_VARIABLE,
  type ProcessIdentity,
  readStat,
  type Spawner,
  type SpawnRequest,
} from '../../src/linux/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { fixture, gone, Recorder, request, runs, script, until } from './recorder.ts';

const SIGTERM = 15;
const SIGKILL = 9;

/** Runs the suite on the spawners that `factory` makes; each is disposed of by the suite. */
export function describeSpawner(name: string, factory: () => Promise<Spawner>): void {
  describe(`spawner ${name}`, () => {
    let spawner: Spawner;
    let scratch: ReturnType<typeof scratchTree>;

    beforeEach(async () => {
      scratch = scratchTree({});
      spawner = await factory();
    });

    afterEach(async () => {
      try {
        await spawner[Symbol.asyncDispose]();
      } finally {
        scratch[Symbol.dispose]();
      }
    });

    const start = (what: SpawnRequest) => {
      const sink = new Recorder();
      const process = spawner.spawn(what, sink);
      expect(sink.told).toEqual([]);
      return { sink, process };
    };

    const output = async (what: SpawnRequest): Promise<string> => {
      const { sink, process } = start(what);
      process.endStdin();
      await sink.finish();
      return sink.bytes(1).toString();
    };

    const failure = async (what: SpawnRequest) => {
      const { sink, process } = start(what);
      const error = await sink.failure();
      process.write(Buffer.from('nobody reads this'));
      expect(await process.signal(SIGTERM, 'tree')).toBe(false);
      expect(sink.told).toHaveLength(1);
      return error;
    };

    describe('starting', () => {
      it('tells the start, the output, the exit and the ends, each once', async () => {
        const { sink, process } = start(script('echo out; echo err >&2; exit 7'));
        process.endStdin();
        expect(await sink.finish()).toEqual({ kind: 'exited', code: 7 });
        expect(sink.told[0]?.what).toBe('started');
        expect(sink.bytes(1).toString()).toBe('out\n');
        expect(sink.bytes(2).toString()).toBe('err\n');
        for (const fd of [1, 2] as const) expect(sink.count('outputEnd', fd)).toBe(1);
        expect([sink.count('started'), sink.count('exited')]).toEqual([1, 1]);
      });

      it('tells a start time that identifies the process', async () => {
        const { sink } = start(request('sleep', ['600']));
        const identity = await sink.start();
        expect(readStat(identity.pid)).toMatchObject(identity);
      });

      it('tells the start also of a process that has ended by then', async () => {
        const { sink } = start(request('/bin/true'));
        expect((await sink.start()).startTime).toBeGreaterThan(0);
        expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
      });

      it('gives each process a session and a group of its own', async () => {
        const { sink } = start(request('sleep', ['600']));
        const { pid } = await sink.start();
        expect(readStat(pid)).toMatchObject({ pgid: pid, sid: pid });
      });

      it('passes arguments as they are, argv[0] included', async () => {
        const argv = ['not cat', '/proc/self/cmdline', '--', '', 'a b', '$HOME "\'\\', 'line\nbreak', 'Grüße ☃'];
        const { sink } = start(request('/bin/cat', [], { argv }));
        await sink.finish();
        const shown = sink.bytes(1).toString();
        expect(shown.startsWith(`${argv.join('\0')}\0`)).toBe(true);
      });

      it('passes exactly the environment it was given, and the marker', async () => {
        const env = { PATH: '/usr/bin:/bin', EMPTY: '', 'WITH SPACE': 'a=b\nc', [MARKER_VARIABLE]: 'overridden' };
        const what = request('/usr/bin/env', ['-0'], { env });
        const shown = (await output(what)).split('\0').filter((entry) => entry !== '');
        const expected = ['PATH=/usr/bin:/bin', 'EMPTY=', 'WITH SPACE=a=b\nc', `${MARKER_VARIABLE}=${what.marker}`];
        expect(shown.toSorted()).toEqual(expected.toSorted());
      });

      it('finds the program in the PATH of the process, not in its own', async () => {
        writeFileSync(join(scratch.path, 'only-here'), '#!/bin/sh\necho found\n', { mode: 0o755 });
        expect(await output(request('only-here', [], { env: { PATH: `/nowhere:${scratch.path}` } }))).toBe('found\n');
      });

      it('begins in the working directory', async () => {
        expect(await output(request('/bin/pwd', ['-P'], { cwd: scratch.path }))).toBe(`${scratch.path}\n`);
      });
    });

    describe('failing to start', () => {
      it('ENOENT names a program that is not there', async () => {
        const error = await failure(request('/no/such/program'));
        expect(error).toMatchObject({ code: 'ENOENT', message: expect.stringContaining('/no/such/program') });
        expect(await failure(request('no-such-program'))).toMatchObject({ code: 'ENOENT' });
      });

      it('ENOENT names a working directory that is not there', async () => {
        const cwd = join(scratch.path, 'missing');
        const error = await failure(request('/bin/true', [], { cwd }));
        expect(error.code).toBe('ENOENT');
        expect(error.message).toMatch(/working directory ".*missing" does not exist/);
        expect(await failure(request('/bin/true', [], { cwd: '' }))).toMatchObject({ code: 'ENOENT' });
      });

      it('ENOTDIR names a working directory that is a file', async () => {
        const error = await failure(request('/bin/true', [], { cwd: '/etc/passwd' }));
        expect(error).toMatchObject({ code: 'ENOTDIR', message: expect.stringContaining('/etc/passwd') });
      });

      it('EACCES names what is not executable', async () => {
        const file = join(scratch.path, 'plain');
        writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 });
        expect(await failure(request(file))).toMatchObject({ code: 'EACCES', message: expect.stringContaining(file) });
        const inPath = request('plain', [], { env: { PATH: scratch.path } });
        expect(await failure(inPath)).toMatchObject({ code: 'EACCES', message: expect.stringContaining(file) });
        expect(await failure(request(scratch.path))).toMatchObject({ code: 'EACCES' });
      });

      it('ENOENT names an interpreter that is not there', async () => {
        const file = join(scratch.path, 'script');
        writeFileSync(file, '#!/no/such/interpreter -x\n', { mode: 0o755 });
        const error = await failure(request(file));
        expect(error).toMatchObject({ code: 'ENOENT', message: expect.stringContaining('/no/such/interpreter') });
      });

      it('ENOEXEC names a file of no known format, by path and through PATH', async () => {
        const file = join(scratch.path, 'garbage');
        writeFileSync(file, 'sleep 600\n', { mode: 0o755 });
        expect(await failure(request(file))).toMatchObject({ code: 'ENOEXEC', message: expect.stringContaining(file) });
        const inPath = request('garbage', [], { env: { PATH: `${scratch.path}:/bin` } });
        expect(await failure(inPath)).toMatchObject({ code: 'ENOEXEC' });
        writeFileSync(file, '', { mode: 0o755 });
        expect(await failure(request(file))).toMatchObject({ code: 'ENOEXEC' });
      });

      it('E2BIG says that the arguments are too long', async () => {
        expect(await failure(request('/bin/true', ['x'.repeat(200_000)]))).toMatchObject({ code: 'E2BIG' });
      });

      it('EINVAL refuses NUL bytes and unusable markers', async () => {
        expect(await failure(request('/bin/true', ['a\0b']))).toMatchObject({ code: 'EINVAL' });
        for (const marker of ['', 'two words', 'line\nbreak']) {
          expect(await failure(request('/bin/true', [], { marker }))).toMatchObject({ code: 'EINVAL' });
        }
      });

      it('names the descriptor and the file that cannot be opened', async () => {
        const missing = { file: '/no/such/file', flags: constants.O_RDONLY, mode: 0 };
        const input = await failure(request('cat', [], { stdio: [missing, 'pipe', 'pipe'] }));
        expect(input).toMatchObject({ code: 'ENOENT', message: expect.stringMatching(/stdin.*\/no\/such\/file/) });
        const directory = { file: '/tmp', flags: constants.O_WRONLY, mode: 0 };
        const errors = await failure(request('cat', [], { stdio: ['ignore', 'pipe', directory] }));
        expect(errors).toMatchObject({ code: 'EISDIR', message: expect.stringMatching(/stderr.*\/tmp/) });
        const through = { file: '/etc/passwd/x', flags: constants.O_RDONLY, mode: 0 };
        expect(await failure(request('cat', [], { stdio: [through, 'pipe', 'pipe'] }))).toMatchObject({
          code: 'ENOTDIR',
        });
      });
    });

    describe('stdio', () => {
      it('reads and writes files, relative to the working directory', async () => {
        writeFileSync(join(scratch.path, 'in'), 'from a file\n');
        const { O_RDONLY, O_WRONLY, O_CREAT, O_APPEND } = constants;
        const sink = new Recorder();
        spawner.spawn(
          script('cat; echo oops >&2', {
            cwd: scratch.path,
            stdio: [
              { file: 'in', flags: O_RDONLY, mode: 0 },
              { file: join(scratch.path, 'out'), flags: O_WRONLY | O_CREAT | O_APPEND, mode: 0o600 },
              { file: 'err', flags: O_WRONLY | O_CREAT, mode: 0o600 },
            ],
          }),
          sink,
        );
        await sink.exit();
        expect(readFileSync(join(scratch.path, 'out'), 'utf8')).toBe('from a file\n');
        expect(readFileSync(join(scratch.path, 'err'), 'utf8')).toBe('oops\n');
        expect(sink.told.map((each) => each.what)).toEqual(['started', 'exited']);
      });

      it('gives /dev/null for what is ignored', async () => {
        const sink = new Recorder();
        spawner.spawn(script('readlink /proc/$$/fd/0 /proc/$$/fd/2', { stdio: ['ignore', 'pipe', 'ignore'] }), sink);
        await sink.finish(1);
        expect(sink.bytes(1).toString()).toBe('/dev/null\n/dev/null\n');
      });

      it('gives the process nothing else that is open here', async () => {
        const secret = join(scratch.path, 'secret');
        const errors = join(scratch.path, 'errors');
        const fd = openSync(secret, 'w');
        const stderr = { file: errors, flags: constants.O_WRONLY | constants.O_CREAT, mode: 0o600 };
        const { sink } = start(script('readlink /proc/$$/fd/*', { stdio: ['ignore', 'pipe', stderr] }));
        await sink.finish(1);
        closeSync(fd);
        const open = sink.bytes(1).toString().split('\n');
        expect(open).not.toContain(secret);
        expect(open.filter((path) => path === errors)).toHaveLength(1);
        expect(readdirSync('/proc/self/fd').map(readTarget)).not.toContain(errors);
      });

      it('carries 16 MiB through many pauses, byte for byte', async () => {
        const total = 16 * 1024 * 1024;
        const { sink, process } = start(script(`seq 1 3000000 | head -c ${total}`));
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
        const { sink, process } = start(script('echo first; read line; echo second'));
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
        const { sink, process } = start(request('cat'));
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
        const { sink, process } = start(script('echo ready; sleep 600'));
        await until(() => sink.count('output', 1) > 0, 'it to run');
        process.write(Buffer.alloc(8 * 1024 * 1024));
        await sleep(20);
        expect(sink.written).toBe(0);
      });

      it('tells once that the process closed its input', async () => {
        const { sink, process } = start(script('exec 0<&-; echo closed; exec sleep 600'));
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
        const { sink, process } = start(script('trap "" PIPE; read line; echo unheard || echo "failed" >&2'));
        await sink.start();
        process.closeOutput(1);
        await until(() => sink.count('outputEnd', 1) === 1, 'its end');
        process.write(Buffer.from('go\n'));
        await sink.finish();
        expect(sink.bytes(2).toString()).toContain('failed\n');
        expect(sink.count('output', 1)).toBe(0);
      });

      it('reads discarded output to nowhere, so that the process goes on', async () => {
        const { sink, process } = start(script('head -c 4000000 /dev/zero; echo done >&2'));
        process.discardOutput(1);
        expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
        expect(sink.bytes(2).toString()).toBe('done\n');
        expect(sink.count('output', 1)).toBe(0);
      });
    });

    describe('ending', () => {
      it('tells every exit code', async () => {
        const codes = Array.from({ length: 256 }, (_, code) => code);
        const sinks: Recorder[] = [];
        for (const code of codes) {
          const { sink } = start(script(`exit ${code}`, { stdio: ['ignore', 'ignore', 'ignore'] }));
          sinks.push(sink);
          if (sinks.length % 16 === 0) await sink.exit();
        }
        expect(await Promise.all(sinks.map((sink) => sink.exit()))).toEqual(
          codes.map((code) => ({ kind: 'exited', code })),
        );
      });

      it.each([1, 2, 6, 9, 10, 13, 15, 31])('tells the signal %i that ended it', async (signal) => {
        const { sink, process } = start(request('sleep', ['600']));
        await sink.start();
        expect(await process.signal(signal, 'process')).toBe(true);
        expect(await sink.finish()).toEqual({ kind: 'signaled', signal, core: false });
        expect(await process.signal(signal, 'process')).toBe(false);
      });

      it('ends the outputs although a descendant holds them', async () => {
        const { sink } = start(request(fixture('leave-holder.sh')));
        expect(await sink.finish()).toEqual({ kind: 'exited', code: 3 });
        const holder = (await sink.pids(2)).get('holder') ?? 0;
        expect(sink.bytes(1).toString()).toBe(`holder ${holder}\nlast words\n`);
        expect(runs(holder)).toBe(true);
      });

      it('ends an output although a descendant writes to it without pause', async () => {
        const { sink, process } = start(request(fixture('leave-writer.sh')));
        await sink.finish();
        expect(sink.count('outputEnd', 1)).toBe(1);
        await process.signal(SIGKILL, 'tree');
      });

      it('waits for a paused reader before it gives such an output up', async () => {
        const { sink, process } = start(request(fixture('leave-holder.sh')));
        process.pause(1);
        await sink.exit();
        await until(() => sink.count('outputEnd', 2) > 0, 'the end of stderr');
        expect(sink.count('outputEnd', 1)).toBe(0);
        process.resume(1);
        await sink.finish();
        expect(sink.bytes(1).toString()).toMatch(/^holder \d+\nlast words\n$/);
      });
    });

    describe('signals', () => {
      const group = 'sleep 600 & echo "one $!"; sleep 600 & echo "two $!"; wait';

      it('of scope process reach it alone', async () => {
        const { sink, process } = start(script(group));
        const pids = [...(await sink.pids(2)).values()];
        expect(await process.signal(SIGKILL, 'process')).toBe(true);
        await sink.exit();
        expect(pids.map(runs)).toEqual([true, true]);
      });

      it('of scope group reach its group, also after its own end', async () => {
        const { sink, process } = start(script(group));
        const pids = [...(await sink.pids(2)).values()];
        expect(await process.signal(SIGKILL, 'process')).toBe(true);
        await sink.exit();
        expect(await process.signal(SIGTERM, 'group')).toBe(true);
        await gone(...pids);
        expect(await process.signal(SIGTERM, 'group')).toBe(false);
      });

      it.each([SIGTERM, SIGKILL])('%i of scope tree reach every descendant wherever it hides', async (signal) => {
        const { sink, process } = start(request(fixture('family.sh')));
        const pids = await sink.pids(6);
        expect(pids.size).toBe(6);
        expect(await process.signal(signal, 'tree')).toBe(true);
        await gone(...pids.values());
        await sink.finish();
        expect(await process.signal(signal, 'tree')).toBe(false);
      });

      it('of scope tree reach what it left behind after its own end', async () => {
        const { sink, process } = start(request(fixture('family.sh'), ['leave']));
        const pids = new Map(await sink.pids(5));
        await sink.exit();
        // Whose parents and environment are both gone is nobody's any more.
        const unmarked = pids.get('unmarked') ?? 0;
        pids.delete('unmarked');
        expect(await process.signal(SIGKILL, 'tree')).toBe(true);
        await gone(...pids.values());
        if (runs(unmarked)) globalThis.process.kill(unmarked, SIGKILL);
      });

      it('that do not exist are refused', async () => {
        const { sink, process } = start(request('sleep', ['600']));
        await sink.start();
        await expect(process.signal(99, 'process')).rejects.toMatchObject({ code: 'EINVAL' });
      });

      it('0 asks whether it is there', async () => {
        const { sink, process } = start(request('sleep', ['600']));
        await sink.start();
        expect(await process.signal(0, 'process')).toBe(true);
        await process.signal(SIGKILL, 'process');
        await sink.exit();
        expect(await process.signal(0, 'process')).toBe(false);
      });
    });

    describe('signals to what it forked', () => {
      const tree =
        'setsid sh -c \'sleep 600 & echo "leaf $!"; setsid sleep 600 & echo "far $!"; wait\' & echo "branch $!"; ' +
        'sleep 600 & echo "sibling $!"; wait';

      const shown = async (pid: number | undefined): Promise<ProcessIdentity> => {
        const entry = (await spawner.list()).find((each) => each.pid === pid);
        if (entry === undefined) throw new Error(`process ${pid} is not listed`);
        return { pid: entry.pid, startTime: entry.startTime };
      };

      it('of scope process and group reach it, and its group', async () => {
        const { sink } = start(script(tree));
        const pids = await sink.pids(4);
        const leaf = await shown(pids.get('leaf'));
        const far = pids.get('far') ?? 0;
        await until(() => readStat(far)?.sid === far, 'it to have its own session');
        expect(await spawner.signal({ ...leaf, startTime: leaf.startTime - 1 }, SIGKILL, 'process')).toBe(false);
        expect(await spawner.signal(leaf, SIGKILL, 'process')).toBe(true);
        await gone(leaf.pid);
        expect(await spawner.signal(leaf, SIGKILL, 'process')).toBe(false);
        const branch = await shown(pids.get('branch'));
        expect(await spawner.signal(branch, SIGKILL, 'group')).toBe(true);
        await gone(branch.pid);
        expect([runs(far), runs(pids.get('sibling') ?? 0)]).toEqual([true, true]);
        await expect(spawner.signal(branch, 99, 'process')).rejects.toMatchObject({ code: 'EINVAL' });
      });

      it.each([SIGTERM, SIGKILL])('%i of scope tree reach what it forked itself, and nobody else', async (signal) => {
        const { sink } = start(script(tree));
        const pids = await sink.pids(4);
        const branch = await shown(pids.get('branch'));
        expect(await spawner.signal(branch, signal, 'tree')).toBe(true);
        await gone(branch.pid, pids.get('leaf') ?? 0, pids.get('far') ?? 0);
        expect(runs(pids.get('sibling') ?? 0)).toBe(true);
        expect(sink.count('exited')).toBe(0);
        expect(await spawner.signal(branch, signal, 'tree')).toBe(false);
      });
    });

    it('lists its processes and their descendants, each under its origin', async () => {
      const first = start(request(fixture('family.sh')));
      const second = start(request('sleep', ['600']));
      const pids = await first.sink.pids(6);
      const { pid } = await second.sink.start();
      const origin = pids.get('self') ?? 0;
      const entries = await spawner.list();
      const owners = new Map(entries.map((entry) => [entry.pid, entry.origin]));
      for (const member of pids.values()) expect(owners.get(member)).toBe(origin);
      expect(owners.get(pid)).toBe(pid);
      const sleeper = entries.find((entry) => entry.pid === pid);
      expect(sleeper).toMatchObject({ command: 'sleep', pgid: pid, sid: pid, uid: process.getuid?.() });
      expect(owners.has(process.pid)).toBe(false);
    });

    it('sweeps exactly those whose marker begins with the prefix', async () => {
      const prefix = `sweep/${process.pid}/`;
      const swept = [
        start(request('sleep', ['600'], { marker: `${prefix}1` })),
        start(script('setsid sleep 600 & echo "other $!"; wait', { marker: `${prefix}2` })),
      ];
      const spared = start(request('sleep', ['600'], { marker: `sweep/${process.pid}` }));
      await Promise.all([...swept, spared].map(({ sink }) => sink.start()));
      const other = (await swept[1]?.sink.pids(1))?.get('other') ?? 0;
      expect(await spawner.sweep(prefix)).toBeGreaterThanOrEqual(3);
      for (const { sink } of swept) expect(await sink.exit()).toMatchObject({ kind: 'signaled', signal: SIGKILL });
      await gone(other);
      expect(spared.sink.count('exited')).toBe(0);
      expect(await spawner.sweep(prefix)).toBe(0);
      await expect(spawner.sweep('')).rejects.toMatchObject({ code: 'EINVAL' });
    });

    it('tells nothing of a released process, which runs on and can go on writing', async () => {
      const told = join(scratch.path, 'told');
      const { sink, process } = start(
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
      expect((await spawner.list()).map((entry) => entry.pid)).not.toContain(pid);
      expect(await process.signal(SIGKILL, 'tree')).toBe(false);
      await spawner[Symbol.asyncDispose]();
      expect(runs(pid)).toBe(true);
      globalThis.process.kill(pid, SIGKILL);
      await gone(pid);
    });

    it('leaves nothing behind when it is disposed of', async () => {
      const family = start(request(fixture('family.sh')));
      const holder = start(request(fixture('leave-holder.sh')));
      const paused = start(script('yes'));
      await until(() => paused.sink.count('output', 1) > 0, 'output');
      paused.process.pause(1);
      await holder.sink.exit();
      const pids = [
        ...(await family.sink.pids(6)).values(),
        ...(await holder.sink.pids(2)).values(),
        (await paused.sink.start()).pid,
      ];
      await Promise.all([spawner[Symbol.asyncDispose](), spawner[Symbol.asyncDispose]()]);
      expect(pids.filter(runs)).toEqual([]);
      for (const { sink } of [family, holder, paused]) {
        expect([sink.count('exited'), sink.count('outputEnd', 1), sink.count('outputEnd', 2)]).toEqual([1, 1, 1]);
      }
      expect(await failure(request('/bin/true'))).toMatchObject({ code: 'ECANCELED' });
    });

    describe.skipIf(process.getuid?.() !== 0)('a root of its own', () => {
      /** A root that holds one static program, if this machine has one: its shell with what that needs. */
      const makeRoot = (): string => {
        const root = join(scratch.path, 'root');
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
        const { sink } = start(what);
        expect(await sink.finish(2)).toEqual({ kind: 'exited', code: 0 });
        expect(readFileSync(join(root, 'inner', 'out'), 'utf8')).toMatch(/^\/inner\n\/bin \/dev \/inner .*\n$/);
        expect(await output(script('pwd', { root }))).toBe('/\n');
      });

      it('is searched for the program, the directory and the files', async () => {
        const root = makeRoot();
        expect(await failure(request('/usr/bin/env', [], { root }))).toMatchObject({ code: 'ENOENT' });
        expect(await failure(script('', { root, cwd: '/tmp' }))).toMatchObject({ code: 'ENOENT' });
        expect(await failure(script('', { root: `${root}/none` }))).toMatchObject({ code: 'ENOENT' });
        expect(await failure(script('', { root: `${root}/bin/sh` }))).toMatchObject({ code: 'ENOTDIR' });
      });
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

/** What the dynamic loader maps into a program. */
function sharedLibraries(file: string): readonly string[] {
  const head = readFileSync(file).toString('latin1');
  const loader = /\/lib\S*ld-[\w.-]+\.so\.\d/.exec(head)?.[0];
  const maps = readFileSync('/proc/self/maps', 'utf8');
  const libc = /\S+\/(?:libc\.so\.6|ld-musl\S*|libc-\S+\.so)$/m.exec(maps)?.[0];
  return [loader, libc].filter((path) => path !== undefined);
}
