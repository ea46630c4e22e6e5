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

  test('the next life of a node gets another block', () => {
    const registry = new BlockRegistry();
    const first = registry.allocate(5);
    registry.release(5);
    expect(registry.allocate(5)).not.toEqual(first);
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
