import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SelectableNode, selectEntries, selectNodes } from '../../src/bproc/node-set.ts';
import { formatNodeSet, NODE_SET_LENGTH_MAX, parseNodeSet } from '../../src/bproc/node-set-text.ts';
import { BprocError } from '../../src/errors.ts';

function node(number: number, state = 'up', ...flags: string[]): SelectableNode {
  return { node: number, state, flags };
}

/** In configuration order, which is not the order of the numbers, and with holes. */
const cluster: readonly SelectableNode[] = [
  node(2),
  node(0),
  node(1, 'up', 'draining'),
  node(3, 'down'),
  node(5, 'allocated'),
  node(8, 'error', 'draining'),
  node(16, 'maint'),
];

function failure(call: () => unknown): BprocError | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof BprocError) return error;
    throw error;
  }
}

/** What a set selects, or the code it is refused with and words of its message. */
const golden: readonly [spec: string, expected: readonly number[] | string, message?: RegExp][] = [
  // Nothing
  ['', []],
  [' \t\n', []],
  [',,,', []],
  [' , ,', []],
  // Numbers
  ['0', [0]],
  ['n5', [5]],
  ['.5', [5]],
  ['0x10', [16]],
  ['0X10', [16]],
  ['n0x5', [5]],
  ['2,0,1', [2, 0, 1]],
  ['2 0 1', [2, 0, 1]],
  [' 2 ,\t0,,1, ', [2, 0, 1]],
  ['3,3,3', [3, 3, 3]],
  // The front end and the caller
  ['master', [-1]],
  ['-1', [-1]],
  ['n-1', [-1]],
  ['.-1', [-1]],
  ['-1,0,master', [-1, 0, -1]],
  ['self', [2]],
  ['self,self,0', [2, 2, 0]],
  // Ranges
  ['0-3', [0, 1, 2, 3]],
  ['3-8', [3, 5, 8]],
  ['3-3', [3]],
  ['5-', [5, 8, 16]],
  ['16-', [16]],
  ['n0-n2', [0, 1, 2]],
  ['.0-2', [0, 1, 2]],
  ['0x5-0x10', [5, 8, 16]],
  ['0-2,1-3', [0, 1, 2, 1, 2, 3]],
  ['n3-', [3, 5, 8, 16]],
  // Words
  ['all', [2, 0, 1, 3, 5, 8, 16]],
  ['all,all', [2, 0, 1, 3, 5, 8, 16, 2, 0, 1, 3, 5, 8, 16]],
  ['up', [2, 0, 1]],
  ['allup', [2, 0, 1]],
  ['notup', [3, 5, 8, 16]],
  ['!up', [3, 5, 8, 16]],
  ['allnotup', [3, 5, 8, 16]],
  ['all!up', [3, 5, 8, 16]],
  ['notdown', [2, 0, 1, 5, 8, 16]],
  ['allnotdown', [2, 0, 1, 5, 8, 16]],
  ['down,error', [3, 8]],
  ['draining', [1, 8]],
  ['notdraining', [2, 0, 3, 5, 16]],
  ['allocated', [5]],
  ['allallocated', [5]],
  ['maint', [16]],
  ['allmaint', [16]],
  ['pwroff', []],
  ['Up', []],
  ['notpwroff', [2, 0, 1, 3, 5, 8, 16]],
  ['up,16,master', [2, 0, 1, 16, -1]],
  // Nodes that do not exist
  ['4', 'BE_INVALIDNODE', /^node 4 does not exist; the nodes are 0-3,5,8,16$/],
  ['0,4,9', 'BE_INVALIDNODE', /^node 4 /],
  ['0-4', 'BE_INVALIDNODE', /^node 4 /],
  ['4-8', 'BE_INVALIDNODE', /^node 4 /],
  ['6-7', 'BE_INVALIDNODE', /^node 6 /],
  ['17-', 'BE_INVALIDNODE', /^node 17 /],
  ['0-4000000000', 'BE_INVALIDNODE', /^node 4000000000 /],
  // What cannot be read
  ['010', 'EINVAL', /item 1 \("010", at character 1\): .* Write 10 or 8$/],
  ['0,n007', 'EINVAL', /item 2 \("n007", at character 3\): .* write 7$/],
  ['08', 'EINVAL', /write 8$/],
  ['00', 'EINVAL', /write 0$/],
  ['7-3', 'EINVAL', /reversed; write 3-7/],
  ['-2', 'EINVAL', /only negative number is -1/],
  ['-', 'EINVAL', /number before its dash and no blanks/],
  ['0 - 3', 'EINVAL', /item 2 \("-", at character 3\)/],
  ['-1-3', 'EINVAL', /number before its dash/],
  ['0--1', 'EINVAL', /written 5, n5/],
  ['0-3-5', 'EINVAL', /written 5, n5/],
  ['0-3:2', 'EINVAL', /written 5, n5/],
  ['5x', 'EINVAL', /written 5, n5/],
  ['n5x', 'EINVAL', /written 5, n5/],
  ['0x', 'EINVAL', /written 5, n5/],
  ['1.5', 'EINVAL', /written 5, n5/],
  ['.', 'EINVAL', /written 5, n5/],
  ['0-self', 'EINVAL', /written 5, n5/],
  ['99999999999999999999', 'EINVAL', /too large/],
  ['not', 'EINVAL', /expected a node number/],
  ['!', 'EINVAL', /expected a node number/],
  ['allnot', 'EINVAL', /expected a node number/],
  ['up_', 'EINVAL', /expected a node number/],
  ['n[0-3]', 'EINVAL', /expected a node number/],
  ['notn5', 'EINVAL', /only the word of a state/],
  ['!5', 'EINVAL', /only the word of a state/],
  ['notmaster', 'EINVAL', /only the word of a state/],
  ['notall', 'EINVAL', /only the word of a state/],
  ['allself', 'EINVAL', /only the word of a state/],
  ['notnotup', 'EINVAL', /only the word of a state/],
  ['!!up', 'EINVAL', /only the word of a state/],
  ['4,7-3', 'EINVAL', /item 2/],
];

