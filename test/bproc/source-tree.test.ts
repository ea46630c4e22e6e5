/** Who fetches an image from whom: PROTOCOL.md 10.3. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Assignment, SourceTree } from '../../src/bproc/master/source-tree.ts';

const MASTER = undefined;
/** As long as the tree waits at least before it looks for another source. */
const PATIENCE_MS = 5000;

interface Plan {
  readonly nodes: number;
  /** How long a node takes to get the image from its source, by the number of the assignment. */
  readonly takesMs: (number: number) => number;
  /** Whether a transfer fails instead, when half of it should be over. */
  readonly fails?: (assignment: Assignment) => boolean;
  /** Nodes to which nobody can connect. */
  readonly closed?: ReadonlySet<number>;
  /** Nodes that die when they are assigned this many times, as a receiver or as a source. */
  readonly dies?: ReadonlyMap<number, number>;
}

interface Outcome {
  readonly served: ReadonlySet<number>;
  readonly dead: ReadonlySet<number>;
  readonly fromMaster: number;
  readonly endedAt: number;
  readonly most: number;
  readonly failures: number;
}

/** All nodes lack the image at the same time; what the tree says is done, as long as it says something. */
function run({ nodes, takesMs, fails = () => false, closed = new Set(), dies = new Map() }: Plan): Outcome {
  let last = 0;
  const tree = new SourceTree(
    (node) => !closed.has(node) && !dead.has(node),
    () => {
      last += 1;
      return last;
    },
  );
  const dead = new Set<number>();
  const served = new Set<number>();
  const uses = new Map<number, number>();
  /** What is under way: each receiver follows its newest assignment. */
  const current = new Map<
    number,
    { readonly assignment: Assignment; readonly endsAt: number; readonly isBad: boolean }
  >();
  let [now, fromMaster, most, failures] = [0, 0, 0, 0];
  const use = (node: number | undefined): boolean => {
    if (node === undefined) return false;
    const count = (uses.get(node) ?? 0) + 1;
    uses.set(node, count);
    return count === dies.get(node);
  };
  const take = (assignments: readonly Assignment[]): void => {
    for (const assignment of assignments) {
      const { receiver, source, number } = assignment;
      expect(served.has(receiver)).toBe(false);
      if (source !== undefined) expect(served.has(source) && !closed.has(source)).toBe(true);
      if (source === MASTER) fromMaster += 1;
      const isBad = fails(assignment) || (source !== undefined && dead.has(source));
      const tookMs = takesMs(number);
      current.set(receiver, { assignment, endsAt: now + (isBad ? tookMs / 2 : tookMs), isBad });
      for (const node of [receiver, source]) {
        if (node === undefined || !use(node)) continue;
        dead.add(node);
        current.delete(node);
        // who fetches from it sees that at once
        for (const [other, each] of current) {
          if (each.assignment.source === node) current.set(other, { ...each, endsAt: now, isBad: true });
        }
        take(tree.gaveUp(node, now));
      }
    }
    const busy = [...current.values()].flatMap(({ assignment }) => assignment.source ?? []);
    for (const node of busy) most = Math.max(most, busy.filter((each) => each === node).length);
  };
  for (let node = 0; node < nodes; node += 1) take(tree.lacks(node, 0, now));
  for (let turns = 0; new Set([...served, ...dead]).size < nodes; turns += 1) {
    expect(turns).toBeLessThan(100 * nodes + 100);
    const next = [...current].toSorted(([, a], [, b]) => a.endsAt - b.endsAt)[0];
    const dueAt = tree.dueAt ?? Number.POSITIVE_INFINITY;
    if (next === undefined || dueAt < next[1].endsAt) {
      expect(dueAt).toBeLessThan(Number.POSITIVE_INFINITY);
      now = Math.max(now, dueAt);
      take(tree.due(now));
      continue;
    }
    const [receiver, { assignment, endsAt, isBad }] = next;
    now = Math.max(now, endsAt);
    current.delete(receiver);
    if (isBad) failures += 1;
    else served.add(receiver);
    take(isBad ? tree.lacks(receiver, assignment.number, now) : tree.has(receiver, now));
  }
  expect(tree.isIdle).toBe(true);
  return { served, dead, fromMaster, endedAt: now, most, failures };
}

