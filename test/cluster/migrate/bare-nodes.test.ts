/** Processes move between nodes that have nothing: an image is their root there, as it was before. PROTOCOL.md 12.9. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, connect, type Master, type Slave, startMaster, startSlave } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { type Daemon, Machines } from '../../support/daemons.ts';
import { answersEverywhere, following, LIBRARY, NODE, PROGRAM, PYTHON, SHELL } from './answering.ts';

const isRoot = process.geteuid?.() === 0;

let directory: string;
let master: Master;
let slaves: readonly Slave[];
let bp: Client;
const at = (...names: string[]): string => join(directory, ...names);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bproc-bare-test-'));
  for (const name of ['root0', 'root1']) mkdirSync(at(name), { mode: 0o755 });
  for (const [name, source] of Object.entries({ library: LIBRARY, program: PROGRAM }))
    writeFileSync(at(`${name}.c`), source);
  const build = (...argv: string[]) => execFileSync('cc', argv, { cwd: directory });
  build('-shared', '-fPIC', '-o', 'libcount.so', 'library.c');
  build('-o', 'program', 'program.c', '-L.', '-lcount', '-Wl,-rpath,$ORIGIN');
  if (!isRoot) return;
  const address = `unix:${at('master.sock')}`;
  master = await startMaster({ listen: address });
  slaves = await Promise.all(
    [0, 1].map((node) => startSlave({ master: address, node, root: at(`root${node}`), stateDir: at(`state${node}`) })),
  );
  bp = await connect({ master: address });
  for (const node of [0, 1]) await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
});

afterAll(async () => {
  if (isRoot) {
    for (const part of [bp, ...slaves, master]) await part[Symbol.asyncDispose]();
    // and nothing was left there
    for (const name of ['root0', 'root1']) expect(readdirSync(at(name))).toEqual([]);
  }
  rmSync(directory, { recursive: true });
});

describe.skipIf(!isRoot)('between two nodes whose roots are empty', () => {
  test('a program in C goes on, with a library of its own', { timeout: 60_000 }, async () => {
    await answersEverywhere(bp, await bp.execmove(0, at('program')), [1, 0, 1]);
  });

  test('Python goes on', { timeout: 60_000 }, async () => {
    await answersEverywhere(bp, await bp.execmove(0, '/usr/bin/python3', ['-c', PYTHON]), [1, 0, 1]);
  });

  test('Node goes on', { timeout: 60_000 }, async () => {
    await answersEverywhere(bp, await bp.execmove(0, process.execPath, ['-e', NODE], { env: {} }), [1, 0, 1]);
  });

  test('one with open files that were sent along goes on', { timeout: 60_000 }, async () => {
    writeFileSync(at('lines'), 'one\ntwo\nthree\n');
    const script = `exec 3<$0; read -u 3 a; echo $a; read x; read -u 3 b; echo $b $(</proc/self/comm); ls / 2>/dev/null; exit 7`;
    const p = await bp.execmove(0, '/bin/bash', ['-c', script, at('lines')], { files: [at('lines')], cwd: '/' });
    const seen = following(p);
    await until(() => seen.text.includes('one\n'), 'its first line');
    await bp.move(p.pid, 1);
    p.stdin.end('on\n');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
    expect(seen.text).toBe('one\ntwo bash\n');
  });

  test('what is open of the node alone is refused by name, and goes on', async () => {
    const p = await bp.execmove(0, '/bin/bash', ['-c', 'exec 3>/tmp/own; echo ready; read x; exit 7'], { cwd: '/' });
    const seen = following(p);
    await until(() => seen.text.includes('ready'), 'its first line');
    await expect(bp.move(p.pid, 1)).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringMatching(/on node 1, which lacks what it needs: \/tmp\/own is not there$/),
    });
    p.stdin.end('on\n');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
  });

  test('a copy has the same root', async () => {
    const p = await bp.execmove(0, '/bin/bash', ['-c', 'echo ready; read x; echo /*; exit 7'], { cwd: '/' });
    const seen = following(p);
    await until(() => seen.text.includes('ready'), 'its first line');
    const { process: copy } = await bp.rfork(p.pid, 1);
    const copied = following(copy);
    for (const each of [p, copy]) {
      each.stdin.end('on\n');
      expect(await each.wait()).toEqual({ kind: 'exited', code: 7 });
    }
    expect(`ready\n${copied.text}`).toBe(seen.text);
    expect(copied.text).toMatch(/^\/bin .*\/usr\n$/);
  });

  test('a shell goes on where it was', { timeout: 60_000 }, async () => {
    await answersEverywhere(bp, await bp.execmove(0, '/bin/bash', ['-c', SHELL], { cwd: '/none/such' }), [1, 0, 1]);
  });
});

test.skipIf(!isRoot)(
  'what has come to such a node is kept by the next life of its slave, and goes on from there',
  async () => {
    await using machines = await Machines.create();
    await machines.master();
    const start = async (node: number): Promise<Daemon> => {
      return machines.slave(node, { spawner: 'holder', root: at(`root${node}`) });
    };
    const [, target] = [await start(0), await start(1)];
    await using client = await connect({ master: machines.address });
    for (const node of [0, 1]) await until(async () => (await client.nodeStatus(node)) === 'up', `node ${node}`);
    const p = await client.execmove(0, '/bin/bash', ['-c', SHELL], { cwd: '/' });
    const seen = following(p);
    await until(() => seen.text.includes('ready'), 'its first line');
    await client.move(p.pid, 1);
    await target.kill();
    await start(1);
    await until(async () => (await client.nodeStatus(1)) === 'up', 'node 1 again');
    await until(
      async () =>
        client.move(p.pid, 0).then(
          () => true,
          () => false,
        ),
      'it to move back',
    );
    p.stdin.end('back\n');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
    expect(seen.text).toBe('ready\n1 back\n');
  },
);
