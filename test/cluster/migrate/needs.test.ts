/** What a process needs where it goes is looked at before it stands still: PROTOCOL.md 12.9. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect, type RemoteProcess } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { CriuGates } from '../../support/criu-gates.ts';
import { Machines } from '../../support/daemons.ts';

const isRoot = process.geteuid?.() === 0;

/** Opens what its arguments say, says so, and then answers each line. */
const PROGRAM = `
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int version = 1;
int main(int n, char **v) {
  for (int at = 1; at + 1 < n; at += 2) {
    int f = open(v[at + 1], strchr(v[at], 'a') ? O_WRONLY | O_APPEND : strchr(v[at], 'w') ? O_WRONLY : O_RDONLY);
    if (f < 0) return 2;
    if (strchr(v[at], 'm')) mmap(0, 4096, PROT_READ, MAP_PRIVATE, f, 0), close(f);
    if (strchr(v[at], 'd')) unlink(v[at + 1]);
  }
  puts("ready");
  char line[64];
  while (fflush(stdout), fgets(line, sizeof line, stdin)) printf("again %s", line);
  return 7;
}
`;

let home: string;
let machines: Machines;
let gates: CriuGates;
let bp: Client;
const here = (name: string): string => join(home, 'here', name);

/** Node 1 sees another directory in place of \`here\`, and node 2 another CPU. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'bproc-needs-test-'));
  for (const name of ['here', 'there']) await mkdir(join(home, name), { mode: 0o755 });
  writeFileSync(here('program.c'), PROGRAM);
  execFileSync('cc', ['-o', here('program'), here('program.c')]);
  machines = await Machines.create();
  gates = await CriuGates.create(machines.directory);
  await machines.master();
  const { executable: criu } = gates;
  await machines.slave(0, { spawner: 'holder', criu });
  const info = readFileSync('/proc/cpuinfo', 'utf8').replace(/^((?:flags|Features)\s*:.*) (\S+)\s*$/m, '$1');
  const cpuInfo = join(home, 'cpuinfo');
  writeFileSync(cpuInfo, info);
  await machines.slave(2, { spawner: 'holder', criu, cpuInfo });
  const enter = ['unshare', '--mount', 'sh', '-c', `mount --bind ${home}/there ${home}/here && exec "$@"`, 'sh'];
  const options = { master: machines.address, node: 1, stateDir: join(machines.directory, 'slave-1') };
  await machines.run('slave', [JSON.stringify({ ...options, spawner: 'holder', criu })], isRoot ? enter : []);
  bp = await connect({ master: machines.address });
  for (const node of [0, 1, 2]) await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
  // whatever is captured would wait there for ever, and so would the test
  await gates.stopAt('dump');
});

afterAll(async () => {
  await gates.pass('dump');
  await bp[Symbol.asyncDispose]();
  await machines[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

beforeEach(() => {
  for (const directory of ['here', 'there']) {
    rmSync(join(home, directory, 'data'), { force: true });
    copyFileSync(here('program'), join(home, directory, 'other'));
  }
});

function there(name: string, content: string, mode = 0o644): void {
  writeFileSync(join(home, 'there', name), content, { mode });
}

async function started(...opened: string[]): Promise<RemoteProcess> {
  const p = await bp.rexec(0, here('other'), opened);
  await until(async () => String(p.stdout.read() ?? '').includes('ready'), 'its first line');
  return p;
}

/** It is refused, and goes on as if nothing had been asked. */
async function refused(p: RemoteProcess, code: string, message: string | RegExp, node = 1): Promise<void> {
  await expect(bp.move(p.pid, node)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  expect(p.node).toBe(0);
  p.stdin.end('and again\n');
  let said = '';
  for await (const chunk of p.stdout) said += chunk;
  expect(said).toBe('again and again\n');
  expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
}

describe.skipIf(!isRoot)('before it stands still, a process is refused', () => {
  test('whose program is not there', async () => {
    rmSync(join(home, 'there', 'other'));
    const p = await started();
    await refused(p, 'ENOENT', `process ${p.pid} cannot go on on node 1.*: ${here('other')} is not there$`);
  });

  test('whose program is another one, though as long', async () => {
    const image = readFileSync(here('program'));
    image[image.length - 1] = (image.at(-1) ?? 0) ^ 1;
    writeFileSync(join(home, 'there', 'other'), image);
    await refused(await started(), 'ENOTSUP', `: ${here('other')} is another program or library there$`);
  });

  test.each(['r', 'w', 'm'])('whose open or mapped file is not there: %s', async (how) => {
    writeFileSync(here('data'), 'text');
    await refused(await started(how, here('data')), 'ENOENT', `: ${here('data')} is not there$`);
  });

  test.each(['r', 'w', 'm'])('what it reads, or writes anywhere, is shorter there: %s', async (how) => {
    writeFileSync(here('data'), 'text');
    there('data', 'tex');
    const p = await started(how, here('data'));
    await refused(p, 'ENOTSUP', `: ${here('data')} has 3 bytes there, and not 4$`);
  });

  test('what it writes is a directory there', async () => {
    writeFileSync(here('data'), 'text');
    await mkdir(join(home, 'there', 'data'));
    const p = await started('w', here('data'));
    try {
      await refused(p, 'ENOTSUP', `: ${here('data')} is a directory there$`);
    } finally {
      await rm(join(home, 'there', 'data'), { recursive: true });
    }
  });

  test('which has seen a CPU that can more, with what the other one lacks', async () => {
    const feature = /^(?:flags|Features)\s*:.* (\S+)\s*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
    await refused(await started(), 'ENOTSUP', `the CPU here lacks what that of .* had: ${feature}$`, 2);
  });

  test.each(['rd', 'md'])('with a deleted file of more than 100 MiB: %s', async (how) => {
    writeFileSync(here('data'), '');
    truncateSync(here('data'), 101 * 1024 * 1024);
    const p = await started(how, here('data'));
    await refused(p, 'ENOTSUP', /has (?:open|mapped).*data, which was deleted and has 105906176 bytes/);
  });
});

test.skipIf(!isRoot)('what is appended to may have grown there, and what was deleted is not needed', async () => {
  await gates.pass('dump');
  for (const name of ['data', 'gone']) writeFileSync(here(name), 'text');
  there('data', 'longer text');
  const p = await started('a', here('data'), 'rd', here('gone'));
  await bp.move(p.pid, 1);
  expect(p.node).toBe(1);
  p.stdin.end('there\n');
  expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
});
