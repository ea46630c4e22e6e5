/** Files between this machine and nodes, and from node to node. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BprocError, type Client, type Cluster, type CopyProgress, startCluster } from '../../src/index.ts';
import { scratchTree } from '../support/scratch.ts';

const isRoot = process.geteuid?.() === 0;
const MIB = 1024 * 1024;
/** A name that is no text in UTF-8, and the longest there can be. */
const BYTES = Buffer.from([0x6e, 0xff, 0xfe]);
const LONG = 'l'.repeat(255);

const scratch = scratchTree({ 'src/a': 'hello\n', 'src/sub/deep/b': 'b\n', 'src/empty': '' });
const at = (name: string): string => join(scratch.path, name);

let cluster: Cluster;
let bp: Client;
let target: string;
let count = 0;

beforeAll(async () => {
  // seen by the nodes if it is there before them
  mkdirSync(at('small'));
  if (isRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', at('small')]);
  cluster = await startCluster({ nodes: 3, spawner: 'holder' });
  bp = cluster.client;
  const src = Buffer.from(`${at('src')}/`);
  writeFileSync(Buffer.concat([src, BYTES]), 'bytes');
  writeFileSync(at(`src/${LONG}`), 'long');
  mkdirSync(at('src/none'));
  symlinkSync('../a', at('src/sub/link'));
  symlinkSync('/nowhere', at('src/dangling'));
  writeFileSync(at('src/sparse'), 'begin');
  truncateSync(at('src/sparse'), 1024 * MIB);
  writeFileSync(at('src/big'), Buffer.alloc(9 * MIB, 'bproc'));
  chmodSync(at('src/a'), 0o640);
  chmodSync(at('src/sub/deep'), 0o555);
  utimesSync(at('src/a'), 1_000_000_000, 1_000_000_000.5);
  utimesSync(at('src/sub'), 1_000_000_001, 1_000_000_001);
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  if (isRoot) execFileSync('umount', [at('small')]);
  scratch[Symbol.dispose]();
});

beforeEach(() => {
  count += 1;
  target = at(`to-${count}`);
  mkdirSync(target);
});

/** All names below a directory, as bytes; what each is. */
function listing(path: string): string {
  const text = execFileSync('find', ['.', '-printf', '%y %s %P %l\\0'], { cwd: path, encoding: 'latin1' });
  return text.replace(/d \d+/g, 'd').split('\0').sort().join('\n');
}

describe('a tree', () => {
  test('is the same on the node: names of any bytes, empty files and directories, links, holes', async () => {
    const copy = join(target, 'copy');
    const made = await bp.push(at('src'), 0, copy, { recursive: true });
    expect(made).toEqual({ node: 0, bytes: 1024 * MIB + 9 * MIB + 17, files: 7, directories: 4, links: 2 });
    expect(listing(copy)).toBe(listing(at('src')));
    expect(readFileSync(join(copy, 'sub/deep/b'), 'utf8')).toBe('b\n');
    expect(readFileSync(join(copy, 'big')).equals(readFileSync(at('src/big')))).toBe(true);
    expect(readlinkSync(join(copy, 'sub/link'))).toBe('../a');
    const { size, blocks } = statSync(join(copy, 'sparse'));
    expect([size, blocks * 512 < MIB]).toEqual([1024 * MIB, true]);
    execFileSync('cmp', [at('src/sparse'), join(copy, 'sparse')]);
  });

  test('keeps times and modes where that is asked for', async () => {
    await bp.push(at('src'), 1, join(target, 'copy'), { recursive: true, preserve: true });
    const kept = (name: string) => {
      const { mode, mtimeMs } = lstatSync(join(target, 'copy', name));
      return [mode & 0o7777, mtimeMs];
    };
    expect(kept('a')).toEqual([0o640, 1_000_000_000_500]);
    expect(kept('sub')[1]).toBe(1_000_000_001_000);
    expect(kept('sub/deep')[0]).toBe(0o555);
    expect(kept('sub/link')[1]).toBe(lstatSync(at('src/sub/link')).mtimeMs);
  });

  test('comes back the same', async () => {
    const made = await bp.pull(2, at('src'), join(target, 'back'), { recursive: true });
    expect(made).toMatchObject({ node: 2, files: 7, directories: 4, links: 2 });
    expect(listing(join(target, 'back'))).toBe(listing(at('src')));
  });

  test('is merged into what is there', async () => {
    mkdirSync(join(target, 'sub'));
    writeFileSync(join(target, 'sub/mine'), 'mine');
    writeFileSync(join(target, 'a'), 'before');
    await bp.push(at('src'), 0, target, { recursive: true });
    expect(readFileSync(join(target, 'a'), 'utf8')).toBe('hello\n');
    expect(readFileSync(join(target, 'sub/mine'), 'utf8')).toBe('mine');
    await bp.push(at('src'), 0, `${target}/`, { recursive: true });
    expect(existsSync(join(target, 'src/a'))).toBe(true);
  });

  test('is copied into itself once', async () => {
    const self = join(target, 'self');
    mkdirSync(join(self, 'sub/inner'), { recursive: true });
    for (const name of ['sub/a', 'z', 'sub/inner/b']) writeFileSync(join(self, name), Buffer.alloc(2 * MIB, name));
    const [outcome] = await bp.push(self, [1], `${self}/sub/inner/`, { recursive: true });
    // it may have been read before it was there
    expect(BprocError.is(outcome) ? outcome.code : outcome?.files).toEqual(BprocError.is(outcome) ? 'EBUSY' : 3);
    expect(readFileSync(join(self, 'sub/inner/self/sub/inner/b')).length).toBe(2 * MIB);
    expect(existsSync(join(self, 'sub/inner/self/sub/inner/self'))).toBe(false);
  });

  test('is not copied without being asked to', async () => {
    await expect(bp.push(at('src'), 0, join(target, 'x'))).rejects.toMatchObject({ code: 'EISDIR' });
    expect(readdirSync(target)).toEqual([]);
  });

  test('is counted before, and told of as it comes', async () => {
    const seen: CopyProgress[] = [];
    await bp.push(at('src'), [0, 1], join(target, 'x'), {
      recursive: true,
      onProgress: (each) => void seen.push(each),
    });
    const last = seen.findLast(({ node }) => node === 1);
    expect(last).toEqual({
      node: 1,
      bytes: last?.totalBytes,
      entries: 13,
      totalBytes: 1033 * MIB + 17,
      totalEntries: 13,
    });
  });
});

test('goes to many nodes at once; one that does not exist fails alone', async () => {
  const outcomes = await bp.push(at('src/a'), [0, 7, 2], join(target, 'a'));
  expect(outcomes.map((each) => (BprocError.is(each) ? each.code : each.bytes))).toEqual([6, 'BE_INVALIDNODE', 6]);
  expect(await bp.push(at('src/a'), '0-2', join(target, 'b'))).toHaveLength(3);
});

test('bytes and streams become files', async () => {
  await bp.push(Buffer.alloc(300_000, 'x'), 0, join(target, 'bytes'), { mode: 0o600 });
  await bp.push(Readable.from(['one ', 'two']), [1, 2], join(target, 'stream'));
  expect(statSync(join(target, 'bytes'))).toMatchObject({ size: 300_000, mode: 0o100600 });
  expect(readFileSync(join(target, 'stream'), 'utf8')).toBe('one two');
  const broken = Readable.from(
    (function* () {
      yield 'half';
      throw new BprocError('ENODATA', 'the source is broken');
    })(),
  );
  await expect(bp.push(broken, 0, join(target, 'broken'))).rejects.toMatchObject({ code: 'ENODATA' });
  expect(readdirSync(target).sort()).toEqual(['bytes', 'stream']);
});

test('goes from node to node', async () => {
  await bp.push({ node: 0, path: at('src/a') }, [1, 2], join(target, 'a'));
  expect(readFileSync(join(target, 'a'), 'utf8')).toBe('hello\n');
  const gone = bp.push({ node: 1, path: at('gone') }, 2, join(target, 'x'));
  await expect(gone).rejects.toMatchObject({ code: 'ENOENT', node: 1 });
});

test('what has no size of its own is read to its end', async () => {
  await bp.pull(0, '/proc/self/status', join(target, 'status'));
  expect(readFileSync(join(target, 'status'), 'utf8')).toContain('Name:');
});

test('gather puts the files of nodes beside each other; scatter gives each its own', async () => {
  const parts = [Buffer.from('zero'), at('src/a'), Readable.from(['two'])];
  expect(await bp.scatter(parts, [0, 1], join(target, 'x')).catch((error) => error.code)).toBe('EINVAL');
  const scattered = await bp.scatter([Buffer.from('zero'), at('src/a')], '0-1', `${target}/part`);
  expect(scattered).toMatchObject([{ node: 0 }, { node: 1 }]);
  mkdirSync(join(target, 'all'));
  const name = (node: number) => `part.${node}`;
  const gathered = await bp.gather([0, 9, 2], at('src/a'), join(target, 'all'), { name });
  expect(gathered).toMatchObject([{ node: 0, bytes: 6 }, { code: 'BE_INVALIDNODE' }, { node: 2, bytes: 6 }]);
  expect(readdirSync(join(target, 'all')).sort()).toEqual(['part.0', 'part.2']);
});

describe('what is in the way', () => {
  test('a link where a directory is to be is not followed', async () => {
    mkdirSync(at(`outside-${count}`));
    symlinkSync(at(`outside-${count}`), join(target, 'sub'));
    const failures: string[] = [];
    const options = { recursive: true, onFailure: ({ path }: { path: string }) => void failures.push(path) };
    await expect(bp.push(at('src'), 0, target, options)).rejects.toMatchObject({ code: 'ENOTDIR', node: 0 });
    expect(failures).toEqual([join(target, 'sub')]);
    expect(readdirSync(at(`outside-${count}`))).toEqual([]);
    // the rest is there
    expect(readFileSync(join(target, 'a'), 'utf8')).toBe('hello\n');
  });

  test('a link, or another name of a file, is replaced and not written to', async () => {
    const outside = at(`victim-${count}`);
    writeFileSync(outside, 'safe');
    symlinkSync(outside, join(target, 'a'));
    execFileSync('ln', [outside, join(target, 'big')]);
    await bp.push([at('src/a'), at('src/big')], 0, `${target}/`);
    expect(readFileSync(outside, 'utf8')).toBe('safe');
    expect(lstatSync(join(target, 'a')).isFile()).toBe(true);
  });

  test('a pipe is neither read nor replaced', async () => {
    execFileSync('mkfifo', [join(target, 'pipe')]);
    await expect(bp.push(at('src/a'), 0, join(target, 'pipe'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(bp.pull(0, join(target, 'pipe'), join(target, 'x'))).rejects.toMatchObject({ code: 'EINVAL' });
    expect(readdirSync(target)).toEqual(['pipe']);
  });

  test.each([
    ['a directory that is not there', 'no/such', 'ENOENT'],
    ['a directory', '', 'EISDIR'],
    ['a directory that is none', 'file/x', 'ENOTDIR'],
  ])('%s', async (_, name, code) => {
    writeFileSync(join(target, 'file'), '');
    await expect(bp.push(at('src/a'), 0, join(target, name))).rejects.toMatchObject({ code, node: 0 });
    expect(readdirSync(target)).toEqual(['file']);
  });

  test.skipIf(!isRoot)('a full disk: nothing is left, and what fits goes on', async () => {
    await expect(bp.push(at('src/big'), 0, at('small/big'))).rejects.toMatchObject({ code: 'ENOSPC', node: 0 });
    expect(readdirSync(at('small'))).toEqual([]);
    await bp.push(at('src/a'), 0, at('small/a'));
    expect(readdirSync(at('small'))).toEqual(['a']);
  });
});

describe('a copy that is broken off', () => {
  /** A source that has given something and then waits. */
  const endless = () => new Readable({ read() {} });

  /** Resolves once something is being written in the target. */
  async function begun(): Promise<void> {
    for (const deadline = Date.now() + 10_000; readdirSync(target).length === 0; await turn()) {
      if (Date.now() > deadline) throw new Error('nothing is written');
    }
  }

  test('leaves nothing when it is cancelled', async () => {
    const abort = new AbortController();
    const source = endless();
    const copy = bp.push(source, [0, 1], join(target, 'x'), { signal: abort.signal });
    source.push(Buffer.alloc(MIB));
    await begun();
    abort.abort();
    await expect(copy).rejects.toMatchObject({ code: 'ECANCELED' });
    expect(source.destroyed).toBe(true);
    while (readdirSync(target).length > 0) await turn();
    while ((await bp.procList()).some(({ state }) => state !== 'exited')) await turn();
  });

  test('has nothing under its name when the agent is killed', async () => {
    const source = endless();
    const copy = bp.push(source, 0, join(target, 'x'));
    source.push(Buffer.alloc(100_000));
    const refused = expect(copy).rejects.toMatchObject({ code: 'ECONNRESET', node: 0 });
    await begun();
    const [agent] = await bp.procList();
    expect(agent).toMatchObject({ command: 'bproc-files', node: 0 });
    await bp.kill(agent?.pid ?? 0, 'SIGKILL');
    await refused;
    expect(readdirSync(target)).not.toContain('x');
  });

  test('ends in time', async () => {
    await expect(bp.push(endless(), 0, join(target, 'x'), { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
  });
});

test.each([
  ['no target', () => bp.push('x', 0, '')],
  ['a NUL', () => bp.push('x\0', 0, 'y')],
  ['bytes without a name', () => bp.push(Buffer.alloc(1), 0, '/tmp/')],
  ['a mode that is none', () => bp.push('x', 0, 'y', { mode: 0o10000 })],
  ['no source', () => bp.push([], 0, 'y')],
  ['a name that leads out', () => bp.gather([0], '/x', '/tmp', { name: () => '../x' })],
])('%s is refused', async (_, call) => {
  await expect(call()).rejects.toMatchObject({ code: 'EINVAL' });
});
