import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';
import { describeRank, type JobReport, type LaunchOptions, launch } from '../../src/mpi/index.ts';
import { type JobOutcome, MpiPrograms, runJob } from '../support/mpi-programs.ts';

const programs = new MpiPrograms();
let program = '';
let cluster: Cluster;

beforeAll(async () => {
  program = programs.build('whole-job', 'mpicc.mpich');
  // what shares a machine's memory has to see its pids: these nodes are one machine
  const node = { pidNamespace: 'none' as const };
  cluster = await startCluster({ nodes: [node, node, node, node] });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  programs[Symbol.dispose]();
});

function run(options: LaunchOptions): Promise<JobOutcome> {
  return runJob(cluster.client, { ...(options.apps === undefined ? { argv: [program] } : {}), ...options });
}

/** What rank 0 of the program says. */
function told(shared: readonly number[], more: { readonly universe?: number; readonly apps?: readonly number[] } = {}) {
  const { universe = shared.length, apps = shared.map(() => 0) } = more;
  return `ok ${shared.length} universe ${universe} shared ${shared.join(' ')} apps ${apps.join(' ')} hosts`;
}

// PROTOCOL.md 14.1 to 14.3
describe('a job of MPICH, with no mpiexec', () => {
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
    const { exitCode, stdout, stderr, ranks, lines } = await run({ map });
    expect({ exitCode, stderr, lines }).toEqual({ exitCode: 0, stderr: '', lines: [] });
    expect(stdout).toContain(told(shared));
    expect(ranks.map(({ node }) => node).join(':')).toBe(map);
  });

  it('is mapped by beomap where no map is given, and knows its universe', async () => {
    const { exitCode, stdout, ranks } = await run({ np: 3, universe: 12, map: { noLocal: true, env: {} } });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('ok 3 universe 12 ');
    expect(ranks).toHaveLength(3);
  });

  it('may be of several programs, with the ranks in their order', async () => {
    const apps = [
      { np: 1, argv: [program] },
      { np: 2, argv: [program], env: { SECOND: 'yes' } },
    ];
    const { exitCode, stdout } = await run({ apps, map: '0:1:1' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(told([1, 2, 2], { apps: [0, 1, 1] }));
  });

  it('takes 64 KiB of environment, and nothing that other launchers have set', async () => {
    const big = 'x'.repeat(64 * 1024);
    process.env['PMI_RANK'] = '77';
    try {
      const argv = [
        'sh',
        '-c',
        `test "\${#BIG}" = ${big.length} && echo "$PMI_RANK of $PMI_SIZE" && exec "$0"`,
        program,
      ];
      const { exitCode, stdout } = await run({ argv, map: '0:1', env: { BIG: big } });
      expect(exitCode).toBe(0);
      expect(stdout.split('\n').sort()).toEqual(['', '0 of 2', '1 of 2', expect.stringContaining(told([1, 1]))]);
    } finally {
      delete process.env['PMI_RANK'];
    }
  });
});

describe('a job that goes wrong ends as a whole, and says why:', () => {
  const rest = (report: JobReport) => report.ranks.map(({ end }) => ('kind' in end ? end.kind : end.code));

  it('MPI_Abort', async () => {
    const report = await run({ argv: [program, 'abort', '1'], map: '0:1:2' });
    expect(report).toMatchObject({ exitCode: 7, cause: { kind: 'aborted', rank: 1, code: 7 } });
    expect(report.lines[0]).toMatch(/^rank 1 on node 1 \(pid \d+\) ended the job with code 7: /);
    expect(report.lines[1]).toBe('the other 2 ranks were ended');
  });

  it('a segmentation fault', async () => {
    const report = await run({ argv: [program, 'segv', '2'], map: '0:1:2' });
    expect(report).toMatchObject({ exitCode: 139, cause: { kind: 'failed', rank: 2 } });
    expect(report.lines[0]).toMatch(/^rank 2 on node 2 \(pid \d+\) killed by SIGSEGV/);
    expect(rest(report)).toEqual(['signaled', 'signaled', 'signaled']);
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
    expect(report.lines[0]).toBe('the job was ended: it took longer than 1 s');
  });

  it('a program that is not there', async () => {
    const report = await run({ argv: ['/no/such/program'], map: '0:1' });
    expect(report).toMatchObject({ exitCode: 1, cause: { kind: 'failed' } });
    expect(report.ranks.map(describeRank)[0]).toMatch(/^rank 0 on node 0 could not be started: .* does not exist/);
  });

  it('is of another family than was said', async () => {
    const wrong = launch(cluster.client, { argv: [program], map: '0:1', mpi: 'openmpi' });
    await expect(wrong).rejects.toThrow(
      /was built with MPICH or its kin \(it needs libmpich\.so.*mpi: 'mpich', or 'auto'$/,
    );
    expect((await run({ map: '0:1', mpi: 'mpich' })).exitCode).toBe(0);
  });

  it('a signal to the launch, and disposal', async () => {
    const leave = new AbortController();
    const job = await launch(cluster.client, { argv: [program, 'hang', '0'], map: '0:1', signal: leave.signal });
    leave.abort();
    await expect(job.wait()).rejects.toMatchObject({ code: 'ECANCELED' });
    const other = await launch(cluster.client, { argv: ['sleep', '600'], map: '0:1' });
    await other[Symbol.asyncDispose]();
    expect((await other.wait()).cause).toEqual({ kind: 'cancelled' });
  });
});

describe('a job whose node or launcher is gone', () => {
  it('ends with its node', async () => {
    const node = { pidNamespace: 'none' as const };
    await using small = await startCluster({ nodes: [node, node] });
    await using job = await launch(small.client, { argv: [program, 'hang', '0'], map: '0:1' });
    await small.slaves.find((slave) => slave.node === 1)?.[Symbol.asyncDispose]();
    const { exitCode, cause, ranks } = await job.wait();
    expect(cause).toMatchObject({ kind: 'failed', rank: 1 });
    expect(exitCode).not.toBe(0);
    expect(ranks.map(({ end }) => 'kind' in end && end.kind)).not.toContain('exited');
  });
});

describe('programs that know nothing of MPI', () => {
  it('just run, and rank 0 has the input', async () => {
    await using job = await launch(cluster.client, {
      argv: ['sh', '-c', 'cat; echo $PMI_RANK'],
      map: '0:1',
      stdio: 'tagged',
    });
    job.stdin?.end('hello\n');
    const [lines, report] = await Promise.all([job.stdout.setEncoding('utf8').toArray(), job.wait()]);
    expect(lines.join('').split('\n').sort()).toEqual(['', '[0] 0', '[0] hello', '[1] 1']);
    expect(report.exitCode).toBe(0);
  });
});
