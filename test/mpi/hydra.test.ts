/** An `mpiexec` of Hydra whose proxies the library starts, with no remote shell. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';
import { HydraLines } from '../../src/mpi/hydra-lines.ts';
import { type HydraOptions, type HydraRun, startHydra } from '../../src/mpi/index.ts';
import { eventually } from '../cli/commands.ts';
import { MpiPrograms } from '../support/mpi-programs.ts';

const programs = new MpiPrograms();
let program = '';
let cluster: Cluster;

beforeAll(async () => {
  program = programs.build('whole-job', 'mpicc.mpich');
  const node = { pidNamespace: 'none' as const };
  cluster = await startCluster({ nodes: [node, node, node] });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  programs[Symbol.dispose]();
});

const start = (options: HydraOptions): Promise<HydraRun> =>
  startHydra(cluster.client, { options: ['-iface', 'lo'], ...options });

const textOf = async (run: HydraRun): Promise<string> => (await run.stdout.setEncoding('utf8').toArray()).join('');

describe('it', () => {
  it.each([
    ['0', [1]],
    ['1:0:0', [1, 2, 2]],
    ['2:2:1:0:0:0', [2, 2, 1, 3, 3, 3]],
  ])('runs ranks on %s', async (map, shared) => {
    await using run = await start({ map, argv: [program] });
    run.stdin.end();
    run.stderr.resume();
    expect(await textOf(run)).toMatch(new RegExp(`^ok ${shared.length} universe -?\\d+ shared ${shared.join(' ')} `));
    expect(await run.wait()).toBe(0);
  });

  it('gives rank 0 the input, and has the exit code', async () => {
    const line = 'echo $PMI_RANK on $BPROC_NODE; [ $PMI_RANK != 0 ] || cat; [ $PMI_RANK != 1 ] || exit 6';
    await using run = await start({ map: '2:1', argv: ['sh', '-c', line] });
    run.stdin.end('input\n');
    run.stderr.resume();
    expect((await textOf(run)).split('\n').sort()).toEqual(['', '0 on 2', '1 on 1', 'input']);
    expect(await run.wait()).toBe(6);
  });

  it('tells of MPI_Abort', async () => {
    await using run = await start({ map: '0:1', argv: [program, 'abort', '1'] });
    run.stdout.resume();
    run.stderr.resume();
    expect(await run.wait()).toBe(7);
  });

  it.each(['dispose', 'signal'])('ends with what it has on nodes: %s', async (how) => {
    const control = new AbortController();
    const run = await start({ map: '0:1', argv: ['sh', '-c', 'echo up; sleep 600'], signal: control.signal });
    run.stderr.resume();
    let said = '';
    run.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await eventually(() => said === 'up\nup\n');
    const end = expect(run.wait()).rejects.toMatchObject({ code: 'ECANCELED' });
    if (how === 'dispose') await run[Symbol.asyncDispose]();
    else control.abort();
    await end;
    await expect.poll(async () => [...(await cluster.client.procList())], { timeout: 20_000 }).toEqual([]);
  });

  it('is ended where a node is not there, since it would wait for ever', async () => {
    await using run = await start({ map: '0:7', argv: [program] });
    run.stdout.resume();
    run.stderr.resume();
    await expect(run.wait()).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
  });

  it('refuses what Hydra has no words for, and an mpiexec that is not there', async () => {
    await expect(start({ map: '0:1:0', argv: ['true'] })).rejects.toMatchObject({ code: 'EINVAL' });
    const absent = { mpiexec: '/nowhere/mpiexec', map: '0', argv: ['true'] };
    await expect(start(absent)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

it('takes the lines for nodes out of whatever is written, however it is cut', () => {
  const text = [
    'before\n',
    'HYDRA_LAUNCH: n0 "/usr/bin/hydra_pmi_proxy" --control-port vm:1 --usize -2 --proxy-id 0 \n',
    'HYDRA_LAUNCH: /opt/hydra_bstrap_proxy --proxy-id 1 \n',
    'HYDRA_LAUNCH_END\n',
    'HYDRA_LAUNCH: the ranks say\nthis',
  ].join('');
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const lines = new HydraLines();
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      const rest = places.map((from, index) => lines.push(Buffer.from(text.slice(from, places[index + 1] ?? from))));
      expect(Buffer.concat(rest).toString()).toBe('before\nHYDRA_LAUNCH: the ranks say\nthis');
      expect(lines.proxies).toEqual([
        { index: 0, argv: ['/usr/bin/hydra_pmi_proxy', '--control-port', 'vm:1', '--usize', '-2', '--proxy-id', '0'] },
        { index: 1, argv: ['/opt/hydra_bstrap_proxy', '--proxy-id', '1'] },
      ]);
    }),
  );
});
