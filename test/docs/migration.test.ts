/** What docs/migration.md shows runs, and its lines of shell do what it says beside them. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, connect } from '../../src/index.ts';
import { type Command, TestCluster } from '../cli/commands.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = await readFile(join(root, 'docs/migration.md'), 'utf8');

let project: string;
let cluster: TestCluster;
let client: Client;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'bproc-guide-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules/bproc'));
  cluster = await TestCluster.start(4);
  client = await connect({ master: cluster.env['BPROC_MASTER'] ?? '' });
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  await rm(project, { recursive: true });
});

function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);
}

/** What the comments beside a program's lines say that they print. */
function shownBy(program: string): (string | undefined)[] {
  return [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
}

test('its program prints what the comments beside it show', async () => {
  const [program = '', , ...others] = blocks('js');
  expect(others).toEqual([]);
  const file = join(project, 'program.mjs');
  await writeFile(file, program);
  const options = { cwd: project, env: cluster.env, timeout: 25_000 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], options);
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(shownBy(program));
});

test('so does the one that moves and copies itself', async () => {
  const [, program = ''] = blocks('js');
  const file = join(project, 'mover.mjs');
  await writeFile(file, program);
  const p = await client.rexec(0, process.execPath, [file], { stderr: 2 });
  expect((await text(p.stdout)).trim().split('\n')).toEqual(shownBy(program));
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  expect(p.node).toBe(1);
});

test('its commands move a process from node to node', async () => {
  const [shell = '', ...others] = blocks('sh');
  expect(others).toEqual([]);
  const lines = [...shell.matchAll(/^(\S+) (.*?) +# .* node (\d)$/gm)];
  expect(lines).toHaveLength(shell.trim().split('\n').length);
  const p = await client.rexec(0, 'cat');
  for (const [, command = '', args = '', node] of lines) {
    const words = args.replace('$PID', String(p.pid)).split(' ');
    expect(await cluster.run(command as Command, words), command).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(p.node).toBe(Number(node));
  }
  p.stdin.end();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});
