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

describe.runIf(process.geteuid?.() === 0 && maySeeLimits())('a process of another user', () => {
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