describe('node sets', () => {
  it.each(golden)('%j', (spec, expected, message) => {
    if (typeof expected !== 'string') {
      expect(selectNodes(spec, cluster, { self: 2 })).toEqual(expected);
      expect(selectEntries(spec, cluster, { self: 2 })).toEqual(expected);
      return;
    }
    const error = failure(() => selectNodes(spec, cluster, { self: 2 }));
    expect(error?.code).toBe(expected);
    expect(error?.message).toMatch(message ?? /./);
  });

  it('parse into items', () => {
    expect(parseNodeSet('n3 1-2,4-,master,self all !up allocated')).toEqual([
      { kind: 'node', node: 3 },
      { kind: 'range', first: 1, last: 2 },
      { kind: 'range', first: 4, last: undefined },
      { kind: 'node', node: -1 },
      { kind: 'node', node: -2 },
      { kind: 'all' },
      { kind: 'state', words: ['up'], negated: true },
      { kind: 'state', words: ['allocated', 'ocated'], negated: false },
    ]);
  });

  it('select the same from nodes that are listed twice or mixed with the master', () => {
    const twice = [...cluster, node(-1), ...cluster];
    for (const spec of ['all', 'up', '!up', '0-3']) {
      expect(selectNodes(spec, twice)).toEqual(selectNodes(spec, cluster));
    }
    expect(selectNodes('draining', [node(1, 'draining', 'draining')])).toEqual([1]);
  });

  it('select both a word of a site that begins with all and the word after it', () => {
    expect(selectNodes('allocated', [node(0, 'ocated'), node(1, 'up'), node(2, 'allocated')])).toEqual([0, 2]);
  });

  it('name the master of a cluster without nodes', () => {
    expect(selectNodes('master,all,up,notup', [])).toEqual([-1]);
    expect(failure(() => selectNodes('0', []))).toMatchObject({
      code: 'BE_INVALIDNODE',
      node: 0,
      message: 'node 0 does not exist; the cluster has no nodes',
    });
  });

  it('refuse self where nobody is, and a self that does not exist', () => {
    expect(failure(() => selectNodes('self', cluster))?.code).toBe('EINVAL');
    expect(failure(() => selectEntries('self', cluster))?.code).toBe('EINVAL');
    expect(failure(() => selectNodes('self', cluster, { self: 99 }))?.code).toBe('BE_INVALIDNODE');
    expect(selectNodes('self', cluster, { self: -1 })).toEqual([-1]);
  });

  it('keep the position of a node that does not exist', () => {
    const shown = selectEntries('0,4,master,6-9,1-4', cluster).map((entry) =>
      typeof entry === 'number' ? entry : `${entry.code} ${entry.node}`,
    );
    expect(shown).toEqual([
      0,
      'BE_INVALIDNODE 4',
      -1,
      'BE_INVALIDNODE 6',
      8,
      'BE_INVALIDNODE 9',
      1,
      2,
      3,
      'BE_INVALIDNODE 4',
    ]);
    expect(selectEntries('7-7', cluster)).toHaveLength(1);
  });

  it('are refused as a whole where an item cannot be read, also entry by entry', () => {
    expect(failure(() => selectEntries('0,4,7-3', cluster))?.code).toBe('EINVAL');
  });

  it('keep their messages short', () => {
    const scattered = Array.from({ length: 5000 }, (_, i) => node(i * 2));
    expect(failure(() => selectNodes('1', scattered))?.message).toMatch(/^node 1 does not exist; .{1,220},\.\.\.$/);
    expect(failure(() => parseNodeSet(`${'x'.repeat(50_000)}\u001b`))?.message).toMatch(/^[ -~]{1,250}$/);
  });
});

