/** Pids of processes that are elsewhere are given to nobody at home, by the kernel neither: PROTOCOL.md 12.18. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Client, type Cluster, type RemoteProcess, startCluster } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';

let cluster: Cluster;
let client: Client;

let directory: string;
/** While there is such a file CRIU makes nothing. */
let failing: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-kept-pids-test-'));
  failing = join(directory, 'failing');
  const criu = join(directory, 'criu');
  const script = `[ "$1" != restore ] || [ ! -e ${failing} ] || exit 1; exec ${process.env['BPROC_CRIU'] ?? 'criu'} "$@"`;
  await writeFile(criu, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('BPROC_CRIU', criu);
  cluster = await startCluster({ nodes: 2 });
  client = cluster.client;
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

/** A shell that has a child, and the pid of that. */
async function family(): Promise<{ readonly shell: RemoteProcess; readonly child: number }> {
  const shell = await client.rexec(0, '/bin/sh', ['-c', 'sleep inf & echo $!; wait']);
  const [line] = (await once(shell.stdout, 'data')) as [Buffer];
  return { shell, child: Number(line) };
}

async function end(process: RemoteProcess): Promise<void> {
  await process.kill('SIGKILL', { scope: 'tree' });
  await process.wait();
}

/** Starts a process on node 0 that forks one where the kernel is about to give it this pid, and says which one it got. */
async function forksAt(pid: number): Promise<{ readonly forker: RemoteProcess; readonly got: number }> {
  const steer = 'echo $(($1 - 1)) > /proc/sys/kernel/ns_last_pid; sleep inf & echo $!; wait';
  const forker = await client.rexec(0, '/bin/sh', ['-c', steer, 'sh', String(pid)]);
  const [line] = (await once(forker.stdout, 'data')) as [Buffer];
  return { forker, got: Number(line) };
}

describe.runIf(process.geteuid?.() === 0)('a process that is elsewhere', () => {
  test('comes back though its node has forked others meanwhile', async () => {
    const { shell, child } = await family();
    await client.move(shell.pid, 1);
    const forkers: RemoteProcess[] = [];
    for (const pid of [shell.pid, child]) {
      const { forker, got } = await forksAt(pid);
      forkers.push(forker);
      expect(got).toBeGreaterThan(pid);
    }
    await client.move(shell.pid, 0);
    expect(shell.node).toBe(0);
    for (const each of [shell, ...forkers]) await end(each);
  });

  test('shows nothing of itself at home', async () => {
    const { shell, child } = await family();
    await client.move(shell.pid, 1);
    const listed = (await client.procList()).filter(({ pid }) => pid === shell.pid || pid === child);
    expect(listed.map(({ node }) => node)).toEqual([1, 1].slice(0, listed.length));
    expect(listed.map(({ localPid }) => localPid)).not.toContain(0);
    await end(shell);
  });

  test('has a pid that is free again when it has ended', async () => {
    const { shell } = await family();
    await client.move(shell.pid, 1);
    await end(shell);
    await until(async () => {
      const { forker, got } = await forksAt(shell.pid);
      await end(forker);
      return got === shell.pid;
    }, 'its pid to be free');
  });

  test('has its pid kept again where it could not come back', async () => {
    const { shell } = await family();
    await client.move(shell.pid, 1);
    await writeFile(failing, '');
    await expect(client.move(shell.pid, 0)).rejects.toMatchObject({ code: 'EIO' });
    await rm(failing);
    const { forker, got } = await forksAt(shell.pid);
    expect(got).toBeGreaterThan(shell.pid);
    await client.move(shell.pid, 0);
    for (const each of [shell, forker]) await end(each);
  });
});
