import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BEO_NAMES,
  formatMap,
  type HostSlots,
  JobMap,
  MAP_FORMATS,
  MOST_SLOTS,
  mapOfHosts,
  namesOf,
  processMapping,
  readHydraHosts,
  readNodeFile,
  readOpenMpiHosts,
  readProcessMapping,
  readPvmHosts,
  readRankFile,
  writeOpenMpiHosts,
  writePvmHosts,
} from '../../src/beomap/index.ts';
import { BprocError } from '../../src/errors.ts';

const map = JobMap.parse('-1:0:0:1');
const slots = fc.array(fc.integer({ min: -1, max: 12 }), { maxLength: 40 });
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom('n0', 'n1:2', ' ', '\n', 'slots=2', 'rank 0=', '(vector,', '(0,1,2)', ')', '#', ':', '-1', '&'),
      { maxLength: 12 },
    )
    .map((words) => words.join('')),
);

/** What comes of a text that somebody else has written: something, or an error with a reason. */
function read<T>(reader: (text: string) => T): (text: string) => void {
  return (given) => {
    try {
      reader(given);
    } catch (error) {
      if (!BprocError.is(error) || !['EINVAL', 'E2BIG', 'BE_INVALIDNODE'].includes(error.code)) throw error;
    }
  };
}

describe('a job map', () => {
  test('is a list of slots, of which nodes may have several and the master any', () => {
    expect(map.slots).toEqual([-1, 0, 0, 1]);
    expect(String(map)).toBe('-1:0:0:1');
    expect(JSON.stringify({ map })).toBe('{"map":"-1:0:0:1"}');
    expect(map.nodes).toEqual([-1, 0, 1]);
    expect([...map.counts()]).toEqual([
      [-1, 1],
      [0, 2],
      [1, 1],
    ]);
    expect(JobMap.parse('0:1:0').runs()).toEqual([
      { node: 0, slots: 1 },
      { node: 1, slots: 1 },
      { node: 0, slots: 1 },
    ]);
    expect(JobMap.fromCounts(map.counts()).toString()).toBe('-1:0:0:1');
  });

  test('is what its text says', () => {
    fc.assert(
      fc.property(slots, (given) => {
        expect([...JobMap.parse(new JobMap(given).toString())]).toEqual(given);
      }),
    );
  });

  test.each([':', '0:', '0::1', 'n0', '-2', '1.5', '0x1', '0,1', '1e3', '99999999999', '2147483648', '+1', '0 1'])(
    'cannot be %j',
    (given) => expect(() => JobMap.parse(given)).toThrow(expect.objectContaining({ code: 'EINVAL' })),
  );

  test('has an end', () => {
    expect(() => JobMap.fromCounts([[0, MOST_SLOTS + 1]])).toThrow(expect.objectContaining({ code: 'E2BIG' }));
    expect(() => JobMap.fromCounts([[0, -1]])).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    expect(() => new JobMap([Number.NaN])).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });
});

describe('the files of other programs', () => {
  test('are written as these read them', () => {
    const written = Object.fromEntries(MAP_FORMATS.map((format) => [format, formatMap(map, format)]));
    expect(written).toEqual({
      colon: '-1:0:0:1\n',
      nodefile: 'master\nn0\nn0\nn1\n',
      hydra: 'master:1\nn0:2\nn1:1\n',
      openmpi: 'master slots=1\nn0 slots=2\nn1 slots=1\n',
      rankfile: 'rank 0=master slot=0\nrank 1=n0 slot=0\nrank 2=n0 slot=1\nrank 3=n1 slot=0\n',
      pvm: 'master\nn0\nn1\n',
      vector: '(vector,(0,1,1),(1,1,2),(2,1,1))\n',
    });
    expect(writePvmHosts(map, BEO_NAMES, 'ep=/opt/pvm')).toBe('* ep=/opt/pvm\nmaster\nn0\nn1\n');
  });

  test.each([
    ['nodefile', readNodeFile],
    ['hydra', readHydraHosts],
    ['rankfile', readRankFile],
  ] as const)('a %s keeps the order of ranks', (format, reader) => {
    fc.assert(
      fc.property(slots, (given) => {
        const back = mapOfHosts(reader(formatMap(new JobMap(given), format)));
        expect(back.slots).toEqual(given);
      }),
    );
  });

  test('a host file of Open MPI keeps how many there are', () => {
    fc.assert(
      fc.property(slots, (given) => {
        const one = new JobMap(given);
        expect([...mapOfHosts(readOpenMpiHosts(writeOpenMpiHosts(one))).counts()]).toEqual([...one.counts()]);
      }),
    );
  });

  test('are read as people write them', () => {
    const hosts = (...all: (readonly [string, number])[]): HostSlots[] => all.map(([host, slots]) => ({ host, slots }));
    expect(readHydraHosts('# ours\nn0:2 binding=user:0\n\nhost.example.org\n')).toEqual(
      hosts(['n0', 2], ['host.example.org', 1]),
    );
    expect(readOpenMpiHosts('n0 slots = 2 max_slots=4 # x\nn1\nn0 cpu=1\n')).toEqual(hosts(['n0', 3], ['n1', 1]));
    expect(readRankFile('rank 1=n1 slot=0:1\nrank 0 = n0 slot=0-1,3\n')).toEqual(hosts(['n0', 1], ['n1', 1]));
    expect(readPvmHosts('* ep=/x wd=/y\nn0 sp=1000\n& n2 sp=2000\n&n3\n')).toEqual(hosts(['n0', 1]));
    expect(() => readOpenMpiHosts('n0 slots=5 max-slots=4')).toThrow('line 1');
    expect(() => readRankFile('rank 1=n1 slot=0')).toThrow('rank 0 is not among them');
    expect(() => readNodeFile('n0\n../etc\n')).toThrow('line 2');
    expect(() => readHydraHosts('n0:99999999')).toThrow('no number of slots');
    expect(() => mapOfHosts(hosts(['nobody', 1]))).toThrow(expect.objectContaining({ code: 'BE_INVALIDNODE' }));
  });

  test.each([
    ['map', JobMap.parse],
    ['nodefile', (given: string) => mapOfHosts(readNodeFile(given))],
    ['hydra', readHydraHosts],
    ['openmpi', readOpenMpiHosts],
    ['rankfile', readRankFile],
    ['pvm', readPvmHosts],
    ['vector', (given: string) => readProcessMapping(given, 8)],
  ] as const)('garbage in a %s is told as such', (_, reader) => {
    fc.assert(fc.property(text, read<unknown>(reader)), { numRuns: 500 });
  });
});

