import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Arguments, readArguments, UsageError } from '../../src/cli/arguments.ts';
import { readNodes } from '../../src/cli/bpmaster-options.ts';
import { readRequest } from '../../src/cli/bpsh-request.ts';
import { exitCodeOfAll } from '../../src/cli/exit-rule.ts';
import { LineSplitter } from '../../src/cli/line-splitter.ts';
import { Names } from '../../src/cli/names.ts';
import { compactTable, longTable, sortNodes, wrapNodeSet } from '../../src/cli/node-table.ts';
import { progressText } from '../../src/cli/progress.ts';
import { PsFilter } from '../../src/cli/ps-filter.ts';
import type { NodeInfo } from '../../src/index.ts';

describe('LineSplitter', () => {
  const split = (pieces: readonly Buffer[], prefix: string, limit: number): Buffer => {
    const splitter = new LineSplitter(prefix, limit);
    return Buffer.concat([...pieces.map((piece) => splitter.push(piece)), splitter.end()]);
  };

  test('begins each line with the prefix and ends it with a newline', () => {
    expect(split([Buffer.from('one\n\ntwo')], '  3: ', 100).toString()).toBe('  3: one\n  3: \n  3: two\n');
  });

  test('cuts a line that is too long, and only that', () => {
    expect(split([Buffer.from('abcd\nabcde\nabcdefgh\n')], '>', 4).toString()).toBe('>abcd\n>abcd\n>e\n>abcd\n>efgh\n');
  });

  test('gives the same lines in whatever pieces the bytes come', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => array.map((byte) => (byte % 5 === 0 ? 10 : byte)));
    const cuts = fc.array(fc.nat(200), { maxLength: 10 });
    fc.assert(
      fc.property(
        bytes,
        cuts,
        fc.integer({ min: 1, max: 20 }),
        fc.string({ maxLength: 4 }),
        (all, at, limit, prefix) => {
          const places = [0, ...at.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
          const pieces = places.slice(1).map((end, index) => Buffer.from(all.subarray(places[index], end)));
          expect(split(pieces, prefix, limit)).toEqual(split([Buffer.from(all)], prefix, limit));
        },
      ),
    );
  });

  test('loses and adds nothing but newlines and prefixes', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 10 }), (text, limit) => {
        const lines = split([Buffer.from(text)], '', limit)
          .toString('latin1')
          .split('\n');
        expect(lines.every((line) => line.length <= limit)).toBe(true);
        expect(lines.join('')).toBe(Buffer.from(text).toString('latin1').replaceAll('\n', ''));
      }),
    );
  });
});

test('the exit code is the highest, 255 for what did not exit by itself, 1 where nothing ran', () => {
  const exited = (code: number) => ({ kind: 'exited', code }) as const;
  expect(exitCodeOfAll([exited(0), exited(3), exited(2)], 0)).toBe(3);
  expect(exitCodeOfAll([exited(0)], 5)).toBe(0);
  expect(exitCodeOfAll([], 2)).toBe(1);
  expect(exitCodeOfAll([], 0)).toBe(0);
  expect(exitCodeOfAll([exited(7), { kind: 'signaled', signal: 'SIGINT', core: false }], 0)).toBe(255);
  expect(exitCodeOfAll([{ kind: 'lost', reason: '' }], 0)).toBe(255);
  expect(exitCodeOfAll([{ kind: 'timedOut', limit: 'silence' }], 0)).toBe(255);
});

