/** The virtual holder keeps what the real one keeps. */
import { SeededRandom, VirtualClock, VirtualHolder, VirtualMachine, VirtualSpawner } from '../../src/testing/index.ts';
import { request } from '../linux/recorder.ts';
import { describeKeeping, type KeepingBench } from '../linux/suite/keeping.ts';

function benchOf(holderMs: number): KeepingBench {
  const clock = new VirtualClock();
  const machine = new VirtualMachine(clock);
  const random = new SeededRandom(1);
  let holder = new VirtualHolder(machine, random.bytes(16));
  return {
    async open() {
      if (!holder.isAlive) holder = new VirtualHolder(machine, random.bytes(16));
      return new VirtualSpawner(clock, { holder, keeps: true, holderMs });
    },
    async until(condition, what) {
      while (!condition()) if (!clock.step()) throw new Error(`waited in vain for ${what}`);
    },
    killHolder: () => holder.kill(),
    exits: (code, more) => request('exit', [String(code)], more),
    stays: (more) => request('sleep', ['600000'], more),
    copies: (more) => request('cat', [], more),
    writes: (bytes, more) => request('write', [String(bytes), '1000'], more),
    async [Symbol.asyncDispose]() {
      holder.kill();
    },
  };
}

describeKeeping('a virtual holder', async () => benchOf(0));
describeKeeping('a virtual holder far away', async () => benchOf(20));
