/** Nodes that die or stand still while others fetch from them: PROTOCOL.md 10.3. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BprocError, type Client, connect, type ProcessVector } from '../../src/index.ts';
import { type Daemon, Machines } from '../support/daemons.ts';
import { scratchTree } from '../support/scratch.ts';

const MIB = 1024 * 1024;
const EXITED = { kind: 'exited', code: 7 };

let machines: Machines;
let client: Client;
let slaves: Daemon[];
let scratch: ReturnType<typeof scratchTree>;
let program: string;

beforeEach(async () => {
  scratch = scratchTree({ 'program.c': 'int main(void) { return 7; }\n' });
  program = join(scratch.path, 'program');
  execFileSync('cc', ['-static', '-o', program, 'program.c'], { cwd: scratch.path });
  machines = await Machines.create();
  await machines.master();
  client = await connect({ master: machines.address });
  slaves = [];
});

afterEach(async () => {
  await client[Symbol.asyncDispose]();
  await machines[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

async function startSlaves(count: number): Promise<void> {
  for (let node = 0; node < count; node += 1) slaves.push(await machines.slave(node));
}

/** Bytes of blobs that are on their way to a node. */
function arriving(node: number): number {
  const drafts = join(machines.directory, `slave-${node}`, 'images', 'drafts');
  try {
    return readdirSync(drafts).reduce((sum, name) => sum + statSync(join(drafts, name)).size, 0);
  } catch (error) {
    if (BprocError.from(error).code === 'ENOENT') return 0;
    throw error;
  }
}

test('a node goes on elsewhere when the one that it fetches from stands still, and dies', async () => {
  appendFileSync(program, Buffer.alloc(64 * MIB, 1));
  await startSlaves(2);
  expect(await (await client.execmove(0, program)).wait()).toEqual(EXITED);
  const started = client.execmove(1, program);
  await expect.poll(() => arriving(1), { interval: 1, timeout: 20_000 }).toBeGreaterThan(MIB);
  slaves[0]?.process.kill('SIGSTOP');
  // it was in the middle of it: nothing of node 1 has been answered
  expect(arriving(1)).toBeLessThan(64 * MIB);
  expect(await (await started).wait()).toEqual(EXITED);
  await slaves[0]?.kill();
});

test('a node that stands still when another one is sent to it does not keep that from starting', async () => {
  appendFileSync(program, Buffer.alloc(MIB, 2));
  await startSlaves(2);
  expect(await (await client.execmove(0, program)).wait()).toEqual(EXITED);
  slaves[0]?.process.kill('SIGSTOP');
  expect(await (await client.execmove(1, program)).wait()).toEqual(EXITED);
});

test('a node that dies in a start changes its own result alone', async () => {
  appendFileSync(program, Buffer.alloc(32 * MIB, 3));
  await startSlaves(8);
  const started: Promise<ProcessVector> = client.vexecmove('0-7', program);
  await expect.poll(() => arriving(0) + arriving(1), { interval: 1, timeout: 20_000 }).toBeGreaterThan(MIB);
  await slaves[0]?.kill();
  // until it is told that the node will not come back its start may still have happened
  await client.setNodeStatus(0, 'down');
  const ends = await (await started).wait();
  expect(BprocError.is(ends[0])).toBe(true);
  expect(ends.slice(1)).toEqual(Array(7).fill(EXITED));
});
