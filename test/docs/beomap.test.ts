/** What docs/beomap.md shows runs, and its lines of shell do what it says beside them. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Command, TestCluster } from '../cli/commands.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = await readFile(join(root, 'docs/beomap.md'), 'utf8');

let project: string;
let cluster: TestCluster;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'bproc-guide-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules/bproc'));
  cluster = await TestCluster.start(3);
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(project, { recursive: true });
});

function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);
}

test('its program prints what the comments beside it show', async () => {
  const [program = '', ...others] = blocks('js');
  expect(others).toEqual([]);
  const file = join(project, 'program.mjs');
  await writeFile(file, program);
  const options = { cwd: project, env: cluster.env, timeout: 25_000 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], options);
  expect(stderr).toBe('');
  const shown = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
  expect(shown.length).toBeGreaterThan(5);
  expect(stdout.trim().split('\n')).toEqual(shown);
});

test('its commands print what stands beside them', async () => {
  const [shell = '', ...others] = blocks('sh');
  expect(others).toEqual([]);
  const printed = new Map([
    ['beorun', ''],
    ['mpprun', '  2: hello\n  0: hello\n'],
  ]);
  const lines = [...shell.matchAll(/^(\S+) (.*?) +# (.*)$/gm)];
  expect(lines).toHaveLength(4);
  for (const [, command = '', args = '', comment] of lines) {
    const outcome = await cluster.run(command as Command, args.split(' '));
    expect(outcome, `${command}: ${outcome.stderr}`).toEqual({
      code: 0,
      stdout: printed.get(command) ?? `${comment}\n`,
      stderr: '',
    });
  }
});