describe('nodes in tables', () => {
  const owners = {
    users: new Names('user', 'passwd', 'root:x:0:0::/root:/bin/sh\nsomebody-with-a-long-name:x:7:7\n'),
    groups: new Names('group', 'group', 'root:x:0:\n'),
  };
  const node = (number: number, more: Partial<NodeInfo> = {}): NodeInfo => ({
    ...{ node: number, state: 'up', flags: [], reason: '', who: '', changedAt: 0, mode: 0o111, owner: 0, group: 0 },
    ...{ address: `host${number}`, attributes: {} },
    ...more,
  });
  const nodes = [node(5), node(0), node(1), node(2, { state: 'down', mode: 0 }), node(3, { owner: 7, group: 9 })];

  test('are one line for each group that is alike', () => {
    expect(compactTable(sortNodes(nodes, 'status', false), owners, 80)).toBe(
      [
        'Node(s)                             Status          Mode       User     Group',
        '2                                   down            ---------- root     root',
        '0-1,5                               up              ---x--x--x root     root',
        '3                                   up              ---x--x--x somebody #9',
        '',
      ].join('\n'),
    );
  });

  test('go on in the next line where the terminal is narrow, and give up where it is too narrow', () => {
    const many = Array.from({ length: 10 }, (_, index) => node(index * 2));
    expect(compactTable(many, owners, 56).split('\n').slice(1)).toEqual([
      '0,2,4,6,8,  up              ---x--x--x root     root',
      '10,12,14,',
      '16,18',
      '',
    ]);
    expect(compactTable(many, owners, 55)).toBe('Window too small.\n');
  });

  test('are one line each, with flags where they fit', () => {
    const flagged = [node(12, { flags: ['draining'] }), node(-1, { state: 'down', flags: ['unreachable'] })];
    expect(longTable(flagged, owners)).toBe(
      [
        'Node Address         Status       Mode          User       Group',
        '  12 host12          up,draining  ---x--x--x\troot       root',
        '  -1 host-1          down         ---x--x--x\troot       root',
        '',
      ].join('\n'),
    );
  });

  test('are sorted by number, by status, or not at all, and the other way round', () => {
    const order = (...args: Parameters<typeof sortNodes> extends [unknown, ...infer Rest] ? Rest : never) =>
      sortNodes(nodes, ...args).map((info) => info.node);
    expect(order('number', false)).toEqual([0, 1, 2, 3, 5]);
    expect(order('number', true)).toEqual([5, 3, 2, 1, 0]);
    expect(order('status', false)).toEqual([2, 0, 1, 3, 5]);
    expect(order('given', false)).toEqual([5, 0, 1, 2, 3]);
  });

  test('fit any width, and nothing of the set is lost', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,4}(,[0-9]{1,4})*$/), fc.integer({ min: 11, max: 40 }), (set, width) => {
        const lines = wrapNodeSet(set, width);
        expect(lines.join('')).toBe(set);
        expect(lines.every((line) => line.length <= width)).toBe(true);
        expect(lines.slice(0, -1).every((line) => line.endsWith(','))).toBe(true);
      }),
    );
  });
});

test('names are found by ids and ids by names, the first of each', () => {
  const names = new Names('user', '/etc/passwd', 'root:x:0:0:\ntoor:x:0:0:\nbroken\n+::::\nann:x:1000:1000:\n');
  expect([names.nameOf(0), names.nameOf(1000), names.nameOf(42)]).toEqual(['root', 'ann', '#42']);
  expect([names.idOf('ann'), names.idOf('42')]).toEqual([1000, 42]);
  expect(() => names.idOf('toor')).toThrow('no user "toor" in /etc/passwd');
});

test('the progress line is never wider than the terminal', () => {
  expect(progressText(64, [3, 7, 8, 9], 80)).toBe('60/64 done, waiting for 3,7-9');
  expect(progressText(64, [1, 3, 5, 7, 9, 11, 13, 15], 34)).toBe('56/64 done, waiting for 1,3,5,...');
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(500), { minLength: 1 }), fc.integer({ min: 1, max: 120 }), (waiting, columns) => {
      expect(progressText(600, waiting, columns).length).toBeLessThan(columns);
    }),
  );
});

