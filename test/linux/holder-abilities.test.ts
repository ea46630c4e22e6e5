import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { createHolderSpawner, type SpawnedProcess, type Spawner, type SpawnRequest } from '../../src/linux/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { fixture, Recorder, request, runs, script, until } from './recorder.ts';

const isRoot = process.getuid?.() === 0;
const SIGPIPE = 13;
const SIGCONT = 18;
const SIGSTOP = 19;
const SIGRTMIN_3 = 37;
const NOBODY = 65_534;

let spawner: Spawner;

beforeEach(async () => {
  spawner = await createHolderSpawner({ lingerMs: 50, pidNamespace: 'none' });
});

afterEach(async () => {
  await spawner[Symbol.asyncDispose]();
});

function start(what: SpawnRequest): { readonly sink: Recorder; readonly process: SpawnedProcess } {
  const sink = new Recorder();
  return { sink, process: spawner.spawn(what, sink) };
}

async function output(what: SpawnRequest): Promise<string> {
  const { sink } = start({ ...what, stdio: ['ignore', 'pipe', 'pipe'] });
  await sink.finish();
  return sink.bytes(1).toString() + sink.bytes(2).toString();
}

describe('what only a holder tells', () => {
  it('stops and continuations', async () => {
    const { sink, process } = start(request('sleep', ['600']));
    await sink.start();
    await process.signal(SIGSTOP, 'process');
    await until(() => sink.count('stopped') === 1, 'the stop');
    await process.signal(SIGCONT, 'process');
    await until(() => sink.count('continued') === 1, 'the continuation');
    expect(sink.told.slice(1)).toEqual([{ what: 'stopped', signal: SIGSTOP }, { what: 'continued' }]);
  });

  it('an end by a real-time signal, and by a closed output', async () => {
    const { sink, process } = start(request('sleep', ['600']));
    await sink.start();
    await process.signal(SIGRTMIN_3, 'process');
    expect(await sink.finish()).toEqual({ kind: 'signaled', signal: SIGRTMIN_3, core: false });
    const yes = start(request('yes'));
    await until(() => yes.sink.count('output', 1) > 0, 'output');
    yes.process.closeOutput(1);
    expect(await yes.sink.finish()).toEqual({ kind: 'signaled', signal: SIGPIPE, core: false });
  });

  it('whether memory was dumped', async () => {
    using scratch = scratchTree({});
    // The kernel counts one that went to nowhere, or to a program, as well.
    const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'latin1');
    const rlimits = { core: { soft: 1024 * 1024, hard: Number.POSITIVE_INFINITY } };
    const status = await dumpStatus(scratch.path, rlimits);
    expect(status).toMatchObject({ kind: 'signaled', signal: 6 });
    expect(await dumpStatus(scratch.path, { core: { soft: 0, hard: 0 } })).toMatchObject({
      core: pattern.startsWith('|'),
    });
    if (isRoot) expect(status).toMatchObject({ core: true });
  });

  it('what it has used', async () => {
    const { sink } = start(script('i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done'));
    await sink.finish();
    expect((sink.usage?.userMs ?? 0) + (sink.usage?.systemMs ?? 0)).toBeGreaterThan(0);
    expect(sink.usage?.maxRssBytes).toBeGreaterThan(100_000);
    expect(sink.usage?.minorFaults).toBeGreaterThan(10);
  });

  async function dumpStatus(cwd: string, rlimits: NonNullable<SpawnRequest['rlimits']>) {
    const { sink } = start(script('kill -ABRT $$', { rlimits, cwd }));
    return sink.finish();
  }
});

