/** Copies that nodes have from each other [PROTOCOL 11.5], on nodes that have nothing, and of several users. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BprocError, type CopyProgress, connect, startCluster, startMaster, startSlave } from '../../src/index.ts';
import { BreakingProxy } from '../support/breaking-proxy.ts';
import { Machines } from '../support/daemons.ts';
import { connectAs, NOBODY, openScratch } from '../support/other-user.ts';

const MIB = 1024 * 1024;
const isRoot = process.geteuid?.() === 0;

let scratch: ReturnType<typeof openScratch>;
const at = (...names: string[]): string => join(scratch.path, ...names);
const content = Buffer.alloc(3 * MIB, 'no multiple of a page');

beforeAll(() => {
  scratch = openScratch();
  mkdirSync(at('tree/empty'), { recursive: true });
  writeFileSync(at('tree/large'), content);
  writeFileSync(at('tree/small'), 'small');
});
afterAll(() => scratch[Symbol.dispose]());

/** An empty directory. */
function fresh(name: string): string {
  mkdirSync(at(name));
  return at(name);
}

test.skipIf(!isRoot)('twelve nodes that have nothing get a tree that the master sends to few of them', async () => {
  const roots = Array.from({ length: 12 }, (_, node) => fresh(`node-${node}`));
  await using cluster = await startCluster({ nodes: roots.map((root) => ({ root })) });
  const seen: CopyProgress[] = [];
  const onProgress = (progress: CopyProgress) => void seen.push(progress);
  const outcomes = await cluster.client.push(at('tree'), '0-11', '/copy', {
    recursive: true,
    preserve: true,
    onProgress,
  });
  const of = seen.filter(({ node }) => node === 7);
  expect([of.at(0)?.bytes, of.at(0)?.totalBytes, of.at(-1)?.bytes]).toEqual([
    0,
    content.length + 5,
    content.length + 5,
  ]);
  expect(outcomes).toEqual(
    roots.map((_, node) => ({ node, bytes: content.length + 5, files: 2, directories: 2, links: 0 })),
  );
  for (const root of roots) expect(readFileSync(join(root, 'copy/large')).equals(content)).toBe(true);
  expect(cluster.master.imageBytesSent).toBeGreaterThan(3 * MIB);
  expect(cluster.master.imageBytesSent).toBeLessThan(3 * 4 * MIB);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`bproc-copy-${process.pid}-`))).toEqual([]);
});

describe('on one machine', () => {
  test('what is little, or is for few, is streamed; what is asked for is not', async () => {
    await using cluster = await startCluster({ nodes: 4 });
    const target = fresh('few');
    await cluster.client.push(at('tree/small'), '0-3', join(target, 'small'));
    await cluster.client.push(at('tree/large'), [0, 1], join(target, 'large'));
    await cluster.client.push(at('tree/large'), '0-3', join(target, 'large'), { spread: false });
    expect(cluster.master.imageBytesSent).toBe(0);
    await cluster.client.push(at('tree/small'), [0], join(target, 'small'), { spread: true });
    expect(cluster.master.imageBytesSent).toBeGreaterThan(0);
    expect(readFileSync(join(target, 'small'), 'utf8')).toBe('small');
  });

  test('a node without room in its cache is given it all the same, and one that fails fails alone', async () => {
    const nodes = [{}, { imageCacheBytes: 1024 }, {}, {}];
    await using cluster = await startCluster({ nodes });
    const target = fresh('no-room');
    const outcomes = await cluster.client.push(at('tree/large'), [0, 1, 2, 3, 9], join(target, 'large'));
    expect(outcomes.map((each) => (BprocError.is(each) ? each.code : each.bytes))).toEqual([
      ...Array(4).fill(content.length),
      'BE_INVALIDNODE',
    ]);
    const failed = await cluster.client.push(at('tree/large'), '0-3', '/no/such/directory');
    expect(failed).toMatchObject([0, 1, 2, 3].map((node) => ({ code: 'ENOENT', node })));
    await expect(cluster.client.push(at('gone'), '0-3', join(target, 'x'), { spread: true })).resolves.toMatchObject(
      Array(4).fill({ code: 'ENOENT' }),
    );
  });

  test('the engine child_process does it too', async () => {
    await using cluster = await startCluster({ nodes: 4, spawner: 'child_process' });
    const target = fresh('child-process');
    const outcomes = await cluster.client.push(at('tree'), '0-3', join(target, 'tree'), { recursive: true });
    expect(outcomes).toMatchObject(Array(4).fill({ files: 2 }));
    await cluster.client.pull(2, at('tree/small'), join(target, 'back'));
    expect(readdirSync(target).sort()).toEqual(['back', 'tree']);
  });
});

