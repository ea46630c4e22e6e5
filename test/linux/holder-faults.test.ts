/** What happens around a holder and may not harm it, or what it keeps. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statfsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errnoOf } from '../../src/errors.ts';
import { createHolderSpawner, type ProcessIdentity } from '../../src/linux/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { fixture, Recorder, request, until } from './recorder.ts';
import { holderOf } from './suite/ground.ts';

const isRoot = process.getuid?.() === 0;
const SIGKILL = 9;

describe('a holder', () => {
  it('goes on while its socket is flooded by others', async () => {
    using scratch = scratchTree({});
    await using spawner = await createHolderSpawner({ stateDir: scratch.path, pidNamespace: 'none' });
    const kept = new Recorder();
    const cat = spawner.spawn(request('cat'), kept);
    await kept.start();
    const garbage = Buffer.alloc(256 * 1024, 0xa5);
    const closed = Array.from({ length: 200 }, () => {
      const socket = connect(join(scratch.path, 'holder.sock'));
      socket.on('error', () => {});
      socket.write(garbage);
      socket.resume();
      return once(socket, 'close').catch(() => []);
    });
    for (let round = 0; round < 20; round += 1) {
      const sink = new Recorder();
      spawner.spawn(request('true'), sink);
      expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
    }
    await Promise.all(closed);
    cat.write(Buffer.from('still here'));
    cat.endStdin();
    expect(await kept.finish()).toEqual({ kind: 'exited', code: 0 });
    expect(kept.bytes(1).toString()).toBe('still here');
  });

  it('is one program’s at a time, and the next one’s once that has gone', async () => {
    using scratch = scratchTree({});
    const stateDir = join(scratch.path, 'state');
    const hooks = new URL('../fixtures/ts-hooks.mjs', import.meta.url).href;
    const argv = ['--import', hooks, fixture('keeping-program.ts'), stateDir, join(scratch.path, 'received')];
    const other = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    other.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await until(() => said.includes('ready\n'), 'the other program');
    await expect(createHolderSpawner({ stateDir })).rejects.toMatchObject({
      code: 'EBUSY',
      message: expect.stringContaining(stateDir),
    });
    other.kill('SIGKILL');
    await once(other, 'close');
    await using spawner = await createHolderSpawner({ stateDir });
    expect(spawner.held()).toHaveLength(3);
  });

  it.skipIf(!isRoot)('says that the disk is full, leaves nothing there, and starts once there is room', async () => {
    using scratch = scratchTree({});
    const disk = join(scratch.path, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk]);
    try {
      const filler = join(disk, 'filler');
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
      const full = createHolderSpawner({ stateDir: disk, pidNamespace: 'none' });
      await expect(full).rejects.toMatchObject({ code: 'ENOSPC', message: expect.stringContaining(disk) });
      expect(readdirSync(disk)).toEqual(['filler']);
      expect(() => holderOf(disk)).toThrow('no holder listens');
      writeFileSync(filler, '');
      await using spawner = await createHolderSpawner({ stateDir: disk, pidNamespace: 'none' });
      const sink = new Recorder();
      // What a holder keeps is in memory: a disk that is full by now costs it nothing.
      writeFileSync(filler, Buffer.alloc(statfsSync(disk).bavail * bsize));
      const seq = spawner.spawn(request('seq', ['1', '100000']), sink);
      sink.acknowledge = (fd, offset) => seq.acknowledge(fd, offset);
      expect(await sink.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(sink.bytes(1).toString().endsWith('\n100000\n')).toBe(true);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
    expect(existsSync(join(disk, 'lock'))).toBe(false);
  });

  it.skipIf(!isRoot)('signals nobody who has got the number of another by now', async () => {
    await using spawner = await createHolderSpawner({ pidNamespace: 'root' });
    const pid = 4321;
    const begin = async (): Promise<{ identity: ProcessIdentity; end(): Promise<void> }> => {
      const sink = new Recorder();
      const started = spawner.spawn(request('sleep', ['600'], { pid }), sink);
      const identity = await sink.start();
      return {
        identity,
        end: async () => {
          await started.signal(SIGKILL, 'process');
          await sink.finish();
        },
      };
    };
    const first = await begin();
    await first.end();
    let second = await begin();
    // Start times are counted in hundredths of a second.
    while (second.identity.startTime === first.identity.startTime) {
      await second.end();
      second = await begin();
    }
    expect(second.identity.pid).toBe(first.identity.pid);
    expect(await spawner.link.signal(pid, first.identity.startTime, SIGKILL)).toBe(errnoOf('ESRCH'));
    expect(await spawner.signal(first.identity, SIGKILL, 'tree')).toBe(false);
    expect(await spawner.link.signal(pid, second.identity.startTime, 0)).toBe(0);
    await second.end();
  });
});
