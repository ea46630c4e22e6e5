/** Copies from node to node, which pass neither the caller nor the master [PROTOCOL 11.6]. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  BprocError,
  type Client,
  type CopyOutcome,
  type CopyProgress,
  connect,
  type Master,
  type Slave,
  type SlaveOptions,
  startMaster,
  startSlave,
} from '../../src/index.ts';
import { BreakingProxy } from '../support/breaking-proxy.ts';
import { type Daemon, Machines } from '../support/daemons.ts';
import { scratchTree } from '../support/scratch.ts';

const MIB = 1024 * 1024;
const SIZE = 40 * MIB;
const LARGE = 200 * MIB;
const isRoot = process.geteuid?.() === 0;

const scratch = scratchTree({ 'src/small': 'small\n', 'src/sub/deep': 'deep\n' });
const at = (...names: string[]): string => join(scratch.path, ...names);
const content = randomBytes(SIZE);

let master: Master;
let client: Client;
let proxy: BreakingProxy;
let slaves: Slave[];
let target: string;
let count = 0;

beforeAll(() => writeFileSync(at('src/large'), content));
afterAll(() => scratch[Symbol.dispose]());

beforeEach(async () => {
  count += 1;
  target = at(`to-${count}`);
  mkdirSync(target);
  const socket = at(`master-${count}`);
  master = await startMaster({ listen: `unix:${socket}` });
  proxy = new BreakingProxy(`${socket}-slaves`, socket, []);
  client = await connect({ master: `unix:${socket}` });
  slaves = [];
});

afterEach(async () => {
  await client[Symbol.asyncDispose]();
  for (const slave of slaves) await slave[Symbol.asyncDispose]();
  proxy[Symbol.dispose]();
  await master[Symbol.asyncDispose]();
});

/** Slaves whose every byte to and from the master is counted. */
async function startSlaves(amount: number, options: (node: number) => Partial<SlaveOptions> = () => ({})) {
  for (let node = 0; node < amount; node += 1) {
    const way = `unix:${at(`master-${count}-slaves`)}`;
    slaves.push(await startSlave({ master: way, node, spawner: 'holder', ...options(node) }));
  }
  await Promise.all(slaves.map(({ attached }) => attached));
}

const codes = (outcomes: readonly CopyOutcome[]) =>
  outcomes.map((each) => (BprocError.is(each) ? each.code : each.bytes));

function expectCopy(path: string): void {
  expect(readFileSync(join(path, 'large')).equals(content)).toBe(true);
  expect(readFileSync(join(path, 'sub/deep'), 'utf8')).toBe('deep\n');
}

test('from one node to another no content passes the master', async () => {
  await startSlaves(2);
  const seen: CopyProgress[] = [];
  const copy = { node: 0, path: at('src') };
  const made = await client.push(copy, 1, join(target, 'copy'), { recursive: true, onProgress: (p) => seen.push(p) });
  expect(made).toEqual({ node: 1, bytes: SIZE + 11, files: 3, directories: 2, links: 0, isDirect: true });
  expectCopy(join(target, 'copy'));
  expect(seen.at(-1)).toMatchObject({ node: 1, bytes: SIZE + 11, totalBytes: SIZE + 11 });
  expect(proxy.carried).toBeLessThan(64 * 1024);
});

test('many nodes read from each other', async () => {
  await startSlaves(9, (node) => (isRoot ? { root: root(node) } : {}));
  const place = (node: number): string => (isRoot ? root(node) : join(target, String(node)));
  if (isRoot) execFileSync('cp', ['-r', at('src'), join(root(0), 'src')]);
  const source = { node: 0, path: isRoot ? '/src' : at('src') };
  // the source itself is among them, and one that there is not
  const nodes = [3, 0, 8, 1, 7, 2, 42, 6, 4, 5];
  const outcomes = await client.push(source, nodes, isRoot ? '/copy' : join(target, 'copy'), { recursive: true });
  expect(codes(outcomes)).toEqual(nodes.map((node) => (node === 42 ? 'BE_INVALIDNODE' : SIZE + 11)));
  if (isRoot) for (const node of nodes.filter((each) => each !== 42)) expectCopy(join(place(node), 'copy'));
  expect(outcomes.filter((each) => !BprocError.is(each) && each.isDirect)).toHaveLength(9);
  expect(proxy.carried).toBeLessThan(256 * 1024);
});

function root(node: number): string {
  const path = join(target, `node-${node}`);
  mkdirSync(path, { recursive: true });
  return path;
}