describe('node sets in numbers', () => {
  it.each([
    [[], ''],
    [[7], '7'],
    [[0, 1], '0-1'],
    [[0, 1, 2, 3, 7], '0-3,7'],
    [[3, 2, 1], '3,2,1'],
    [[1, 1, 2], '1,1-2'],
    [[-1], 'master'],
    [[-2], 'self'],
    [[-1, 0, 1], 'master,0-1'],
    [[-2, -1, 0], 'self,master,0'],
  ])('%j is %j', (numbers, text) => {
    expect(formatNodeSet(numbers)).toBe(text);
  });

  it.each([-3, 0.5, Number.NaN, Infinity])('refuse %s', (number) => {
    expect(failure(() => formatNodeSet([number]))?.code).toBe('EINVAL');
  });

  it('come back from their text', () => {
    const number = fc.oneof(fc.integer({ min: -1, max: 12 }), fc.integer({ min: 0, max: 2 ** 31 }));
    fc.assert(
      fc.property(fc.array(number), (numbers) => {
        const known = numbers.map((each) => node(each));
        expect(selectNodes(formatNodeSet(numbers), known)).toEqual(numbers);
      }),
    );
  });
});

/** An item of a set with its text, and the meaning that a simple-minded reader would give it. */
interface ModelItem {
  readonly text: string;
  readonly select: (nodes: readonly SelectableNode[]) => readonly (number | string)[];
}

const HIGHEST = 12;
const small = fc.integer({ min: 0, max: HIGHEST });
const spelled = (number: number): fc.Arbitrary<string> =>
  fc
    .constantFrom('', 'n', '.')
    .chain((prefix) => fc.constantFrom(`${prefix}${number}`, `${prefix}0x${number.toString(16)}`));
const isThere = (nodes: readonly SelectableNode[], number: number): boolean =>
  nodes.some((each) => each.node === number);

function everyNumber(
  nodes: readonly SelectableNode[],
  first: number,
  last: number,
  open: boolean,
): (number | string)[] {
  const found: (number | string)[] = [];
  for (let number = first; number <= last; number++) {
    if (isThere(nodes, number)) found.push(number);
    else if (number === first || (number === last && !open)) found.push(`no ${number}`);
  }
  return found;
}