describe('the filter for ps', () => {
  const nodeOf = (pid: number) => (pid === 77 ? 3 : undefined);

  test('finds the pid under its heading', () => {
    const filter = new PsFilter(nodeOf);
    const lines = ['USER         PID %CPU COMMAND', 'root          77  0.0 sh -c 77', 'root           7 77.0 sh'];
    expect(lines.map((line) => filter.line(line))).toEqual([
      'NODE USER         PID %CPU COMMAND',
      '   3 root          77  0.0 sh -c 77',
      '     root           7 77.0 sh',
    ]);
  });

  test('finds the pid in its field where columns have slipped', () => {
    const filter = new PsFilter(nodeOf);
    filter.line('USER   PID COMMAND');
    expect(filter.line('a-very-long-user-name   77 sh')).toBe('   3 a-very-long-user-name   77 sh');
  });

  test('refuses what is no output of ps', () => {
    expect(() => new PsFilter(nodeOf).line('hello')).toThrow('no column PID');
  });
});

describe('command lines', () => {
  const specs = [
    { name: 'all', letter: 'a' },
    { name: 'bytes', letter: 'b', value: 'BYTES' },
    { name: 'again', value: 'ADDRESS', valueIsOptional: true },
    { name: 'x' },
  ];

  test('are read in their order', () => {
    const given = readArguments(['-xb', '5', 'one', '--again=here', '--again', '--', '-x'], specs);
    expect(given).toEqual(
      new Arguments(
        [
          { name: 'x', written: '-x', value: undefined },
          { name: 'bytes', written: '-b', value: '5' },
          { name: 'again', written: '--again', value: 'here' },
          { name: 'again', written: '--again', value: undefined },
        ],
        ['one', '-x'],
        [],
      ),
    );
  });

  test.each([
    [['-q'], 'unknown option -q'],
    [['--quick=5'], 'unknown option --quick'],
    [['--x'], 'unknown option --x'],
    [['--all=yes'], 'option --all takes no value'],
    [['-b'], 'option -b needs a value: -b BYTES'],
  ])('%j is refused', (args, message) => {
    expect(() => readArguments(args, specs)).toThrow(new UsageError(message));
  });

  test('bpsh takes options before and after the nodes, and leaves the command alone', () => {
    const before = readRequest(['-p', '-b', '10', '0-3', 'ls', '-l', '--', '-p']);
    const after = readRequest(['0-3', '-pb10', '--', 'ls', '-l', '--', '-p']);
    expect(before).toMatchObject({ nodes: '0-3', file: 'ls', argv: ['-l', '--', '-p'], style: { lineBytes: 10 } });
    expect(after).toEqual(before);
    expect(readRequest(['-a', 'ls', '-a'])).toMatchObject({ nodes: 'allup', file: 'ls', argv: ['-a'] });
    expect(readRequest(['-A', 'ls'])).toMatchObject({ nodes: 'allnotdown' });
    expect(readRequest(['-1', 'ls'])).toMatchObject({ nodes: 'master', file: 'ls' });
    expect(readRequest(['-l', 'me', '0', 'ls'])).toMatchObject({ nodes: '0', file: 'ls' });
  });

  test.each([
    [['0'], 'no command is given'],
    [[], 'no nodes are given'],
    [['0', '-a', 'ls'], 'nodes are given twice'],
    [['-b', '0', '0', 'ls'], 'from 1 to'],
    [['-b', '1e3', '0', 'ls'], 'from 1 to'],
  ])('bpsh %j is refused', (args, message) => {
    expect(() => readRequest(args)).toThrow(message);
  });

  test('bpmaster reads a count or a set of nodes', () => {
    expect(readNodes('3')).toEqual([0, 1, 2]);
    expect(readNodes('0-2,7,n9')).toEqual([0, 1, 2, 7, 9]);
    for (const wrong of ['up', '3-', 'master', '0-99999999', '1,up'])
      expect(() => readNodes(wrong)).toThrow(UsageError);
  });
});