describe('MPI’s process mapping', () => {
  const vectorOf = (given: string): string => processMapping(JobMap.parse(given));

  test('is what MPICH’s own launcher makes', () => {
    expect(vectorOf('3:3:3:3')).toBe('(vector,(0,1,4))');
    expect(vectorOf('0:0:1:1:2:2:3:3')).toBe('(vector,(0,4,2))');
    expect(vectorOf('0:1:1:1:2:2:3:3')).toBe('(vector,(0,1,1),(1,1,3),(2,2,2))');
    expect(vectorOf('0:1:2:3:0:1:2:3')).toBe('(vector,(0,4,1))');
    expect(vectorOf('0:1:2:0:1')).toBe('(vector,(0,3,1))');
    expect(vectorOf('5')).toBe('(vector,(0,1,1))');
    expect(vectorOf('')).toBe('(vector)');
  });

  test('says who shares a node', () => {
    fc.assert(
      fc.property(slots, (given) => {
        const one = new JobMap(given);
        const nodes = readProcessMapping(processMapping(one), one.size);
        expect(nodes.map((number) => one.nodes[number])).toEqual(given);
      }),
    );
  });

  test('has to be one, with ranks in it', () => {
    expect(readProcessMapping('(vector, (0, 2, 1), (0, 1, 2))', 6)).toEqual([0, 1, 0, 0, 0, 1]);
    expect(() => readProcessMapping('(vector,(0,0,5))', 1)).toThrow('no ranks');
    expect(() => readProcessMapping('(vector)', 1)).toThrow('no ranks');
    expect(() => readProcessMapping('(vector,(0,1))', 1)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    expect(() => readProcessMapping('(vector,(0,1,1))', 1e9)).toThrow(expect.objectContaining({ code: 'E2BIG' }));
    expect(() => readProcessMapping('(vector,(0,1,1))', -1)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });
});

test('hosts are found by their names, with a domain or without, and by their addresses', () => {
  const names = namesOf([
    { node: 0, address: '10.0.0.1:4711', attributes: { hostname: 'blade1.example.org' } },
    { node: 1, address: '[fe80::1]:4711', attributes: { hostname: 'blade2' } },
    { node: 2, address: '10.0.0.3', attributes: {} },
    { node: 3, address: '10.0.0.9', attributes: { hostname: 'twin' } },
    { node: 4, address: '10.0.0.9', attributes: { hostname: 'twin' } },
  ]);
  const found = ['blade1', 'Blade1.Example.org', 'blade2.example.org', '10.0.0.1', 'fe80::1', '10.0.0.3', 'n2', '.-1'];
  expect(found.map((name) => names.nodeOf(name))).toEqual([0, 0, 1, 0, 1, 2, 2, -1]);
  expect([0, 1, 2, 3, -1].map((node) => names.nameOf(node))).toEqual([
    'blade1.example.org',
    'blade2',
    'n2',
    'n3',
    'master',
  ]);
  expect(['twin', '10.0.0.9', 'nobody'].map((name) => names.nodeOf(name))).toEqual([undefined, undefined, undefined]);
});
