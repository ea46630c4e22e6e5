/** Images in a virtual cluster, whose links have a latency and whose nodes a bandwidth: PROTOCOL.md 10.3. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BprocError, type RemoteProcess } from '../../src/index.ts';
import { type Program, startVirtualCluster, type World } from '../../src/testing/index.ts';
import { scratchTree } from '../support/scratch.ts';

const KIB = 1024;
/** 100 MB/s. */
const BYTES_PER_MS = 100_000;

const scratch = scratchTree({ 'program.c': 'int main(void) { return 0; }\n' });
const program = join(scratch.path, 'program');
let bytes: number;

beforeAll(() => {
  execFileSync('cc', ['-static', '-o', program, 'program.c'], { cwd: scratch.path });
  appendFileSync(program, Buffer.alloc(256 * KIB, 1));
  bytes = statSync(program).size;
  vi.stubEnv('TMPDIR', scratch.path);
});

afterAll(() => {
  vi.unstubAllEnvs();
  scratch[Symbol.dispose]();
});

function start(nodes: number, seed: number): Promise<World> {
  const programs: Record<string, Program> = {
    program: function* (self) {
      yield* self.sleep(1);
      return 5;
    },
    large: function* (self) {
      yield* self.sleep(1);
      return 6;
    },
  };
  return startVirtualCluster({ nodes, seed, images: true, hostBytesPerMs: BYTES_PER_MS, programs });
}

/** Lets the master have the image, as from the first node; then what the others cost is theirs alone. */
async function prepare(world: World): Promise<void> {
  const p = await world.run(world.client.execmove(0, program));
  await world.run(p.wait());
}

test('the time in which nodes get it grows with the logarithm of their number, and the master sends it twice', async () => {
  const took: number[] = [];
  for (const nodes of [9, 65, 129]) {
    await using world = await start(nodes, nodes);
    await prepare(world);
    const from = world.clock.now();
    const vector = await world.run(world.client.vexecmove(`1-${nodes - 1}`, program));
    took.push(world.clock.now() - from);
    const ends = await world.run(vector.wait());
    expect(ends).toEqual(Array(nodes - 1).fill({ kind: 'exited', code: 5 }));
    expect(world.master?.master.imageBytesSent).toBeLessThan(2.1 * bytes);
  }
  // 3 rounds, 6 and 7, each of what one node can send, and some exchanges
  const round = bytes / BYTES_PER_MS;
  for (const [at, rounds] of [3, 6, 7].entries()) {
    expect(took[at]).toBeGreaterThan((rounds - 1) * round);
    expect(took[at]).toBeLessThan((rounds + 2) * (round + 20));
  }
});

test('what only the client has comes to a node in the time of one copy, though it passes the master', async () => {
  const large = join(scratch.path, 'large');
  copyFileSync(program, large);
  appendFileSync(large, Buffer.alloc(8 * KIB * KIB, 2));
  await using world = await start(1, 1);
  const from = world.clock.now();
  const p = await world.run(world.client.execmove(0, large));
  const copy = statSync(large).size / BYTES_PER_MS;
  expect(world.clock.now() - from).toBeGreaterThan(copy);
  expect(world.clock.now() - from).toBeLessThan(1.6 * copy);
  expect(await world.run(p.wait())).toEqual({ kind: 'exited', code: 6 });
});

test('nodes that die in the middle of it change their own results alone', async () => {
  await using world = await start(101, 7);
  await prepare(world);
  const started = world.client.vexecmove('1-100', program);
  await world.run(20);
  const dead = [3, 14, 15, 92, 65];
  for (const node of dead) world.crashSlave(node);
  await world.run(1000);
  for (const node of dead) await world.run(world.client.setNodeStatus(node, 'down'));
  const ends = await world.run(started.then((vector) => vector.wait()));
  for (const [at, end] of ends.entries()) {
    if (dead.includes(at + 1)) expect(BprocError.is(end)).toBe(true);
    else expect(end).toEqual({ kind: 'exited', code: 5 });
  }
});

test('nothing is left in real files', async () => {
  await using world = await start(3, 1);
  const p: RemoteProcess = await world.run(world.client.execmove(2, program));
  await world.run(p.wait());
  const mine = () => readdirSync(scratch.path).filter((name) => name.startsWith('bproc-images-'));
  expect(mine().length).toBeGreaterThan(0);
  await world[Symbol.asyncDispose]();
  expect(mine()).toEqual([]);
});
