/** What a master's part keeps of nodes' samples: the part alone, fed by one slave's part on a clock that passes by hand. Run with --expose-gc. */
import { masterStats, slaveStats } from 'bproc/beostat';
import { busyMachine, HandClock } from '../lib/samples.mjs';
import { answer } from './answer.mjs';

const SECOND = 1000;

/** Bytes in use once nothing is left to be collected: buffers are given back a little later than what holds them. */
async function settled() {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Feeds so many nodes for so many seconds; gives bytes a sample, and bytes that are kept in all. */
async function feed({ nodes, seconds }) {
  const clock = new HandClock();
  const orders = [];
  const said = [];
  const numbers = Array.from({ length: nodes }, (_, node) => node);
  const master = masterStats({ intervalMs: SECOND, idleIntervalMs: SECOND, historyMs: seconds * SECOND }).serve({
    clock,
    nodes: () => [],
    attached: () => numbers,
    // all nodes say the same, and are told the same: one of them hears it
    send: (node, body) => (node === 0 ? orders.push(body) : 0) > 0,
  });
  const slave = slaveStats({
    places: { proc: '/nonexistent', sys: '/nonexistent' },
    sources: busyMachine(1),
  }).serve({ clock, processes: () => [], send: (body) => said.push(body) > 0 });
  const before = await settled();
  for (const node of numbers) master.attached(node);
  slave.attached();
  let bytes = 0;
  let samples = 0;
  for (let second = 0; second < seconds; second += 1) {
    for (const body of said.splice(0)) {
      bytes += body.length;
      samples += 1;
      for (const node of numbers) master.message(node, body);
    }
    for (const body of orders.splice(0)) slave.message(body);
    clock.tick();
  }
  const kept = (await settled()) - before;
  // it has to be there until here
  if (master.message === undefined) throw new Error('the part is gone');
  return { bytes: bytes / samples, kept };
}

/** Microseconds of a processor for one sample of this machine. */
function sample({ count }) {
  const clock = new HandClock();
  const slave = slaveStats().serve({ clock, processes: () => [], send: () => true });
  slave.attached();
  // a master that has all of it: 'have' of StatOrder, as a varint
  const haveAll = (number) =>
    slave.message(Buffer.from([0x08, (number & 0x7f) | 0x80, (number >> 7) & 0x7f, 0x10, 0xe8, 0x07]));
  const run = (from, to) => {
    for (let number = from; number < to; number += 1) {
      clock.tick();
      if (number % 4 === 0) haveAll(number);
    }
  };
  run(1, 1000);
  const before = process.cpuUsage();
  run(1000, 1000 + count);
  const { user, system } = process.cpuUsage(before);
  void slave[Symbol.asyncDispose]();
  return (user + system) / count;
}

answer({ feed, sample });
