import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appOf, appsOf, nodesOf, placesOf, processMapping } from '../../src/mpi/index.ts';

const layout = (slots: readonly number[]) => ({ size: slots.length, nodes: nodesOf(slots, (node) => `n${node}`) });

/** The node, by its number within the job, of each rank, as MPICH reads it. */
function dealt(mapping: string, size: number): readonly number[] {
  const blocks = [...mapping.matchAll(/\((\d+),(\d+),(\d+)\)/g)].map((found) => found.slice(1).map(Number));
  const places: number[] = [];
  while (places.length < size) {
    for (const [start = 0, count = 0, each = 0] of blocks) {
      for (let node = start; node < start + count; node += 1) places.push(...Array.from({ length: each }, () => node));
    }
  }
  return places.slice(0, size);
}

describe('where the ranks of a job are', () => {
  it.each([
    [[0, 0], '(vector,(0,1,2))'],
    [[0, 0, 1, 1, 2, 2, 3, 3], '(vector,(0,4,2))'],
    [[4, 7, 7, 7, 2, 2, 9, 9], '(vector,(0,1,1),(1,1,3),(2,2,2))'],
    [[0, 1, 2, 3, 0, 1, 2, 3], '(vector,(0,4,1))'],
    [[-1], '(vector,(0,1,1))'],
  ])('is said for MPICH: %j', (slots, mapping) => {
    expect(processMapping(layout(slots))).toBe(mapping);
  });

  it('is said so that MPICH deals all ranks to where they are, whatever the map', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 5 }), { minLength: 1, maxLength: 40 }), (slots) => {
        const job = layout(slots);
        const told = dealt(processMapping(job), job.size).map((index) => job.nodes[index]?.node);
        expect(told).toEqual(slots);
        for (const [rank, { node, local }] of placesOf(job).entries()) expect(node.ranks[local]).toBe(rank);
      }),
    );
  });

  it('knows of which application a rank is', () => {
    const apps = appsOf([2, 1, 3]);
    expect([0, 1, 2, 3, 4, 5].map((rank) => appOf({ apps }, rank))).toEqual([0, 0, 1, 2, 2, 2]);
  });
});
