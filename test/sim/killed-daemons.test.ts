/** What was on its way between a slave's daemon and its holder when the daemon was killed. */
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { RemoteProcess } from '../../src/index.ts';
import { startVirtualCluster, type World } from '../../src/testing/index.ts';

/** Longer than anything else takes: what a slave orders last never gets to its holder. */
const HOLDER_MS = 200;

function startWorld(): Promise<World> {
  return startVirtualCluster({ keeps: true, spawner: { holderMs: HOLDER_MS } });
}

/** The daemon dies, with all that it has ordered in the last 200 ms, and is started again. */
async function restart(world: World, awayMs = 100): Promise<void> {
  await world.run(HOLDER_MS / 2);
  world.crashSlave(0);
  await world.run(awayMs);
  world.startSlave(0);
}

const GRACE_MS = 5000;
const KILLED = { kind: 'signaled', signal: 'SIGKILL', core: false };

/** A process that takes no notice of the TERM that it has been sent; KILL is to follow after five seconds. */
async function warned(world: World): Promise<RemoteProcess> {
  const p = await world.run(world.client.rexec(0, 'stubborn', ['600000']));
  await world.run(p.terminate({ graceMs: GRACE_MS }));
  return p;
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

test('a KILL that is to follow TERM follows in its time', async () => {
  await using world = await startWorld();
  const p = await warned(world);
  const from = world.clock.now();
  await world.run(2 * HOLDER_MS);
  await restart(world);
  expect(await world.run(p.wait())).toEqual(KILLED);
  expect(world.clock.now() - from).toBeGreaterThan(GRACE_MS);
  expect(world.clock.now() - from).toBeLessThan(GRACE_MS + 4 * HOLDER_MS);
});

test('one whose time has passed while no daemon was there follows when one is, whatever the time of day', async () => {
  for (const jumpMs of [0, -3_600_000, 3_600_000]) {
    await using world = await startWorld();
    const p = await warned(world);
    await world.run(2 * HOLDER_MS);
    world.clock.jumpWall(jumpMs);
    await restart(world, 2 * GRACE_MS);
    const from = world.clock.now();
    expect(await world.run(p.wait())).toEqual(KILLED);
    expect(world.clock.now() - from).toBeLessThan((jumpMs < 0 ? GRACE_MS : 0) + 6 * HOLDER_MS);
  }
});

test('one that was taken back does not follow', async () => {
  await using world = await startWorld();
  const stop = new AbortController();
  const p = await world.run(world.client.rexec(0, 'stubborn', ['600000']));
  await world.run(p.terminate({ graceMs: GRACE_MS, signal: stop.signal }));
  await world.run(2 * HOLDER_MS);
  stop.abort();
  await world.run(2 * HOLDER_MS);
  await restart(world);
  await world.run(10 * GRACE_MS);
  expect(p.end).toBeUndefined();
  await world.run(p.kill('SIGKILL'));
  await world.run(p.wait());
});

test('what a limit ends gets no longer for it', async () => {
  await using world = await startWorld();
  const limits = { lifetimeMs: 2000, killGraceMs: GRACE_MS };
  const from = world.clock.now();
  const p = await world.run(world.client.rexec(0, 'stubborn', ['600000'], limits));
  await world.run(2000 + GRACE_MS / 2);
  await restart(world);
  expect(await world.run(p.wait())).toEqual({ kind: 'timedOut', limit: 'lifetime' });
  expect(world.clock.now() - from).toBeLessThan(2000 + GRACE_MS + 6 * HOLDER_MS);
});

test('what a limit has ended is said to have ended by it, also if nobody was there to hear of its end', async () => {
  await using world = await startWorld();
  const p = await world.run(world.client.rexec(0, 'sleep', ['600000'], { lifetimeMs: 2000, killGraceMs: GRACE_MS }));
  await world.run(2000);
  expect(world.nodes[0]?.alive).toEqual([]);
  world.crashSlave(0, { arrives: 1 });
  await world.run(100);
  world.startSlave(0);
  expect(await world.run(p.wait())).toEqual({ kind: 'timedOut', limit: 'lifetime' });
});

test('what was let go has ended as its client wanted it, whenever the daemon dies', async () => {
  for (const arrives of [0, 0.5, 1]) {
    await using world = await startWorld();
    const { client, network, master, nodes } = world;
    const p = await world.run(client.rexec(0, 'sleep', ['600000'], { stdin: 'ignore' }));
    const [from, to] = [nodes[0]?.host?.name ?? '', master?.host.name ?? ''];
    network.block(from, to);
    const detached = client.detach(p.pid, 7);
    await world.run(HOLDER_MS / 2);
    world.crashSlave(0, { arrives });
    network.heal();
    world.startSlave(0);
    await world.run(detached);
    expect(await world.run(p.wait())).toEqual({ kind: 'exited', code: 7 });
    await world.run(4 * HOLDER_MS);
    expect(nodes[0]?.alive).toHaveLength(1);
    expect(nodes[0]?.holder?.kept).toEqual([]);
    expect(await world.run(client.procList())).toEqual([]);
  }
});
