import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChildProcessSpawner, readBootId, readStat } from '../../src/linux/index.ts';
import { ownIdentity, readLife } from '../../src/linux/procfs.ts';
import { scratchTree } from '../support/scratch.ts';
import { gone, Recorder, request, runs } from './recorder.ts';

describe('a state directory', () => {
  let scratch: ReturnType<typeof scratchTree>;
  let stateDir: string;
  const strays: number[] = [];

  beforeEach(() => {
    scratch = scratchTree({});
    stateDir = join(scratch.path, 'deep', 'state');
  });

  afterEach(() => {
    for (const pid of strays.splice(0)) if (runs(pid)) process.kill(pid, 'SIGKILL');
    scratch[Symbol.dispose]();
  });

  /** A process as a predecessor would have left it. */
  const leave = (marker: string) => {
    const child = spawn('sleep', ['600'], {
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, BPROC_ID: marker },
    });
    const pid = child.pid ?? 0;
    strays.push(pid);
    return { pid, marker, startTime: readStat(pid)?.startTime ?? 0 };
  };

  const predecessor = async (journal: string): Promise<void> => {
    const dead = spawn('/bin/true');
    const identity = { pid: dead.pid ?? 0, startTime: readStat(dead.pid ?? 0)?.startTime ?? 0 };
    await once(dead, 'exit');
    await (await createChildProcessSpawner({ stateDir }))[Symbol.asyncDispose]();
    writeFileSync(join(stateDir, 'lock'), `${identity.pid} ${identity.startTime} ${readLife()}\n`);
    writeFileSync(join(stateDir, `journal.${identity.pid}.${identity.startTime}`), journal);
  };

  it('is made for its owner alone, and left empty', async () => {
    const spawner = await createChildProcessSpawner({ stateDir });
    expect(statSync(stateDir).mode & 0o777).toBe(0o700);
    expect(readdirSync(stateDir)).toContain('lock');
    for (const name of readdirSync(stateDir)) expect(statSync(join(stateDir, name)).mode & 0o777).toBe(0o600);
    await spawner[Symbol.asyncDispose]();
    expect(readdirSync(stateDir)).toEqual([]);
  });

  it('is for one spawner at a time, and says whose it is', async () => {
    const spawner = await createChildProcessSpawner({ stateDir });
    const error = await createChildProcessSpawner({ stateDir }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'EBUSY', message: expect.stringContaining(stateDir) });
    expect(String(error)).toContain(`process ${process.pid} `);
    await spawner[Symbol.asyncDispose]();
    await (await createChildProcessSpawner({ stateDir }))[Symbol.asyncDispose]();
  });

  it('gives the same answer to all but one of many at once', async () => {
    await predecessor('');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => createChildProcessSpawner({ stateDir })));
    const winners = tries.filter((each) => each.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const each of tries) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'EBUSY' });
    await winners[0]?.value[Symbol.asyncDispose]();
  });

  it.each([
    ['another life of the machine', () => `${ownIdentity().pid} ${ownIdentity().startTime} other/1\n`],
    ['another process with the pid', () => `${process.pid} 1 ${readLife()}\n`],
    ['nobody, being empty', () => ''],
    ['nobody, being garbage', () => '\0\xff not a lock'],
  ])('is taken over from %s', async (_, lock) => {
    await predecessor('');
    writeFileSync(join(stateDir, 'lock'), lock());
    await (await createChildProcessSpawner({ stateDir }))[Symbol.asyncDispose]();
    expect(existsSync(join(stateDir, 'lock'))).toBe(false);
  });

  it('has what the predecessor left killed before the spawner is ready', async () => {
    const identified = leave(`unmarked/${process.pid}`);
    const marked = leave(`marked/${process.pid}`);
    const other = leave(`other/${process.pid}`);
    const reused = leave(`reused/${process.pid}`);
    const released = leave(`released/${process.pid}`);
    await predecessor(
      [
        `life ${readLife()}`,
        `+ ${identified.pid} ${identified.startTime} no/longer/carried`,
        `? ${marked.marker}`,
        `+ ${reused.pid} ${reused.startTime - 1} stale/marker`,
        `+ ${released.pid} ${released.startTime} ${released.marker}`,
        `= ${released.pid} ${released.marker}`,
        'garbage \0 line',
        `+ ${other.pid} `,
      ].join('\n'),
    );
    const spawner = await createChildProcessSpawner({ stateDir });
    await gone(identified.pid, marked.pid);
    expect([other, reused, released].map(({ pid }) => runs(pid))).toEqual([true, true, true]);
    expect(readdirSync(stateDir)).toEqual([expect.stringMatching(`^journal.${process.pid}.`), 'lock']);
    await spawner[Symbol.asyncDispose]();
  });

  it('does not believe a journal of before the last boot', async () => {
    const stranger = leave(`boot/${process.pid}`);
    await predecessor(`life not-${readBootId()}/1\n+ ${stranger.pid} ${stranger.startTime} ${stranger.marker}\n`);
    const spawner = await createChildProcessSpawner({ stateDir });
    expect(runs(stranger.pid)).toBe(true);
    await spawner[Symbol.asyncDispose]();
  });

  it('that cannot be made is an error that names it', async () => {
    const error = await createChildProcessSpawner({ stateDir: '/proc/none' }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ENOENT', message: expect.stringContaining('/proc/none') });
    writeFileSync(join(scratch.path, 'file'), '');
    await expect(createChildProcessSpawner({ stateDir: join(scratch.path, 'file') })).rejects.toMatchObject({
      code: 'EEXIST',
    });
  });

  it('has a journal of every start', async () => {
    const spawner = await createChildProcessSpawner({ stateDir });
    const sink = new Recorder();
    spawner.spawn(request('sleep', ['600'], { marker: 'm/1' }), sink);
    const { pid, startTime } = await sink.start();
    const name = readdirSync(stateDir).find((each) => each.startsWith('journal.')) ?? '';
    expect(readFileSync(join(stateDir, name), 'utf8')).toBe(`life ${readLife()}\n? m/1\n+ ${pid} ${startTime} m/1\n`);
    await spawner[Symbol.asyncDispose]();
    expect(existsSync(join(stateDir, name))).toBe(false);
  });
});
