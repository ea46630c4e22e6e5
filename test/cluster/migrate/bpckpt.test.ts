/** `bpckpt` as a real program, PROTOCOL.md 12.5 and 12.8. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect, type RemoteProcess } from '../../../src/index.ts';
import { program, TestCluster } from '../../cli/commands.ts';
import { until } from '../../linux/recorder.ts';

/** Says what it has read so far, each time it reads a line. */
const COUNTER = `
import sys
lines = []
for line in sys.stdin:
  lines.append(line.strip())
  sys.stdout.write(' '.join(lines) + "\\n")
  sys.stdout.flush()
sys.exit(len(lines))
`;
const ENDED = { kind: 'signaled', signal: 'SIGKILL', core: false, checkpointed: true };

let cluster: TestCluster;
let client: Client;
let scratch: string;
/** One that has read a line. */
let p: RemoteProcess;

beforeAll(async () => {
  cluster = await TestCluster.start(2);
  client = await connect({ master: cluster.env['BPROC_MASTER'] ?? '' });
  scratch = await mkdtemp(join(tmpdir(), 'bproc-test-bpckpt-'));
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true });
});

beforeEach(async () => {
  p = await client.rexec(0, '/usr/bin/python3', ['-c', COUNTER]);
  p.stdin.write('one\n');
  await once(p.stdout, 'data');
});

async function endOf(process: RemoteProcess): Promise<string> {
  process.stdin.end('two\n');
  const said = await text(process.stdout);
  expect(await process.wait()).toEqual({ kind: 'exited', code: 2 });
  return said;
}

const DONE = { code: 0, stdout: '', stderr: '' };

test('writes a process down, which goes on, and makes another one of that, which is what the command is', async () => {
  const directory = join(scratch, 'plain');
  expect(await cluster.run('bpckpt', [String(p.pid), directory])).toEqual(DONE);
  expect(await endOf(p)).toBe('one two\n');
  const again = await cluster.run('bpckpt', ['--restart', directory, '1'], 'three\nfour\n');
  expect(again).toEqual({ code: 3, stdout: 'one three\none three four\n', stderr: '' });
});

test('with --stop the process ends when it is written down', async () => {
  const directory = join(scratch, 'stopped');
  expect(await cluster.run('bpckpt', ['--stop', String(p.pid), directory])).toEqual(DONE);
  expect(await p.wait()).toEqual(ENDED);
  const again = await cluster.run('bpckpt', ['--restart', directory, '1'], 'two\n');
  expect(again).toEqual({ code: 2, stdout: 'one two\n', stderr: '' });
});

