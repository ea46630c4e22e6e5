/** What came of a process can neither leave its tree nor outlive its job, whichever way it tries. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCgroup } from '../../src/linux/cgroup-home.ts';
import { createHolderSpawner, listProcesses, type Spawner } from '../../src/linux/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { Recorder, request, script, until } from './recorder.ts';
import { type Ground, HolderGround, holderOf } from './suite/ground.ts';
import { nobodysHolder, userNamespaceRefusal } from './suite/nobody.ts';

const isRoot = process.getuid?.() === 0;
const SIGKILL = 9;
/** Whose processes are counted: nobody else's. */
const BREEDER = 54_321;
const MOST_BREEDERS = 60;
const MOST_HEIRS = 20;
/** Neither a parent, a session, a group nor an environment leads from it to where it came from. */
const ESCAPE = `env -i setsid sh -c '(setsid sh -c "echo escaped \\$\\$; exec sleep 600" &)'`;

const home = ownCgroup();
const hasCgroups = isRoot && home !== undefined && existsSync(join(home, 'cgroup.procs'));
const refusal = userNamespaceRefusal();

describe.each([
  { pidNamespace: 'none', cgroups: 'none', can: isRoot },
  { pidNamespace: 'none', cgroups: 'auto', can: hasCgroups },
  { pidNamespace: 'root', cgroups: 'none', can: isRoot },
  { pidNamespace: 'root', cgroups: 'auto', can: hasCgroups },
  { pidNamespace: 'user', cgroups: 'none', can: refusal === undefined },
] as const)('with pid namespace $pidNamespace and cgroups $cgroups', ({ pidNamespace, cgroups, can }) => {
  interface Bench {
    readonly spawner: Spawner;
    readonly ground: Ground;
  }
  async function withBench(act: (bench: Bench) => Promise<void>): Promise<void> {
    using scratch = scratchTree({});
    const binary = pidNamespace === 'user' ? nobodysHolder(scratch.path) : undefined;
    const stateDir = join(scratch.path, 'state');
    await using spawner = await createHolderSpawner({ pidNamespace, cgroups, stateDir, binary, lingerMs: 60_000 });
    expect(spawner.usesCgroups).toBe(cgroups === 'auto');
    await act({ spawner, ground: new HolderGround(stateDir) });
  }

  it.skipIf(!can)('a double fork, a new session and an empty environment do not help', async () => {
    await withBench(async ({ spawner, ground }) => {
      const [alive, left] = [new Recorder(), new Recorder()];
      const running = spawner.spawn(script(`${ESCAPE}; echo "self $$"; exec sleep 600`), alive);
      const ended = spawner.spawn(script(`${ESCAPE}; exit 0`), left);
      const pids = [...(await alive.pids(2)).values(), ...(await left.pids(1)).values()];
      await left.exit();
      expect(pids.every((pid) => ground.runs(pid))).toBe(true);
      expect(await running.signal(SIGKILL, 'tree')).toBe(true);
      expect(await ended.signal(SIGKILL, 'tree')).toBe(true);
      await ground.gone(...pids);
      expect(await ended.signal(SIGKILL, 'tree')).toBe(false);
    });
  });

  it.skipIf(!can)('what starts while another is killed is spared, whatever number its namespace gets', async () => {
    await withBench(async ({ spawner }) => {
      for (let round = 0; round < 50; round += 1) {
        const victim = new Recorder();
        const killed = spawner.spawn(script('sleep 600 & echo "self $$"; wait'), victim);
        await victim.pids(1);
        let isOver = false;
        const signalled = killed.signal(SIGKILL, 'tree').finally(() => {
          isOver = true;
        });
        await victim.exit();
        const heirs: Recorder[] = [];
        while (!isOver && heirs.length < MOST_HEIRS) {
          heirs.push(new Recorder());
          spawner.spawn(script('exit 7'), heirs.at(-1) as Recorder);
          await setImmediate();
        }
        await signalled;
        for (const heir of heirs) expect(await heir.exit()).toEqual({ kind: 'exited', code: 7 });
      }
    });
  });

  it.skipIf(!can)('nor do they at the end of the spawner', async () => {
    let check = async (): Promise<void> => {};
    await withBench(async ({ spawner, ground }) => {
      const sink = new Recorder();
      spawner.spawn(script(`${ESCAPE}; exit 0`), sink);
      const pids = [...(await sink.pids(1)).values()];
      await sink.exit();
      check = () => ground.gone(...pids);
    });
    await check();
  });

  it.skipIf(!can || pidNamespace === 'user')('a fork bomb is kept small, is answered beside, and ends', async () => {
    await withBench(async ({ spawner }) => {
      const bomb = new Recorder();
      const user = { uid: BREEDER, gid: BREEDER, groups: [] };
      const rlimits = { nproc: { soft: MOST_BREEDERS, hard: MOST_BREEDERS } };
      const stdio = ['ignore', 'ignore', 'ignore'] as const;
      const process = spawner.spawn(request('perl', ['-e', 'fork while 1'], { user, rlimits, stdio }), bomb);
      await until(async () => (await breeders()) === MOST_BREEDERS, 'as many as the limit allows');
      const beside = new Recorder();
      spawner.spawn(request('true'), beside);
      expect(await beside.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(await breeders()).toBe(MOST_BREEDERS);
      expect(await process.signal(SIGKILL, 'tree')).toBe(true);
      await until(async () => (await breeders()) === 0, 'all of them to end');
    });
  });
});

async function breeders(): Promise<number> {
  return (await listProcesses()).filter(({ uid }) => uid === BREEDER).length;
}

describe.skipIf(!hasCgroups)('the cgroups of a holder', () => {
  // other tests make theirs where this program is
  const within = join(home ?? '', `test-${process.pid}`);
  const made = (): readonly string[] => readdirSync(within).filter((name) => name.startsWith('bproc-'));
  beforeAll(() => mkdirSync(within));
  afterAll(() => rmdirSync(within));
  const cgroupOf = (pid: number): string | undefined =>
    /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1];

  it('are used again, one for each process that runs, and gone with it', async () => {
    using scratch = scratchTree({});
    {
      await using spawner = await createHolderSpawner({
        stateDir: scratch.path,
        pidNamespace: 'none',
        cgroups: { within },
        lingerMs: 5,
      });
      const [own = 'none'] = made();
      for (let round = 0; round < 5; round += 1) {
        const sinks = [new Recorder(), new Recorder()] as const;
        const processes = sinks.map((sink) => spawner.spawn(request('sleep', ['600']), sink));
        const pids = await Promise.all(sinks.map(async (sink) => (await sink.start()).pid));
        expect(new Set(pids.map(cgroupOf)).size).toBe(2);
        // Killed at one blow in some rounds: then the next ones are to live all the same.
        for (const process of processes) await process.signal(round % 2 === 0 ? SIGKILL : 15, 'tree');
        await Promise.all(sinks.map((sink) => sink.finish()));
        for (const process of processes) process.forget();
      }
      const numbers = readdirSync(join(within, own)).filter((name) => /^\d+$/.test(name));
      expect(numbers.length).toBeLessThanOrEqual(2);
    }
    expect(made()).toEqual([]);
  });

  it('are left by what was released, and taken over by the next holder where one was killed', async () => {
    using scratch = scratchTree({});
    const options = { stateDir: scratch.path, pidNamespace: 'none', cgroups: { within } } as const;
    const first = await createHolderSpawner(options);
    const [free, kept] = [new Recorder(), new Recorder()];
    const released = first.spawn(request('sleep', ['600']), free);
    first.spawn(request('sleep', ['600']), kept);
    const [outside, inside] = [(await free.start()).pid, (await kept.start()).pid];
    released.release();
    await until(() => cgroupOf(outside)?.endsWith(`/${basename(within)}`), 'it to be moved out');
    await first.leave();
    process.kill(holderOf(scratch.path), 'SIGKILL');
    await until(
      () => !existsSync(`/proc/${inside}`) || readFileSync(`/proc/${inside}/stat`).includes(') S 1 '),
      'its orphan',
    );
    {
      await using second = await createHolderSpawner(options);
      await until(() => !existsSync(`/proc/${inside}`), 'what the first one left to be ended');
      const sink = new Recorder();
      second.spawn(request('true'), sink);
      expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
    }
    process.kill(outside, 'SIGKILL');
    await until(() => !existsSync(`/proc/${outside}`), 'it to be gone');
    expect(made()).toEqual([]);
  });
});
