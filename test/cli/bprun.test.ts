import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MpiPrograms } from '../support/mpi-programs.ts';
import { countWith, eventually, program, TestCluster } from './commands.ts';

const programs = new MpiPrograms();
let cluster: TestCluster;
let check = '';
beforeAll(async () => {
  check = programs.build('whole-job', 'mpicc.mpich');
  cluster = await TestCluster.start(2);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  programs[Symbol.dispose]();
});

const bprun = (...args: string[]) => cluster.run('bprun', args);
const within = (env: NodeJS.ProcessEnv, ...args: string[]) =>
  cluster.start('bprun', args, '', { ...cluster.env, ...env }).outcome;
const sorted = (text: string) => text.trim().split('\n').sort();

describe('bprun', () => {
  test('runs an MPI program that knows nothing of it', async () => {
    const { code, stdout, stderr } = await bprun('-np', '3', '--map', '0', check);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('ok 3 universe 3 shared 3 3 3 apps 0 0 0 hosts ');
  });

  test.each([
    [
      ['-n', '2', '--no-local', '--exclude', '1'],
      ['0 0', '1 0'],
    ],
    [
      ['--map', '0:1:1'],
      ['0 0', '1 1', '2 1'],
    ],
    [
      ['-host', 'n1:2,n0', '-n', '4'],
      ['0 1', '1 1', '2 0', '3 1'],
    ],
    [
      ['-hosts', 'n0,n1', '-ppn', '2'],
      ['0 0', '1 0', '2 1', '3 1'],
    ],
    [
      ['-hostfile', 'hosts'],
      ['0 1', '1 0', '2 0'],
    ],
    [
      ['-np', '2', '--all-local'],
      ['0 -1', '1 -1'],
    ],
  ])('places ranks by %j', async (options, expected) => {
    writeFileSync(join(cluster.directory, 'hosts'), 'n1\nn0 slots=2\n');
    const { code, stdout } = await bprun(...options, 'sh', '-c', 'echo $PMI_RANK $BPROC_NODE');
    expect(code).toBe(0);
    expect(sorted(stdout)).toEqual(expected);
  });

  test('goes by Scyld’s environment, which its ranks do not see', async () => {
    const { stdout } = await within({ NP: '2', NO_LOCAL: '1', EXCLUDE: '0' }, 'sh', '-c', 'echo $BPROC_NODE $NP');
    expect(sorted(stdout)).toEqual(['1', '1']);
  });

  test('runs several programs, each with its own options', async () => {
    const script = 'echo $PMI_RANK of $PMI_SIZE in $PWD: $A $B';
    const first = ['-host', 'n0,n1', '-np', '1', '-x', 'A=1', '-x', 'B', 'sh', '-c', script];
    const second = ['-n', '2', '-wdir', '/tmp', '-env', 'A', '2', 'sh', '-c', script];
    const { code, stdout } = await within({ B: 'both' }, ...first, ':', ...second);
    expect(code).toBe(0);
    const expected = [`0 of 3 in ${cluster.directory}: 1 both`, '1 of 3 in /tmp: 2 both', '2 of 3 in /tmp: 2 both'];
    expect(sorted(stdout)).toEqual(expected);
  });

  test('tags lines, gives rank 0 the input, and keeps outputs in files', async () => {
    const tagged = await cluster.run(
      'bprun',
      ['--map', '0:1', '--tag-output', 'sh', '-c', 'cat; echo $PMI_RANK'],
      'in\n',
    );
    expect(sorted(tagged.stdout)).toEqual(['[0] 0', '[0] in', '[1] 1']);
    const files = ['-outfile-pattern', 'out.%r.%n', '-errfile-pattern', 'err.%r'];
    const { stdout } = await bprun('--map', '1:0', ...files, 'sh', '-c', 'echo out $PMI_RANK; echo err >&2');
    expect(stdout).toBe('');
    const read = (name: string) => readFileSync(join(cluster.directory, name), 'utf8');
    expect([read('out.0.1'), read('out.1.0'), read('err.0')]).toEqual(['out 0\n', 'out 1\n', 'err\n']);
  });

  test('takes what scripts for Hydra and Open MPI give', async () => {
    const options = [
      '--oversubscribe',
      '--bind-to',
      'none',
      '-genv',
      'A',
      'x',
      '--mca',
      'btl',
      'self',
      '-launcher',
      'ssh',
    ];
    const { stdout } = await bprun(
      ...options,
      '-envlist',
      'PATH',
      '--map',
      '0',
      'sh',
      '-c',
      'echo $A $OMPI_MCA_btl $HOME',
    );
    expect(stdout).toBe('x self\n');
  });

  test('says what went wrong, with the code of whoever ended the job', async () => {
    const aborted = await bprun('--map', '0:0', check, 'abort', '1');
    expect(aborted.code).toBe(7);
    expect(aborted.stderr).toMatch(/^bprun: rank 1 on node 0 \(pid \d+\) ended the job with code 7/m);
    const failed = await bprun('-v', '--map', '0:1', 'sh', '-c', 'test $PMI_RANK = 0 || exit 3; sleep 600');
    expect(failed.code).toBe(3);
    expect(failed.stderr).toMatch(
      /^bprun: rank 1 on node 1 \(pid \d+\) exited with code 3\nbprun: the other rank was ended\n/,
    );
    const late = await bprun('--timeout', '1', '--map', '0', 'sleep', '600');
    expect([late.code, late.stderr]).toEqual([124, expect.stringContaining('it took longer than 1 s')]);
  });

  test.each([
    [['-np', '2', '--frob', 'ls'], 'unknown option --frob'],
    [['-np'], 'needs a word after it'],
    [['-np', '0', 'ls'], 'whole number from 1'],
    [['-np', '2'], 'no program is given'],
    [['-np', '1', 'ls', ':'], 'nothing follows the last :'],
    [['--mpi', 'lam', 'ls'], 'one of auto, mpich, openmpi, none'],
    [['-host', 'nowhere', 'ls'], 'no node is called "nowhere"'],
    [['-hostfile', 'missing', 'ls'], 'cannot be read'],
  ])('refuses %j', async (args, expected) => {
    const { code, stderr } = await bprun(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(expected)]);
  });

  test('passes a signal on, and takes its ranks with it when it is killed', async () => {
    const mark = `86400.${process.pid}`;
    const asked = cluster.start('bprun', ['--map', '0:1', 'sleep', mark]);
    await eventually(() => countWith(mark) === 2);
    asked.child.kill('SIGTERM');
    expect((await asked.outcome).code).toBe(143);
    expect(countWith(mark)).toBe(0);
    const killed = cluster.start('bprun', ['--map', '0:1', check, 'hang', '0', mark]);
    await eventually(() => countWith(mark) === 2);
    killed.child.kill('SIGKILL');
    await eventually(() => countWith(mark) === 0);
  });

  test('serves MPICH’s programs that were started alone, by the name of mpiexec', async () => {
    const bin = join(cluster.directory, 'bin');
    mkdirSync(bin);
    symlinkSync(program('bprun'), join(bin, 'mpiexec'));
    const alone = programs.build('alone', 'mpicc.mpich');
    const { stdout } = await cluster.shell(`PATH=${bin}:$PATH timeout 60 ${alone}`);
    expect(stdout).toMatch(/^size 1 universe [1-9]\d*\n$/);
  });
});
