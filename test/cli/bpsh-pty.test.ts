/** `bpsh --pty` as somebody sees it who sits at a terminal. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Tmux } from '../support/tmux.ts';
import { commandLines, countWith, eventually, program, TestCluster } from './commands.ts';

/** An argument that no other test's processes have. */
const NAP = `54321.${process.pid}`;

let cluster: TestCluster;
let terminal: Tmux;

beforeAll(async () => {
  cluster = await TestCluster.start(2);
});
afterAll(() => cluster[Symbol.asyncDispose]());

beforeEach(async () => {
  terminal = new Tmux(cluster.directory, cluster.env);
  terminal.enter(
    `bpsh() { '${process.execPath}' '${program('bpsh')}' "$@"; }; alias modes='stty -g | md5sum'; PS1='<local>'; clear`,
  );
  await terminal.shows(/^<local>$/);
});
afterEach(() => terminal[Symbol.dispose]());

/** A shell on a node, whose prompt is told from the local one. */
async function openShell(...options: readonly string[]): Promise<void> {
  terminal.enter(`PS1='<remote>' bpsh ${options.join(' ')} --pty 1 bash --norc --noprofile -i`);
  await terminal.shows(/^<remote>$/m);
}

/** The modes of the terminal, as the local shell finds them. */
async function modes(): Promise<string> {
  terminal.enter('clear; modes');
  return terminal.shows(/^([0-9a-f]{32}) {2}-\n<local>$/m);
}

describe('a shell', () => {
  test('runs there, at a terminal of this one’s size and kind, and tells its exit code', async () => {
    await openShell('-t');
    terminal.enter('echo $BPROC_NODE $(stty size) $TERM');
    await terminal.shows(/^1 30 100 (?:tmux|screen)/m);
    terminal.enter('exit 42');
    await terminal.shows(/^exit\n[0-9]+\.[0-9]{6}\n<local>$/m);
    terminal.enter('echo "code $?"');
    await terminal.shows(/^code 42$/m);
  });

  test('gets ^C, ^Z and every other key', async () => {
    const before = await modes();
    await openShell();
    terminal.enter(`sleep ${NAP}`);
    await eventually(() => countWith(NAP) === 1);
    terminal.press('C-z');
    await terminal.shows(/Stopped +sleep [0-9.]+\n<remote>$/m);
    terminal.enter('fg');
    await terminal.shows(/^<remote>fg\nsleep [0-9.]+$/m);
    terminal.press('C-c');
    await terminal.shows(/\^C\n<remote>$/m);
    expect(countWith(NAP)).toBe(0);
    terminal.enter('echo reading; cat -v');
    // before that the keys are still the shell's
    await terminal.shows(/^reading$/m);
    terminal.type('tab');
    terminal.press('C-v', 'C-a', 'Enter');
    await terminal.shows(/^tab\^A\ntab\^A$/m);
    terminal.press('C-d');
    await terminal.shows(/tab\^A\n<remote>$/m);
    terminal.press('C-d');
    await terminal.shows(/exit\n<local>$/m);
    expect(await modes()).toBe(before);
  });

  test('hears that the terminal has another size', async () => {
    await openShell();
    terminal.resize(71, 17);
    terminal.enter('until [ "$(stty size)" = "17 71" ]; do :; done; echo "changed to $(stty size)"');
    await terminal.shows(/^changed to 17 71$/m);
  });

  test('is that of $SHELL as a login shell where no command is given, else /bin/sh', async () => {
    terminal.enter('SHELL=/bin/bash HOME=/nowhere PS1= bpsh --pty 0');
    terminal.enter('shopt login_shell; echo "$0 on $BPROC_NODE"');
    await terminal.shows(/^login_shell\s+on\n-bash on 0$/m);
    terminal.enter('exit');
    await terminal.shows(/<local>$/m);
    terminal.enter('clear; SHELL=/no/such/shell bpsh --pty 0');
    terminal.enter('echo "$0 is here"');
    await terminal.shows(/-sh is here$/m);
  });
});

test('an editor writes a file on the node', async () => {
  const file = join(cluster.directory, 'edited');
  terminal.enter(`bpsh --pty 0 vim.tiny -u NONE '${file}'`);
  await terminal.shows(/^~$/m);
  terminal.type('ifirst line');
  terminal.press('Enter');
  terminal.type('third line');
  terminal.press('Escape');
  terminal.type('Osecond line');
  terminal.press('Escape');
  await terminal.shows(/^first line\nsecond line\nthird line\n~$/m);
  terminal.enter(':wq');
  await terminal.shows(/<local>$/m);
  expect(readFileSync(file, 'utf8')).toBe('first line\nsecond line\nthird line\n');
});

