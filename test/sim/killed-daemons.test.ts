/** What was on its way between a slave's daemon and its holder when the daemon was killed. */
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startVirtualCluster, type World } from '../../src/testing/index.ts';

/** Longer than anything else takes: what a slave orders last never gets to its holder. */
const HOLDER_MS = 200;

function startWorld(): Promise<World> {
  return startVirtualCluster({ keeps: true, spawner: { holderMs: HOLDER_MS } });
}

/** The daemon dies, with all that it has ordered in the last 200 ms, and is started again. */
async function restart(world: World): Promise<void> {
  await world.run(HOLDER_MS / 2);
  world.crashSlave(0);
  await world.run(100);
  world.startSlave(0);
}

test('an end of input that the holder has not got is sent again', async () => {
  await using world = await startWorld();
  const p = await world.run(world.client.rexec(0, 'cat'));
  p.stdin.write('all of it');
  await world.run(4 * HOLDER_MS);
  p.stdin.end();
  await restart(world);
  expect(await world.run(text(p.stdout))).toBe('all of it');
  expect(await world.run(p.wait())).toEqual({ kind: 'exited', code: 0 });
});
