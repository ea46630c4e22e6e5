/** Clients of libpmix: what Open MPI does not do too. Three ranks on two nodes: 0 and 2 on one, 1 on the other. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pmix } from '../../../src/mpi/pmix/index.ts';
import { type MemoryJob, MemoryJobs, type RankResult } from '../../support/memory-jobs.ts';
import { MpiPrograms } from '../../support/mpi-programs.ts';

let programs: MpiPrograms;
let client = '';

beforeAll(() => {
  programs = new MpiPrograms();
  client = programs.buildPmix('pmix-client');
});

afterAll(() => programs[Symbol.dispose]());

interface Run extends AsyncDisposable {
  readonly job: MemoryJob;
  readonly jobs: MemoryJobs;
  readonly results: readonly RankResult[];
  /** What each rank has written, in lines. */
  readonly lines: readonly (readonly string[])[];
}

async function run(...args: readonly string[]): Promise<Run> {
  const jobs = new MemoryJobs(pmix);
  const job = jobs.make({ slots: [0, 1, 0] });
  const results = await job.run([client, ...args]);
  const lines = results.map(linesOf);
  return { jobs, job, results, lines, [Symbol.asyncDispose]: () => jobs[Symbol.asyncDispose]() };
}

function linesOf({ stdout }: RankResult): readonly string[] {
  return stdout.split('\n').slice(0, -1);
}

function codesOf({ results }: Run): readonly (number | null)[] {
  return results.map(({ code }) => code);
}

describe('ranks', () => {
  test.each([
    { how: 'exchange', title: 'that give all in the fence' },
    { how: 'direct', title: 'that are asked one by one' },
  ])('read what others have put for them: $title', async ({ how }) => {
    await using done = await run(how);
    expect(codesOf(done)).toEqual([0, 0, 0]);
    const near = (rank: number) => [
      `both of ${rank}: both ${rank}`,
      `near of ${rank}: near ${rank}`,
      `far of ${rank}: NOT-FOUND`,
    ];
    const far = (rank: number) => [
      `both of ${rank}: both ${rank}`,
      `near of ${rank}: NOT-FOUND`,
      `far of ${rank}: far ${rank}`,
    ];
    expect(done.lines).toEqual([
      [...far(1), ...near(2)],
      [...far(0), ...far(2)],
      [...near(0), ...far(1)],
    ]);
  });

  test('wait for what one has not put yet', async () => {
    await using done = await run('late');
    expect(done.lines).toEqual([['late of 1: here'], ['asked of 0: yes'], []]);
  });

  test('are told what is not there: at once, in the time they have, and of what cannot be there', async () => {
    await using done = await run('missing');
    expect(done.lines[0]).toEqual([
      'nothing of 1: NOT-FOUND',
      'nothing of 1: TIMEOUT',
      'pmix.nothing of 1: NOT-FOUND',
      'nothing of 99: NOT-FOUND',
    ]);
    expect(codesOf(done)).toEqual([0, 0, 0]);
  });

  test('publish names, look for them, wait for them and take them back', async () => {
    await using done = await run('names');
    expect(done.lines).toEqual([
      ['again: DUPLICATE KEY', 'unpublish: SUCCESS', 'unpublish: NOT-FOUND'],
      [
        'port: here by 0',
        'single: use by 0',
        'single: NOT-FOUND',
        'other: NOT-FOUND',
        'waited: at last',
        'port: NOT-FOUND',
        'port: TIMEOUT',
      ],
      [],
    ]);
  });

  test('hear of the events that they want to hear of, from other nodes too', async () => {
    await using done = await run('events');
    expect(codesOf(done)).toEqual([0, 0, 0]);
    const heard = ['event -3001 from 0, why because'];
    expect(done.lines).toEqual([[], heard, heard]);
  });

  test.each([
    { how: 'exit', event: 'event -404 from 2, affects 2, code 3' },
    { how: 'signal', event: 'event -402 from 2, affects 2' },
  ])('hear that one has ended, by $how, and do not wait for it', async ({ how, event }) => {
    await using done = await run('death', how);
    expect(done.lines.slice(0, 2)).toEqual([[event, 'fence: LOST_CONNECTION'], ['fence: LOST_CONNECTION']]);
  });

  test('hear that one is done, and hear of it later too', async () => {
    await using done = await run('leaving');
    expect(codesOf(done)).toEqual([0, 0, 0]);
    const heard = ['event -201 from 2, affects 2, code 0'];
    expect(done.lines).toEqual([heard, heard, []]);
  });

  test('ask what jobs and ranks there are', async () => {
    await using done = await run('query');
    const { id } = done.job.layout;
    const said = (table: string) => [
      `pmix.qry.ns: SUCCESS ${id}`,
      `pmix.qry.lptable: SUCCESS ${table}`,
      'pmix.qry.whatever: NOT-FOUND',
    ];
    expect(done.lines[1]).toEqual(said('1@n1!'));
  });

  test('have people read something', async () => {
    await using done = await run('log');
    expect(done.lines[0]).toEqual(['log: SUCCESS', 'syslog: NOT-SUPPORTED']);
    expect(done.job.logged.map(({ rank }) => rank).sort()).toEqual([0, 1, 2]);
    expect(done.job.logged[0]).toMatchObject({ stream: 'stderr', text: 'said by the server\n' });
  });

  test('spawn another job, and connect with it', async () => {
    await using done = await run('spawn');
    expect(done.lines).toEqual([0, 1, 2].map(() => ['the other has 3', 'hello parent']));
    const children = await done.jobs.spawned[0]?.results;
    const said = ['child of 0 with a b=c', 'the other has 3', 'hello child'];
    expect(children?.map(linesOf)).toEqual([said, said, said]);
    expect(children?.map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  test('give the job up', async () => {
    await using done = await run('abort');
    expect(done.job.aborted).toEqual([{ rank: 2, code: 7, message: 'that is enough' }]);
  });

  test('are missed when they leave without a word', async () => {
    await using done = await run('leave');
    expect(codesOf(done)).toEqual([0, 0, 0]);
    const complaint = 'it has ended without MPI_Finalize';
    expect([...done.job.complaints].sort()).toEqual([0, 1, 2].map((rank) => [rank, complaint]));
  });
});
