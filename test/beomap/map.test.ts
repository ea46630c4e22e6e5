import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Choice, explain, JobMap, type MapOptions, map, POLICIES } from '../../src/beomap/index.ts';
import { type MapWishes, wantedOf } from '../../src/beomap/wishes.ts';
import { type Client, type Cluster, connect, startCluster } from '../../src/index.ts';

/** So that maps go by processors alone, whatever this machine does. */
const figureless = { name: 'beostat', serve: () => ({}) };
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('what is wanted', () => {
  const choose = (wishes: MapWishes) => {
    const wanted = wantedOf({ env: {}, ...wishes });
    return wanted.map === undefined ? wanted.choose : wanted.map.toString();
  };

  test('is said by the environment where options say nothing', () => {
    expect(choose({ env: { NP: '4', NO_LOCAL: '0', EXCLUDE: '1:-1', NO_OVER: 'x' } })).toMatchObject({
      ...{ np: 4, noLocal: true, exclude: [1, -1], noOver: true },
    });
    expect(choose({ env: { ALL_CPUS: '1', NP: '4' } })).toMatchObject({ allCpus: true });
    expect(choose({ env: { ALL_CPUS: '1', NP: '4' } })).not.toHaveProperty('np');
    expect(choose({ env: { ALL_NODES: '1' } })).toMatchObject({ allNodes: true });
    expect(choose({ env: { ALL_LOCAL: '1', NP: '3', ALL_CPUS: '1' } })).toMatchObject({
      allLocal: true,
      np: 3,
      allCpus: false,
    });
    expect(choose({ env: { NP: '', NO_LOCAL: '' } })).toMatchObject({ noLocal: false });
    expect(choose({})).not.toHaveProperty('np');
  });

  test('is said by options before the environment', () => {
    const env = { NP: '4', ALL_CPUS: '1', ALL_NODES: '1', NO_LOCAL: '1', EXCLUDE: '1' };
    expect(choose({ env, np: 2 })).toMatchObject({ np: 2, allCpus: false, allNodes: false });
    expect(choose({ env, allNodes: true })).toMatchObject({ allCpus: false, allNodes: true });
    expect(choose({ env, allNodes: true })).not.toHaveProperty('np');
    expect(choose({ env, noLocal: false, exclude: '3:4' })).toMatchObject({ noLocal: false, exclude: [3, 4] });
    expect(choose({ env: { ALL_LOCAL: '1' }, np: 2 })).toMatchObject({ np: 2, allLocal: true });
  });

  test('is a map before everything', () => {
    expect(choose({ env: { BEOWULF_JOB_MAP: '0:1', NP: '4' }, np: 9 })).toBe('0:1');
    expect(choose({ env: { BEOWULF_JOB_MAP: '0:1' }, map: '2:2' })).toBe('2:2');
    expect(choose({ map: JobMap.parse('-1') })).toBe('-1');
    expect(choose({ env: { MAP: '1:0' } })).toBe('1:0');
    expect(choose({ env: { MAP: 'world.wad' } })).toMatchObject({ allCpus: false });
    expect(() => choose({ map: '0', allCpus: true })).toThrow(code('EINVAL'));
  });

  test('cannot be anything', () => {
    expect(() => choose({ env: { NP: 'four' } })).toThrow('NP is "four"');
    expect(() => choose({ env: { EXCLUDE: '0,1' } })).toThrow('EXCLUDE');
    expect(() => choose({ env: { BEOWULF_JOB_MAP: '0:' } })).toThrow('BEOWULF_JOB_MAP');
    expect(() => choose({ policy: 'toString' })).toThrow('least-loaded, pack, spread, round-robin');
    expect(choose({ policy: 'pack' })).toMatchObject({ policy: POLICIES['pack'] });
  });
});

describe('a cluster', () => {
  let cluster: Cluster;
  let bp: Client;

  beforeAll(async () => {
    const attributes = { cpus: '2' };
    const nodes = [
      { attributes },
      { attributes: { cpus: '3', rack: 'a' } },
      { attributes },
      { attributes: { cpus: '1e9' } },
    ];
    cluster = await startCluster({ nodes, master: { services: [figureless] } });
    bp = cluster.client;
    await bp.setNodeStatus(2, 'unavailable');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const text = async (options: MapOptions): Promise<string> => String(await map(bp, { env: {}, ...options }));

  test('is mapped by what its nodes are', async () => {
    expect(await text({ np: 4 })).toBe('-1:0:0:1');
    expect(await text({ np: 4, noLocal: true, exclude: '0' })).toBe('1:1:1:3');
    expect(await text({ allNodes: true })).toBe('-1:0:1:3');
    expect(await text({ allCpus: true, noLocal: true, exclude: [3] })).toBe('0:0:1:1:1');
    expect(await text({ np: 2, policy: 'round-robin', noLocal: true })).toBe('0:1');
    expect(await text({ env: { NP: '3', ALL_LOCAL: '1' } })).toBe('-1:-1:-1');
  });

  test('runs on its map', async () => {
    const { slots } = await map(bp, { np: 3, env: {} });
    const vector = await bp.rexec(slots, 'sh', ['-c', 'exit $((BPROC_NODE + 2))']);
    expect(await vector.wait()).toEqual([1, 2, 2].map((exit) => ({ kind: 'exited', code: exit })));
  });

  test('says why', async () => {
    const why = (choice: Choice) =>
      choice.explain().map(({ node, slots, why: reason }) => `${node} ${slots} ${reason}`);
    expect(why(await explain(bp, { np: 3, env: {}, noLocal: true }))).toEqual([
      '-1 0 not wanted',
      '0 2 2 of 2 processors are idle; least-loaded',
      '1 1 3 of 3 processors are idle; least-loaded',
      '2 0 it is unavailable',
      '3 0 4096 of 4096 processors are idle; least-loaded needs no more',
    ]);
    expect(why(await explain(bp, { map: '1:1' }))[2]).toBe('1 2 the map that was given has it');
  });

  test('refuses maps of nodes that are not there, or not the caller’s', async () => {
    await expect(text({ map: '0:9' })).rejects.toMatchObject({ code: 'BE_INVALIDNODE', node: 9 });
    await bp.chmod(1, 0);
    await using stranger = await connect({
      master: () => cluster.master.connect({ credentials: { uid: 4711, gids: [] } }),
    });
    await expect(map(stranger, { map: '1', env: {} })).rejects.toMatchObject({ code: 'EPERM', node: 1 });
    expect(String(await map(stranger, { np: 3, noLocal: true, env: {} }))).toBe('0:0:3');
    await bp.chmod(1, 0o111);
    expect(String(await map(stranger, { np: 3, noLocal: true, env: {} }))).toBe('0:0:1');
    await bp.setNodeStatus(3, 'down');
    await expect(text({ map: '3' })).rejects.toMatchObject({ code: 'BE_NODEDOWN', node: 3 });
  });
});
