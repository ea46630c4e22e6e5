/** `beostatus` as somebody sees it who sits at a terminal, and as a file has it. */
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keysOf } from '../../src/cli/full-screen.ts';
import { filterRows, type StatusRow, sortRows } from '../../src/cli/status-rows.ts';
import { StatusScreen } from '../../src/cli/status-screen.ts';
import { statusTable } from '../../src/cli/status-table.ts';
import { Tmux } from '../support/tmux.ts';
import { program, TestCluster } from './commands.ts';

const GIB = 1024 ** 3;

function row(node: number, more: Partial<StatusRow> = {}, cpu = 0.25): StatusRow {
  const metrics = { cpu, load: 1.5, memory: 0.41, swap: 0, disk: 0.71, network: 1.2 * 1024 ** 2 };
  const known = { metrics, cpus: [0, 0.5, 1, cpu], memoryBytes: 15.6 * GIB, ageMs: 300, isStale: false };
  return { node, state: 'up', flags: [], address: `10.0.0.${node}`, ...known, ...more };
}

const silent: StatusRow = {
  ...row(9, { state: 'down', cpus: [], memoryBytes: undefined, ageMs: undefined }),
  metrics: { cpu: undefined, load: undefined, memory: undefined, swap: undefined, disk: undefined, network: undefined },
};

const plain = { columns: 80, sortedBy: 'node', colours: false, unicode: false } as const;

describe('the table', () => {
  test('has all figures in 80 columns', () => {
    expect(statusTable([row(0), silent], plain)).toEqual([
      ' Node State        CPU                      Memory     Network   Load Disk Swap',
      '    0 up           |||........  25%  41%  15.6 GiB   1.2 MiB/s   1.50  71%   0%',
      '    9 down         ...........    -              -           -      -    -    -',
    ]);
  });

  test('has a cell for each processor where there is room', () => {
    const [, line = ''] = statusTable([row(0)], { ...plain, columns: 90, unicode: true });
    expect(line.slice(-4)).toBe('▁▅█▃');
  });

  test('is never wider than the terminal, whatever it is', () => {
    const rows = [row(12_345, { flags: ['draining', 'unreachable'] }), silent];
    for (let columns = 5; columns < 140; columns += 1) {
      for (const line of statusTable(rows, { ...plain, columns })) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  test('says how old figures are that are old', () => {
    const [, line] = statusTable([row(0, { isStale: true, ageMs: 300_000 })], plain);
    expect(line).toContain(' 5 min old ');
  });
});

describe('rows', () => {
  const rows = [row(0, {}, 0.1), silent, row(2, { state: 'error' }, 0.9), row(3, { flags: ['draining'] }, 0.5)];
  const nodes = (found: readonly StatusRow[]) => found.map(({ node }) => node);

  test('are sorted, the busy ones first and those of which nothing is known last', () => {
    expect(nodes(sortRows(rows, 'cpu', false))).toEqual([2, 3, 0, 9]);
    expect(nodes(sortRows(rows, 'cpu', true))).toEqual([9, 0, 3, 2]);
    expect(nodes(sortRows(rows, 'state', false))).toEqual([9, 2, 0, 3]);
  });

  test('are filtered by numbers, states, flags and addresses', () => {
    expect(nodes(filterRows(rows, '2-'))).toEqual([9, 2, 3]);
    expect(nodes(filterRows(rows, '0,3-9 UP'))).toEqual([0, 3]);
    expect(nodes(filterRows(rows, 'drain'))).toEqual([3]);
    expect(nodes(filterRows(rows, '10.0.0.2'))).toEqual([2]);
    expect(nodes(filterRows(rows, ''))).toHaveLength(4);
  });
});

test('keys are known however many come at once', () => {
  expect(keysOf('a\x1b[B\x1bOA\x1b[6~\r\x03ä')).toEqual(['a', 'down', 'up', 'page down', 'enter', 'interrupt', 'ä']);
});

test('a thousand nodes are scrolled through, and the end is the end', () => {
  const screen = new StatusScreen({ sortedBy: 'node', isReversed: false, filter: '' });
  const rows = Array.from({ length: 1000 }, (_, node) => row(node));
  const lines = () => screen.lines(rows, { rows: 24, columns: 80 }, { colours: false, unicode: false });
  expect(lines()).toHaveLength(24);
  screen.press('end');
  expect(lines()[0]).toContain('1000 nodes: 1000 up  4000 CPUs 44% busy  980-1000');
  screen.press('down');
  screen.press('page up');
  expect(lines()[2]).toMatch(/^ {2}958 /);
  screen.press('home');
  expect(lines()[2]).toMatch(/^ {4}0 /);
});

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start(3);
});
afterAll(() => cluster[Symbol.asyncDispose]());

describe('without a terminal', () => {
  test('it is shown once, without any control character', async () => {
    const { code, stdout, stderr } = await cluster.run('beostatus', ['--sort', 'node', '-r', '0,2']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/\p{Cc}(?<!\n)/u);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, 8))).toEqual([' Node St', '    2 up', '    0 up']);
    expect(lines[1]).toMatch(/ +\d+% +[\d.]+ GiB .* \d+\.\d\d +\d+% /);
  });

  test('it says what is wrong', async () => {
    expect(await cluster.run('beostatus', ['-s', 'colour'])).toMatchObject({ code: 1, stdout: '' });
    expect((await cluster.run('beostatus', ['-i', '0'])).stderr).toContain('it must be from 0.1 to 3600 seconds');
    expect((await cluster.run('beostatus', ['7'])).stderr).toBe(
      'beostatus: node 7 does not exist; the nodes are 0-2\n',
    );
  });
});

