/** Processes of ordinary nodes go to nodes that have nothing, with what they need: PROTOCOL.md 12.13. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, connect, type Master, type Slave, startMaster, startSlave } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { answersEverywhere, following, LIBRARY, NODE, PROGRAM, PYTHON, SHELL } from './answering.ts';

const isRoot = process.geteuid?.() === 0;
/** The node that has an installation. */
const FULL = 2;

let directory: string;
let master: Master;
let slaves: readonly Slave[];
let bp: Client;
const at = (...names: string[]): string => join(directory, ...names);

beforeAll(async () => {
  if (!isRoot) return;
  directory = mkdtempSync(join(tmpdir(), 'bproc-carried-test-'));
  for (const [name, source] of Object.entries({ library: LIBRARY, program: PROGRAM }))
    writeFileSync(at(`${name}.c`), source);
  const build = (...argv: string[]) => execFileSync('cc', argv, { cwd: directory });
  build('-shared', '-fPIC', '-o', 'libcount.so', 'library.c');
  build('-o', 'program', 'program.c', '-L.', '-lcount', '-Wl,-rpath,$ORIGIN');
  const address = `unix:${at('master.sock')}`;
  master = await startMaster({ listen: address });
  slaves = await Promise.all(
    [0, 1, FULL].map((node) => {
      const root = node === FULL ? {} : { root: at(`root${node}`) };
      if (root.root !== undefined) mkdirSync(root.root, { mode: 0o755 });
      return startSlave({ master: address, node, stateDir: at(`state${node}`), ...root });
    }),
  );
  bp = await connect({ master: address });
  for (const node of [0, 1, FULL]) await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
});

afterAll(async () => {
  if (!isRoot) return;
  for (const part of [bp, ...slaves, master]) await part[Symbol.asyncDispose]();
  // and nothing was left there
  for (const name of ['root0', 'root1']) expect(readdirSync(at(name))).toEqual([]);
  rmSync(directory, { recursive: true });
});

describe.skipIf(!isRoot)('from a node with an installation to those without, and back', () => {
  test('a program in C goes on, with a library of its own', async () => {
    await answersEverywhere(bp, await bp.rexec(FULL, at('program')), [0, 1, FULL, 0]);
  });

  test('Python goes on', async () => {
    await answersEverywhere(bp, await bp.rexec(FULL, '/usr/bin/python3', ['-c', PYTHON], { cwd: '/' }), [1, FULL]);
  });

  test('Node goes on', async () => {
    await answersEverywhere(bp, await bp.rexec(FULL, process.execPath, ['-e', NODE], { cwd: '/' }), [0, 1]);
  });

  test('a shell and a child go on, in a directory that is there no more', async () => {
    const script = `exec 5<&0; (${SHELL.replace('done', 'done <&5')})& wait $!; exit $?`;
    await answersEverywhere(bp, await bp.rexec(FULL, '/bin/bash', ['-c', script], { cwd: '/srv' }), [0, 1]);
  });

  test('what is open for reading goes along, and names of it are there', async () => {
    writeFileSync(at('lines'), 'one\ntwo\nthree\n');
    const script = `exec 3<$0; read -u 3 a; echo $a; read x; read -u 3 b; echo $b $PWD; read c <$0; echo $c; exit 7`;
    const p = await bp.rexec(FULL, '/bin/bash', ['-c', script, at('lines')], { cwd: directory });
    const seen = following(p);
    await until(() => seen.text.includes('one\n'), 'its first line');
    await bp.move(p.pid, 0);
    p.stdin.end('on\n');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
    expect(seen.text).toBe(`one\ntwo ${directory}\none\n`);
  });

  test('what is open for writing is refused by name, and it goes on', async () => {
    const p = await bp.rexec(FULL, '/bin/bash', ['-c', 'exec 3>>$0; echo ready; read x; exit 7', at('log')]);
    const seen = following(p);
    await until(() => seen.text.includes('ready'), 'its first line');
    await expect(bp.move(p.pid, 0)).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringMatching(
        /cannot bring what node 0 lacks, .*: it writes \/.*\/log, which does not go along/,
      ),
    });
    p.stdin.end('on\n');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
  });

  test('a copy goes there too', async () => {
    const p = await bp.rexec(FULL, '/bin/bash', ['-c', 'echo ready; read x; echo $x; exit 7'], { cwd: '/' });
    const seen = following(p);
    await until(() => seen.text.includes('ready'), 'its first line');
    const { process: copy } = await bp.rfork(p.pid, 0);
    const copied = following(copy);
    for (const each of [p, copy]) {
      each.stdin.end('on\n');
      expect(await each.wait()).toEqual({ kind: 'exited', code: 7 });
    }
    expect(copied.text).toBe('on\n');
  });
});
