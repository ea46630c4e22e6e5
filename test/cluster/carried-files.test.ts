/** Files that go along with programs without being named at each start, and what nodes keep of all that was sent [PROTOCOL 10.6 and 10.7]. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Client, type Cluster, connect, type Master, startCluster, startMaster } from '../../src/index.ts';
import { scratchTree } from '../support/scratch.ts';

const isRoot = process.geteuid?.() === 0;

const LATE = 'const char *late(void) { return "loaded late"; }\n';
/** Loads a library by its name when it runs. */
const LOADS = `
#include <dlfcn.h>
#include <stdio.h>
int main(int n, char **v) {
  void *library = dlopen(v[1], RTLD_NOW);
  if (!library) return puts(dlerror()) < 0;
  const char *(*late)(void) = dlsym(library, "late");
  return puts(late()) < 0;
}
`;

const scratch = scratchTree({ 'late.c': LATE, 'loads.c': LOADS, 'data.txt': 'data\n' });
const at = (...names: string[]): string => join(scratch.path, ...names);

beforeAll(() => {
  const build = (...argv: string[]) => execFileSync('cc', argv, { cwd: scratch.path });
  build('-shared', '-fPIC', '-o', 'liblate.so', 'late.c');
  build('-o', 'loads', 'loads.c', '-ldl');
  writeFileSync(at('reads'), '#!/bin/bash\nread line < "$1"; echo "$line"\n', { mode: 0o755 });
});

afterAll(() => scratch[Symbol.dispose]());

async function output(client: Client, file: string, argv: readonly string[] = []): Promise<string> {
  const p = await client.execmove(0, file, argv, { cwd: '/' });
  const [stdout, stderr] = await Promise.all([text(p.stdout), text(p.stderr), p.wait()]);
  return stdout + stderr;
}

