import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Allocation,
  expandCounts,
  expandHostList,
  expandNumbers,
  mapOfAllocation,
  readAllocation,
  readFluxResources,
  readLsfCounts,
  readPeHosts,
  withoutBatch,
} from '../../src/beomap/index.ts';
import { BprocError, startCluster } from '../../src/index.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-allocation-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

const shown = (allocation: Allocation | undefined): string =>
  `${allocation?.system} ${allocation?.jobId} ${allocation?.hosts.map(({ host, slots }) => `${host}:${slots}`).join(' ')}`;

/** What a real Slurm 22.05 said to a real job of 7 tasks on 4 nodes. */
const SLURM = {
  SLURM_JOB_ID: '1',
  SLURM_JOB_NODELIST: 'n[0-3]',
  SLURM_TASKS_PER_NODE: '2(x3),1',
  SLURM_JOB_CPUS_PER_NODE: '2(x3),1',
  SLURM_NTASKS: '7',
  SLURM_NNODES: '4',
};

describe('what a job has been given', () => {
  test('by Slurm, as it was recorded of a real one', async () => {
    expect(shown(await readAllocation(SLURM))).toBe('slurm 1 n0:2 n1:2 n2:2 n3:1');
    // a prolog is told less
    const prolog = { SLURM_JOBID: '2', SLURM_NODELIST: 'n[0-3]', SLURM_JOB_CPUS_PER_NODE: '2(x3),1' };
    expect(shown(await readAllocation(prolog))).toBe('slurm 2 n0:2 n1:2 n2:2 n3:1');
    await expect(readAllocation({ ...SLURM, SLURM_TASKS_PER_NODE: '2(x3)' })).rejects.toThrow('counts for 3');
    await expect(readAllocation({ SLURM_JOB_ID: '1' })).rejects.toThrow(code('EINVAL'));
  });

  test('by PBS and TORQUE', async () => {
    const nodes = await file('nodes', 'n1\nn1\nn0.example.org\n');
    expect(shown(await readAllocation({ PBS_NODEFILE: nodes, PBS_JOBID: '12.head' }))).toBe(
      'pbs 12.head n1:1 n1:1 n0.example.org:1',
    );
    await expect(readAllocation({ PBS_NODEFILE: join(directory, 'nothing') })).rejects.toThrow(code('ENOENT'));
  });

  test('by Grid Engine', async () => {
    const hosts = await file('pe', 'n0 2 all.q@n0 UNDEFINED\nn1.example.org 4 all.q@n1 <NULL>\n');
    expect(shown(await readAllocation({ PE_HOSTFILE: hosts, JOB_ID: '7' }))).toBe('gridengine 7 n0:2 n1.example.org:4');
  });

  test('by LSF, in each of its three ways', async () => {
    const djob = await file('djob', 'n0\nn0\nn1\n');
    expect(shown(await readAllocation({ LSB_JOBID: '9', LSB_MCPU_HOSTS: 'n0 4 n1 2 ' }))).toBe('lsf 9 n0:4 n1:2');
    expect(shown(await readAllocation({ LSB_JOBID: '9', LSB_DJOB_HOSTFILE: djob }))).toBe('lsf 9 n0:1 n0:1 n1:1');
    expect(shown(await readAllocation({ LSB_JOBID: '9', LSB_HOSTS: 'n0 n0 n1' }))).toBe('lsf 9 n0:1 n0:1 n1:1');
  });

  test('by Flux, whose command is asked', async () => {
    const resources = {
      version: 1,
      execution: {
        R_lite: [
          { rank: '3-4', children: { core: '0-3' } },
          { rank: '7', children: { core: '0,2' } },
        ],
        nodelist: ['n[0-1],n5'],
      },
    };
    const flux = await file('flux', `#!/bin/sh\ntest "$*" = "job info f1 R" && echo '${JSON.stringify(resources)}'\n`);
    await chmod(flux, 0o755);
    const env = { FLUX_JOB_ID: 'f1', PATH: `${directory}:${process.env['PATH']}` };
    expect(shown(await readAllocation(env))).toBe('flux f1 n0:4 n1:4 n5:2');
    await expect(readAllocation({ ...env, FLUX_JOB_ID: 'f2' })).rejects.toThrow('flux does not say what job f2 has');
  });

  test('by a map, before everything else; or it is no job', async () => {
    expect(shown(await readAllocation({ ...SLURM, BEOWULF_JOB_MAP: '-1:0:0' }))).toBe('beowulf  master:1 n0:2');
    expect(await readAllocation({ PATH: '/bin' })).toBeUndefined();
  });

  test('is a map of nodes that are called so', async () => {
    const nodes = [{ attributes: { hostname: 'blade7.example.org' } }, {}];
    await using cluster = await startCluster({ nodes });
    const hosts = [
      { host: 'n1', slots: 1 },
      { host: 'blade7', slots: 2 },
    ];
    expect(String(await mapOfAllocation(cluster.client, { system: 'pbs', jobId: '', hosts }))).toBe('1:0:0');
    const stranger = { system: 'pbs', jobId: '', hosts: [{ host: 'blade8', slots: 1 }] } as const;
    await expect(mapOfAllocation(cluster.client, stranger)).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
  });

  test('can be kept from what it runs', () => {
    expect(
      withoutBatch({ ...SLURM, PATH: '/bin', PE_HOSTFILE: 'x', NSLOTS: '4', PERL5LIB: 'y', NO: undefined }),
    ).toEqual({
      ...{ PATH: '/bin', PERL5LIB: 'y' },
    });
  });
});

