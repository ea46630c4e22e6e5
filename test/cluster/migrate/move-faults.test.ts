/** Slaves' daemons that die at each step of a move: PROTOCOL.md 12.2. The process runs once afterwards, or is said to be lost. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MoveStep } from '../../support/criu-gates.ts';
import { MovingCluster } from '../../support/moving-cluster.ts';

let cluster: MovingCluster;

beforeEach(async () => {
  cluster = await MovingCluster.create();
});

afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
});

const EARLY: readonly MoveStep[] = ['dump', 'captured', 'restore', 'restored'];

describe('before the original is gone, a daemon that dies and comes back calls the move off, or it goes on', () => {
  for (const part of ['source', 'target'] as const) {
    test.each(EARLY)(`${part}, at %s`, async (step) => {
      const moving = await cluster.movingAt(step);
      await cluster.kill(part);
      await cluster.gates.pass(step);
      await cluster.restart(part);
      await cluster.runsOnce(moving);
      await moving.call;
    });

    test.each(EARLY)(`${part}, at %s, which is still so when it is back`, async (step) => {
      const moving = await cluster.movingAt(step);
      await cluster.kill(part);
      await cluster.restart(part);
      await cluster.gates.pass(step);
      await cluster.runsOnce(moving);
      await moving.call;
    });
  }
});

describe('when the original is as good as gone', () => {
  const LATE: readonly MoveStep[] = ['committed', 'dumped'];

  test.each(LATE)('the source dies at %s: the copy goes on', async (step) => {
    const moving = await cluster.movingAt(step);
    await cluster.kill('source');
    await cluster.gates.pass(step);
    await cluster.restart('source');
    await cluster.runsOnce(moving);
    expect(moving.process.node).toBe(1);
    expect(await moving.call).toMatchObject({ status: 'fulfilled' });
  });

  test.each(LATE)('the source dies and comes back at %s: the copy goes on', async (step) => {
    const moving = await cluster.movingAt(step);
    await cluster.kill('source');
    await cluster.restart('source');
    await cluster.gates.pass(step);
    await cluster.runsOnce(moving);
    expect(moving.process.node).toBe(1);
    expect(await moving.call).toMatchObject({ status: 'fulfilled' });
  });

  test.each(LATE)('the target dies at %s: it is lost', async (step) => {
    const moving = await cluster.movingAt(step);
    await cluster.kill('target');
    await cluster.gates.pass(step);
    await cluster.restart('target');
    await cluster.isLost(moving);
    expect(await moving.call).toMatchObject({ reason: { code: 'BE_SLAVEDIED' } });
  });

  test.each(LATE)('the target dies and comes back at %s: it is lost', async (step) => {
    const moving = await cluster.movingAt(step);
    await cluster.kill('target');
    await cluster.restart('target');
    await cluster.gates.pass(step);
    await cluster.isLost(moving);
    expect(await moving.call).toMatchObject({ reason: { code: 'BE_SLAVEDIED' } });
  });

  test.each(['at once', 'first'])(
    'the target dies when it has let it run, which it does %s: it goes on',
    async (when) => {
      const moving = await cluster.movingAt('settled');
      await cluster.kill('target');
      if (when === 'first') await cluster.gates.pass('settled');
      await cluster.restart('target');
      await cluster.gates.pass('settled');
      await cluster.runsOnce(moving);
      expect(moving.process.node).toBe(1);
      expect(await moving.call).toMatchObject({ status: 'fulfilled' });
    },
  );
});
