/** A slave's successor serves the same node, so that what its predecessor left has an end. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Master, startMaster, startSlave } from '../../src/index.ts';

let master: Master;
let stateDir: string;
beforeEach(async () => {
  master = await startMaster();
  stateDir = await mkdtemp(join(tmpdir(), 'bproc-node-'));
});
afterEach(async () => {
  await master[Symbol.asyncDispose]();
  await rm(stateDir, { recursive: true });
});

async function nodeOf(options: { node?: number; stateDir?: string }): Promise<number | undefined> {
  const slave = await startSlave({ master: () => master.connect(), ...options });
  await slave.attached;
  const { node } = slave;
  await slave[Symbol.asyncDispose]();
  return node;
}

test('the node number outlives the slave, and an explicit one wins', async () => {
  expect(await nodeOf({ node: 5, stateDir })).toBe(5);
  expect(await readFile(join(stateDir, 'node'), 'utf8')).toBe('5\n');
  expect(await nodeOf({ stateDir })).toBe(5);
  expect(await nodeOf({ node: 7, stateDir })).toBe(7);
  expect(await nodeOf({ stateDir })).toBe(7);
});

test('a file that holds no node number is said to be broken', async () => {
  await writeFile(join(stateDir, 'node'), 'five\n');
  await expect(startSlave({ master: () => master.connect(), stateDir })).rejects.toMatchObject({ code: 'EIO' });
  await rm(join(stateDir, 'node'));
  expect(await nodeOf({ stateDir })).toBe(0);
});