describe('compressed lists', () => {
  test.each([
    ['n[0-3]', 'n0 n1 n2 n3'],
    ['n[01-03,7]', 'n01 n02 n03 n7'],
    ['a,b[1,3-4],c', 'a b1 b3 b4 c'],
    ['rack[1-2]n[01-03]', 'rack1n01 rack1n02 rack1n03 rack2n01 rack2n02 rack2n03'],
    ['n[08-11]', 'n08 n09 n10 n11'],
    ['head', 'head'],
    ['n[0-1].example.org', 'n0.example.org n1.example.org'],
    ['', ''],
  ])('%s', (text, expected) => expect(expandHostList(text).join(' ')).toBe(expected));

  test.each([
    'n[',
    'n]',
    'n[[0]]',
    'n[3-1]',
    'n[a]',
    'n[0-]',
    'n[]',
    ',',
    'a,,b',
    'a b',
    '../x',
    'n[0-1][0-1][0-1][0-1][0-1]',
  ])('%j is none', (text) => expect(() => expandHostList(text)).toThrow(code('EINVAL')));

  test('have an end', () => {
    expect(() => expandHostList('n[0-999999999]')).toThrow(code('E2BIG'));
    expect(() => expandHostList('n[0-9999]x[0-9999]')).toThrow(code('E2BIG'));
    expect(() => expandHostList('n'.repeat(2_000_000))).toThrow(code('E2BIG'));
    expect(() => expandCounts('1(x9999999)')).toThrow(code('E2BIG'));
    expect(expandCounts('4,2(x3)')).toEqual([4, 2, 2, 2]);
    expect(expandNumbers('0-2,7')).toEqual([0, 1, 2, 7]);
  });

  const words = fc.constantFrom(
    'n',
    '[',
    ']',
    '0',
    '-',
    ',',
    '3',
    '(x',
    ')',
    ' ',
    '999999',
    '{"execution":',
    '}',
    '"',
    '\n',
  );
  const garbage = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 20 }).map((all) => all.join('')),
    fc.json(),
  );

  test.each([
    ['hosts', expandHostList],
    ['counts', expandCounts],
    ['numbers', expandNumbers],
    ['Grid Engine', readPeHosts],
    ['LSF', readLsfCounts],
    ['Flux', readFluxResources],
  ] as const)('of %s: garbage is told as such', (_, read) => {
    fc.assert(
      fc.property(garbage, (text) => {
        try {
          read(text);
        } catch (error) {
          if (!BprocError.is(error) || !['EINVAL', 'E2BIG'].includes(error.code)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
