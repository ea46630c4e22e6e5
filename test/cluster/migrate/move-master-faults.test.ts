/** Masters that die at each step of a move, alone and with slaves' daemons: PROTOCOL.md 12.6. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../linux/recorder.ts';
import type { MoveStep } from '../../support/criu-gates.ts';
import { type Moving, MovingCluster, type Part } from '../../support/moving-cluster.ts';

const EARLY: readonly MoveStep[] = ['dump', 'captured', 'restore', 'restored'];
const LATE: readonly MoveStep[] = ['committed', 'dumped'];
const STEPS: readonly MoveStep[] = [...EARLY, ...LATE, 'settled'];

let cluster: MovingCluster;

beforeEach(async () => {
  cluster = await MovingCluster.create();
});

afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
});

describe.each([
  ['while there is none', ['pass', 'restart']],
  ['once there is another', ['restart', 'pass']],
] as const)('the move goes on %s', (_, order) => {
  const goOn = async (step: MoveStep, parts: readonly Part[]): Promise<void> => {
    await cluster.kill(...parts);
    for (const what of order) {
      if (what === 'pass') await cluster.gates.pass(step);
      else await cluster.restart(...parts);
    }
  };

  /** Where the call says that it is now. A move that has failed meanwhile may have been made anew. */
  const nodeByCall = async ({ call }: Moving): Promise<number> => ((await call).status === 'fulfilled' ? 1 : 0);

  test.each(STEPS)('the master dies at %s: the process comes where it was to go', async (step) => {
    const moving = await cluster.movingAt(step);
    await goOn(step, ['master']);
    expect(await moving.call).toEqual({ status: 'fulfilled', value: undefined });
    expect(moving.process.node).toBe(1);
    await cluster.runsOnce(moving);
  });

  test.each(EARLY)('the master and the source die at %s: it runs where its client is told', async (step) => {
    const moving = await cluster.movingAt(step);
    await goOn(step, ['master', 'source']);
    expect(await nodeByCall(moving)).toBe(moving.process.node);
    await cluster.runsOnce(moving);
  });

  test.each([...LATE, 'settled' as const])('the master and the source die at %s: the copy goes on', async (step) => {
    const moving = await cluster.movingAt(step);
    await goOn(step, ['master', 'source']);
    expect(await nodeByCall(moving)).toBe(1);
    await cluster.runsOnce(moving);
    expect(moving.process.node).toBe(1);
  });

  test.each(EARLY)('the master and the target die at %s: it runs where its client is told', async (step) => {
    const moving = await cluster.movingAt(step);
    await goOn(step, ['master', 'target']);
    expect(await nodeByCall(moving)).toBe(moving.process.node);
    await cluster.runsOnce(moving);
  });

  test('the master and the target die at settled: the copy goes on', async () => {
    const moving = await cluster.movingAt('settled');
    await goOn('settled', ['master', 'target']);
    expect(await nodeByCall(moving)).toBe(1);
    await cluster.runsOnce(moving);
    expect(moving.process.node).toBe(1);
  });

  test.each(LATE)('the master and the target die at %s: it is lost', async (step) => {
    const moving = await cluster.movingAt(step);
    await goOn(step, ['master', 'target']);
    expect(await moving.call).toMatchObject({ status: 'rejected', reason: expect.anything() });
    await cluster.isLost(moving);
  });
});

const COUNT = 'i=0; while [ ! -e "$1" ]; do echo $i; i=$((i + 1)); sleep 0.002; done; echo over';

test.each(['captured', 'settled'] as const)(
  'no line is missing or repeated where the master dies at %s',
  async (step) => {
    const end = join(cluster.machines.directory, 'end');
    const moving = await cluster.movingAt(step, COUNT.replace('$1', end));
    await cluster.kill('master');
    await cluster.gates.pass(step);
    await cluster.restart('master');
    await until(() => moving.process.node === 1, 'it to have moved');
    const before = moving.seen.text.length;
    await until(() => moving.seen.text.length > before + 1000, 'it to go on');
    await writeFile(end, '');
    expect(existsSync(end)).toBe(true);
    expect(await moving.process.wait()).toEqual({ kind: 'exited', code: 0 });
    const lines = moving.seen.text.trim().split('\n');
    expect(lines.pop()).toBe('over');
    expect(lines).toEqual(lines.map((__, index) => String(index)));
  },
);
