/** What every Checkpointer has to do, with processes of two nodes that are pid namespaces of one machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpointer } from '../../../src/bproc/migrate/index.ts';
import {
  createHolderSpawner,
  type ProcessIdentity,
  type SpawnedProcess,
  type Spawner,
} from '../../../src/linux/index.ts';
import { Recorder, request, script, until } from '../../linux/recorder.ts';

/** A process, and what it tells. */
interface Subject {
  readonly process: SpawnedProcess;
  readonly told: Recorder;
  readonly identity: ProcessIdentity;
}

async function startedOf(told: Recorder): Promise<ProcessIdentity> {
  const found = await until(() => told.told.find(({ what }) => what === 'started' || what === 'failed'), 'a start');
  if (found.what === 'failed') throw found.error;
  if (found.what !== 'started') throw new Error('no start');
  return found.identity;
}

export function textOf(told: Recorder, fd: 1 | 2 = 1): string {
  return Buffer.concat(
    told.told.flatMap((each) => (each.what === 'output' && each.fd === fd ? [each.chunk] : [])),
  ).toString();
}

export function checkpointerSuite(name: string, make: (spawner: () => Spawner) => Promise<Checkpointer>): void {
  describe(name, () => {
    let directory: string;
    let nodes: Spawner[] = [];

    beforeEach(async () => {
      directory = mkdtempSync('/dev/shm/bproc-test-');
      nodes = [
        await createHolderSpawner({ pidNamespace: 'root' }),
        await createHolderSpawner({ pidNamespace: 'root' }),
      ];
    });
    afterEach(async () => {
      for (const node of nodes) await node[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    });

    const node = (index: number): Spawner => nodes[index] ?? expect.fail('no such node');

    async function start(text: string): Promise<Subject> {
      const told = new Recorder();
      const process = node(0).spawn(script(text, { pid: 5000 }), told);
      return { process, told, identity: await startedOf(told) };
    }

    /** Moves a process as a slave does, but for the network. */
    async function move({ process, identity, told }: Subject): Promise<Subject> {
      const from = await make(() => node(0));
      const to = await make(() => node(1));
      await (process.hold?.() ?? expect.fail('the engine cannot hold'));
      const capture = await from.capture({ pid: identity.pid, directory });
      const places = await (process.hold?.() ?? expect.fail('the engine cannot hold'));
      const input = await to.unread(directory, places.pipes[0]);
      rmSync(join(directory, 'verdict'), { force: true });
      const restoration = await to.restore({ pid: identity.pid, pipes: places.pipes, directory });
      const there = new Recorder();
      const remade = node(1).spawn(
        {
          ...request('criu', []),
          ...restoration.program,
          remake: {
            pid: identity.pid,
            offsets: [places.input - input.length, ...places.outputs],
            written: [Buffer.alloc(0), Buffer.alloc(0)],
          },
        },
        there,
      );
      if (input.length > 0) remade.write(input);
      await Promise.race([restoration.prepared, startedOf(there)]);
      await capture.commit();
      restoration.settle(true);
      const moved = { process: remade, told: there, identity: await startedOf(there) };
      await restoration[Symbol.asyncDispose]();
      expect(told.told.some(({ what }) => what === 'failed')).toBe(false);
      process.letGo?.();
      process.closeOutput(1);
      process.closeOutput(2);
      process.forget();
      return moved;
    }

    it('moves a shell that goes on where it was, under the same pid', async () => {
      const before = await start(
        'i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo $i; sleep 0.02; [ $i = 25 ] && read x && echo got $x; done; exit 7',
      );
      await until(() => textOf(before.told).includes('5\n'), 'five lines');
      before.process.write(Buffer.from('one\ntwo\n'));
      const after = await move(before);
      expect(after.identity.pid).toBe(5000);
      const end = await until(() => after.told.told.find(({ what }) => what === 'exited'), 'its end');
      expect(end).toMatchObject({ status: { kind: 'exited', code: 7 } });
      await until(() => after.told.told.filter(({ what }) => what === 'outputEnd').length === 2, 'ends of output');
      const all = textOf(before.told) + textOf(after.told);
      const lines = Array.from({ length: 50 }, (_, index) => String(index + 1));
      lines.splice(25, 0, 'got one');
      expect(all.trim().split('\n')).toEqual(lines);
    });
  });
}
