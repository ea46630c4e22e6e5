/** What docs/mpi.md shows runs, and does what it says. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program, TestCluster } from '../cli/commands.ts';
import { MpiPrograms } from '../support/mpi-programs.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = await readFile(join(root, 'docs/mpi.md'), 'utf8');

const programs = new MpiPrograms();
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.start(2);
  await mkdir(join(cluster.directory, 'node_modules'));
  await symlink(root, join(cluster.directory, 'node_modules/bproc'));
  await symlink(programs.build('whole-job', 'mpicc.mpich'), join(cluster.directory, 'program'));
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  programs[Symbol.dispose]();
});

function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);
}

test('its program prints what the comments beside it show', async () => {
  const [js = '', ...others] = blocks('js');
  expect(others).toEqual([]);
  const file = join(cluster.directory, 'guide.mjs');
  // these nodes are one machine, whose memory a job of MPICH shares on one of them only
  await writeFile(file, js.replace('map: { noLocal: true }', "map: '0:0'"));
  const options = { cwd: cluster.directory, env: cluster.env, timeout: 25_000 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], options);
  expect(stderr).toBe('');
  const shown = [...js.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
  expect(shown).toHaveLength(4);
  expect(stdout.trim().split('\n')).toEqual(shown);
});

test('its commands run', async () => {
  const [shell = ''] = blocks('sh');
  const lines = [...shell.matchAll(/^((?:\w+=\S+ )*)bprun (.*?) +# .*$/gm)];
  expect(lines).toHaveLength(5);
  for (const [, variables = '', args = ''] of lines) {
    const env = Object.fromEntries(
      variables
        .trim()
        .split(' ')
        .filter(Boolean)
        .map((each) => each.split('=')),
    );
    // a program that needs no memory of other nodes
    const argv = args.split(' ').map((word) => (word === './program' ? 'true' : word));
    const { code, stderr } = await cluster.start('bprun', argv, '', { ...cluster.env, ...env }).outcome;
    expect({ code, stderr }, args).toEqual({ code: 0, stderr: '' });
  }
});

test('its commands of other launchers run, by the remote shell', async () => {
  const [, shell = '', ...others] = blocks('sh');
  expect(others).toEqual([]);
  const lines = [...shell.matchAll(/^(mpi.*?) +# .*$/gm)];
  expect(lines).toHaveLength(2);
  const bin = join(cluster.directory, 'bin');
  await mkdir(bin);
  await symlink(program('bprsh'), join(bin, 'bprsh'));
  const env = {
    ...cluster.env,
    PATH: `${bin}:${process.env['PATH']}`,
    OMPI_ALLOW_RUN_AS_ROOT: '1',
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
    OMPI_MCA_rmaps_base_oversubscribe: '1',
  };
  for (const [, line = ''] of lines) {
    // a program that needs no memory of other nodes
    const script = line.replace('./program', "sh -c 'echo on $BPROC_NODE'");
    const { stdout } = await promisify(execFile)('bash', ['-c', script], {
      cwd: cluster.directory,
      env,
      timeout: 25_000,
    });
    expect(stdout.split('\n').sort(), line).toEqual(['', 'on 0', 'on 0', 'on 1']);
  }
});