describe.skipIf(!isRoot)('of several users', () => {
  test('each may do what he may do there, and what he makes is his', async () => {
    const path = at('master.sock');
    await using master = await startMaster({ listen: `unix:${path}`, users: 'all' });
    await using slave = await startSlave({ master: () => master.connect(), node: 0, spawner: 'holder' });
    await slave.attached;
    await using nobody = await connect({ master: async () => connectAs(path) });
    const his = fresh('his');
    chownSync(his, NOBODY, NOBODY);
    writeFileSync(at('secret'), 'secret', { mode: 0o600 });
    for (const spread of [false, true]) {
      await nobody.push(at('tree/small'), 0, join(his, `small-${spread}`), { spread, preserve: true });
      expect(statSync(join(his, `small-${spread}`))).toMatchObject({ uid: NOBODY, gid: NOBODY });
      const elsewhere = nobody.push(at('tree/small'), 0, at('mine'), { spread });
      await expect(elsewhere).rejects.toMatchObject({ code: 'EACCES', node: 0 });
    }
    await expect(nobody.pull(0, at('secret'), at('got'))).rejects.toMatchObject({ code: 'EACCES', node: 0 });
    expect(readdirSync(scratch.path)).not.toContain('got');
    await expect(nobody.push(Buffer.alloc(1), 0, join(his, 'x'), { user: 'root' })).rejects.toMatchObject({
      code: 'EPERM',
    });
    chmodSync(at('secret'), 0o644);
    await nobody.pull(0, at('secret'), at('got'));
  });
});

test('a copy goes on over the death of the slave’s daemon', async () => {
  await using machines = await Machines.create();
  await machines.master();
  await machines.slave(0, { spawner: 'holder' });
  await using bp = await connect({ master: machines.address });
  await expect.poll(() => bp.nodeStatus(0), { timeout: 20_000 }).toBe('up');
  const large = at('very-large');
  writeFileSync(large, Buffer.alloc(200 * MIB, 'x'));
  const target = fresh('over-death');
  const copy = bp.push(large, 0, join(target, 'copy'));
  await expect.poll(() => readdirSync(target).length, { timeout: 20_000, interval: 1 }).toBe(1);
  await machines.last.kill();
  // the one name that there is, is not the file's, unless all of it was there
  const [name] = readdirSync(target);
  if (name === 'copy') expect(statSync(join(target, 'copy')).size).toBe(200 * MIB);
  await machines.slave(0, { spawner: 'holder' });
  expect(await copy).toMatchObject({ bytes: 200 * MIB });
  expect(readdirSync(target)).toEqual(['copy']);
});

/** Processes that have a file open. */
function usersOf(path: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const open = /^\d+$/.test(name) ? readdirSync(`/proc/${name}/fd`) : [];
      return open.some((fd) => readlinkSync(`/proc/${name}/fd/${fd}`) === path) ? [Number(name)] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

test('a copy whose connection broke, and whose slave and agent were killed, sends only what is missing', async () => {
  await using machines = await Machines.create();
  await machines.master();
  const way = join(machines.directory, 'way');
  using proxy = new BreakingProxy(way, machines.address.slice('unix:'.length), [24 * MIB]);
  const slave = { master: `unix:${way}`, spawner: 'holder' } as const;
  await machines.slave(0, slave);
  await using bp = await connect({ master: machines.address });
  await expect.poll(() => bp.nodeStatus(0), { timeout: 20_000 }).toBe('up');
  const size = 160 * MIB;
  const source = at('to-resume');
  writeFileSync(source, randomBytes(size), { mode: 0o640 });
  utimesSync(source, 1_000_000_000, 1_000_000_000.25);
  const target = fresh('resumed');
  const options = { resume: true, preserve: true };
  const broken = bp.push(source, 0, join(target, 'copy'), options).catch((error: unknown) => error);
  const part = (): string => join(target, readdirSync(target)[0] ?? '');
  await expect.poll(() => statSync(part()).size, { timeout: 60_000, interval: 1 }).toBeGreaterThan(48 * MIB);
  expect(proxy.left).toBe(0);
  const [agent = 0, ...others] = usersOf(part());
  expect([agent > 0, others]).toEqual([true, []]);
  await machines.last.kill();
  process.kill(agent, 'SIGKILL');
  await machines.slave(0, slave);
  expect(await broken).toMatchObject({ code: 'ECONNRESET', node: 0 });
  expect(readdirSync(target)).toEqual([expect.stringMatching(/^\.bproc-/)]);
  const { size: kept } = statSync(part());
  expect(kept).toBeLessThan(size);

  const before = proxy.carried;
  expect(await bp.push(source, 0, join(target, 'copy'), options)).toMatchObject({ bytes: size });
  expect(proxy.carried - before).toBeLessThan(size - kept + MIB);
  expect(readdirSync(target)).toEqual(['copy']);
  expect(readFileSync(join(target, 'copy')).equals(readFileSync(source))).toBe(true);
  const { mode, mtimeMs } = statSync(join(target, 'copy'));
  expect([mode & 0o777, mtimeMs]).toEqual([0o640, 1_000_000_000_250]);

  const after = proxy.carried;
  await bp.push(source, 0, join(target, 'copy'), options);
  expect(proxy.carried - after).toBeLessThan(MIB);
});
