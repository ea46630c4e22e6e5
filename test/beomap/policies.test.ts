import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  byAttribute,
  type ChooseOptions,
  choose,
  type MapNode,
  POLICIES,
  type Policy,
  pack,
  parseExpression,
  roundRobin,
  spread,
  topology,
} from '../../src/beomap/index.ts';
import { BprocError } from '../../src/errors.ts';

/** A node that can be used; `load` of its processors, which are as many, or how many idle ones there are. */
function node(number: number, load: number | readonly number[], more: Partial<MapNode> = {}): MapNode {
  const loads = typeof load === 'number' ? new Array<number>(load).fill(0) : load;
  return { node: number, cpus: loads.length, load: loads, attributes: {}, state: 'up', mayPlace: true, ...more };
}

function mapped(nodes: readonly MapNode[], options: ChooseOptions): string {
  return choose(nodes, { noLocal: true, ...options }).map.toString();
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('Scyld’s map', () => {
  const four = [node(0, 2), node(1, 2)];

  test('has rank 0 on the master, and the others on a processor each', () => {
    expect(choose(four, { np: 4 }).map.toString()).toBe('-1:0:0:1');
    expect(choose(four).map.toString()).toBe('-1');
    expect(choose([], { np: 1 }).map.toString()).toBe('-1');
    expect(mapped(four, { np: 4 })).toBe('0:0:1:1');
    expect(mapped(four, { np: 3, exclude: [0] })).toBe('1:1:1');
    expect(choose(four, { np: 2, exclude: [-1] }).map.toString()).toBe('0:0');
  });

  test('begins again with the least busy processors when all have one', () => {
    expect(mapped([node(0, [0.5, 0.5]), node(1, 2)], { np: 6 })).toBe('0:0:1:1:1:1');
  });

  test('has all processors, all nodes, or the master alone', () => {
    expect(choose(four, { allCpus: true }).map.toString()).toBe('-1:0:0:1:1');
    expect(choose(four, { allNodes: true }).map.toString()).toBe('-1:0:1');
    expect(mapped(four, { allNodes: true })).toBe('0:1');
    expect(choose(four, { allLocal: true, np: 3 }).map.toString()).toBe('-1:-1:-1');
  });

  test('takes the least busy processors first, whichever nodes they are of', () => {
    const nodes = [node(0, [0.9, 0.1]), node(1, [0.5, 0.6]), node(2, [0, 1])];
    expect(mapped(nodes, { np: 1 })).toBe('2');
    expect(mapped(nodes, { np: 2 })).toBe('0:2');
    expect(mapped(nodes, { np: 4 })).toBe('0:1:1:2');
  });

  test('takes idle processors only where it may not take others', () => {
    const nodes = [node(0, [0.9, 0.1]), node(1, [0.5, 0.85])];
    expect(mapped(nodes, { np: 2, noOver: true })).toBe('0:1');
    for (const policy of Object.values(POLICIES)) {
      expect(() => mapped(nodes, { np: 3, noOver: true, policy })).toThrow(code('EAGAIN'));
    }
    expect(mapped(nodes, { np: 3, noOver: true, idleBelow: 0.88 })).toBe('0:1:1');
  });

  test('has nothing of nodes that are down, not the caller’s, or without processors', () => {
    const nodes = [
      node(0, 1, { state: 'down' }),
      node(1, 1, { mayPlace: false }),
      node(2, 0),
      node(3, 1, { state: 'up and draining' }),
    ];
    expect(() => mapped(nodes, { np: 1 })).toThrow(code('BE_NODEDOWN'));
    expect(() => mapped(nodes, { np: 1 })).toThrow('node 0: it is down; node 1: the caller may not place work there');
    expect(mapped([...nodes, node(9, 1)], { np: 2 })).toBe('9:9');
    expect(choose(nodes, { allCpus: true }).map.toString()).toBe('-1');
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('cannot be for %d processes', (np) => {
    expect(() => choose(four, { np })).toThrow(code('EINVAL'));
  });

  test('cannot be for 1e9, or for wishes that contradict each other', () => {
    expect(() => choose(four, { np: 1e9 })).toThrow(code('E2BIG'));
    expect(() => choose(four, { np: 1, allCpus: true })).toThrow(code('EINVAL'));
    expect(() => choose(four, { allNodes: true, allLocal: true })).toThrow(code('EINVAL'));
    expect(() => choose(four, { allLocal: true, noLocal: true })).toThrow(code('EINVAL'));
    expect(() => choose(four, { idleBelow: 0 })).toThrow(code('EINVAL'));
  });
});

describe('policies', () => {
  const nodes = [node(0, 2), node(1, 4), node(2, [0, 1, 1, 0])];

  test('pack takes as few nodes as can be', () => {
    expect(mapped(nodes, { np: 2, policy: pack })).toBe('0:0');
    expect(mapped(nodes, { np: 3, policy: pack })).toBe('1:1:1');
    expect(mapped(nodes, { np: 6, policy: pack })).toBe('1:1:1:1:0:0');
    expect(mapped(nodes, { np: 9, policy: pack })).toBe('1:1:1:1:0:0:2:2:2');
  });

  test('spread takes as many as can be, evenly', () => {
    expect(mapped(nodes, { np: 3, policy: spread })).toBe('0:1:1');
    expect(mapped([node(0, 2), node(1, 4), node(2, 4)], { np: 5, policy: spread })).toBe('0:1:1:2:2');
  });

  test('round-robin goes from one to the next', () => {
    expect(mapped(nodes, { np: 5, policy: roundRobin })).toBe('0:1:2:0:1');
    expect(mapped(nodes, { np: 11, policy: roundRobin })).toBe('0:1:2:0:1:2:1:1:2:2:0');
  });

  const cluster = fc
    .array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 8,
    })
    .map((loads) => loads.map((load, number) => node(number * 2, load, { attributes: { rack: String(number % 3) } })));
  const grouped: readonly Policy[] = [topology({ by: 'rack' }), topology({ by: ['none', 'rack'], within: pack })];

  test.each([...Object.values(POLICIES), ...grouped].map((policy) => [policy.name, policy] as const))(
    '%s gives as many as are wanted, and nobody two before each has one',
    (_, policy) => {
      fc.assert(
        fc.property(cluster, fc.integer({ min: 1, max: 80 }), (all, np) => {
          const { map } = choose(all, { np, noLocal: true, policy });
          const cpus = all.reduce((sum, { cpus: count }) => sum + count, 0);
          const rounds = Math.ceil(np / cpus);
          expect(map.size).toBe(np);
          if (np <= cpus)
            for (const [number, slots] of map.counts()) expect(slots).toBeLessThanOrEqual(all[number / 2]?.cpus ?? 0);
          else
            for (const { node: number, cpus: count } of all)
              expect(map.counts().get(number) ?? 0).toBeGreaterThanOrEqual(rounds > 1 ? count : 0);
        }),
      );
    },
  );

  test('topology keeps a job together where it fits', () => {
    const racks = [0, 1, 2, 3, 4, 5].map((number) => {
      return node(number, 2, { attributes: { switch: `s${number >> 1}`, rack: number < 4 ? 'a' : 'b' } });
    });
    const policy = topology({ by: ['switch', 'rack'] });
    const busy = racks.map((each) => (each.node === 0 ? node(0, [1, 1], { attributes: each.attributes }) : each));
    expect(mapped(racks, { np: 4, policy })).toBe('0:0:1:1');
    expect(mapped(busy, { np: 2, policy })).toBe('1:1');
    expect(mapped(busy, { np: 4, policy })).toBe('2:2:3:3');
    expect(mapped(racks, { np: 5, policy })).toBe('0:0:1:1:2');
    expect(mapped(racks, { np: 10, policy })).toBe('0:0:1:1:2:2:3:3:4:4');
    const verdicts = choose(racks, { np: 4, noLocal: true, policy }).explain();
    expect(verdicts.find(({ node: number }) => number === 5)?.why).toBe('all of it fits into switch s0');
  });

  test('that lie are told of, by name', () => {
    const liar = (slots: readonly number[] | undefined): Policy => ({
      name: 'liar',
      place: () => ({ slots }) as never,
    });
    for (const slots of [[7], [0, 0], [undefined as never], [Number.NaN], undefined]) {
      expect(() => mapped(nodes, { np: 1, policy: liar(slots) })).toThrow(code('EINVAL'));
      expect(() => mapped(nodes, { np: 1, policy: liar(slots) })).toThrow('policy liar');
    }
    expect(() => mapped(nodes, { np: 2, policy: liar([0]) })).toThrow(code('EAGAIN'));
  });
});

describe('attributes', () => {
  const attributes = { memory: String(8 * 2 ** 30), arch: 'x86_64', cpus: '16', rack: 'r 1', gpu: '' };
  const holds = (text: string): boolean => parseExpression(text).refusal(attributes) === undefined;

  test.each([
    'memory >= 4GiB',
    'memory == 8G and memory < 9GB',
    'arch == x86_64',
    'arch != aarch64, cpus > 8',
    'rack == "r 1"',
    "rack = 'r 1'",
    'gpu',
    'not tpu',
    '!(cpus<4||memory<1K)',
    'tpu or gpu and cpus >= 16.0',
    'tpu != 4',
    '"cpus" <= 16',
  ])('%s', (text) => expect(holds(text)).toBe(true));

  test.each([
    'memory >= 9GiB',
    'arch == X86_64',
    'arch > 4',
    'arch < 4',
    'tpu == 4',
    'tpu',
    'toString',
    'not (gpu and cpus == 16)',
    'tpu or memory > 1TiB',
  ])('not %s', (text) => expect(holds(text)).toBe(false));

  test.each(['', 'and', 'a ==', '== 4', '(a', 'a)', 'a b', 'a == b c', 'a "', 'a & b', 'a == == b', '!'])(
    '%j is none',
    (text) => {
      expect(() => parseExpression(text)).toThrow(code('EINVAL'));
    },
  );

  test('garbage is told as such, however deep', () => {
    const words = fc.constantFrom('(', ')', '!', 'not', 'and', 'or', '==', '>=', 'memory', '4GiB', '"', ' ', '&&');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((all) => all.join(' ')),
        ),
        (text) => {
          try {
            holds(text);
          } catch (error) {
            if (!BprocError.is(error) || error.code !== 'EINVAL') throw error;
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(() => parseExpression('('.repeat(4000))).toThrow('nested too deep');
    expect(() => parseExpression('a'.repeat(5000))).toThrow(code('EINVAL'));
  });

  test('narrow down what a policy may choose from, and say why', () => {
    const nodes = [
      node(0, 2, { attributes: { memory: '1G' } }),
      node(1, 2, { attributes: { memory: '8G' } }),
      node(2, 2),
    ];
    const choice = choose(nodes, { np: 3, noLocal: true, policy: byAttribute('memory >= 4GiB') });
    expect(choice.map.toString()).toBe('1:1:1');
    expect(choice.explain()).toEqual([
      { node: -1, slots: 0, why: 'not wanted' },
      { node: 0, slots: 0, why: 'memory >= 4GiB does not hold: memory is 1G' },
      { node: 1, slots: 3, why: '2 of 2 processors are idle; there are too few everywhere, so that they have several' },
      { node: 2, slots: 0, why: 'it has no memory' },
    ]);
    expect(() => mapped(nodes, { np: 1, policy: byAttribute('memory > 1T') })).toThrow(code('BE_NODEDOWN'));
  });
});

test('a map is explained node by node', () => {
  const nodes = [node(0, [1, 0]), node(1, 2), node(2, 1, { state: 'down' }), node(3, 1)];
  expect(choose(nodes, { np: 3, exclude: [3] }).explain()).toEqual([
    { node: -1, slots: 1, why: 'rank 0 is on the master, unless told otherwise' },
    { node: 0, slots: 1, why: '1 of 2 processors are idle; least-loaded' },
    { node: 1, slots: 1, why: '2 of 2 processors are idle; least-loaded' },
    { node: 2, slots: 0, why: 'it is down' },
    { node: 3, slots: 0, why: 'it is excluded' },
  ]);
});