test('what fails on nodes, or where it is to come from, is told of each', async () => {
  await startSlaves(8);
  const outcomes = await client.push({ node: 0, path: at('src/large') }, '0-7', join(target, 'no/such/place'));
  expect(codes(outcomes)).toEqual(Array(8).fill('ENOENT'));
  const missing = await client.push({ node: 0, path: at('src/none') }, '1-4', join(target, 'x'));
  expect(missing).toMatchObject(Array(4).fill({ code: 'ENOENT', node: 0 }));
  expect(readdirSync(target)).toEqual([]);
});

describe('what cannot go directly passes the caller', () => {
  test('where a slave has no way to others', async () => {
    await startSlaves(3, (node) => ({ peers: node !== 1 }));
    const outcomes = await client.push({ node: 0, path: at('src') }, '1-2', `${target}/`, { recursive: true });
    expect(outcomes).toMatchObject([{ files: 3 }, { files: 3, isDirect: true }]);
    expect(outcomes[0]).not.toHaveProperty('isDirect');
    const back = await client.push({ node: 1, path: at('src') }, 2, join(target, 'back'), { recursive: true });
    expect(back).not.toHaveProperty('isDirect');
    expectCopy(join(target, 'back'));
  });

  test('where an engine cannot connect processes, or it is asked for', async () => {
    await startSlaves(2, (node) => (node === 0 ? { spawner: 'child_process' } : {}));
    const by = async (from: number, options = {}) =>
      client.push({ node: from, path: at('src/large') }, 1 - from, join(target, `from-${from}`), options);
    expect(await by(0)).toEqual({ node: 1, bytes: SIZE, files: 1, directories: 0, links: 0 });
    expect(await by(1)).toEqual({ node: 0, bytes: SIZE, files: 1, directories: 0, links: 0 });
    expect(await by(1, { spread: false })).not.toHaveProperty('isDirect');
  });

  test.each([0, 0.2, 0.6])('where the node between dies when it has %d of the file', async (part) => {
    const large = at('very-large');
    writeFileSync(large, Buffer.alloc(LARGE, 'x'));
    await using machines = await Machines.create();
    await machines.master();
    const roots = [0, 1, 2, 3, 4].map((node) => (isRoot ? root(node) : target));
    if (isRoot) execFileSync('ln', [large, join(root(0), 'source')]);
    const daemons: Daemon[] = [];
    for (const [node, path] of roots.entries()) {
      daemons.push(await machines.slave(node, { spawner: 'holder', ...(isRoot ? { root: path } : {}) }));
    }
    await using bp = await connect({ master: machines.address });
    await expect.poll(async () => (await bp.nodeList('up')).length, { timeout: 20_000 }).toBe(5);
    const source = { node: 0, path: isRoot ? '/source' : large };
    const place = (node: number): string => (isRoot ? '/copy' : join(target, `copy-${node}`));
    const names = (node: number): string[] => readdirSync(roots[node] ?? '').filter((name) => name !== 'source');
    // nodes 1 and 2 read from 0, and 3 and 4 from 1
    const copy = bp.push(source, [1, 2, 3, 4], place(1));
    const has = (node: number): number =>
      Math.max(-1, ...names(node).map((name) => statSync(join(roots[node] ?? '', name)).size));
    await expect.poll(() => has(1), { timeout: 20_000, interval: 1 }).toBeGreaterThan(part * LARGE);
    await expect.poll(() => names(3).length, { timeout: 20_000, interval: 1 }).toBeGreaterThan(0);
    expect(names(3)).not.toContain('copy');
    await daemons[1]?.kill();
    const outcomes = await copy;
    expect(codes(outcomes)).toEqual(['BE_NODEDOWN', LARGE, LARGE, LARGE]);
    expect(outcomes.map((each) => !BprocError.is(each) && each.isDirect === true)).toEqual([false, true, false, false]);
    for (const node of isRoot ? [2, 3, 4] : []) expect(names(node)).toEqual(['copy']);
  });
});

test('a copy that is broken off goes on from there, and what is there already is not sent again', async () => {
  await startSlaves(2);
  const source = { node: 0, path: at('src/large') };
  const abort = new AbortController();
  const options = { resume: true, preserve: true } as const;
  const onProgress = ({ bytes }: CopyProgress): void => (bytes > 0 ? abort.abort() : undefined);
  const broken = client.push(source, 1, join(target, 'copy'), { ...options, onProgress, signal: abort.signal });
  await expect(broken.finally(() => {})).rejects.toMatchObject({ code: 'ECANCELED' });
  const made = await client.push(source, 1, join(target, 'copy'), options);
  expect(made).toMatchObject({ bytes: SIZE, isDirect: true });
  expect(readFileSync(join(target, 'copy')).equals(content)).toBe(true);
  const { ino } = statSync(join(target, 'copy'));
  await client.push(source, 1, join(target, 'copy'), options);
  expect(statSync(join(target, 'copy')).ino).toBe(ino);
});
