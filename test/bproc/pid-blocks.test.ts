import { describe, expect, test } from 'vitest';
import { BLOCK_SIZE, BlockRegistry, PidSource } from '../../src/bproc/pid-blocks.ts';

describe('blocks of pids', () => {
  test('a master that knows nothing gives no node what another node may have', () => {
    const earlier = new BlockRegistry();
    const blocks = [0, 1, 2].map((node) => earlier.allocate(node));
    const later = new BlockRegistry();
    const again = [2, 1, 0].map((node) => later.allocate(node)).reverse();
    expect(again).toEqual(blocks);
    for (const [node, block] of blocks.entries()) {
      if (block === undefined) throw new Error('a block was refused');
      expect(later.canAdopt(node, block)).toBe(true);
      expect(later.canAdopt(node + 1, block)).toBe(false);
      expect(later.nodeOf(block.first + 17)).toBe(node);
    }
  });

  test('many blocks of one node are all different, and free again with its next life', () => {
    const registry = new BlockRegistry();
    const firsts = Array.from({ length: 100 }, () => registry.allocate(5)?.first);
    expect(new Set(firsts).size).toBe(100);
    registry.release(5);
    const again = Array.from({ length: 100 }, () => registry.allocate(5)?.first);
    expect(new Set(again)).toEqual(new Set(firsts));
  });

  test('a slave that lacks the first block of its node is given it, in every life', () => {
    const registry = new BlockRegistry();
    const first = registry.settle(5, []);
    if (first === undefined) throw new Error('no block was given');
    expect(first.first).toBe(BLOCK_SIZE * 7);
    expect(registry.settle(5, [first])).toBeUndefined();
    const second = registry.allocate(5);
    if (second === undefined) throw new Error('no block was given');
    expect(registry.settle(5, [second])).toEqual(first);
    expect(registry.nodeOf(second.first)).toBe(5);
    expect(registry.settle(5, [])).toEqual(first);
  });

  test('the master, the last node with blocks of its own, and one beyond', () => {
    const registry = new BlockRegistry();
    for (const node of [-1, 65_534, 65_535, 1_000_000]) {
      const block = registry.allocate(node);
      expect(registry.nodeOf(block?.first ?? 0)).toBe(node);
    }
  });
});

test('a source of pids begins where it is told to, and gives all of its blocks', () => {
  const source = new PidSource(0.5);
  source.add({ first: BLOCK_SIZE, count: BLOCK_SIZE });
  const taken = new Set<number>();
  for (let pid = source.take((each) => taken.has(each)); pid !== undefined; ) {
    taken.add(pid);
    pid = source.take((each) => taken.has(each));
  }
  expect([...taken][0]).toBe(BLOCK_SIZE * 1.5);
  expect(taken.size).toBe(BLOCK_SIZE);
});

describe('a source with a block that its kernel has pids of', () => {
  const low = { first: BLOCK_SIZE * 8, count: 8 };
  const high = { first: 2 ** 22, count: 8 };
  const limit = 2 ** 22;

  test('gives from it first, and from the other one when it is full', () => {
    const source = new PidSource(0.5);
    source.add(high);
    source.add(low);
    const taken = new Set<number>();
    const take = (): number => {
      const pid = source.take((each) => taken.has(each), limit);
      if (pid === undefined) throw new Error('all are taken');
      taken.add(pid);
      return pid;
    };
    expect(Array.from({ length: 8 }, take).every((pid) => pid < limit)).toBe(true);
    expect(Array.from({ length: 8 }, take).every((pid) => pid >= limit)).toBe(true);
    taken.delete(low.first + 3);
    expect(take()).toBe(low.first + 3);
    expect(source.take((each) => taken.has(each), limit)).toBeUndefined();
  });

  test('leaps over a run of pids that the kernel has given away', () => {
    const source = new PidSource();
    source.add({ first: BLOCK_SIZE, count: BLOCK_SIZE });
    expect(source.take(() => false)).toBe(BLOCK_SIZE);
    source.leap();
    expect(source.take(() => false)).toBeGreaterThan(BLOCK_SIZE + 500);
  });
});
