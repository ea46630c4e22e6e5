/** Processes of other users than the slaves' own keep their rights when they move, and get no others: PROTOCOL.md 12.3. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Cluster, startCluster } from '../../../src/index.ts';

const SYS_RESOURCE = 24n;

/** Without this capability CRIU cannot read the limits of other users' processes. */
function maySeeLimits(): boolean {
  const effective = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${effective}`) >> SYS_RESOURCE) & 1n) === 1n;
}

const isRoot = process.geteuid?.() === 0;

test.runIf(isRoot && !maySeeLimits())(
  'one of another user is refused where its limits cannot be read, and runs on',
  async () => {
    await using cluster = await startCluster({ nodes: 2 });
    const { client } = cluster;
    const p = await client.rexec(0, '/bin/sh', ['-c', 'read x; id -u'], { user: 'nobody', cwd: '/' });
    await expect(client.move(p.pid, 1)).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringMatching(/is of another user, .*the capability SYS_RESOURCE: run the slave with that/),
    });
    p.stdin.end('on\n');
    expect(await text(p.stdout)).toBe('65534\n');
  },
);

describe.runIf(isRoot && maySeeLimits())('a process of another user', () => {
  let cluster: Cluster;
  let client: Client;

  beforeAll(async () => {
    cluster = await startCluster({ nodes: 2 });
    client = cluster.client;
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  test('has the same rights where it goes, and so has its copy', async () => {
    const script = 'read x; id -u; id -G; grep CapEff /proc/self/status';
    const p = await client.rexec(0, '/bin/sh', ['-c', script], { user: 'nobody', cwd: '/' });
    await client.move(p.pid, 1);
    const { process: copy } = await client.rfork(p.pid, 0);
    const said = ['65534', '65534', 'CapEff:\t0000000000000000', ''].join('\n');
    for (const each of [p, copy]) {
      each.stdin.end('on\n');
      expect(await text(each.stdout)).toBe(said);
      expect(await each.wait()).toEqual({ kind: 'exited', code: 0 });
    }
  });
});
