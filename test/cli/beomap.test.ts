import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestCluster } from './commands.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start(2);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const cpus = availableParallelism();
const beomap = (...args: string[]) => cluster.run('beomap', args);
/** With variables of the environment. */
const within = (env: NodeJS.ProcessEnv, ...args: string[]) =>
  cluster.start('beomap', args, '', { ...cluster.env, ...env }).outcome;

describe('beomap', () => {
  test.each([
    [[], '-1'],
    [['--np', '2', '--exclude', '1'], '-1:0'],
    [['-np', '2', '--no-local', '--exclude', '0'], '1:1'],
    [['--all-nodes'], '-1:0:1'],
    [['--allnodes', '--nolocal'], '0:1'],
    [['--all-local', '--np', '3'], '-1:-1:-1'],
    [['--all-cpus', '--no-local'], [0, 1].flatMap((node) => Array.from({ length: cpus }, () => node)).join(':')],
    [['--map', '1:0:1'], '1:0:1'],
    [['--beowulf-job-map=0'], '0'],
  ])('%j: %s', async (args, expected) => {
    expect(await beomap(...args)).toEqual({ code: 0, stdout: `${expected}\n`, stderr: '' });
  });

  test('goes by its environment', async () => {
    expect((await within({ NP: '2', NO_LOCAL: '1', EXCLUDE: '0' })).stdout).toBe('1:1\n');
    expect((await within({ NP: '2', NO_LOCAL: '1', EXCLUDE: '0' }, '--np', '1')).stdout).toBe('1\n');
    expect((await within({ BEOWULF_JOB_MAP: '1:1:0' }, '--np', '1')).stdout).toBe('1:1:0\n');
  });

  test('says its version and goes on, or says its help', async () => {
    expect((await beomap('-V')).stdout).toMatch(/^beomap \d+\.\d+\.\d+\n-1\n$/);
    expect((await beomap('-V', '--np', '2', '-h')).stdout).toMatch(/^usage: beomap \[options\]\n\nPrints/);
  });

  test.each([
    [['--np', '0'], 'whole number from 1'],
    [['--np', '-1'], '--np'],
    [['--np', '1e9'], 'whole number from 1'],
    [['--map', '9'], 'node 9, which does not exist'],
    [['--map', '0', '--all-cpus'], 'does not go with'],
    [['--exclude', '../x'], 'is no node'],
    [['again'], 'again is too much'],
  ])('refuses %j', async (args, expected) => {
    const { code, stdout, stderr } = await beomap(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(expected);
  });
});

describe('beorun', () => {
  test('runs a command on every entry at once', async () => {
    // each waits until the other one is there
    const meet = 'mkfifo $0 2>/dev/null; test $BPROC_RANK = 0000000 && echo hello >$0 || cat $0';
    expect(await cluster.run('beorun', ['--map', '0:1', 'sh', '-c', meet, `${cluster.directory}/meet`])).toEqual({
      ...{ code: 0, stdout: 'hello\n', stderr: '' },
    });
  });

  test('leaves the command its own options, and ends as the worst of them', async () => {
    const { code, stdout } = await cluster.run('beorun', [
      '-np',
      '3',
      '--no-local',
      'sh',
      '-c',
      'echo $1; exit $((BPROC_RANK))',
      '-np',
      '-np',
    ]);
    expect([code, stdout]).toEqual([2, '-np\n-np\n-np\n']);
    const missing = await cluster.run('beorun', ['no such command']);
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toContain('no such command');
  });

  test('says how it is called', async () => {
    expect((await cluster.run('beorun', ['-u'])).stdout).toBe('usage: beorun [options] command [argument...]\n');
    expect((await cluster.run('beorun', ['-V', 'false'])).stdout).toMatch(/^beorun \d+\.\d+\.\d+\n$/);
    expect((await cluster.run('beorun', [])).stderr).toContain('no command is given');
    expect((await cluster.run('beorun', ['-p', 'true'])).stderr).toContain('unknown option -p');
  });

  test('gives signals to what it runs', async () => {
    const running = cluster.start('beorun', ['--map', '0:1', 'sh', '-c', 'echo up; exec sleep 1000']);
    await running.until('stdout', (text) => text === 'up\nup\n');
    running.child.kill('SIGTERM');
    expect(await running.outcome).toMatchObject({ code: 255, stdout: 'up\nup\n' });
  });
});

describe('mpprun', () => {
  test('runs a command on one entry after the other', async () => {
    const only = 'mkdir $0 && echo $BPROC_NODE && rmdir $0';
    const args = ['-p', '--map', '1:0:-1:1', 'sh', '-c', only, `${cluster.directory}/only`];
    expect(await cluster.run('mpprun', args)).toEqual({
      code: 0,
      stdout: '  1: 1\n  0: 0\n -1: -1\n  1: 1\n',
      stderr: '',
    });
  });

  test('goes on after what fails, and ends as the worst of them', async () => {
    const { code, stdout } = await cluster.run('mpprun', [
      '--map',
      '1:0',
      'sh',
      '-c',
      'echo $BPROC_NODE; exit $BPROC_NODE',
    ]);
    expect([code, stdout]).toEqual([1, '1\n0\n']);
  });
});
