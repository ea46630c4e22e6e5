import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseCpuFacts } from '../../src/beostat/cpu-facts.ts';
import { machineSources, Sampler } from '../../src/beostat/sampler.ts';
import { parseCpus } from '../../src/beostat/sources/cpu.ts';
import { parseDisks } from '../../src/beostat/sources/disk.ts';
import { parseLoad } from '../../src/beostat/sources/load.ts';
import { parseMemory } from '../../src/beostat/sources/memory.ts';
import { localMounts } from '../../src/beostat/sources/mounts.ts';
import { parseNetwork } from '../../src/beostat/sources/network.ts';
import { parsePressure } from '../../src/beostat/sources/pressure.ts';
import { readSensors } from '../../src/beostat/sources/sensors.ts';
import { systemClock } from '../../src/clock.ts';

const STAT = 'cpu  10 0 10 100 1 0 0 0 0 0\ncpu0 4 0 5 60 1 0 0 7 0 0\ncpu3 6 0 5 40 0\nintr 1 2 3\nctxt 5\n';
const MEMORY =
  'MemTotal:       1000 kB\nMemFree:         400 kB\nBuffers:          20 kB\nShmem: 7 kB\nSwapTotal: 9 kB\n';
const NET =
  'Inter-|   Receive\n face |bytes\n    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\neth0:1:18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n';
const DISKS =
  '   7 0 loop0 1 1 1 1 1 1 1 1 1 1 1\n   8 0 sda 10 1 20 30 40 1 50 60 0 70 80 0 0 0 0\n   8 1 sda1 9 9 9 9 9 9 9 9 9 9 9\n';
const PRESSURE = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=12\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=3\n';
const MOUNTS =
  '/dev/sda1 / ext4 rw 0 0\n/dev/sda1 /again ext4 rw 0 0\nserver:/x /far nfs rw 0 0\ntmpfs /a\\040b tmpfs rw 0 0\nproc /proc proc rw 0 0\n';

