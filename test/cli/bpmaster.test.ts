import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLines, countWith, eventually, TestCluster } from './commands.ts';

/** Everything that belongs to a cluster: it has its directory in its arguments. */
const belonging = (cluster: TestCluster): readonly (readonly string[])[] =>
  [...commandLines().values()].filter((args) => args.some((argument) => argument.includes(cluster.directory)));

test.each(['SIGINT', 'SIGTERM'] as const)(
  'says how many nodes are up and where, and ends in order by %s',
  async (signal) => {
    const cluster = await TestCluster.start(2);
    const address = cluster.env['BPROC_MASTER'] ?? '';
    expect(cluster.master.stdout).toBe(`bpmaster: 2 nodes up, BPROC_MASTER=${address}\n`);
    expect(statSync(dirname(address.slice('unix:'.length))).mode & 0o777).toBe(0o700);
    const mark = `${cluster.directory}/work`;
    const running = cluster.start('bpsh', ['-a', 'sh', '-c', 'echo ready; while :; do sleep 0.1; done', mark]);
    await running.until('stdout', (text) => text.split('ready').length === 3);
    cluster.master.child.kill(signal);
    expect(await cluster.master.outcome).toMatchObject({ code: 0, stderr: '' });
    // the socket and the directory beside it, where the slaves had what their successors would have needed
    expect(readdirSync(dirname(address.slice('unix:'.length)))).toEqual([]);
    running.child.kill('SIGKILL');
    await running.outcome;
    await eventually(
      () => belonging(cluster).length === 0,
      () => belonging(cluster).join('\n'),
    );
    await cluster[Symbol.asyncDispose]();
  },
);

test('nothing is left when it is killed', async () => {
  const cluster = await TestCluster.start(3);
  const mark = `${cluster.directory}/work`;
  const script =
    'trap "" TERM INT HUP; echo ready; (setsid sh -c "while :; do sleep 0.1; done" "$0" &); while :; do sleep 0.1; done';
  const running = cluster.start('bpsh', ['0-2,master', 'sh', '-c', script, mark]);
  await running.until('stdout', (text) => text.split('ready').length === 5);
  await eventually(() => countWith(mark) >= 8);
  cluster.master.child.kill('SIGKILL');
  running.child.kill('SIGKILL');
  await eventually(
    () => belonging(cluster).length === 0,
    () => belonging(cluster).join('\n'),
  );
  await cluster[Symbol.asyncDispose]();
});

test('a second signal ends it at once', async () => {
  const cluster = await TestCluster.start(1);
  const running = cluster.start('bpsh', [
    '0',
    'sh',
    '-c',
    'trap "" TERM; echo ready; while :; do sleep 0.1; done',
    cluster.directory,
  ]);
  await running.until('stdout', (text) => text.includes('ready'));
  cluster.master.child.kill('SIGTERM');
  cluster.master.child.kill('SIGINT');
  expect([130, 143]).toContain((await cluster.master.outcome).code);
  running.child.kill('SIGKILL');
  await eventually(() => belonging(cluster).length === 0);
  await cluster[Symbol.asyncDispose]();
});

test('another one cannot listen at the same place', async () => {
  await using cluster = await TestCluster.start(0);
  const { code, stdout, stderr } = await cluster.run('bpmaster', []);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^bpmaster: another master is there already: stop it, or give --listen another address/);
  expect((await cluster.run('bpstat', ['-t'])).stdout).toBe('0\n');
});

test('listens where it is told to, with the nodes it is told of', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bproc-cli-'));
  await using cluster = await TestCluster.start(
    1,
    ...['--listen', `unix:${directory}/a.sock`],
    ...['--listen', 'tcp://127.0.0.1:0', '--nodes', '0-1,5'],
  );
  expect(cluster.master.stdout).toBe(`bpmaster: 1 node up, BPROC_MASTER=unix:${directory}/a.sock\n`);
  cluster.env['BPROC_MASTER'] = `unix:${directory}/a.sock`;
  expect((await cluster.run('bpstat', ['-n'])).stdout).toBe('0\n1\n5\n');
  expect((await cluster.run('bpstat', ['-s'])).stdout).toBe('up\ndown\ndown\n');
  rmSync(directory, { recursive: true });
});

test('-v tells what happens to nodes', async () => {
  await using cluster = await TestCluster.start(1, '-v', '-v');
  await cluster.run('bpctl', ['-S', '0', '--reason', 'tea', '-s', 'unavailable']);
  await cluster.run('bpsh', ['0', 'true']);
  const { master } = cluster;
  await master.until('stderr', (text) => /^bpmaster: node 0 state: unavailable \(by uid [0-9]+: tea\)$/m.test(text));
  await master.until('stderr', (text) =>
    /^bpmaster: process [0-9]+ on node 0 \(true\): exited with code 0$/m.test(text),
  );
});

test('started again on its state it ends what it left', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bproc-cli-'));
  const state = ['--state', join(directory, 'state')];
  const first = await TestCluster.start(1, ...state);
  // what slaves keep of images in there is for every user's programs, what the master keeps for nobody's
  expect(statSync(join(directory, 'state')).mode & 0o777).toBe(0o711);
  expect(statSync(join(directory, 'state', 'master')).mode & 0o777).toBe(0o700);
  const running = first.start('bpsh', ['0', 'sh', '-c', 'echo ready; exec sleep 1000', first.directory]);
  await running.until('stdout', (text) => text.includes('ready'));
  for (const pid of [...first.slaves().values(), first.master.child.pid ?? 0]) process.kill(pid, 'SIGKILL');
  const second = await TestCluster.start(1, ...state);
  expect((await second.run('bpsh', ['0', 'echo', 'hello'])).stdout).toBe('hello\n');
  expect(countWith(first.directory)).toBe(0);
  running.child.kill('SIGKILL');
  await running.outcome;
  await Promise.all([first, second].map((cluster) => cluster[Symbol.asyncDispose]()));
  rmSync(directory, { recursive: true });
});

test('a slave that cannot start is an error', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bproc-cli-'));
  await using cluster = await TestCluster.start(0);
  mkdirSync(join(directory, 'state'));
  writeFileSync(join(directory, 'state', 'node.1'), 'not a directory');
  const listen = ['--listen', `unix:${directory}/master.sock`, '--state', join(directory, 'state')];
  const { code, stdout, stderr } = await cluster.run('bpmaster', ['--local', '2', ...listen]);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('bpmaster: the slave of node 1 exited with code 1 before it was up');
  const isOfIt = (args: readonly string[]) => args.some((argument) => argument.includes(directory));
  await eventually(() => ![...commandLines().values()].some(isOfIt));
  rmSync(directory, { recursive: true });
});