test('with --archive it is one file of its owner, or what stdout is', async () => {
  const file = join(scratch, 'one.tar');
  expect(await cluster.run('bpckpt', ['--archive', String(p.pid), file])).toEqual(DONE);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const piped = join(scratch, 'piped.tar');
  const bpckpt = `"${process.execPath}" "${program('bpckpt')}"`;
  const line = `${bpckpt} --archive ${p.pid} - | cat >${piped} && ${bpckpt} --restart - 1 <${piped}`;
  const child = spawn('bash', ['-o', 'pipefail', '-c', line], {
    env: cluster.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(await text(child.stdout)).toBe('');
  if (child.exitCode === null) await once(child, 'close');
  // it has read one line, and there was nothing more
  expect(child.exitCode).toBe(1);
  const again = await cluster.run('bpckpt', ['--restart', file, '1'], 'two\n');
  expect(again).toEqual({ code: 2, stdout: 'one two\n', stderr: '' });
  expect(await cluster.run('bpckpt', ['--stop', '--archive', String(p.pid), join(scratch, 'two.tar')])).toEqual(DONE);
  expect(await p.wait()).toEqual(ENDED);
});

test('with --detach the process is told, and stays', async () => {
  const directory = join(scratch, 'detached');
  await cluster.run('bpckpt', [String(p.pid), directory]);
  await p.kill('SIGKILL');
  const { code, stdout } = await cluster.run('bpckpt', ['--restart', '--detach', directory, '1']);
  expect(code).toBe(0);
  expect(await client.wait(Number(stdout))).toEqual({ kind: 'exited', code: 1 });
});

test('with --store nodes keep it, which --list tells, until --remove', async () => {
  const { code, stdout, stderr } = await cluster.run('bpckpt', ['--store', '--stop', '--copies', '1', String(p.pid)]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await p.wait()).toEqual(ENDED);
  const name = stdout.trim();
  const listed = await cluster.run('bpckpt', ['--list']);
  expect(listed.stdout).toMatch(new RegExp(`^${name}\\t20\\S+Z\\tpython3\\t${p.pid}\\t[\\d.]+ MiB\\t0,1\\n$`));
  const again = await cluster.run('bpckpt', ['--restart', '--store', name, '1'], 'two\n');
  expect(again).toEqual({ code: 2, stdout: 'one two\n', stderr: '' });
  expect(await cluster.run('bpckpt', ['--remove', name])).toEqual(DONE);
  expect(await cluster.run('bpckpt', ['--list'])).toEqual(DONE);
  const gone = await cluster.run('bpckpt', ['--remove', name]);
  expect(gone).toMatchObject({ code: 1, stderr: expect.stringMatching(/^bpckpt: no node that is up keeps/) });
});

test('what has to last is on the disk before the process ends', async () => {
  const trace = join(scratch, 'trace');
  const directory = join(scratch, 'synced');
  const argv = ['-f', '-y', '-e', 'trace=fsync', '-o', trace, process.execPath, program('bpckpt'), '--stop'];
  const child = spawn('strace', [...argv, String(p.pid), directory], { env: cluster.env, stdio: 'inherit' });
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(await p.wait()).toEqual(ENDED);
  const synced = [...(await readFile(trace, 'utf8')).matchAll(/fsync\(\d+<(.*?)>\) *= 0/g)].map(([, path]) => path);
  const files = (await readdir(directory)).map((name) => join(directory, name));
  expect(new Set(synced)).toEqual(new Set([...files, directory, scratch]));

  const p2 = await client.rexec(0, 'cat');
  const file = join(scratch, 'synced.tar');
  const archive = [...argv, '--archive', String(p2.pid), file];
  expect(await once(spawn('strace', archive, { env: cluster.env, stdio: 'inherit' }), 'close')).toEqual([0, null]);
  const traced = [...(await readFile(trace, 'utf8')).matchAll(/fsync\(\d+<(.*?)>\) *= 0/g)].map(([, path]) => path);
  expect(traced).toEqual([scratch, file]);
});

describe('leaves nothing, and the process running', () => {
  test('where it cannot be written', async () => {
    const file = join(scratch, 'there.tar');
    await writeFile(file, 'mine');
    const there = await cluster.run('bpckpt', ['--stop', '--archive', String(p.pid), file]);
    expect(there).toMatchObject({ code: 1, stderr: expect.stringMatching(/^bpckpt: EEXIST/) });
    expect(await readFile(file, 'utf8')).toBe('mine');
    const full = spawn('bash', ['-c', `"${process.execPath}" "${program('bpckpt')}" --archive ${p.pid} - >/dev/full`], {
      env: cluster.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    expect(await text(full.stderr)).toMatch(/^bpckpt: ENOSPC: no space left on device, write\n$/);
    expect(await endOf(p)).toBe('one two\n');
  });

  test('where a signal ends it', async () => {
    // one that nobody reads
    const fifo = join(scratch, 'fifo');
    await once(spawn('mkfifo', [fifo]), 'close');
    const reader = await open(fifo, 'r+');
    const line = `exec "${process.execPath}" "${program('bpckpt')}" --archive ${p.pid} - >${fifo}`;
    const child = spawn('bash', ['-c', line], { env: cluster.env, stdio: 'ignore' });
    await until(async () => (await rooms()).length > 0, 'it is taken');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    await until(async () => (await rooms()).length === 0, 'nothing is left');
    await reader.close();
    expect(await endOf(p)).toBe('one two\n');
  });
});

/** What the slaves and commands of this test keep meanwhile. */
async function rooms(): Promise<string[]> {
  const found = await Promise.all(['/dev/shm', tmpdir()].map((directory) => readdir(directory)));
  const slaves = [...cluster.slaves().values()].map((pid) => `bproc-checkpoint-${pid}-`);
  return found.flat().filter((name) => slaves.some((slave) => name.startsWith(slave)));
}

test.each([
  [[], /give a pid/],
  [['5'], /give a pid/],
  [['--restart', 'x'], /give what was written down/],
  [['--restart', '--stop', 'x', '1'], /--stop goes not with --restart/],
  [['--detach', '5', 'x'], /--detach goes only with --restart/],
  [['5', '-'], /stdout takes an archive only/],
  [['x', 'y'], /PID is "x"/],
  [['--restart', 'x', 'y'], /NODE is "y"/],
  [['--timeout', 'y', '1', '5'], /"y" is no number of seconds/],
  [['--stop', '--archive', '5', '-'], /stdout is no file/],
  [['--store', '5', 'x'], /give a pid/],
  [['--store', '--archive', '5'], /--archive goes not with --store/],
  [['--copies', '1', '5', 'x'], /--copies goes only with --store/],
  [['--store', '--copies', 'x', '5'], /NODES is "x"/],
  [['--list', 'x'], /--list takes nothing/],
  [['--list', '--stop'], /--list goes alone/],
  [['--remove'], /which checkpoints/],
])('%j is refused with the usage', async (args, message) => {
  const { code, stderr } = await cluster.run('bpckpt', args);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^usage: bpckpt/m);
});
