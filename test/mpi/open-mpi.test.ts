import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';
import type { LaunchOptions } from '../../src/mpi/index.ts';
import { type JobOutcome, MpiPrograms, runJob } from '../support/mpi-programs.ts';
import { NOBODY } from '../support/other-user.ts';

const programs = new MpiPrograms();
let program = '';
let spawning = '';
let client = '';
let cluster: Cluster;

/** These nodes are one machine, whose name Open MPI takes for one node: they are not to look for each other's shared memory. */
const APART = { OMPI_MCA_btl: 'tcp,self' };

beforeAll(async () => {
  program = programs.build('whole-job', 'mpicc.openmpi');
  spawning = programs.build('spawning', 'mpicc.openmpi');
  client = programs.buildPmix('pmix-client');
  const node = { pidNamespace: 'none' as const };
  cluster = await startCluster({ nodes: [node, node, node, node] });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  programs[Symbol.dispose]();
});

function run(options: LaunchOptions): Promise<JobOutcome> {
  return runJob(cluster.client, { ...(options.apps === undefined ? { argv: [program] } : {}), env: APART, ...options });
}

/** What rank 0 of the program says. */
function told(shared: readonly number[], more: { readonly universe?: number; readonly apps?: readonly number[] } = {}) {
  const { universe = shared.length, apps = shared.map(() => 0) } = more;
  return `ok ${shared.length} universe ${universe} shared ${shared.join(' ')} apps ${apps.join(' ')} hosts`;
}