describe.skipIf(!isRoot)('on a node that has nothing', () => {
  let cluster: Cluster;
  let client: Client;

  beforeAll(async () => {
    mkdirSync(at('empty'));
    cluster = await startCluster({ nodes: [{ root: at('empty') }] });
    client = cluster.client;
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  test('a library that is loaded late is there where every image carries it', async () => {
    const missing = /liblate\.so: cannot open shared object file/;
    expect(await output(client, at('loads'), [at('liblate.so')])).toMatch(missing);
    await using other = await connect({ master: () => cluster.master.connect() });
    // known to it, so that it has to be told of the change
    expect(await output(other, at('loads'), [at('liblate.so')])).toMatch(missing);
    expect(await client.libAdd([{ path: at('liblate.so') }, { path: at('none.so') }])).toEqual([
      { path: at('liblate.so') },
      { path: at('none.so') },
    ]);
    await vi.waitUntil(async () => !missing.test(await output(other, at('loads'), [at('liblate.so')])), 10_000);
    expect(await output(client, at('loads'), [at('liblate.so')])).toBe('loaded late\n');
    await client.libDel([{ path: at('none.so') }]);
    expect(await other.libList()).toEqual([{ path: at('liblate.so') }]);
    await client.libClear();
    expect(await output(client, at('loads'), [at('liblate.so')])).toMatch(missing);
  });

  test('a file may be carried by one program’s images alone', async () => {
    await client.libAdd([{ path: at('data.txt'), program: at('reads') }]);
    expect(await output(client, at('reads'), [at('data.txt')])).toBe('data\n');
    expect(await output(client, '/bin/cat', [at('data.txt')])).toMatch(/No such file/);
    await client.libClear();
  });

  test('what a program was seen to open goes along with it from then on', async () => {
    expect(await output(client, at('loads'), [at('liblate.so')])).toMatch(/cannot open/);
    const learned = await client.learn(at('loads'), [at('liblate.so')]);
    expect(learned).toMatchObject({ program: at('loads'), code: 0 });
    expect(learned.files).toContain(at('liblate.so'));
    expect(await output(client, at('loads'), [at('liblate.so')])).toBe('loaded late\n');
    // its own children count, however they name their files
    await client.learn('/bin/sh', ['-c', `cd ${scratch.path} && /bin/cat data.txt; exit 3`], { keep: true });
    const kept = (await client.libList()).map(({ path, program }) => [path, program]);
    expect(kept).toContainEqual([at('data.txt'), '/bin/sh']);
    await client.libClear();
  });

  test('strace that is not there, or a program that is not, is said', async () => {
    await expect(client.learn(at('nothing'))).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringMatching(/nothing/),
    });
    vi.stubEnv('PATH', at('empty'));
    await expect(client.learn('/bin/true')).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringMatching(/strace not found.*install/),
    });
    vi.unstubAllEnvs();
  });

  test('a run that takes too long is ended with all that came of it', async () => {
    const marker = `${process.pid}7.5`;
    const options = { timeoutMs: 2000 };
    await expect(client.learn('/bin/sh', ['-c', `sleep ${marker} & wait`], options)).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
    await expect.poll(() => spawnSync('pgrep', ['-f', `sleep ${marker}`]).status, { timeout: 10_000 }).toBe(1);
  });

  test('its cache says what it has, and is purged of what nothing runs from', async () => {
    const running = await client.execmove(0, '/bin/bash', ['-c', 'read x; echo over'], { cwd: '/' });
    const before = await client.cacheInfo(0);
    expect(before).toMatchObject({ rotten: 0, evictions: 0, maxBytes: 2 ** 30 });
    expect(before.bytes).toBeGreaterThan(before.pinnedBytes);
    expect(before.fetchedBytes).toBeGreaterThanOrEqual(before.bytes);
    const after = await client.purgeCache(0);
    expect(after.bytes).toBe(before.pinnedBytes);
    await expect
      .poll(async () => (await client.nodeInfo(0)).attributes, { timeout: 10_000 })
      .toMatchObject({ cacheBytes: String(after.bytes), cacheBlobs: String(after.blobs) });
    running.stdin.end('\n');
    expect(await text(running.stdout)).toBe('over\n');
    expect(await client.purgeCache(0, { what: 'damaged' })).toMatchObject({ bytes: after.bytes, rotten: 0 });
    expect(await output(client, '/bin/echo', ['again'])).toBe('again\n');
  });

  test('others than the administrator look, and change nothing', async () => {
    const credentials = { uid: 4711, gids: [4711] };
    await using nobody = await connect({ master: () => cluster.master.connect({ credentials }) });
    expect(await nobody.libList()).toEqual([]);
    expect((await nobody.cacheInfo(0)).maxBytes).toBe(2 ** 30);
    const refused = { code: 'EPERM' };
    await expect(nobody.libAdd([{ path: '/x' }])).rejects.toMatchObject(refused);
    await expect(nobody.libClear()).rejects.toMatchObject(refused);
    await expect(nobody.purgeCache(0)).rejects.toMatchObject(refused);
  });
});

test('the list survives its master, and takes what can be a file alone', async () => {
  const stateDir = at('master');
  const begin = async (): Promise<[Master, Client]> => {
    const master = await startMaster({ stateDir });
    return [master, await connect({ master: () => master.connect() })];
  };
  const [first, before] = await begin();
  await before.libAdd([{ path: '/lib/a.so' }, { path: '/b', program: '/bin/c' }]);
  await expect(before.libAdd([{ path: 'relative' }])).rejects.toMatchObject({ code: 'EINVAL' });
  await expect(before.libDel([{ path: '/b' }])).rejects.toMatchObject({ code: 'ENOENT' });
  const many = Array.from({ length: 4097 }, (_, index) => ({ path: `/${index}` }));
  await expect(before.libAdd(many)).rejects.toMatchObject({ code: 'E2BIG' });
  for (const part of [before, first]) await part[Symbol.asyncDispose]();
  const [second, after] = await begin();
  expect(await after.libList()).toEqual([{ path: '/lib/a.so' }, { path: '/b', program: '/bin/c' }]);
  for (const part of [after, second]) await part[Symbol.asyncDispose]();
});