describe('escapes', () => {
  test('leave a node that does not answer, with the terminal as it was', async () => {
    const before = await modes();
    await openShell();
    const slave = cluster.slaves().get(1) ?? 0;
    process.kill(slave, 'SIGSTOP');
    try {
      terminal.type('is anybody there');
      terminal.press('Enter');
      terminal.type('~.');
      await terminal.shows(/bpsh: left\n<local>$/m);
      terminal.enter('echo "code $?"');
      await terminal.shows(/^code 255$/m);
    } finally {
      process.kill(slave, 'SIGCONT');
    }
    expect(await modes()).toBe(before);
  });

  test('explain themselves, let a ~ through, and stop bpsh', async () => {
    const before = await modes();
    await openShell();
    terminal.type('~?');
    await terminal.shows(/^~\. {3}leave/m);
    terminal.enter('~~user; echo "~"done');
    await terminal.shows(/~done$/m);
    terminal.type('~');
    terminal.press('C-z');
    await terminal.shows(/Stopped(?:.|\n)*<local>$/m);
    expect(await modes()).toBe(before);
    terminal.resize(88, 22);
    terminal.enter('clear; fg');
    await terminal.shows(/<remote>$/m);
    terminal.enter('until [ "$(stty size)" = "22 88" ]; do :; done; echo "back at $(stty size)"');
    await terminal.shows(/^back at 22 88$/m);
    terminal.enter('exit');
    await terminal.shows(/exit\n<local>$/m);
    expect(await modes()).toBe(before);
  });
});

describe('whatever ends bpsh', () => {
  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '%s leaves the terminal as it was, and nothing on the node',
    async (signal) => {
      const before = await modes();
      await openShell();
      terminal.enter(`sleep ${NAP}`);
      await eventually(() => countWith(NAP) === 1);
      terminal.press('C-z');
      await terminal.shows(/Stopped +sleep/);
      const [bpsh] =
        [...commandLines()].find(([, args]) => args.includes(program('bpsh')) && args.includes('--pty')) ?? [];
      process.kill(bpsh ?? 0, signal);
      await terminal.shows(/<local>$/m);
      await eventually(() => countWith(NAP) === 0);
      expect(await modes()).toBe(before);
    },
  );

  test('a command that is killed there is told of, on a line of its own', async () => {
    const before = await modes();
    terminal.enter('bpsh --pty 0 sh -c \'printf partial; kill -KILL $$\'; echo "code $?"');
    await terminal.shows(/^partial.*killed by SIGKILL\ncode 255\n<local>$/m);
    expect(await modes()).toBe(before);
  });

  test('a command that does not start', async () => {
    terminal.enter('bpsh --pty 0 no-such-program; echo "code $?"');
    await terminal.shows(/^bpsh: program "no-such-program"(?:.|\n)*\ncode 1\n/m);
  });
});

describe('without a terminal at stdin', () => {
  test('what it holds is typed, and then its end', async () => {
    const { code, stdout, stderr } = await cluster.run(
      'bpsh',
      ['--pty', '0', 'sh', '-c', 'stty size; cat'],
      'a line\n',
    );
    // echoed at once, whenever that is
    expect(stdout.split('\r\n').sort()).toEqual(['', '24 80', 'a line', 'a line']);
    expect([code, stderr]).toEqual([0, '']);
  });

  test('a reader that has enough hangs it up', async () => {
    const { code, stdout } = await cluster.shell(`bpsh --pty 0 yes ${NAP} < /dev/null | head -1`);
    expect([code, stdout]).toEqual([141, `${NAP}\r\n`]);
    await eventually(() => countWith(NAP) === 0);
  });
});

describe('what does not go with it', () => {
  test.each(['-n', '-N', '-L', '-p', '-s', '-d', '-a', '-I /dev/null', '-b 80'])('%s', async (option) => {
    const nodes = option === '-a' ? [] : ['0'];
    const { code, stderr } = await cluster.run('bpsh', ['--pty', ...option.split(' '), ...nodes, 'true']);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${option.split(' ')[0]} does not go with --pty`)]);
  });

  test('several nodes, or none', async () => {
    for (const nodes of ['0-1', 'error']) {
      const { code, stderr } = await cluster.run('bpsh', ['--pty', nodes, 'true']);
      expect([code, stderr]).toEqual([1, expect.stringContaining('--pty takes one node')]);
    }
  });
});