describe('an image for many nodes', () => {
  test.each([1, 2, 3, 8, 64, 100, 1024])('passes on among %i of them in rounds that double', (nodes) => {
    const { served, fromMaster, endedAt, most } = run({ nodes, takesMs: () => 100 });
    expect(served.size).toBe(nodes);
    expect(fromMaster).toBeLessThanOrEqual(2);
    expect(most).toBeLessThanOrEqual(1);
    expect(endedAt).toBeLessThanOrEqual(100 * (Math.ceil(Math.log2(nodes)) + 1));
  });

  test('comes from the master alone where nodes cannot be reached', () => {
    const closed = new Set(Array.from({ length: 20 }, (_, node) => node));
    const { fromMaster, endedAt } = run({ nodes: 20, takesMs: () => 100, closed });
    expect([fromMaster, endedAt]).toEqual([20, 100]);
  });

  test('comes from the master soon where nodes are said to be reachable and are not', () => {
    const { fromMaster, failures } = run({ nodes: 40, takesMs: () => 100, fails: ({ source }) => source !== MASTER });
    expect(fromMaster).toBe(40);
    expect(failures).toBeLessThanOrEqual(6);
  });

  test('is given by those who are quick more often', () => {
    // one in four takes eight times as long: it must not be waited for
    const takesMs = (number: number): number => (number % 4 === 0 ? 800 : 100);
    const { endedAt, fromMaster } = run({ nodes: 256, takesMs });
    expect(endedAt).toBeLessThan(2500);
    expect(fromMaster).toBeLessThanOrEqual(2);
  });
});

test('a node that a slow source keeps waiting gets another one, and nobody else waits for it', () => {
  const slow = 7;
  const { served, endedAt } = run({ nodes: 32, takesMs: (number) => (number === slow ? 1e9 : 100) });
  expect(served.size).toBe(32);
  expect(endedAt).toBeLessThan(4 * PATIENCE_MS);
});

test('a first copy that never arrives keeps the others waiting for a while only', () => {
  const { served, fromMaster, endedAt } = run({ nodes: 32, takesMs: (number) => (number <= 2 ? 1e9 : 100) });
  expect(served.size).toBe(32);
  expect(fromMaster).toBeLessThanOrEqual(5);
  expect(endedAt).toBeLessThan(20 * PATIENCE_MS);
});

test('a node that the tree has assigned anew says nothing by its word about the source before', () => {
  let last = 0;
  const tree = new SourceTree(
    () => true,
    () => ++last,
  );
  expect(tree.lacks(1, 0, 0)).toEqual([{ receiver: 1, source: MASTER, number: 1 }]);
  expect(tree.lacks(1, 99, 0)).toEqual([]);
  expect(tree.has(1, 1)).toEqual([]);
  expect(tree.lacks(2, 0, 2)).toEqual([{ receiver: 2, source: 1, number: 2 }]);
  // begins anew, as after a lost connection: the source is free, and is not blamed
  expect(tree.lacks(2, 0, 3)).toEqual([{ receiver: 2, source: 1, number: 3 }]);
});

test('a source that is away is none, until it says again what it has', () => {
  let last = 0;
  const open = new Set([1]);
  const tree = new SourceTree(
    (node) => open.has(node),
    () => ++last,
  );
  tree.has(1, 0);
  tree.gaveUp(1, 1);
  expect(tree.isEmpty).toBe(true);
  expect(tree.lacks(2, 0, 2)).toEqual([{ receiver: 2, source: MASTER, number: 1 }]);
  tree.gaveUp(2, 3);
  tree.has(1, 4);
  expect(tree.lacks(3, 0, 5)).toEqual([{ receiver: 3, source: 1, number: 2 }]);
  // one that has no address yet is a source as soon as it has
  tree.has(4, 6);
  open.add(4);
  tree.opened(4, 7);
  expect(tree.lacks(5, 0, 8)).toEqual([{ receiver: 5, source: 4, number: 3 }]);
});

test('whatever fails, dies or is slow, every node is served in the end, and no source gives it twice at once', () => {
  const plan = fc.record({
    nodes: fc.integer({ min: 1, max: 60 }),
    durations: fc.array(fc.constantFrom(1, 50, 100, 400, 20_000), { minLength: 1, maxLength: 20 }),
    failing: fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
    closed: fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 20 }),
    dying: fc.array(fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 4 })), { maxLength: 15 }),
  });
  fc.assert(
    fc.property(plan, ({ nodes, durations, failing, closed, dying }) => {
      const outcome = run({
        nodes,
        takesMs: (number) => durations[number % durations.length] ?? 100,
        // the master's own transfers fail only with their receivers
        fails: ({ source, number }) => source !== MASTER && failing[number % failing.length] === true,
        closed: new Set(closed),
        dies: new Map(dying.filter(([node]) => node < nodes)),
      });
      expect(outcome.most).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

test('the master gives few copies where one transfer in ten fails', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 300 }), fc.integer({ min: 0, max: 9 }), (nodes, shift) => {
      const fails = ({ source, number }: Assignment): boolean =>
        source !== MASTER && number > 12 && number % 10 === shift;
      const { fromMaster } = run({ nodes, takesMs: () => 100, fails });
      expect(fromMaster).toBeLessThanOrEqual(3);
    }),
    { numRuns: 60 },
  );
});
