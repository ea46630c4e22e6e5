import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Program } from '../../src/testing/index.ts';
import {
  BprocError,
  SeededRandom,
  startVirtualCluster,
  VirtualClock,
  VirtualNetwork,
} from '../../src/testing/index.ts';

describe('the clock', () => {
  test('runs timers in the order of their times, and of their making', () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    clock.after(20, () => order.push('late'));
    clock.after(10, () => order.push('first'));
    clock.after(10, () => order.push('second'));
    const cancel = clock.after(15, () => order.push('never'));
    cancel();
    cancel();
    expect(clock.pending).toBe(3);
    while (clock.step()) order.push(String(clock.now()));
    expect(order).toEqual(['first', '10', 'second', '10', 'late', '20']);
    expect(clock.pending).toBe(0);
  });

  test('has a wall clock that jumps without the other noticing', () => {
    const clock = new VirtualClock();
    const before = clock.wallTime();
    clock.jumpWall(-5000);
    expect(clock.wallTime()).toBe(before - 5000);
    expect(clock.now()).toBe(0);
  });
});

describe('randomness', () => {
  test('repeats itself for the same seed alone', () => {
    const draw = (seed: number): string => Buffer.from(new SeededRandom(seed).bytes(64)).toString('hex');
    expect(draw(5)).toBe(draw(5));
    expect(new Set(Array.from({ length: 100 }, (_, seed) => draw(seed))).size).toBe(100);
    expect(draw(1)).not.toBe(draw(2 ** 32 + 1));
  });

  test('stays within its bounds', () => {
    const random = new SeededRandom(3);
    const seen = new Set(Array.from({ length: 500 }, () => random.between(2, 5)));
    expect([...seen].toSorted()).toEqual([2, 3, 4, 5]);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

describe('the network', () => {
  test('refuses where nobody listens, and never before the call has returned', () => {
    const network = new VirtualNetwork(new VirtualClock());
    const host = network.host('a');
    let outcome: unknown;
    host.dial('b', (told) => {
      outcome = told;
    });
    expect(outcome).toBeUndefined();
    while (network.clock.step());
    expect(BprocError.is(outcome) && outcome.code).toBe('ECONNREFUSED');
  });

  for (const fate of [{ drop: true }, { duplicate: true }, { delayMs: 700 }, { overtakenMs: 700 }]) {
    test(`a stream survives frames with ${JSON.stringify(fate)}`, async () => {
      await using world = await startVirtualCluster({ nodes: 1, seed: 4 });
      const random = new SeededRandom(9);
      let struck = 0;
      world.network.fate = () => {
        if (struck >= 20 || !random.chance(0.05)) return undefined;
        struck += 1;
        return fate;
      };
      const p = await world.run(world.client.rexec(0, 'write', ['500000', '3000', '2']));
      const output = await world.run(text(p.stdout));
      expect(output).toHaveLength(500_000);
      expect(await world.run(p.wait())).toEqual({ kind: 'exited', code: 0 });
      expect(struck).toBeGreaterThan(0);
    });
  }

  test('a cut, a half-open connection and a partition are survived', async () => {
    await using world = await startVirtualCluster({ nodes: 1, latencyMs: 3 });
    const { network, client } = world;
    const p = await world.run(client.rexec(0, 'cat'));
    for (const side of ['both', 'dialler', 'listener'] as const) {
      for (const connection of network.connections) connection.cut(side);
      p.stdin.write(`after ${side}\n`);
      await world.run(6000);
    }
    const [node] = world.nodes;
    const master = world.master?.host.name ?? '';
    network.block(master, node?.host?.name ?? '');
    p.stdin.end('after a partition\n');
    await world.run(5000);
    expect(p.state).toBe('unknown');
    network.heal();
    expect(await world.run(text(p.stdout))).toBe('after both\nafter dialler\nafter listener\nafter a partition\n');
    expect(await world.run(p.wait())).toEqual({ kind: 'exited', code: 0 });
  });
});

describe('virtual programs', () => {
  test('fail to start for their reason', async () => {
    await using world = await startVirtualCluster();
    const failure = (file: string) =>
      world.run(world.client.rexec(0, file).catch((error: unknown) => BprocError.from(error).code));
    expect(await failure('no-such-program')).toBe('ENOENT');
    expect(await failure('secret')).toBe('EACCES');
  });

  test('take signals as Linux gives them', async () => {
    await using world = await startVirtualCluster();
    const bp = world.client;
    const stubborn = await world.run(bp.rexec(0, 'stubborn', ['60000']));
    await world.run(stubborn.kill('SIGTERM'));
    await world.run(1000);
    expect(stubborn.end).toBeUndefined();
    await world.run(stubborn.terminate({ graceMs: 500 }));
    expect(await world.run(stubborn.wait())).toEqual({ kind: 'signaled', signal: 'SIGKILL', core: false });

    const sleeper = await world.run(bp.rexec(0, 'sleep', ['1000']));
    const from = world.clock.now();
    await world.run(sleeper.kill('SIGSTOP'));
    await world.run(5000);
    expect(sleeper.state).toBe('stopped');
    await world.run(sleeper.kill('SIGCONT'));
    expect(await world.run(sleeper.wait())).toEqual({ kind: 'exited', code: 0 });
    expect(world.clock.now() - from).toBeGreaterThan(5000);
  });

  test('leave nobody behind: what they forked is killed with them', async () => {
    await using world = await startVirtualCluster();
    const family = await world.run(world.client.rexec(0, 'family', ['3', '60000']));
    await world.run(100);
    expect(await world.run(world.client.procList())).toHaveLength(4);
    await world.run(family.kill('SIGTERM'));
    await world.run(family.wait());
    await world.run(100);
    expect(world.nodes[0]?.alive).toEqual([]);
  });

  test('get all of their input through every window', async () => {
    for (const windowBytes of [64 * 1024, 1024 * 1024, 16 * 1024 * 1024]) {
      await using world = await startVirtualCluster();
      const p = await world.run(world.client.rexec(0, 'cat', [], { windowBytes }));
      const output = text(p.stdout);
      for (let piece = 0; piece < 80; piece += 1) {
        if (!p.stdin.write(Buffer.alloc(50_000))) {
          await world.run(new Promise((resolve) => p.stdin.once('drain', resolve)));
        }
      }
      p.stdin.end();
      expect(await world.run(output)).toHaveLength(4_000_000);
    }
  });

  test('wait for slow readers, and see a closed pipe', async () => {
    const written: number[] = [];
    const chatty: Program = function* chatty(self) {
      for (let sum = 0; ; ) {
        if (!(yield* self.write(1, Buffer.alloc(10_000)))) return 3;
        sum += 10_000;
        written.push(sum);
      }
    };
    await using world = await startVirtualCluster({ programs: { chatty } });
    const p = await world.run(world.client.rexec(0, 'chatty', [], { windowBytes: 64 * 1024 }));
    await world.run(10_000);
    const held = written.at(-1) ?? 0;
    expect(held).toBeLessThan(400_000);
    p.stdout.destroy();
    expect(await world.run(p.wait())).toEqual({ kind: 'exited', code: 3 });
  });
});

describe('the world', () => {
  test('a slave that comes back has lost what it ran; unless that survived', async () => {
    await using world = await startVirtualCluster({ nodes: 2 });
    const p = await world.run(world.client.rexec(1, 'sleep', ['60000']));
    world.crashSlave(1);
    await world.run(300);
    world.startSlave(1);
    expect(await world.run(p.wait())).toMatchObject({ kind: 'lost' });
    const q = await world.run(world.client.rexec(0, 'sleep', ['60000']));
    world.crashSlave(0, { survive: true, silent: true });
    expect(world.nodes[0]?.alive).toHaveLength(1);
    world.startSlave(0);
    expect(await world.run(q.wait())).toMatchObject({ kind: 'lost' });
  });

  test('a process outlives its master, and its client does not notice', async () => {
    await using world = await startVirtualCluster({ nodes: 1 });
    const p = await world.run(world.client.rexec(0, 'cat'));
    world.crashMaster();
    await world.run(1500);
    world.startMaster();
    p.stdin.end('still here');
    expect(await world.run(text(p.stdout))).toBe('still here');
    expect(await world.run(p.wait())).toEqual({ kind: 'exited', code: 0 });
  });

  test('a client that dies takes its processes with it', async () => {
    await using world = await startVirtualCluster({ nodes: 1 });
    const other = await world.run(world.connect());
    await world.run(other.rexec(0, 'sleep', ['600000']));
    await world.run(other.rexec(0, 'sleep', ['600000'], { detached: true }));
    world.crashClient(other, { silent: true });
    await world.run(30_000);
    expect(world.nodes[0]?.alive).toHaveLength(1);
  });

  test('a promise that nothing can settle is not waited for in vain', async () => {
    await using world = await startVirtualCluster({ nodes: 0 });
    const never = new Promise<void>(() => {});
    await expect(world.run(never)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const first = world.run(5);
    await expect(world.run(5)).rejects.toMatchObject({ code: 'EBUSY' });
    await first;
  });
});
