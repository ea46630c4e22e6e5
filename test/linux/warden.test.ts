import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createChildProcessSpawner, listProcesses, readStat } from '../../src/linux/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { fixture, gone, parsePids, Recorder, request, runs, script, until } from './recorder.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** A program with a spawner and a family of processes, in a process of its own. */
async function startDoomed(stateDir: string): Promise<{ program: ChildProcess; pids: ReadonlyMap<string, number> }> {
  const hooks = new URL('../fixtures/ts-hooks.mjs', import.meta.url).href;
  const program = spawn(process.execPath, ['--import', hooks, fixture('doomed-program.ts'), stateDir], {
    cwd: HERE,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  program.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until(() => said.includes('ready\n'), 'the program');
  return { program, pids: parsePids(said) };
}

async function findWarden(): Promise<number> {
  const records = await listProcesses();
  const own = records.filter((record) => record.ppid === process.pid);
  const pid = own.find((record) => readCommandLine(record.pid).includes('bproc-warden'))?.pid;
  if (pid === undefined) throw new Error('no warden runs');
  return pid;
}

function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

describe('the warden', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('kills everything when the program ends by %s', async (signal) => {
    using scratch = scratchTree({});
    const { program, pids } = await startDoomed(scratch.path);
    expect([...pids.keys()].toSorted()).toEqual(
      ['child', 'daemon', 'orphan', 'self', 'session', 'unmarked', 'warden'].toSorted(),
    );
    for (const pid of pids.values()) expect(runs(pid)).toBe(true);
    program.kill(signal);
    await once(program, 'exit');
    await gone(...pids.values());
  });

  it('removes the private directory of a program that could not', async () => {
    const { program, pids } = await startDoomed('');
    const warden = pids.get('warden') ?? 0;
    const journal = readCommandLine(warden).split('\0')[4] ?? '';
    expect(existsSync(journal)).toBe(true);
    program.kill('SIGKILL');
    await gone(...pids.values());
    expect(existsSync(dirname(journal))).toBe(false);
  });

  it('spares what the journal has another start time for, and what was released', async () => {
    using scratch = scratchTree({});
    const spawner = await createChildProcessSpawner({ stateDir: scratch.path });
    const sink = new Recorder();
    const released = spawner.spawn(request('sleep', ['600'], { stdio: ['ignore', 'ignore', 'ignore'] }), sink);
    const { pid } = await sink.start();
    const strange = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    const journal = readdirSync(scratch.path).find((name) => name.startsWith('journal.')) ?? '';
    const { appendFileSync } = await import('node:fs');
    appendFileSync(`${scratch.path}/${journal}`, `+ ${strange.pid} 1 strange/marker\n`);
    released.release();
    const warden = await findWarden();
    const { WARDEN_SCRIPT } = await import('../../src/linux/warden-script.ts');
    // The same program on the same journal, whose input ends at once.
    const double = spawn('/bin/sh', ['-c', WARDEN_SCRIPT, 'double', `${scratch.path}/${journal}`, ''], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaints = '';
    double.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    await once(double, 'close');
    expect(runs(pid)).toBe(true);
    expect(runs(strange.pid ?? 0)).toBe(true);
    // A process that goes while it is looked at is worth a word, a mistake in the script is not there.
    expect(complaints.replace(/^.*(No such file|No such process|cannot open).*\n/gm, '')).toBe('');
    await spawner[Symbol.asyncDispose]();
    expect(runs(warden)).toBe(false);
    for (const each of [pid, strange.pid ?? 0]) process.kill(each, 'SIGKILL');
    await gone(pid, strange.pid ?? 0);
  });

  it('starts with the first process, in a session of its own, and holds nothing of ours open', async () => {
    const spawner = await createChildProcessSpawner();
    await expect(findWarden()).rejects.toThrow('no warden');
    const sink = new Recorder();
    spawner.spawn(request('/bin/true'), sink);
    await sink.finish();
    const warden = await findWarden();
    expect(readStat(warden)).toMatchObject({ pgid: warden, sid: warden });
    const [input, ...others] = [0, 1, 2].map((fd) => readlinkSync(`/proc/${warden}/fd/${fd}`));
    expect(input).toMatch(/^socket:/);
    expect(others).toEqual(['/dev/null', '/dev/null']);
    expect(readlinkSync(`/proc/${warden}/cwd`)).toBe('/');
    await spawner[Symbol.asyncDispose]();
    expect(runs(warden)).toBe(false);
  });

  it('is not impressed by the signals of a terminal', async () => {
    await using spawner = await createChildProcessSpawner();
    const sink = new Recorder();
    spawner.spawn(script('exit 0'), sink);
    await sink.finish();
    const warden = await findWarden();
    const ignored = () => {
      const mask = /^SigIgn:\s*(\w+)$/m.exec(readFileSync(`/proc/${warden}/status`, 'latin1'))?.[1] ?? '0';
      return BigInt(`0x${mask}`);
    };
    const wanted = [1n, 2n, 3n, 15n].reduce((mask, signal) => mask | (1n << (signal - 1n)), 0n);
    await until(() => (ignored() & wanted) === wanted, 'its traps');
  });

  it('is started again where someone has killed it', async () => {
    await using spawner = await createChildProcessSpawner();
    const sinks = [new Recorder(), new Recorder()] as const;
    spawner.spawn(request('/bin/true'), sinks[0]);
    await sinks[0].finish();
    const warden = await findWarden();
    process.kill(warden, 'SIGKILL');
    await until(() => readStat(warden) === undefined, 'it to be reaped');
    spawner.spawn(request('/bin/true'), sinks[1]);
    await sinks[1].finish();
    expect(await findWarden()).not.toBe(warden);
  });
});
