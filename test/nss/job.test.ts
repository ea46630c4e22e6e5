/** The user and groups that travel with a job. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startCluster } from '../../src/index.ts';
import { createNss } from '../../src/nss/index.ts';
import { JobSource, jobVariables } from '../../src/nss/job.ts';
import { scratchTree } from '../support/scratch.ts';

const ALICE = {
  name: 'alice',
  passwd: 'x',
  uid: 4711,
  gid: 4711,
  gecos: 'Alice',
  dir: '/home/alice',
  shell: '/bin/bash',
};
const GROUPS = [
  { name: 'alice', passwd: 'x', gid: 4711, members: [] },
  { name: 'video', passwd: 'x', gid: 44, members: ['alice', 'bob'] },
];
const identity = { uid: 4711, gid: 4711, gids: [4711, 44, 77] };
const ask = (source: JobSource, database: 'passwd' | 'group', by: 'name' | 'number' | 'member' | 'all', key: string) =>
  source.answer({ database, by, key, detail: '' });

describe('a job', () => {
  const source = new JobSource({ ...identity, env: jobVariables(ALICE, GROUPS) });

  test('knows its own user and his groups, and no others', () => {
    expect(ask(source, 'passwd', 'name', 'alice').entries).toEqual([ALICE]);
    expect(ask(source, 'passwd', 'number', '4711').entries).toEqual([ALICE]);
    expect(ask(source, 'passwd', 'name', 'root').status).toBe('notfound');
    expect(ask(source, 'group', 'name', 'video').entries).toMatchObject([{ gid: 44 }]);
    expect(ask(source, 'group', 'number', '77').status).toBe('notfound');
    expect(ask(source, 'group', 'member', 'alice').entries).toMatchObject([{ gid: 4711 }, { gid: 44 }, { gid: 77 }]);
    expect(ask(source, 'group', 'member', 'bob').status).toBe('notfound');
  });

  test('goes by what a login leaves in the environment where nothing else came along', () => {
    const env = { USER: 'alice', HOME: '/home/alice', SHELL: '/bin/sh' };
    const plain = new JobSource({ ...identity, env });
    expect(ask(plain, 'passwd', 'number', '4711').entries).toMatchObject([
      { name: 'alice', dir: '/home/alice', gid: 4711 },
    ]);
    expect(ask(plain, 'group', 'name', 'video').status).toBe('notfound');
    const { HOME: _, ...homeless } = env;
    expect(ask(new JobSource({ ...identity, env: homeless }), 'passwd', 'name', 'alice').status).toBe('unavail');
  });

  test('is not the user who started it for another one', () => {
    const roots = new JobSource({ ...identity, env: { USER: 'root', HOME: '/root', SHELL: '/bin/sh' } });
    expect(ask(roots, 'passwd', 'number', '4711').status).toBe('unavail');
    const others = new JobSource({
      ...identity,
      uid: 7,
      env: { ...jobVariables(ALICE, GROUPS), USER: '', LOGNAME: '' },
    });
    expect(ask(others, 'passwd', 'name', 'alice').status).toBe('unavail');
  });

  test('however its environment is broken has an entry that fits on a line, or none', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('alice', 'a:b', 'a\nb', ':::::', 'a:1,b:2', ',,'),
    );
    const env = fc.dictionary(fc.constantFrom('USER', 'HOME', 'SHELL', 'BPROC_JOB_USER', 'BPROC_JOB_GROUPS'), value);
    fc.assert(
      fc.property(env, (variables) => {
        const broken = new JobSource({ ...identity, env: variables });
        for (const database of ['passwd', 'group'] as const) {
          for (const { name } of ask(broken, database, 'all', '').entries as readonly { name: string }[])
            expect(name).not.toMatch(/[:\n]/);
        }
      }),
    );
  });
});

test('on a node that knows nobody, a program still says who it is', async () => {
  const { uid, gid } = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const tree = scratchTree({
    'etc/passwd': `somebody:x:${uid}:${gid}:Some Body:/home/somebody:/bin/sh\n`,
    'etc/group': `theirs:x:${gid}:\n`,
  });
  await using cluster = await startCluster({ nodes: 1, spawner: 'child_process' });
  const nss = createNss(cluster.client, { root: tree.path, switch: 'passwd: files\ngroup: files' });
  const env = await nss.jobEnvironment();
  const program = `
    const { createNss } = await import(process.argv[1]);
    const nss = createNss(undefined, { switch: 'passwd: job\\ngroup: job' });
    console.log((await nss.getpwuid(process.getuid())).gecos, (await nss.getgrgid(process.getgid())).name);
  `;
  const library = new URL('../../dist/nss/index.js', import.meta.url).href;
  const p = await cluster.client.rexec(0, process.execPath, ['--input-type=module', '-e', program, library], { env });
  let shown = '';
  for await (const chunk of p.stdout) shown += chunk;
  expect(shown).toBe('Some Body theirs\n');
  await expect(nss.jobEnvironment('nobody-there')).rejects.toMatchObject({ code: 'ENOENT' });
  tree[Symbol.dispose]();
});