const anyItem: fc.Arbitrary<ModelItem> = fc.oneof(
  small.chain((number) =>
    spelled(number).map((text): ModelItem => ({ text, select: (nodes) => everyNumber(nodes, number, number, false) })),
  ),
  fc.tuple(small, small).chain(([one, other]) => {
    const [first, last] = one < other ? [one, other] : [other, one];
    return fc
      .tuple(spelled(first), spelled(last))
      .map(([a, b]): ModelItem => ({ text: `${a}-${b}`, select: (nodes) => everyNumber(nodes, first, last, false) }));
  }),
  small.chain((first) =>
    spelled(first).map(
      (text): ModelItem => ({ text: `${text}-`, select: (nodes) => everyNumber(nodes, first, HIGHEST, true) }),
    ),
  ),
  fc.constantFrom('master', '-1').map((text): ModelItem => ({ text, select: () => [-1] })),
  fc.constant<ModelItem>({ text: 'all', select: (nodes) => nodes.map((each) => each.node) }),
  fc
    .tuple(
      fc.constantFrom('', 'all'),
      fc.constantFrom('', 'not', '!'),
      fc.constantFrom('up', 'down', 'maint', 'draining'),
    )
    .map(
      ([all, not, word]): ModelItem => ({
        text: all + not + word,
        select: (nodes) =>
          nodes
            .filter((each) => (each.state === word || each.flags.includes(word)) !== (not !== ''))
            .map((each) => each.node),
      }),
    ),
);

const anyCluster: fc.Arbitrary<SelectableNode[]> = fc.uniqueArray(
  fc.record({
    node: small,
    state: fc.constantFrom('up', 'down', 'maint'),
    flags: fc.subarray(['draining', 'unreachable']),
  }),
  { selector: (each) => each.node },
);

describe('node sets against a model', () => {
  it('select what the model does', () => {
    const separator = fc.constantFrom(',', ' ', ', ', ',,', '\t');
    fc.assert(
      fc.property(fc.array(fc.tuple(anyItem, separator)), anyCluster, (items, nodes) => {
        const spec = items.map(([item, after]) => item.text + after).join('');
        const expected = items.flatMap(([item]) => item.select(nodes));
        const entries = selectEntries(spec, nodes);
        expect(entries.map((entry) => (typeof entry === 'number' ? entry : `no ${entry.node}`))).toEqual(expected);
        const missing = entries.find((entry) => typeof entry !== 'number');
        const error = failure(() => expect(selectNodes(spec, nodes)).toEqual(expected));
        expect(error?.message).toBe(missing?.message);
      }),
      { numRuns: 500 },
    );
  });

  it('never throw anything but a BprocError', () => {
    const piece = fc.constantFrom(
      ...'0189n.x-,! \t_',
      'all',
      'not',
      'up',
      'master',
      'self',
      'draining',
      '0x',
      '\u{1f600}',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (spec) => {
        failure(() => selectEntries(spec, cluster, { self: 0 }));
        failure(() => selectNodes(spec, cluster));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostile node sets', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => node(i));
  const fill = (piece: string): string => piece.repeat(Math.floor(NODE_SET_LENGTH_MAX / piece.length));
  const words = Array.from({ length: 10_000 }, (_, i) => `!w${i.toString(36)}`).join(',');

  it('are refused when they are too long', () => {
    expect(parseNodeSet(' '.repeat(NODE_SET_LENGTH_MAX))).toEqual([]);
    expect(failure(() => parseNodeSet(' '.repeat(NODE_SET_LENGTH_MAX + 1)))?.code).toBe('E2BIG');
  });

  it('are refused when they select too much', () => {
    expect(failure(() => selectNodes(fill('all,'), many))?.code).toBe('E2BIG');
    expect(failure(() => selectEntries(fill('0-,'), many))?.code).toBe('E2BIG');
    expect(failure(() => selectEntries(words, many))?.code).toBe('E2BIG');
  });

  it.each([
    ['a huge range', '0-4000000000'],
    ['a range over all numbers', `0-${Number.MAX_SAFE_INTEGER}`],
    ['one long number', fill('9')],
    ['one long hexadecimal number', `0x${'f'.repeat(60_000)}`],
    ['one long leading zero', '0'.repeat(60_000)],
    ['one long octal number', `0${'7'.repeat(60_000)}`],
    ['one long word', fill('a')],
    ['negations', fill('not')],
    ['alls', fill('all')],
    ['dashes', fill('-')],
    ['many missing nodes', fill('99999 ')],
    ['many ranges without ends', fill('10001-10002 ')],
    ['the same negation again and again', fill('!up,')],
    ['many words', words.replaceAll('!', '')],
  ])('take no long time: %s', (_, spec) => {
    const before = performance.now();
    const error = failure(() => selectEntries(spec, many));
    expect(performance.now() - before).toBeLessThan(2000);
    expect(error?.message ?? '').toMatch(/^[ -~]{0,250}$/);
  });
});
