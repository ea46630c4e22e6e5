/** Programs of the caller's, sent to nodes that have not got them. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import {
  type Client,
  connect,
  type Master,
  type Slave,
  startCluster,
  startMaster,
  startSlave,
} from '../../src/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { type Taps, tapped } from '../support/tap.ts';

const LIBRARY = 'const char *greeting(void) { return "from a library of its own"; }\n';
const PROGRAM = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
const char *greeting(void);
int main(int argc, char **argv) {
  printf("%s|%s|%s|%s\\n", greeting(), argv[0], argc > 1 ? argv[1] : "", getenv("BPROC_RANK"));
  char line[4096];
  FILE *maps = fopen("/proc/self/maps", "r");
  while (maps && fgets(line, sizeof line, maps)) if (strchr(line, '/')) fputs(strchr(line, '/'), stdout);
  return 7;
}
`;
const KIB = 1024;

const scratch = scratchTree({ 'greeting.c': LIBRARY, 'program.c': PROGRAM });
const at = (name: string): string => join(scratch.path, name);

let master: Master;
let slaves: readonly Slave[];
let client: Client;
/** What the client has sent, and what it has been sent. */
let taps: Taps;
let cut: () => void;
const parts: AsyncDisposable[] = [];

beforeAll(async () => {
  const build = (...argv: string[]) => execFileSync('cc', argv, { cwd: scratch.path });
  build('-shared', '-fPIC', '-o', 'libgreeting.so', 'greeting.c');
  build('-o', 'program', 'program.c', '-L.', '-lgreeting', '-Wl,-rpath,$ORIGIN');
  writeFileSync(at('script'), '#!/bin/sh\necho "$0 $1 on $BPROC_NODE"\n', { mode: 0o755 });
  writeFileSync(at('text'), 'no program\n', { mode: 0o755 });
  writeFileSync(at('data'), 'no program\n', { mode: 0o644 });
  await begin();
});

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  await end();
  scratch[Symbol.dispose]();
});

async function begin(imageCacheBytes?: number): Promise<void> {
  master = await startMaster();
  parts.push(master);
  const limit = imageCacheBytes === undefined ? {} : { imageCacheBytes };
  slaves = await Promise.all(
    [0, 1, 2, 3].map((node) => startSlave({ master: () => master.connect(), node, ...limit })),
  );
  parts.push(...slaves);
  await Promise.all(slaves.map((slave) => slave.attached));
  taps = { up: [], down: [] };
  const dial = () => {
    const { near, cut: cutThis } = tapped(master.connect(), taps);
    cut = cutThis;
    return near;
  };
  client = await connect({ master: dial });
  parts.push(client);
}

async function end(): Promise<void> {
  for (const part of parts.splice(0).reverse()) await part[Symbol.asyncDispose]();
}

function sent(): number {
  return taps.up.reduce((sum, bytes) => sum + bytes.length, 0);
}

test('a program runs from what was sent, with a library that only its caller has', async () => {
  const p = await client.execmove(2, at('program'), ['an argument']);
  const [first, ...maps] = (await text(p.stdout)).trim().split('\n');
  expect(first).toBe(`from a library of its own|${at('program')}|an argument|0000000`);
  expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
  expect(p.node).toBe(2);
  expect(maps.length).toBeGreaterThan(3);
  expect(maps.filter((each) => each.startsWith(scratch.path))).toEqual([]);
});

test('the second start on a node sends no blob, and one on another node asks nothing of the client', async () => {
  await (await client.execmove(2, at('program'))).wait();
  for (const node of [2, 3]) {
    const before = sent();
    expect(await (await client.execmove(node, at('program'))).wait()).toEqual({ kind: 'exited', code: 7 });
    expect(sent() - before).toBeLessThan(8 * KIB);
  }
});

test('many nodes get it while the client sends each blob once', async () => {
  // new to everybody, and larger than everything else of it
  appendFileSync(at('program'), Buffer.alloc(3 * 1024 * KIB, 1));
  const before = sent();
  const vector = await client.vexecmove('0-3', at('program'), ['x']);
  expect(await vector.wait()).toEqual(Array(4).fill({ kind: 'exited', code: 7 }));
  expect(sent() - before).toBeGreaterThan(3 * 1024 * KIB);
  expect(sent() - before).toBeLessThan(4 * 1024 * KIB);
});

test('a script runs by the interpreter that its caller has', async () => {
  const p = await client.execmove(1, at('script'), ['runs']);
  expect(await text(p.stdout)).toMatch(/script runs on 1\n$/);
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

test('a program is looked up in the PATH and the directory of its caller', async () => {
  vi.stubEnv('PATH', `${scratch.path}:${process.env['PATH']}`);
  const p = await client.execmove(0, 'program');
  expect((await text(p.stdout)).split('|')[1]).toBe('program');
});

test.each([
  ['nowhere', 'ENOENT', /does not exist in PATH/],
  [at('nothing'), 'ENOENT', /does not exist/],
  [at('data'), 'EACCES', /not executable/],
  [scratch.path, 'EACCES', /it is a directory/],
  [at('text'), 'ENOEXEC', /neither a program/],
])('%s is refused before anything is sent', async (file, code, message) => {
  const before = sent();
  await expect(client.execmove(0, file)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  expect(sent()).toBe(before);
});

test('a connection that breaks in the middle of it goes on where it was', async () => {
  appendFileSync(at('program'), Buffer.alloc(12 * 1024 * KIB, 2));
  const before = sent();
  const started = client.execmove(0, at('program'));
  const detached = new Promise<void>((resolve) => void client.on('detached', () => resolve()));
  await vi.waitUntil(() => sent() - before > 5 * 1024 * KIB, { timeout: 20_000, interval: 1 });
  cut();
  await detached;
  const p = await started;
  expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
  // what was under way when it broke is sent again, and no more
  expect(sent() - before).toBeLessThan(19 * 1024 * KIB);
});

test('a start that is given up while its image comes leaves nothing running', async () => {
  appendFileSync(at('program'), Buffer.alloc(12 * 1024 * KIB, 3));
  const before = sent();
  const abort = new AbortController();
  const started = client.execmove(1, at('program'), [], { signal: abort.signal });
  const refused = expect(started).rejects.toMatchObject({ code: 'ECANCELED' });
  await vi.waitUntil(() => sent() - before > 1024 * KIB, { timeout: 20_000, interval: 1 });
  abort.abort();
  await refused;
  await expect.poll(async () => (await client.procList({ node: 1 })).length, { timeout: 20_000 }).toBe(0);
});

test('a node whose cache is too small says so', async () => {
  await end();
  await begin(1024 * KIB);
  await expect(client.execmove(0, at('program'))).rejects.toMatchObject({
    code: 'ENOSPC',
    message: expect.stringMatching(/imageCacheBytes/),
  });
});

test.each(['child_process', 'holder'] as const)(
  'a cluster in one program runs it by the engine %s, on its own node too',
  async (spawner) => {
    await using cluster = await startCluster({ nodes: 1, spawner });
    for (const node of [-1, 0]) {
      expect(await (await cluster.client.execmove(node, at('program'))).wait()).toEqual({ kind: 'exited', code: 7 });
    }
  },
);

test('nothing is left of caches that were nobody’s to keep', async () => {
  await end();
  vi.stubEnv('TMPDIR', scratch.path);
  const mine = () => readdirSync(scratch.path).filter((name) => name.startsWith('bproc-images-'));
  await begin();
  await (await client.execmove(0, at('script'))).wait();
  expect(mine()).toHaveLength(2);
  await end();
  expect(mine()).toEqual([]);
});
