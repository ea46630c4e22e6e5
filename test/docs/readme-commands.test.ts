/** The lines of shell in the README do what it says beside them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Outcome, Running } from '../cli/commands.ts';

const root = resolve(import.meta.dirname, '../..');
const dist = resolve(process.env['BPROC_DIST'] ?? join(root, 'dist'));
const readme = await readFile(join(root, 'README.md'), 'utf8');

/** What is to be typed, and what the comment beside it says. */
const lines = [...readme.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) =>
  [...block.matchAll(/^(.+?)\s+# (.*)$/gm)].map(([, command = '', comment = '']) => ({ command, comment })),
);

let home: string;
let env: NodeJS.ProcessEnv;

/** A line at a shell's prompt: the commands are in its path, as they are where the package is installed. */
function atPrompt(line: string): ChildProcess {
  return spawn('bash', ['-c', line], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function type(line: string): Promise<Outcome> {
  return new Running(atPrompt(line), undefined).outcome;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'bproc-shell-'));
  const { bin } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  await mkdir(join(home, 'bin'));
  for (const [name, path] of Object.entries(bin)) {
    const at = path.startsWith('dist/') ? join(dist, path.slice(5)) : join(root, path);
    await symlink(at, join(home, 'bin', name));
  }
  env = { ...process.env, XDG_RUNTIME_DIR: home, PATH: `${join(home, 'bin')}:${process.env['PATH']}` };
  delete env['BPROC_MASTER'];
  await writeFile(join(home, 'words'), 'pear\napple\nfig\n');
});

afterAll(async () => {
  await rm(home, { recursive: true });
});

/** What a line has to come to, by what is typed; the master's is the test's frame. */
const outcomes: Readonly<Record<string, (comment: string, outcome: Outcome) => void | Promise<void>>> = {
  bpstat: (comment, { stdout }) => {
    // the comment is what is printed of the four, whatever stands between the columns
    expect(stdout.split('\n').map((line) => line.trim().split(/\s+/).slice(0, 3).join(' '))).toContain(comment);
  },
  'bpsh -a -p hostname': (_, { stdout }) => {
    const said = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.trim());
    expect(said.sort()).toEqual([0, 1, 2, 3].map((node) => `${node}: ${hostname()}`));
  },
  'bpsh 2 sort < words': (_, { stdout }) => {
    expect(stdout).toBe('apple\nfig\npear\n');
  },
  'bpcp words 2:/tmp/words.txt': async () => {
    const copy = '/tmp/words.txt';
    expect(await readFile(copy, 'utf8')).toBe('pear\napple\nfig\n');
    await rm(copy);
  },
  'bpctl -S 1 -s unavailable': async (_, { stdout }) => {
    expect(stdout).toBe('');
    expect((await type('bpstat -s 0-3')).stdout).toBe('up\nunavailable\nup\nup\n');
    expect(await type('bpsh 1 echo administrator')).toEqual({ code: 0, stdout: 'administrator\n', stderr: '' });
  },
};

test('the shell of the README', { timeout: 60_000 }, async () => {
  const [first, ...others] = lines;
  expect(first?.command).toBe('bpmaster --local 4 &');
  expect(others.map(({ command }) => command)).toEqual(Object.keys(outcomes));
  const master = new Running(atPrompt(`${first?.command}\necho "pid $!"\nwait $!`), undefined);
  await master.until('stdout', (text) => /^pid [0-9]+$/m.test(text));
  try {
    await master.until('stdout', (text) => text.includes('bpmaster: 4 nodes up'));
    for (const { command, comment } of others) {
      const outcome = await type(command);
      expect(outcome, command).toMatchObject({ code: 0, stderr: '' });
      await outcomes[command]?.(comment, outcome);
    }
  } finally {
    process.kill(Number(/^pid ([0-9]+)$/m.exec(master.stdout)?.[1]), 'SIGTERM');
    await master.outcome;
  }
  expect(await master.outcome).toMatchObject({ code: 0, stderr: '' });
  expect(await readdir(join(home, 'bproc'))).toEqual([]);
});