describe('in a terminal', () => {
  let terminal: Tmux;
  const states = () =>
    terminal.screen.split('\n').flatMap((line) => /^ {4}(\d) (\w+)/.exec(line)?.slice(1).join(' ') ?? []);

  beforeEach(async () => {
    terminal = new Tmux(cluster.directory, { ...cluster.env, LC_ALL: 'C.UTF-8' });
    terminal.resize(80, 24);
    terminal.enter(
      `beostatus() { '${process.execPath}' '${program('beostatus')}' "$@"; }; alias modes='stty -g | md5sum'; PS1='<local>'; clear`,
    );
    await terminal.shows(/^<local>$/);
  });
  afterEach(() => terminal[Symbol.dispose]());

  async function modes(): Promise<string> {
    terminal.enter('clear; modes');
    return terminal.shows(/^([0-9a-f]{32}) {2}-\n<local>$/m);
  }

  test('it fills 80x24, follows the nodes and the size, and leaves all as it was', async () => {
    const before = await modes();
    terminal.enter('beostatus -i 0.1');
    await terminal.shows(
      /^3 nodes: 3 up .*\n Node State .* Swap\n(?: {4}\d up +\S+ +\d+% .*\n){3}\n*by node {2}q quit/,
    );
    expect(terminal.screen.split('\n')).toHaveLength(24);
    await cluster.run('bpctl', ['-S', '1', '-s', 'error']);
    await terminal.shows(/^3 nodes: 2 up, 1 error /);
    terminal.type('s');
    await terminal.shows(/^by state /m);
    expect(states()).toEqual(['1 error', '0 up', '2 up']);
    terminal.type('r');
    await terminal.shows(/^by state, reversed /m);
    expect(states()).toEqual(['2 up', '0 up', '1 error']);
    terminal.type('n/0-1 up');
    await terminal.shows(/^\/0-1 up_$/m);
    terminal.press('Enter');
    await terminal.shows(/^by node, reversed {2}only 0-1 up /m);
    expect(states()).toEqual(['0 up']);
    terminal.press('Escape');
    await terminal.shows(/^by node, reversed {2}q quit/m);
    terminal.resize(40, 10);
    await terminal.shows(/^ Node State +CPU\n/m);
    expect(terminal.screen.split('\n')).toHaveLength(10);
    terminal.type('?');
    await terminal.shows(/^beostatus\nn s c l/);
    terminal.resize(80, 24);
    terminal.type('?q');
    await terminal.shows(/<local>$/);
    expect(terminal.screen).not.toContain('Node State');
    expect(await modes()).toBe(before);
    await cluster.run('bpctl', ['-S', '1', '-s', 'up']);
  });

  test('it goes away for ^Z and comes back', async () => {
    const before = await modes();
    terminal.enter('beostatus');
    await terminal.shows(/^3 nodes/);
    terminal.press('C-z');
    await terminal.shows(/Stopped(?:.|\n)*<local>$/m);
    expect(await modes()).toBe(before);
    terminal.enter('fg');
    await terminal.shows(/^3 nodes/);
    terminal.press('C-c');
    await terminal.shows(/<local>$/m);
    expect(await modes()).toBe(before);
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s ends it with the terminal as it was', async (signal) => {
    const before = await modes();
    const pid = join(cluster.directory, 'beostatus.pid');
    terminal.enter(`bash -c 'echo $$ > "$0"; exec "$@"' '${pid}' '${process.execPath}' '${program('beostatus')}'`);
    await terminal.shows(/^3 nodes/);
    process.kill(Number(await readFile(pid, 'utf8')), signal);
    await terminal.shows(/<local>$/m);
    terminal.enter('echo "code $?"');
    expect(await terminal.shows(/^code (\d+)$/m)).toBe(String(128 + constants.signals[signal]));
    expect(await modes()).toBe(before);
  });
});
