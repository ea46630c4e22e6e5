/** Pools of cgroups that killed programs leave: removed by the next program, and never one that somebody has or enters. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeForsakenPools } from '../../src/linux/cgroup-claims.ts';
import { keptPool, ownCgroup } from '../../src/linux/cgroup-home.ts';
import { createHolderSpawner } from '../../src/linux/index.ts';
import { readStat } from '../../src/linux/procfs.ts';
import { scratchTree } from '../support/scratch.ts';
import { Recorder, request, until } from './recorder.ts';
import { holderOf } from './suite/ground.ts';

const home = ownCgroup() ?? '';
const hasCgroups = process.getuid?.() === 0 && existsSync(join(home, 'cgroup.procs'));

const programs: ChildProcess[] = [];

/** Runs a program of `test/fixtures` until it says `ready`. */
async function run(name: string, ...args: string[]): Promise<ChildProcess> {
  const path = (file: string): string => fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));
  const argv = ['--import', path('ts-hooks.mjs'), path(name), ...args];
  const program = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  programs.push(program);
  for await (const line of createInterface({ input: program.stdout })) if (line === 'ready') break;
  return program;
}

async function kill(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  program.kill('SIGKILL');
  await once(program, 'exit');
}

describe.skipIf(!hasCgroups)('pools of cgroups', () => {
  let scratch: ReturnType<typeof scratchTree>;
  let stateDir: string;

  beforeEach(() => {
    scratch = scratchTree({});
    stateDir = join(scratch.path, 'state');
  });

  afterEach(async () => {
    for (const program of programs.splice(0)) await kill(program);
    await (await createHolderSpawner({ stateDir }))[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
  });

  function pool(): string {
    return join(home, keptPool(stateDir));
  }

  function isEmpty(path: string): boolean {
    return readFileSync(join(path, 'cgroup.events'), 'latin1').includes('populated 0');
  }

  it('of a daemon that was killed with its holder go when another one comes, though its directory is gone', async () => {
    const daemon = await run('doomed-program.ts', stateDir, 'holder');
    const path = pool();
    await kill(daemon);
    process.kill(holderOf(stateDir), 'SIGKILL');
    await until(() => isEmpty(path), 'all that it held to be gone');
    rmSync(stateDir, { recursive: true });
    expect(readdirSync(path).some((name) => /^\d+$/.test(name))).toBe(true);
    const other = await createHolderSpawner({ stateDir: join(scratch.path, 'other') });
    expect(existsSync(path)).toBe(false);
    await other[Symbol.asyncDispose]();
  });

  it('of a daemon that was killed alone stay, with what its holder keeps', async () => {
    const daemon = await run('doomed-program.ts', stateDir, 'holder');
    const path = pool();
    await kill(daemon);
    removeForsakenPools(home);
    expect(readdirSync(path).some((name) => /^\d+$/.test(name))).toBe(true);
    expect(isEmpty(path)).toBe(false);
    await using next = await createHolderSpawner({ stateDir });
    expect(next.held()).toHaveLength(1);
  });

  it('of a daemon whose holder was killed stay while it lives', async () => {
    await run('doomed-program.ts', stateDir, 'holder');
    const path = pool();
    process.kill(holderOf(stateDir), 'SIGKILL');
    await until(() => isEmpty(path), 'all that it held to be gone');
    removeForsakenPools(home);
    expect(existsSync(path)).toBe(true);
    for (const program of programs) await kill(program);
    removeForsakenPools(home);
    expect(existsSync(path)).toBe(false);
  });

  it('that are being removed are entered when that is over', async () => {
    const first = await createHolderSpawner({ stateDir });
    const path = pool();
    await first[Symbol.asyncDispose]();
    const remover = await run('cleaning-program.ts', scratch.path);
    const { pid = 0 } = remover;
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
    mkdirSync(join(path, `cleaner-${pid}-${readStat(pid)?.startTime}-${namespace}`), { recursive: true });
    let isIn = false;
    const entering = createHolderSpawner({ stateDir }).finally(() => {
      isIn = true;
    });
    await until(() => readdirSync(path).some((name) => name.startsWith('owner-')), 'it to have come');
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    expect(isIn).toBe(false);
    await kill(remover);
    await using spawner = await entering;
    expect(spawner.usesCgroups).toBe(true);
  });

  it('that are entered and left while another program removes all it may: no start fails', async () => {
    await Promise.all([run('cleaning-program.ts', home), run('cleaning-program.ts', home)]);
    for (let round = 0; round < 15; round += 1) {
      await using spawner = await createHolderSpawner({ stateDir, pidNamespace: 'none' });
      expect(spawner.usesCgroups).toBe(true);
      const sinks = Array.from({ length: 5 }, () => new Recorder());
      const processes = sinks.map((sink) => spawner.spawn(request('true'), sink));
      for (const sink of sinks) expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
      for (const process of processes) process.forget();
    }
  });
});
