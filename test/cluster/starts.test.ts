/** Starting programs: what is passed to them, and every way in which it can fail. */
import { chmod, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BprocError, type Cluster, connect, ProcessVector, startCluster } from '../../src/index.ts';

let cluster: Cluster;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-starts-'));
  cluster = await startCluster({ nodes: 3 });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

describe('what a program gets', () => {
  test('arguments, its own name, and an environment of its node and rank', async () => {
    const script =
      'echo "$0|$1|$2|$BPROC_NODE|$BPROC_RANK|$BPROC_PROGNAME|$EXTRA"; test -z "$BPROC_ID" || exit 0; exit 9';
    const p = await cluster.client.rexec(1, '/bin/sh', ['-c', script, 'zero', 'a b', ''], { env: { EXTRA: 'x=y' } });
    expect(await text(p.stdout)).toBe('zero|a b||1|0000000|/bin/sh|x=y\n');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
    expect(p.node).toBe(1);
    expect(p.puid).toMatch(/^[0-9a-f]{32}$/);
    const named = await cluster.client.rexec(0, 'sh', ['-c', 'tr "\\0" " " < /proc/$$/cmdline'], { argv0: 'other' });
    expect(await text(named.stdout)).toMatch(/^other -c /);
  });

  test('only the environment it is given, where the caller says so', async () => {
    const p = await cluster.client.rexec(0, '/usr/bin/env', [], {
      inheritEnv: false,
      env: { ONLY: '1', GONE: undefined },
    });
    const names = (await text(p.stdout)).split('\n').map((line) => line.split('=')[0]);
    expect(names.filter((name) => name !== '' && !name?.startsWith('BPROC_'))).toEqual(['ONLY']);
  });

  test('its pid in the environment is the one everybody knows it by', async () => {
    const p = await cluster.client.rexec(2, 'sh', ['-c', 'echo $BPROC_PID']);
    expect(Number(await text(p.stdout))).toBe(p.pid);
  });

  test('the working directory: named, the caller’s, or / where that does not exist there', async () => {
    const named = await cluster.client.rexec(0, 'pwd', [], { cwd: directory });
    expect((await text(named.stdout)).trim()).toBe(directory);
    const own = await cluster.client.rexec(0, 'pwd');
    expect((await text(own.stdout)).trim()).toBe(process.cwd());
  });

  test('files of the node as its standard descriptors', async () => {
    const file = (name: string) => join(directory, name);
    await writeFile(file('in'), 'from a file\n');
    const options = {
      stdin: { file: file('in') },
      stdout: { file: file('out') },
      stderr: { file: file('out'), append: true },
    };
    const first = await cluster.client.rexec(0, 'sh', ['-c', 'cat; echo to stderr >&2'], options);
    expect(await first.wait()).toEqual({ kind: 'exited', code: 0 });
    expect(await readFile(file('out'), 'utf8')).toBe('from a file\nto stderr\n');
    const again = await cluster.client.rexec(0, 'echo', ['short'], { stdout: { file: file('out') } });
    await again.wait();
    expect(await readFile(file('out'), 'utf8')).toBe('short\n');
    expect(await text(again.stdout)).toBe('');
  });

  test('descriptors of the calling program', async () => {
    const from = await open(join(directory, 'source'), 'w+');
    await from.write('copied over\n', 0);
    const to = await open(join(directory, 'target'), 'w');
    const p = await cluster.client.rexec(1, 'cat', [], { stdin: from.fd, stdout: to.fd });
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
    await expect.poll(() => readFile(join(directory, 'target'), 'utf8')).toBe('copied over\n');
    await Promise.all([from.close(), to.close()]);
  });

  test('nothing at all', async () => {
    const options = { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' } as const;
    const p = await cluster.client.rexec(
      0,
      'sh',
      ['-c', 'cat; echo unseen; readlink /proc/$$/fd/0 | grep -q /dev/null'],
      options,
    );
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  });
});

describe('a start that cannot be', () => {
  const failures: readonly [string, () => Promise<unknown>, Partial<BprocError>][] = [
    [
      'on a node that does not exist',
      () => cluster.client.rexec(77, 'true'),
      { code: 'BE_INVALIDNODE', errno: 300, node: 77 },
    ],
    ['of a program that is missing', () => cluster.client.rexec(1, 'no-such-program'), { code: 'ENOENT', node: 1 }],
    ['of a path that is missing', () => cluster.client.rexec(1, '/no/such/program'), { code: 'ENOENT', node: 1 }],
    ['of a directory', () => cluster.client.rexec(0, '/tmp'), { code: 'EACCES', node: 0 }],
    [
      'in a directory that is missing',
      () => cluster.client.rexec(0, 'true', [], { cwd: '/no/such/directory' }),
      { code: 'ENOENT' },
    ],
    [
      'with more arguments than fit',
      () => cluster.client.rexec(0, 'true', Array(40).fill('x'.repeat(120_000))),
      { code: 'E2BIG' },
    ],
    [
      'with one argument longer than the kernel takes',
      () => cluster.client.rexec(0, 'true', ['x'.repeat(140_000)]),
      { code: 'E2BIG' },
    ],
    ['with a NUL in an argument', () => cluster.client.rexec(0, 'true', ['a\0b']), { code: 'EINVAL' }],
    [
      'with an impossible variable',
      () => cluster.client.rexec(0, 'true', [], { env: { 'A=B': '1' } }),
      { code: 'EINVAL' },
    ],
    ['with an impossible duration', () => cluster.client.rexec(0, 'true', [], { lifetimeMs: -1 }), { code: 'EINVAL' }],
    [
      'with stdin from a missing file',
      () => cluster.client.rexec(0, 'cat', [], { stdin: { file: '/no/such/file' } }),
      { code: 'ENOENT' },
    ],
    ['without a name', () => cluster.client.rexec(0, ''), { code: 'EINVAL' }],
  ];
  test.each(failures)('%s', async (_what, start, expected) => {
    const error = await start().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(BprocError.is(error)).toBe(true);
    expect(error).toMatchObject(expected);
    expect(await cluster.client.procList()).toEqual([]);
  });

  test('of a file that is not executable', async () => {
    const file = join(directory, 'plain');
    await writeFile(file, 'text');
    await chmod(file, 0o644);
    await expect(cluster.client.rexec(0, file)).rejects.toMatchObject({ code: 'EACCES' });
  });

  test('says which directory is missing, not which program', async () => {
    const gone = join(directory, 'gone');
    await mkdir(gone);
    await rm(gone, { recursive: true });
    await expect(cluster.client.rexec(0, 'true', [], { cwd: gone })).rejects.toThrow(gone);
  });

  test('on a node that was set down', async () => {
    await cluster.client.setNodeStatus(2, 'down', { reason: 'test' });
    await expect(cluster.client.rexec(2, 'true')).rejects.toMatchObject({ code: 'BE_NODEDOWN', node: 2 });
    await cluster.client.setNodeStatus(2, 'up');
    await expect.poll(() => cluster.client.nodeStatus(2), { timeout: 20_000 }).toBe('up');
    const p = await cluster.client.rexec(2, 'true');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  });

  test('on a node whose mode does not admit the caller', async () => {
    const other = await connect({ master: () => cluster.master.connect({ credentials: { uid: 4242, gids: [4242] } }) });
    await cluster.client.chmod(1, 0o100);
    await expect(other.rexec(1, 'true')).rejects.toMatchObject({ code: 'EPERM', node: 1 });
    await expect(other.access(1)).rejects.toMatchObject({ code: 'EACCES' });
    await expect(other.chmod(1, 0o111)).rejects.toMatchObject({ code: 'EPERM' });
    await cluster.client.chmod(1, 0o111);
    await other.access(1);
    await other[Symbol.asyncDispose]();
  });
});

describe('a start that is bounded', () => {
  test('is over when its signal aborts, and leaves nothing running', async () => {
    const aborter = new AbortController();
    const start = cluster.client.rexec(0, 'sleep', ['1000'], { signal: aborter.signal });
    aborter.abort();
    await expect(start).rejects.toMatchObject({ code: 'ECANCELED' });
    await expect.poll(() => cluster.client.procList(), { timeout: 20_000 }).toEqual([]);
  });

  test('happens once for one puid, however often it is asked for', async () => {
    const puid = 'ab'.repeat(16);
    const marks = join(directory, 'marks');
    const start = () => cluster.client.rexec(0, 'sh', ['-c', `echo once >> ${marks}; sleep 0.2`], { puid });
    const p = await start();
    expect(p.puid).toBe(puid);
    await expect(start()).rejects.toMatchObject({ code: 'EEXIST' });
    await p.wait();
    expect(await readFile(marks, 'utf8')).toBe('once\n');
  });
});

describe('a vector', () => {
  test('has an entry for each node in order, started or not', async () => {
    const vector = await cluster.client.rexec([2, 77, 0], 'sh', ['-c', 'echo $BPROC_NODE; exit $BPROC_NODE']);
    expect(vector).toBeInstanceOf(ProcessVector);
    expect(vector.entries.map((entry) => (BprocError.is(entry) ? entry.code : entry.node))).toEqual([
      2,
      'BE_INVALIDNODE',
      0,
    ]);
    const ends = await vector.wait();
    expect(ends.map((end) => (BprocError.is(end) ? end.code : end))).toEqual([
      { kind: 'exited', code: 2 },
      'BE_INVALIDNODE',
      { kind: 'exited', code: 0 },
    ]);
  });

  test('of no node is empty, and of a set that cannot be read an error', async () => {
    expect((await cluster.client.rexec([], 'true')).entries).toEqual([]);
    expect((await cluster.client.rexec('error', 'true')).entries).toEqual([]);
    await expect(cluster.client.rexec('0-', 'true').then((vector) => vector.entries.length)).resolves.toBe(3);
    await expect(cluster.client.rexec('3-1', 'true')).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test('gives its input to all', async () => {
    const vector = await cluster.client.rexec('0-2', 'sh', [
      '-c',
      'read a; echo $a-$BPROC_NODE; test $BPROC_NODE = 1 || cat | wc -c',
    ]);
    const outputs = vector.processes.map((each) => text(each.stdout));
    vector.stdin.write('word\n');
    vector.stdin.end('x'.repeat(1_000_000));
    expect(await Promise.all(outputs)).toEqual(['word-0\n1000000\n', 'word-1\n', 'word-2\n1000000\n']);
  });

  test('is killed as a whole', async () => {
    const vector = await cluster.client.rexec('0-2', 'sleep', ['1000']);
    await vector.kill('SIGKILL');
    expect(await vector.wait()).toEqual(Array(3).fill({ kind: 'signaled', signal: 'SIGKILL', core: false }));
  });
});