describe('what only a holder gives', () => {
  it('a umask, limits and no new privileges', async () => {
    const what = script('umask; ulimit -n; ulimit -Hn; grep NoNewPrivs /proc/self/status', {
      umask: 0o137,
      rlimits: { nofile: { soft: 77, hard: 99 } },
      noNewPrivileges: true,
    });
    expect(await output(what)).toBe('0137\n77\n99\nNoNewPrivs:\t1\n');
    expect(await output(script('umask; grep NoNewPrivs /proc/self/status'))).toMatch(/^0022\nNoNewPrivs:\t0\n$/);
  });

  it.skipIf(!isRoot)('no capabilities and no io_uring', async () => {
    const io =
      'import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.syscall(425, 0, None), ctypes.get_errno())';
    const text = `grep -E 'NoNewPrivs|CapBnd|Seccomp:' /proc/self/status; python3 -c '${io}'`;
    const [EFAULT, ENOSYS] = [14, 38];
    const free = await output(script(text));
    expect(free).toMatch(/^CapBnd:\t0*[1-9a-f].*\nNoNewPrivs:\t0\nSeccomp:\t0\n-1 \d+\n$/);
    expect(free).toMatch(new RegExp(`-1 (?:${EFAULT}|22)\n$`));
    const bound = await output(script(text, { noNewPrivileges: true, noCapabilities: true, noIoUring: true }));
    expect(bound).toBe(`CapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n-1 ${ENOSYS}\n`);
    const user = { uid: NOBODY, gid: NOBODY, groups: [] };
    const all = "grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status | cut -f2 | sort -u";
    expect(await output(script(all, { user, noCapabilities: true }))).toBe('0000000000000000\n');
    expect(await output(script(all, { noCapabilities: true }))).toBe('0000000000000000\n');
  });

  it.skipIf(!isRoot)('files and directories at other places, for one process alone', async () => {
    using scratch = scratchTree({ 'here/file': 'one', 'there/file': 'two', 'root/own': '' });
    const [here, there, root] = ['here', 'there', 'root'].map((name) => `${scratch.path}/${name}`);
    const binds = [
      { source: `${here}`, target: `${there}`, frozen: true },
      { source: `${here}`, target: `${here}` },
    ];
    const text = `cat ${there}/file; echo three > ${there}/file; echo three > ${here}/file; cat ${there}/file`;
    expect(await output(script(text, { binds }))).toMatch(/^onethree\n.*Read-only file system\n$/);
    expect(readFileSync(`${there}/file`, 'utf8')).toBe('two');
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(scratch.path);
    // bound before the root counts, and seen in it
    const inside = [
      { source: '/', target: `${root}` },
      { source: `${here}`, target: `${root}/mnt` },
    ];
    expect(await output(script('cat /mnt/file', { binds: inside, root: `${root}` }))).toBe('three\n');
    const missing = await failure(script('exit', { binds: [{ source: `${here}/none`, target: `${there}` }] }));
    expect(missing).toMatchObject({ code: 'ENOENT', message: expect.stringContaining('cannot be bound') });
    const odd = await failure(script('exit', { binds: [{ source: 'a\0b', target: '/' }] }));
    expect(odd).toMatchObject({ code: 'EINVAL' });
  });

  it('refuses limits and numbers that are none', async () => {
    const nofile = { soft: 10, hard: 5 };
    expect(await failure(request('true', [], { rlimits: { nofile } }))).toMatchObject({ code: 'EINVAL' });
    for (const wrong of [{ umask: 0o1000 }, { pid: 1 }, { windowBytes: 10 }, { terminal: { rows: 1, columns: 1 } }]) {
      expect(await failure(request('true', [], wrong))).toMatchObject({ code: 'EINVAL' });
    }
  });

  it.skipIf(!isRoot)('another user, with groups', async () => {
    const user = { uid: NOBODY, gid: 1234, groups: [1234, 77] };
    expect(await output(script('id -u; id -g; id -G; cat /etc/shadow 2>/dev/null || echo no', { user }))).toBe(
      `${NOBODY}\n1234\n1234 77\nno\n`,
    );
  });

  it.skipIf(!isRoot)('a pid of one’s choice', async () => {
    const taken = await start(request('sleep', ['600'])).sink.start();
    const error = await failure(request('true', [], { pid: taken.pid }));
    expect(error).toMatchObject({ code: 'EEXIST', message: expect.stringContaining(`${taken.pid}`) });
    const pid = Number(readFileSync('/proc/sys/kernel/pid_max', 'latin1')) - 3;
    const { sink } = start(script('echo $$', { pid }));
    await sink.finish();
    expect([await sink.start(), sink.bytes(1).toString()]).toEqual([expect.objectContaining({ pid }), `${pid}\n`]);
  });

  it('a terminal that has a size, interrupts and ends', async () => {
    const text =
      'trap "stty size; exit 4" INT; trap "stty size" WINCH; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && stty size; ' +
      'echo ready; while :; do read line && echo "<$line>"; done';
    const terminal = { rows: 24, columns: 99 };
    const { sink, process } = start(script(text, { stdio: ['terminal', 'terminal', 'terminal'], terminal }));
    const shown = (): string => sink.bytes(1).toString().replaceAll('\r', '');
    await until(() => shown().includes('ready\n'), 'it to run');
    expect(shown()).toBe('24 99\nready\n');
    process.resize({ rows: 50, columns: 132 });
    process.write(Buffer.from('typed\n'));
    // A shell that reads hears of the signal before or after the line, as it comes.
    await until(() => shown().includes('<typed>\n') && shown().includes('50 132\n'), 'its answers');
    process.write(Buffer.from('\x03'));
    expect(await sink.finish(1)).toEqual({ kind: 'exited', code: 4 });
    expect(sink.count('outputEnd', 2)).toBe(0);
    const last = start(request('cat', [], { stdio: ['terminal', 'terminal', 'pipe'], terminal }));
    last.process.write(Buffer.from('line\n'));
    last.process.endStdin();
    expect(await last.sink.finish()).toEqual({ kind: 'exited', code: 0 });
    expect(await failure(request('cat', [], { stdio: ['pipe', 'terminal', 'pipe'], terminal }))).toMatchObject({
      code: 'EINVAL',
    });
  });

  it('a terminal that may be left and opened again', async () => {
    const text =
      'for i in 1 2 3 4 5 6 7 8 9; do exec 0<&- 1>&- 2>&-; sleep 0.01; exec 0</dev/tty 1>/dev/tty 2>&1; echo $i; done';
    const terminal = { rows: 24, columns: 80 };
    const { sink } = start(script(text, { stdio: ['terminal', 'terminal', 'terminal'], terminal }));
    expect(await sink.finish(1)).toEqual({ kind: 'exited', code: 0 });
    expect(sink.bytes(1).toString()).toBe('1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9\r\n');
  });

  async function failure(what: SpawnRequest) {
    return start(what).sink.failure();
  }
});

