/** Processes move between nodes that have nothing: an image is their root there, as it was before. PROTOCOL.md 12.10. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  connect,
  type Master,
  type RemoteProcess,
  type Slave,
  startMaster,
  startSlave,
} from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';

const isRoot = process.geteuid?.() === 0;

const LIBRARY = 'int count(void) { static int n; return ++n; }\n';
const PROGRAM = `
#include <stdio.h>
int count(void);
int main(void) {
  char line[64];
  setvbuf(stdout, 0, _IOLBF, 0);
  puts("ready");
  while (fgets(line, sizeof line, stdin)) printf("%d %s", count(), line);
  return 7;
}
`;
const PYTHON = `
import sys, hashlib
print("ready", flush=True)
for n, line in enumerate(sys.stdin, 1): print(n, line, end="", flush=True)
sys.exit(7)
`;
const SHELL = 'echo ready; n=0; while read x; do n=$((n+1)); echo "$n $x"; done; exit 7';

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

/** Moves it to and fro while it answers, and expects every answer once. */
async function goesToAndFro(p: RemoteProcess): Promise<void> {
  const seen = { text: '' };
  p.stdout.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  p.stderr.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  await until(() => seen.text.includes('ready\n'), `its first line, ${seen.text}`);
  for (const [index, node] of [1, 0, 1].entries()) {
    p.stdin.write(`before ${index}\n`);
    await bp.move(p.pid, node);
    expect(p.node).toBe(node);
    p.stdin.write(`after ${index}\n`);
  }
  p.stdin.end();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
  const lines = [0, 1, 2].flatMap((index) => [`before ${index}`, `after ${index}`]);
  expect(seen.text).toBe(`ready\n${lines.map((line, index) => `${index + 1} ${line}\n`).join('')}`);
}

describe.skipIf(!isRoot)('between two nodes whose roots are empty', () => {
  test('a program in C goes on, with a library of its own', { timeout: 60_000 }, async () => {
    await goesToAndFro(await bp.execmove(0, at('program')));
  });

  test('Python goes on', { timeout: 60_000 }, async () => {
    await goesToAndFro(await bp.execmove(0, '/usr/bin/python3', ['-c', PYTHON]));
  });

  test('a shell goes on where it was', { timeout: 60_000 }, async () => {
    await goesToAndFro(await bp.execmove(0, '/bin/bash', ['-c', SHELL], { cwd: '/none/such' }));
  });
});
