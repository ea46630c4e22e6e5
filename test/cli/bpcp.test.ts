/** `bpcp` as a real program, on a real cluster. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bytesText, CopyLine, copyText, durationText } from '../../src/cli/copy-line.ts';
import { program, TestCluster } from './commands.ts';

const MIB = 1024 * 1024;

let cluster: TestCluster;
let count = 0;
let target: string;
beforeAll(async () => {
  cluster = await TestCluster.start(3);
  mkdirSync(at('tree/sub'), { recursive: true });
  writeFileSync(at('a'), 'a\n', { mode: 0o640 });
  writeFileSync(at('b'), 'b\n');
  writeFileSync(at('c:d'), 'colon');
  writeFileSync(at('tree/sub/x'), 'x');
  utimesSync(at('a'), 1_000_000_000, 1_000_000_000);
});
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(() => {
  count += 1;
  target = at(`to-${count}`);
  mkdirSync(target);
});

const at = (name: string) => join(cluster.directory, name);
const bpcp = (...args: string[]) => cluster.run('bpcp', args);
const fine = { code: 0, stdout: '', stderr: '' };

describe('copies', () => {
  test('to a node, into a directory, under a name, and from there', async () => {
    expect(await bpcp('a', `0:${target}`)).toEqual(fine);
    expect(await bpcp('b', `somebody@1:${target}/other`)).toEqual(fine);
    expect(await bpcp(`2:${at('a')}`, join(target, 'back'))).toEqual(fine);
    expect(readdirSync(target).sort()).toEqual(['a', 'back', 'other']);
    expect(readFileSync(join(target, 'back'), 'utf8')).toBe('a\n');
  });

  test('several sources, of several places, into a directory; paths of nodes begin where it is called', async () => {
    expect(await bpcp('a', '0:b', '1:c:d', `2:${target}`)).toEqual(fine);
    expect(readdirSync(target).sort()).toEqual(['a', 'b', 'c:d']);
    expect(await bpcp('./c:d', '0:tree/sub/x', `${target}/`)).toEqual(fine);
  });

  test('to many nodes, and from node to node', async () => {
    expect(await bpcp('a', `0-2:${target}/all`)).toEqual(fine);
    expect(await bpcp('0:a', `1-2:${target}/more`)).toEqual(fine);
    expect(readdirSync(target).sort()).toEqual(['all', 'more']);
  });

  test('-p keeps times and modes, -r copies trees', async () => {
    expect(await bpcp('-p', 'a', `0:${target}`)).toEqual(fine);
    expect(statSync(join(target, 'a'))).toMatchObject({ mtimeMs: 1_000_000_000_000, mode: 0o100640 });
    expect(await bpcp('-r', 'tree', `0:${target}`)).toEqual(fine);
    expect(await bpcp('-pr', `1:${at('tree')}`, join(target, 'again'))).toEqual(fine);
    expect([existsSync(join(target, 'tree/sub/x')), existsSync(join(target, 'again/sub/x'))]).toEqual([true, true]);
  });

  test('what is of this machine alone is for cp', async () => {
    expect(await bpcp('-r', 'tree', join(target, 'here'))).toEqual(fine);
    expect(existsSync(join(target, 'here/sub/x'))).toBe(true);
  });
});

describe('what fails is told, and the rest goes on', () => {
  test('a source that is not there', async () => {
    const { code, stderr } = await bpcp('a', 'gone', 'b', `0:${target}`);
    expect([code, stderr]).toEqual([1, `bpcp: ${JSON.stringify(at('gone'))} does not exist (ENOENT)\n`]);
    expect(readdirSync(target).sort()).toEqual(['a', 'b']);
  });

  test('a directory without -r, a target that is no directory', async () => {
    expect((await bpcp('tree', `0:${target}`)).stderr).toMatch(
      /"[^"]*tree" is a directory: copy it recursively \(EISDIR\)/,
    );
    const { code, stderr } = await bpcp('a', 'b', `1:${at('a')}`);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^bpcp: "[^"]*\/a" on node 1 leads .* \(ENOTDIR\)\n$/)]);
  });

  test('nodes that are not there are named', async () => {
    expect(await bpcp('a', `0,9:${target}`)).toMatchObject({ code: 1, stderr: expect.stringContaining('9') });
    expect(await bpcp('0-1:a', target)).toMatchObject({ code: 1, stderr: expect.stringContaining('several nodes') });
    expect(await bpcp('7:a', target)).toMatchObject({ code: 1, stderr: expect.stringContaining('7') });
  });

  test.each([[['a']], [['']], [['a', '']], [['-x', 'a', 'b']], [['a', 'x@:b']]])('%j is no call', async (args) => {
    const { code, stderr } = await bpcp(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining('usage: bpcp ')]);
  });
});

test('a signal ends it, and nothing of the copy is left', async () => {
  writeFileSync(at('large'), Buffer.alloc(64 * MIB, 'x'));
  const copy = cluster.start('bpcp', ['large', `0-2:${target}/x`]);
  await cluster.shell(`until [ -n "$(ls -A ${target})" ]; do :; done`);
  copy.child.kill('SIGINT');
  const { code } = await copy.outcome;
  // unless it was quicker
  if (code === 0) expect(readdirSync(target)).toEqual(['x']);
  else {
    expect(code).toBe(130);
    await cluster.shell(`until [ -z "$(ls -A ${target} | grep -v '^x$')" ]; do :; done`);
  }
});

describe('how far it is', () => {
  test('is said on a terminal', async () => {
    writeFileSync(at('sparse'), 'x');
    truncateSync(at('sparse'), 300 * MIB);
    const command = [process.execPath, program('bpcp'), at('sparse'), `1-2:${target}`];
    const { stdout, code } = await cluster.run('bpsh', ['--pty', '0', ...command]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/100% \[=+\] 600 MiB of 600 MiB/)]);
    expect(stdout.endsWith('\r\x1b[K')).toBe(true);
  });

  test('in words', () => {
    expect([0, 1023, 1024, 1_500_000, 2 ** 45].map(bytesText)).toEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.4 MiB',
      '32.0 TiB',
    ]);
    expect([0.2, 59.5, 3600, 3725].map(durationText)).toEqual(['0:01', '1:00', '1:00:00', '1:02:05']);
    const state = { bytes: 25 * MIB, totalBytes: 100 * MIB, rate: 5 * MIB };
    expect(copyText(state, 80)).toBe(' 25% [========>                     ] 25.0 MiB of 100 MiB  5.0 MiB/s  0:15 left');
    expect(copyText(state, 80)).toHaveLength(79);
    expect(copyText(state, 30)).toBe(' 25% 25.0 MiB of 100 MiB  5.0');
  });

  test('counts all nodes, and all copies of one call, and the rate of the last seconds', () => {
    let now = 0;
    const shown: string[] = [];
    const line = new CopyLine(
      (text) => void shown.push(text),
      () => 80,
      () => now,
    );
    const tell = (node: number, bytes: number) =>
      line.tell({ node, bytes, entries: 0, totalBytes: 10 * MIB, totalEntries: 1 });
    tell(0, 0);
    now = 1000;
    tell(1, 2 * MIB);
    expect(shown.at(-1)).toContain('2.0 MiB of 20.0 MiB  2.0 MiB/s  0:09 left');
    line.next();
    now = 20_000;
    tell(0, MIB);
    now = 21_000;
    tell(0, 2 * MIB);
    expect(shown.at(-1)).toContain('4.0 MiB of 12.0 MiB  1.0 MiB/s');
    line.erase();
    line.erase();
    expect(shown.filter((text) => text === '\r\x1b[K')).toHaveLength(1);
  });
});