function lines({ stdout }: JobOutcome): readonly string[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

describe('a job of Open MPI, with no mpirun', () => {
  it.each([
    ['0', [1]],
    ['2:2', [2, 2]],
    ['1:0', [1, 1]],
    ['3:0:3', [2, 1, 2]],
    ['0:0:1:1:2:2:3:3', [2, 2, 2, 2, 2, 2, 2, 2]],
    ['0:1:2:3:0:1:2:3', [2, 2, 2, 2, 2, 2, 2, 2]],
    ['0:1:1:1:2:2:3:3', [1, 3, 3, 3, 2, 2, 2, 2]],
    ['0:0:0:0:0:0:0:0:0:0:0:0:0:1:2:3', [...Array.from({ length: 13 }, () => 13), 1, 1, 1]],
  ])('on %s is whole', async (map, shared) => {
    const { exitCode, stdout, stderr, ranks, lines: report } = await run({ map });
    expect({ exitCode, stderr, report }).toEqual({ exitCode: 0, stderr: '', report: [] });
    expect(stdout).toContain(told(shared));
    expect(ranks.map(({ node }) => node).join(':')).toBe(map);
  });

  it('shares the memory of its node', async () => {
    const { exitCode, stdout } = await run({ map: '1:1:1:1', env: { OMPI_MCA_btl: 'vader,self' } });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(told([4, 4, 4, 4]));
  });

  it.skipIf(process.getuid?.() !== 0)('runs as another user, who alone is served', async () => {
    chmodSync(programs.directory, 0o755);
    const { exitCode, stdout } = await run({ map: '0:1', user: NOBODY, cwd: '/' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(told([1, 1]));
  });

  it('is served so when that is said', async () => {
    const { exitCode, stdout } = await run({ map: '0:1', mpi: 'openmpi', universe: 9 });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(told([1, 1], { universe: 9 }));
  });

  it('may be of several programs, with the ranks in their order', async () => {
    const apps = [
      { np: 1, argv: [program] },
      { np: 2, argv: [program] },
    ];
    const { exitCode, stdout } = await run({ apps, map: '0:1:1' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(told([1, 2, 2], { apps: [0, 1, 1] }));
  });

  it('spawns others, whom it talks to', async () => {
    const done = await run({ argv: [spawning], map: '0:1', universe: 8 });
    expect({ exitCode: done.exitCode, stderr: done.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(lines(done)).toEqual(['child 2/4 sum 10', 'child 3/4 sum 10', 'parent 0/4 sum 10', 'parent 1/4 sum 10']);
  });
});

describe('two jobs of Open MPI', () => {
  it('meet by a published name, and again by the same port', async () => {
    const meeting = programs.build('meeting', 'mpicc.openmpi');
    const [hosts, guests] = await Promise.all([
      run({ argv: [meeting, 'accept'], map: '0:1' }),
      run({ argv: [meeting, 'connect'], map: '1:2:3' }),
    ]);
    expect({ codes: [hosts.exitCode, guests.exitCode], stderr: hosts.stderr + guests.stderr }).toEqual({
      codes: [0, 0],
      stderr: '',
    });
    expect(lines(hosts)).toEqual([0, 0, 1, 1].map((rank) => `host ${rank} met 3`));
    expect(lines(guests)).toEqual([0, 0, 1, 1, 2, 2].map((rank) => `guest ${rank} met 2`));
  });
});

describe('a job of Open MPI that goes wrong ends as a whole, and says why:', () => {
  it('MPI_Abort', async () => {
    const report = await run({ argv: [program, 'abort', '1'], map: '0:1:2' });
    expect(report).toMatchObject({ exitCode: 7, cause: { kind: 'aborted', rank: 1, code: 7 } });
  });

  it('a segmentation fault', async () => {
    const report = await run({ argv: [program, 'segv', '2'], map: '0:1:2' });
    expect(report).toMatchObject({ exitCode: 139, cause: { kind: 'failed', rank: 2 } });
  });

  it('a bad exit', async () => {
    const report = await run({ argv: [program, 'exit', '0', '9'], map: '0:1' });
    expect(report).toMatchObject({ exitCode: 9, cause: { kind: 'failed', rank: 0 } });
  });

  it.each(['0', '0:0', '0:1'])('an end with 0 without MPI_Finalize, on %s', async (map) => {
    const report = await run({ argv: [program, 'exit', '0'], map });
    expect(report).toMatchObject({ exitCode: 1, cause: { kind: 'aborted', rank: 0, code: 1 } });
    expect(report.lines[0]).toContain('it has ended without MPI_Finalize');
  });

  it('a rank that hangs, with a bound', async () => {
    const report = await run({ argv: [program, 'hang', '1'], map: '0:1', timeoutMs: 1000 });
    expect(report).toMatchObject({ exitCode: 124, cause: { kind: 'timedOut', afterMs: 1000 } });
  });
});

describe('clients of libpmix, on the nodes of a cluster', () => {
  const onThree = (...args: readonly string[]) => run({ argv: [client, ...args], map: '0:1:0' });

  it.each(['exchange', 'direct'])('read what others have put: %s', async (how) => {
    const done = await onThree(how);
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
    expect(done.exitCode).toBe(0);
    expect(lines(done)).toEqual([...far(1), ...near(2), ...far(0), ...far(2), ...near(0), ...far(1)].sort());
  });

  it('publish names, and wait for them', async () => {
    const done = await onThree('names');
    expect(done.exitCode).toBe(0);
    expect(lines(done)).toEqual(
      [
        'again: DUPLICATE KEY',
        'unpublish: SUCCESS',
        'unpublish: NOT-FOUND',
        'port: here by 0',
        'single: use by 0',
        'single: NOT-FOUND',
        'other: NOT-FOUND',
        'waited: at last',
        'port: NOT-FOUND',
        'port: TIMEOUT',
      ].sort(),
    );
  });

  it('hear of events on other nodes', async () => {
    const done = await onThree('events');
    expect(done.exitCode).toBe(0);
    expect(lines(done)).toEqual(['event -3001 from 0, why because', 'event -3001 from 0, why because']);
  });

  it('hear that a rank of another node is done, and hear of it later too', async () => {
    const done = await run({ argv: [client, 'leaving'], map: '0:1:2' });
    const heard = 'event -201 from 2, affects 2, code 0';
    expect({ exitCode: done.exitCode, lines: lines(done) }).toEqual({ exitCode: 0, lines: [heard, heard] });
  });

  it('have people read something', async () => {
    const done = await onThree('log');
    expect(done.exitCode).toBe(0);
    expect(done.stderr.split('\n').filter((line) => line.includes('said by the server'))).toHaveLength(3);
  });

  it('wait for what others have not put yet', async () => {
    expect(lines(await onThree('late'))).toEqual(['asked of 0: yes', 'late of 1: here']);
  });

  it.each([
    { title: 'where they are', args: [] },
    { title: 'where nobody knows of them', args: ['n2,n3'] },
  ])('spawn another job, $title, and connect with it', async ({ args }) => {
    const done = await onThree('spawn', ...args);
    expect({ exitCode: done.exitCode, stderr: done.stderr }).toEqual({ exitCode: 0, stderr: '' });
    const thrice = ['the other has 3', 'hello parent', 'child of 0 with a b=c', 'the other has 3', 'hello child'];
    expect(lines(done)).toEqual([...thrice, ...thrice, ...thrice].sort());
  });
});
