import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { createChildProcessSpawner, listProcesses, type SpawnRequest } from '../../src/linux/index.ts';
import { startFailure } from '../../src/linux/start-failure.ts';
import { scratchTree } from '../support/scratch.ts';
import { fixture, Recorder, request, runs, script, until } from './recorder.ts';
import { describeSpawner } from './spawner-suite.ts';

// Short, since nothing here depends on how long a descendant may hold an output.
describeSpawner('child_process', () => createChildProcessSpawner({ lingerMs: 50 }));

describe('the engine child_process', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('leaves no descriptor, child or timer behind', async () => {
    const cycle = async (): Promise<void> => {
      const spawner = await createChildProcessSpawner({ lingerMs: 5 });
      const sinks = Array.from({ length: 10 }, () => new Recorder());
      for (const [index, sink] of sinks.entries()) {
        const what = [script('echo out; cat'), request(fixture('leave-holder.sh')), request('/none'), script('exit 1')];
        const process = spawner.spawn(what[index % 4] ?? script('exit'), sink);
        if (index === 4) process.pause(1);
        if (index === 8) process.release();
        process.write(Buffer.from('x'));
      }
      await until(() => sinks.every((sink, index) => index === 8 || sink.told.length > 0), 'all starts');
      await spawner[Symbol.asyncDispose]();
    };
    await cycle();
    const open = openFiles();
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const children = await ownChildren();
    for (let round = 0; round < 5; round += 1) await cycle();
    await until(async () => (await ownChildren()).length === children.length, 'children');
    expect(openFiles()).toEqual(open);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThanOrEqual(timers);
  });

  it('notices that the process closes its input while nothing is written', async () => {
    await using spawner = await createChildProcessSpawner();
    const sink = new Recorder();
    const process = spawner.spawn(script('exec 0<&-; exec sleep 600'), sink);
    await until(() => sink.count('stdinClosed') === 1, 'the news');
    process.write(Buffer.from('dropped'));
    expect(sink.written).toBe(0);
  });

  it('lets a process write to its own stdin, to nowhere', async () => {
    await using spawner = await createChildProcessSpawner();
    const sink = new Recorder();
    const process = spawner.spawn(script('echo ready; read a; echo prompt >&0; read b; echo "$a $b"'), sink);
    await until(() => sink.count('output', 1) > 0, 'it to run');
    process.write(Buffer.from('one\n'));
    process.write(Buffer.from('two\n'));
    await sink.finish();
    expect(sink.bytes(1).toString()).toBe('ready\none two\n');
  });

  it('waits for descendants as long as the clock says, and not while its reader is paused', async () => {
    const waits: { readonly delayMs: number; readonly fire: () => void; cancelled: boolean }[] = [];
    let now = 0;
    const clock: Clock = {
      now: () => now,
      wallTime: () => 0,
      after(delayMs, fire) {
        const wait = { delayMs, fire, cancelled: false };
        waits.push(wait);
        return () => {
          wait.cancelled = true;
        };
      },
    };
    await using spawner = await createChildProcessSpawner({ lingerMs: 1000, clock });
    const sink = new Recorder();
    const what = request(fixture('leave-holder.sh'), [], { stdio: ['ignore', 'pipe', 'ignore'] });
    const process = spawner.spawn(what, sink);
    await sink.pids(2);
    await sink.exit();
    await until(() => waits.length === 1, 'the wait');
    now = 400;
    process.pause(1);
    expect(waits).toMatchObject([{ delayMs: 1000, cancelled: true }]);
    now = 5000;
    process.resume(1);
    expect(waits[1]).toMatchObject({ delayMs: 600, cancelled: false });
    expect(sink.count('outputEnd', 1)).toBe(0);
    waits[1]?.fire();
    await sink.finish(1);
  });

  it('adds nothing to an environment for the sake of coverage', async () => {
    vi.stubEnv('NODE_V8_COVERAGE', '/somewhere');
    await using spawner = await createChildProcessSpawner();
    const sinks = [new Recorder(), new Recorder()] as const;
    spawner.spawn(request('env'), sinks[0]);
    spawner.spawn(request('env', [], { env: { PATH: '/usr/bin:/bin', NODE_V8_COVERAGE: '/asked' } }), sinks[1]);
    await Promise.all(sinks.map((sink) => sink.finish()));
    expect(sinks[0].bytes(1).toString()).not.toContain('NODE_V8_COVERAGE');
    expect(sinks[1].bytes(1).toString()).toContain('NODE_V8_COVERAGE=/asked\n');
  });

  it('runs what is a script for the shell by name, also where that ends at once', async () => {
    using scratch = scratchTree({});
    writeFileSync(join(scratch.path, 'becomes-sh'), '#!/bin/sh\nexec /bin/sh -c "echo fine"\n', { mode: 0o755 });
    await using spawner = await createChildProcessSpawner();
    const sinks = Array.from({ length: 20 }, () => new Recorder());
    for (const sink of sinks) spawner.spawn(request(join(scratch.path, 'becomes-sh')), sink);
    for (const sink of sinks) {
      expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(sink.bytes(1).toString()).toBe('fine\n');
    }
  });

  it('refuses to open a named pipe, for which it would have to wait', async () => {
    using scratch = scratchTree({});
    const file = join(scratch.path, 'fifo');
    execFileSync('mkfifo', [file]);
    await using spawner = await createChildProcessSpawner();
    const sink = new Recorder();
    spawner.spawn(script('cat', { stdio: [{ file, flags: constants.O_RDONLY, mode: 0 }, 'pipe', 'pipe'] }), sink);
    expect(await sink.failure()).toMatchObject({ code: 'EINVAL', message: expect.stringContaining(file) });
  });

  it('sets a umask, takes its own user, and refuses what takes a holder', async () => {
    await using spawner = await createChildProcessSpawner();
    const [uid, gid, groups] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0, process.getgroups?.() ?? []];
    const before = process.umask();
    const sink = new Recorder();
    spawner.spawn(script('umask', { umask: 0o127, user: { uid, gid, groups } }), sink);
    await sink.finish();
    expect(sink.bytes(1).toString()).toBe('0127\n');
    expect(process.umask()).toBe(before);
    const terminal = { rows: 24, columns: 80 };
    const refused: readonly [Partial<SpawnRequest>, string][] = [
      [{ user: { uid: uid + 1, gid, groups } }, 'EPERM'],
      [{ user: { uid, gid, groups: [...groups, 12_345] } }, 'EPERM'],
      [{ pid: 4242 }, 'ENOSYS'],
      [{ rlimits: { nofile: { soft: 10, hard: 10 } } }, 'ENOSYS'],
      [{ noNewPrivileges: true }, 'ENOSYS'],
      [{ terminal, stdio: ['terminal', 'terminal', 'terminal'] }, 'ENOSYS'],
      [{ stdio: ['terminal', 'pipe', 'pipe'] }, 'ENOSYS'],
      [{ noCapabilities: true }, 'ENOSYS'],
      [{ noIoUring: true }, 'ENOSYS'],
      [{ binds: [{ source: '/tmp', target: '/mnt' }] }, 'ENOSYS'],
      [{ umask: -1 }, 'EINVAL'],
    ];
    for (const [what, code] of refused) {
      const failing = new Recorder();
      spawner.spawn(script('exit', what), failing);
      expect(await failing.failure()).toMatchObject({ code });
    }
    expect(spawner.held()).toEqual([]);
  });

  it('says EPERM for a root of its own to anyone but root', async () => {
    await using spawner = await createChildProcessSpawner();
    vi.spyOn(process, 'geteuid').mockReturnValue(1000);
    const sink = new Recorder();
    spawner.spawn(script('exit', { root: '/' }), sink);
    expect(await sink.failure()).toMatchObject({ code: 'EPERM', message: expect.stringContaining('only root') });
  });

  it('says EMFILE and what to do, and goes on once there are descriptors again', async () => {
    await using spawner = await createChildProcessSpawner();
    const first = new Recorder();
    spawner.spawn(request('/bin/true'), first);
    await first.finish();
    const taken: number[] = [];
    try {
      for (;;) taken.push(openSync('/dev/null', 'r'));
    } catch {
      // Now there is none left.
    }
    const sink = new Recorder();
    spawner.spawn(request('/bin/true'), sink);
    await new Promise((resolve) => setImmediate(resolve));
    for (const fd of taken) closeSync(fd);
    expect(await sink.failure()).toMatchObject({ code: 'EMFILE', message: expect.stringContaining('RLIMIT_NOFILE') });
    const next = new Recorder();
    spawner.spawn(request('/bin/true'), next);
    expect(await next.finish()).toEqual({ kind: 'exited', code: 0 });
  });

  it.each(['EAGAIN', 'ENOMEM', 'ENFILE', 'ETXTBSY', 'ELOOP', 'EPERM'])('says what to do about %s', (code) => {
    const cause = Object.assign(new Error(`spawn x ${code}`), { code });
    expect(startFailure(request('/bin/true'), cause)).toMatchObject({ code, cause });
  });

  it.skipIf(process.getuid?.() !== 0)('starts nothing that it cannot write down', async () => {
    using scratch = scratchTree({});
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', scratch.path]);
    try {
      await using spawner = await createChildProcessSpawner({ stateDir: scratch.path });
      const first = new Recorder();
      spawner.spawn(request('sleep', ['600']), first);
      await first.start();
      try {
        writeFileSync(join(scratch.path, 'ballast'), Buffer.alloc(1024 * 1024));
      } catch {
        // As full as it gets.
      }
      const told = join('/tmp', `bproc-test-${process.pid}-told`);
      for (let tries = 0; ; tries += 1) {
        const sink = new Recorder();
        spawner.spawn(script(`echo > ${told}`, { marker: `full/${tries}/${'x'.repeat(3000)}` }), sink);
        await until(() => sink.count('failed') > 0 || sink.count('exited') > 0, 'an answer');
        const failed = sink.told.find((each) => each.what === 'failed');
        if (failed === undefined) {
          execFileSync('rm', ['-f', told]);
          continue;
        }
        expect(failed).toMatchObject({ error: { code: 'ENOSPC' } });
        expect(existsSync(told)).toBe(false);
        break;
      }
      expect(first.count('exited')).toBe(0);
    } finally {
      execFileSync('umount', [scratch.path]);
    }
  });

  it('does not keep a program alive that has nothing left to do', async () => {
    const hooks = new URL('../fixtures/ts-hooks.mjs', import.meta.url).href;
    const program = spawn(process.execPath, ['--import', hooks, fixture('idle-program.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    program.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = await once(program, 'close');
    expect(code).toBe(0);
    const released = Number(/released (\d+)/.exec(said)?.[1]);
    expect(runs(released)).toBe(true);
    process.kill(released, 'SIGKILL');
  });

  it('shortens its journal while it works', async () => {
    using scratch = scratchTree({});
    await using spawner = await createChildProcessSpawner({ stateDir: scratch.path });
    const filler = 'x'.repeat(4000);
    const journal = join(scratch.path, readdirSync(scratch.path).find((name) => name.startsWith('journal.')) ?? '');
    const { statSync } = await import('node:fs');
    let longest = 0;
    for (let n = 0; n < 80; n += 1) {
      const sink = new Recorder();
      const stdio = ['ignore', 'ignore', 'ignore'] as const;
      spawner.spawn(request('/bin/true', [], { stdio, marker: `${n}/${filler}` }), sink);
      await sink.exit();
      longest = Math.max(longest, statSync(journal).size);
    }
    await until(() => statSync(journal).size < longest, 'it to be shorter');
    expect(longest).toBeLessThan(80 * 8000);
  });
});

function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).replace(/\[\d+\]/, '');
      } catch {
        return '';
      }
    })
    .filter((target) => target !== '' && !target.startsWith('/proc/'))
    .toSorted();
}

async function ownChildren(): Promise<readonly number[]> {
  return (await listProcesses()).filter((record) => record.ppid === process.pid).map((record) => record.pid);
}
