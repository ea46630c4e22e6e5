import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobCache, ImageRoots, type WholeClosureOptions } from '../../../src/bproc/image/index.ts';
import { createHolderSpawner, type Spawner, type SpawnRequest } from '../../../src/linux/index.ts';
import { nobodysHolder, userNamespaceRefusal } from '../../linux/suite/nobody.ts';
import { NOBODY, openScratch } from '../../support/other-user.ts';
import { pack, type Ran, run } from './packed.ts';

const isRoot = process.getuid?.() === 0;

let scratch: ReturnType<typeof openScratch>;
let cache: BlobCache;
let spawner: Spawner;

beforeEach(async () => {
  scratch = openScratch();
  for (const name of ['empty', 'node', 'src']) mkdirSync(join(scratch.path, name));
  cache = new BlobCache({ directory: join(scratch.path, 'cache'), maxBytes: 1 << 30 });
  spawner = await createHolderSpawner({ pidNamespace: 'none', cgroups: 'none' });
});

afterEach(async () => {
  await spawner[Symbol.asyncDispose]();
  cache[Symbol.dispose]();
  scratch[Symbol.dispose]();
});

const at = (...names: string[]): string => join(scratch.path, ...names);

/** A C program with a library of its own beside it, by RUNPATH. */
function ownLibrary(): string {
  mkdirSync(at('src/lib'));
  const library = ['-shared', '-fPIC', '-Wl,-soname,libown.so.1', '-o', at('src/lib/libown.so.1'), '-x', 'c', '-'];
  execFileSync('cc', library, { input: 'const char *own(void) { return "own library"; }' });
  const needs = ['-x', 'none', at('src/lib/libown.so.1'), '-Wl,--enable-new-dtags', '-Wl,-rpath,$ORIGIN/lib'];
  execFileSync('cc', ['-o', at('src/main'), '-x', 'c', '-', ...needs], {
    input: '#include <stdio.h>\nconst char *own(void);\nint main(void) { return puts(own()) < 0; }',
  });
  return at('src/main');
}

function staticProgram(): string {
  execFileSync('cc', ['-static', '-o', at('src/static'), '-x', 'c', '-'], {
    input: '#include <stdio.h>\nint main(int n, char **v) { return printf("%s %d\\n", v[0], n) < 0; }',
  });
  return at('src/static');
}

function scriptFile(text: string): string {
  writeFileSync(at('src/script'), text);
  chmodSync(at('src/script'), 0o755);
  return at('src/script');
}

const PYTHON = `
import json, socket, ssl, subprocess, sys
print(sys.argv[1], socket.getaddrinfo("127.0.0.1", 1)[0][4])
print(json.__file__)
print(subprocess.__file__)
print(ssl.OPENSSL_VERSION_NUMBER > 0)
`;

