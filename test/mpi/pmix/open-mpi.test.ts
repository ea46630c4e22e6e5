/** Programs of Open MPI, as they are, with no mpirun: the servers are ours, the cluster is not there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pmix } from '../../../src/mpi/pmix/index.ts';
import { MemoryJobs } from '../../support/memory-jobs.ts';
import { MpiPrograms } from '../../support/mpi-programs.ts';

/** What shares a name but no node must not look for shared memory. */
const APART = { OMPI_MCA_btl: 'tcp,self' };

let programs: MpiPrograms;
let program = '';
let spawning = '';

beforeAll(() => {
  programs = new MpiPrograms();
  program = programs.build('whole-job', 'mpicc.openmpi');
  spawning = programs.build('spawning', 'mpicc.openmpi');
});

afterAll(() => programs[Symbol.dispose]());

/** How many ranks each rank's node has. */
function sharing(slots: readonly number[]): readonly number[] {
  return slots.map((node) => slots.filter((other) => other === node).length);
}

describe('ranks of Open MPI', () => {
  const sizes = [1, 2, 3, 8, 16];
  test.each(sizes)('talk to each other on one node, %i of them', async (size) => {
    await using jobs = new MemoryJobs(pmix);
    const job = jobs.make({ slots: Array.from({ length: size }, () => 0) });
    const results = await job.run([program]);
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(results.map(() => ({ code: 0, stderr: '' })));
    expect(results[0]?.stdout).toContain(`ok ${size} universe ${size} shared ${results.map(() => size).join(' ')} `);
    expect([...job.complaints]).toEqual([]);
  });

  const maps = [
    { slots: [0, 1] },
    { slots: [0, 1, 1] },
    { slots: [0, 1, 1, 1, 2, 2, 3, 3] },
    { slots: [0, 1, 2, 3, 0, 1, 2, 3] },
    { slots: [2, 2, 2, 2, 2, 2, 2, 0, 1, 1, 1, 3, 3, 3, 3, 3] },
  ];
  test.each(maps)('talk to each other on the nodes $slots', async ({ slots }) => {
    await using jobs = new MemoryJobs(pmix);
    const job = jobs.make({ slots });
    const results = await job.run([program], { env: APART });
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(slots.map(() => ({ code: 0, stderr: '' })));
    expect(results[0]?.stdout).toContain(` shared ${sharing(slots).join(' ')} `);
    expect([...job.complaints]).toEqual([]);
  });

  test('spawn others, whom they talk to', async () => {
    await using jobs = new MemoryJobs(pmix, APART);
    const job = jobs.make({ slots: [0, 1], universe: 8 });
    const parents = await job.run([spawning], { env: APART });
    const children = await jobs.spawned[0]?.results;
    expect(parents.map(({ stdout }) => stdout)).toEqual(['parent 0/4 sum 10\n', 'parent 1/4 sum 10\n']);
    expect(children?.map(({ stdout }) => stdout)).toEqual(['child 2/4 sum 10\n', 'child 3/4 sum 10\n']);
  });
});