describe('what the kernel says is read', () => {
  test('of processors, also where some are off and counters fewer', () => {
    expect(parseCpus(STAT)).toEqual({
      devices: ['0', '3'],
      figures: [4, 0, 5, 60, 1, 0, 0, 7, 6, 0, 5, 40, 0, 0, 0, 0],
    });
  });

  test('of load and memory', () => {
    const { figures } = parseLoad('0.52 1.00 12.34 3/456 7890\n', '49103.06 1.0\n', 17);
    expect(figures).toEqual([52, 100, 1234, 3, 456, 7890, 17, 49_103_060]);
    expect(parseMemory(MEMORY).figures).toEqual([1000, 400, 400, 20, 0, 7, 9, 0]);
  });

  test('of interfaces, with names that hold colons and counters of 64 bits', () => {
    const { devices, figures } = parseNetwork(NET);
    expect(devices).toEqual(['lo', 'eth0:1']);
    expect(figures.slice(0, 2)).toEqual([1, 2]);
    expect(figures[16]).toBe(2 ** 52 - 1);
  });

  test('of disks, but not of their parts', () => {
    expect(parseDisks(DISKS)).toEqual({ devices: ['sda'], figures: [10, 10_240, 30, 40, 25_600, 60, 70] });
  });

  test('of pressure, and of processors on several architectures', () => {
    expect(parsePressure([PRESSURE, PRESSURE, PRESSURE]).figures).toEqual([12, 3, 12, 3, 12, 3]);
    expect(parseCpuFacts('processor\t: 0\ncpu MHz\t\t: 2500.1\n\nprocessor\t: 1\nflags :\n\n')).toEqual([
      { processor: '0', 'cpu MHz': '2500.1' },
      { processor: '1', flags: '' },
    ]);
    expect(parseCpuFacts('processor\t: 0\nBogoMIPS : 48\n\nHardware\t: BCM2835\n')).toEqual([
      { processor: '0', BogoMIPS: '48', Hardware: 'BCM2835' },
    ]);
  });

  test('of local file systems, each once', () => {
    expect(localMounts(MOUNTS)).toEqual(['/', '/a b']);
  });

  test('and garbage is refused, or passed over, whatever it is', () => {
    const cut = fc.constantFrom(STAT, MEMORY, NET, DISKS, PRESSURE, MOUNTS).chain((text) =>
      fc.tuple(fc.nat(text.length), fc.nat(text.length), fc.string({ unit: 'binary' })).map(([from, to, inserted]) => {
        return text.slice(0, Math.min(from, to)) + inserted + text.slice(Math.max(from, to));
      }),
    );
    const parsers = [
      parseCpus,
      parseMemory,
      parseNetwork,
      parseDisks,
      (text: string) => parseLoad(text, text, 0),
      (text: string) => parsePressure([text, text, text]),
    ];
    fc.assert(
      fc.property(fc.oneof(cut, fc.string({ unit: 'binary' })), fc.constantFrom(...parsers), (text, parse) => {
        localMounts(text);
        parseCpuFacts(text);
        try {
          const { devices, figures } = parse(text);
          expect(figures.every((figure) => Number.isInteger(figure) && figure >= 0)).toBe(true);
          expect(devices.length === 0 ? figures.length : figures.length % devices.length).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a machine', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bproc-beostat-'));
    const files = {
      'proc/stat': STAT,
      'proc/loadavg': '0.00 0.00 0.00 1/1 1\n',
      'proc/uptime': '1.00 1.00\n',
      'proc/meminfo': MEMORY,
      'proc/net/dev': NET,
      'proc/diskstats': DISKS,
      'proc/mounts': '',
      'proc/pressure/cpu': PRESSURE,
      'proc/pressure/memory': PRESSURE,
      'proc/pressure/io': PRESSURE,
      'sys/class/hwmon/hwmon0/name': 'chip\n',
      'sys/class/hwmon/hwmon0/temp1_input': '45500\n',
      'sys/class/hwmon/hwmon0/temp1_label': 'Core\u0007 0\n',
      'sys/class/hwmon/hwmon0/fan2_input': '1200\n',
      'sys/class/hwmon/hwmon0/temp3_input': 'broken\n',
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
  });
  afterEach(() => rm(root, { recursive: true }));

  const samplerOf = () =>
    new Sampler(machineSources(systemClock(), { proc: join(root, 'proc'), sys: join(root, 'sys') }));

  test('has sensors where they can be read', async () => {
    expect(await readSensors(join(root, 'sys'))).toEqual({
      devices: ['fan chip fan2', 'temp chip Core? 0'],
      figures: [1200, 45_500],
    });
    expect(await readSensors(join(root, 'nowhere'))).toEqual({ devices: [], figures: [] });
  });

  test('of which something cannot be read tells the rest, and what that was', async () => {
    using sampler = samplerOf();
    const first = sampler.take();
    expect(first.missing).toBe(0);
    await writeFile(join(root, 'proc/meminfo'), 'garbage');
    await writeFile(join(root, 'proc/loadavg'), '9.00 0.00 0.00 1/1 1\n');
    const second = sampler.take();
    const { layout } = second;
    expect(second.missing).toBe(1 << layout.indexOf('memory'));
    expect(second.figures[layout.place('memory', '', 'total') ?? -1]).toBe(1000);
    expect(second.figures[layout.place('load', '', 'load1') ?? -1]).toBe(900);
    expect(layout).toBe(first.layout);
  });

  test('whose devices change has another layout', async () => {
    using sampler = samplerOf();
    const first = sampler.take();
    await writeFile(join(root, 'proc/net/dev'), NET.split('\n').slice(0, 3).join('\n'));
    const second = sampler.take();
    expect(second.layout).not.toBe(first.layout);
    expect(second.layout.devicesOf('network')).toEqual(['lo']);
    expect(second.figures.length).toBe(second.layout.size);
  });
});