describe.each([
  { how: 'as root, on a node whose root is empty', mounts: true },
  { how: 'by its own loader, on a node with files of its own', mounts: false },
])('a program $how', ({ mounts }) => {
  async function ran(program: string, args: string[] = [], options?: WholeClosureOptions): Promise<Ran> {
    using roots = new ImageRoots({ cache, mounts });
    const where: Partial<SpawnRequest> = mounts ? { root: at('empty') } : {};
    using prepared = await roots.prepare(await pack(cache, program, options), where);
    return run(spawner, prepared, [program, ...args], where);
  }

  it.skipIf(mounts && !isRoot)('may be bash', async () => {
    const text = mounts
      ? 'echo $0 $1; echo /*; read x < /proc/self/comm; echo $x; : > /dev/null; cd /tmp; pwd'
      : 'echo $0 $1';
    const { stdout, stderr, code } = await ran('/bin/bash', ['-c', text, 'name', 'two words']);
    const [first, files, ...rest] = stdout.split('\n');
    expect({ first, stderr, code }).toEqual({ first: 'name two words', stderr: '', code: 0 });
    if (!mounts) return;
    expect(files).toBe('/bin /dev /etc /lib /lib64 /proc /tmp /usr');
    expect(rest).toEqual(['bash', '/tmp', '']);
  });

  it.skipIf(mounts && !isRoot)('may be Python with its library', { timeout: 60_000 }, async () => {
    const { stdout, stderr, code } = await ran('/usr/bin/python3', ['-c', PYTHON, 'x y']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const [first, json, subprocess, ssl] = stdout.split('\n');
    expect([first, ssl]).toEqual(["x y ('127.0.0.1', 1)", 'True']);
    // not the library of this machine
    const library = mounts ? /^\/usr\/lib\/python/ : new RegExp(`^${at('cache/roots')}/\\w+/usr/lib/python`);
    expect(json).toMatch(library);
    expect(subprocess).toMatch(library);
  });

  it.skipIf(mounts && !isRoot)('may be Perl with its library', { timeout: 60_000 }, async () => {
    const text = 'use List::Util "sum"; use Data::Dumper; print sum(1, 2), " $INC{q(Data/Dumper.pm)}\n"';
    const { stdout, stderr, code } = await ran('/usr/bin/perl', ['-e', text]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(mounts ? /^3 \/usr\/\S+\n$/ : new RegExp(`^3 ${at('cache/roots')}/\\S+\\n$`));
  });

  it.skipIf(mounts && !isRoot)('may have a library of its own beside it', async () => {
    const program = ownLibrary();
    const image = await pack(cache, program);
    execFileSync('rm', ['-r', at('src')]);
    using roots = new ImageRoots({ cache, mounts });
    const where = mounts ? { root: at('empty') } : {};
    using prepared = await roots.prepare(image, where);
    expect(await run(spawner, prepared, ['main'], where)).toEqual({ stdout: 'own library\n', stderr: '', code: 0 });
  });

  it.skipIf(mounts && !isRoot)('may be static', async () => {
    expect(await ran(staticProgram(), ['x'])).toEqual({ stdout: `${at('src/static')} 2\n`, stderr: '', code: 0 });
  });

  it.skipIf(mounts && !isRoot)('may be a script, by way of env too', async () => {
    expect(await ran(scriptFile('#!/bin/bash -e\necho "$1"; false; echo no\n'), ['a b'])).toEqual({
      stdout: 'a b\n',
      stderr: '',
      code: 1,
    });
    const second = await ran(scriptFile('#!/usr/bin/env bash\necho "env $1"\n'), ['a b']);
    expect(second).toEqual({ stdout: 'env a b\n', stderr: '', code: 0 });
  });
});

describe.skipIf(!isRoot)('what a process as root of its image sees', () => {
  let roots: ImageRoots;
  beforeEach(() => {
    roots = new ImageRoots({ cache, mounts: true });
  });
  afterEach(() => roots[Symbol.dispose]());

  const bash = async (text: string, more: Partial<SpawnRequest> = {}): Promise<Ran> => {
    const where = { root: at('node'), ...more };
    using prepared = await roots.prepare(await pack(cache, '/bin/bash'), where);
    return run(spawner, prepared, ['bash', '-c', text], where);
  };

  it('is what the node has, where the image has nothing, and the image as it is', async () => {
    for (const name of ['data', 'usr/share', 'etc', 'dev']) mkdirSync(at('node', name), { recursive: true });
    writeFileSync(at('node/data/mine'), 'mine\n');
    writeFileSync(at('node/plain'), 'plain\n');
    symlinkSync('/data', at('node/link'));
    const text =
      'echo $(</link/mine) $(</plain) /usr/share*; echo more >> /data/mine; echo x > /dev/null; : > /bin/new';
    const { stdout, stderr, code } = await bash(text);
    expect({ stdout, code }).toEqual({ stdout: 'mine plain /usr/share*\n', code: 1 });
    expect(stderr).toMatch(/new: Read-only file system/);
    expect(readFileSync(at('node/data/mine'), 'utf8')).toBe('mine\nmore\n');
    expect(readdirSync(at('node')).sort()).toEqual(['data', 'dev', 'etc', 'link', 'plain', 'usr']);
  });

  it('is its working directory, the node’s or an empty one', async () => {
    const nowhere = await bash('pwd; echo *', { cwd: '/home/somebody/work' });
    expect(nowhere).toEqual({ stdout: '/home/somebody/work\n*\n', stderr: '', code: 0 });
    mkdirSync(at('node/usr/own'), { recursive: true });
    writeFileSync(at('node/usr/own/file'), '');
    expect(await bash('echo *; : > new', { cwd: '/usr/own' })).toEqual({ stdout: 'file\n', stderr: '', code: 0 });
    expect(readdirSync(at('node/usr/own'))).toEqual(['file', 'new']);
  });

  it('is for every user, whatever the umask of the slave', async () => {
    const umask = process.umask(0o077);
    try {
      const user = { uid: NOBODY, gid: NOBODY, groups: [] };
      const { stdout, stderr } = await bash('echo $UID > /tmp/mine; echo $(</tmp/mine); : > /usr/x', { user });
      expect(stdout).toBe(`${NOBODY}\n`);
      expect(stderr).toMatch(/\/usr\/x: (Permission denied|Read-only)/);
    } finally {
      process.umask(umask);
    }
  });

  it('is a /tmp that can be written, also where its program is in there', async () => {
    const program = scriptFile('#!/bin/bash\n: > /tmp/new && echo /tmp/*\n');
    const where = { root: at('empty') };
    using prepared = await roots.prepare(await pack(cache, program), where);
    const { stdout, stderr } = await run(spawner, prepared, [program], where);
    expect({ stdout, stderr }).toEqual({ stdout: `${scratch.path} /tmp/new\n`, stderr: '' });
  });
});

describe.skipIf(userNamespaceRefusal() !== undefined)('an ordinary user’s holder in a user namespace', () => {
  it('makes roots of images too', async () => {
    const mine = at('mine');
    mkdirSync(mine);
    const binary = nobodysHolder(mine);
    await using own = await createHolderSpawner({
      pidNamespace: 'user',
      binary,
      stateDir: join(mine, 'state'),
      cgroups: 'none',
    });
    using roots = new ImageRoots({ cache, mounts: true });
    using prepared = await roots.prepare(await pack(cache, '/bin/bash'), { root: at('empty') });
    const text = 'echo $UID $$ /usr/*; read x < /proc/self/comm; echo $x; : > /usr/new';
    const { stdout, stderr } = await run(own, prepared, ['bash', '-c', text], { root: at('empty') });
    expect(stdout).toMatch(/^65534 \d+ (?:\/usr\/\w+ ?)+\nbash\n$/);
    expect(stderr).toMatch(/Permission denied|Read-only/);
  });
});
