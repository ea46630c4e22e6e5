/** What a process may use: its umask and its limits, asked for by its client and checked by its slave. */
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, type StartOptions, startCluster } from '../../src/index.ts';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, spawner: 'holder' });
});

afterAll(() => cluster[Symbol.asyncDispose]());

async function said(script: string, options: StartOptions): Promise<string> {
  const p = await cluster.client.rexec(0, 'sh', ['-c', script], options);
  return text(p.stdout);
}

test('a umask', async () => {
  expect(await said('umask', { umask: 0o137 })).toBe('0137\n');
  expect(await said('umask', { umask: 0 })).toBe('0000\n');
});

test('limits: one number for both, a soft one below the hard one, and none', async () => {
  expect(await said('ulimit -n; ulimit -Hn', { rlimits: { nofile: 90 } })).toBe('90\n90\n');
  const rlimits = { nofile: { soft: 50, hard: 60 }, core: 0, cpu: { soft: 100, hard: Number.POSITIVE_INFINITY } };
  expect(await said('ulimit -n; ulimit -Hn; ulimit -c; ulimit -t; ulimit -Ht', { rlimits })).toBe(
    '50\n60\n0\n100\nunlimited\n',
  );
});

test('a limit is kept', async () => {
  const p = await cluster.client.rexec(1, 'sh', ['-c', 'while :; do :; done'], {
    rlimits: { cpu: { soft: 1, hard: 2 } },
  });
  expect(await p.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGXCPU' });
});

test('one’s own user needs no right', async () => {
  const uid = process.geteuid?.() ?? 0;
  expect(await said('id -u', { user: uid })).toBe(`${uid}\n`);
});

describe('what cannot be is refused before it is sent', () => {
  const wrong: readonly (readonly [string, StartOptions | Record<string, unknown>])[] = [
    ['umask', { umask: 0o1000 }],
    ['umask', { umask: -1 }],
    ['rlimits', { rlimits: { files: 3 } }],
    ['rlimits.nofile', { rlimits: { nofile: { soft: 5, hard: 4 } } }],
    ['rlimits.nofile.soft', { rlimits: { nofile: -1 } }],
    ['rlimits.core.hard', { rlimits: { core: { soft: 1, hard: 1.5 } } }],
    ['user', { user: '' }],
    ['user', { user: 2 ** 32 - 1 }],
    ['user', { user: 1.5 }],
    ['user', { user: 'a\0b' }],
  ];
  test.each(wrong)('%s: %o', async (name, options) => {
    await expect(cluster.client.rexec(0, 'true', [], options)).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringMatching(new RegExp(`^${name}\\b`)),
    });
  });
});

test('an engine that has no limits to give says so', async () => {
  await using other = await startCluster({ nodes: 1, spawner: 'child_process' });
  await expect(other.client.rexec(0, 'true', [], { rlimits: { nofile: 10 } })).rejects.toMatchObject({
    code: 'ENOSYS',
    message: expect.stringContaining('use a slave with a holder'),
  });
});