describe('the engine holder', () => {
  it('leaves no descriptor or holder behind', async () => {
    const cycle = async (): Promise<void> => {
      await using own = await createHolderSpawner({ lingerMs: 5, pidNamespace: 'none' });
      const sinks = [new Recorder(), new Recorder(), new Recorder()];
      for (const [index, sink] of sinks.entries()) {
        const process = own.spawn(
          [script('cat'), request('/none'), script('sleep 600 & exit')][index] ?? script(''),
          sink,
        );
        process.write(Buffer.from('x'));
        if (index === 0) process.pause(1);
      }
      await until(() => sinks.every((sink) => sink.told.length > 0), 'all starts');
    };
    await cycle();
    const before = openFiles();
    for (let round = 0; round < 5; round += 1) await cycle();
    expect(openFiles()).toEqual(before);
  });

  it('does not keep a program alive that has nothing left to do', async () => {
    const hooks = new URL('../fixtures/ts-hooks.mjs', import.meta.url).href;
    const program = spawn(process.execPath, ['--import', hooks, fixture('idle-program.ts'), 'holder'], {
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
    await using own = await createHolderSpawner({ lingerMs: 1000, clock, pidNamespace: 'none' });
    const sink = new Recorder();
    const what = request(fixture('leave-holder.sh'), [], { stdio: ['ignore', 'pipe', 'ignore'] });
    const process = own.spawn(what, sink);
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

  it('says where it has looked for its program', async () => {
    const missing = createHolderSpawner({ binary: '/no/bpspawn' });
    await expect(missing).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringMatching(/^holder not found/),
    });
    await expect(createHolderSpawner({ binary: '/etc/passwd' })).rejects.toMatchObject({ code: 'EACCES' });
    await expect(createHolderSpawner({ lingerMs: -1 })).rejects.toMatchObject({ code: 'EINVAL' });
    const wrong = createHolderSpawner({ binary: '/bin/false' });
    await expect(wrong).rejects.toMatchObject({ message: expect.stringContaining('/bin/false') });
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
