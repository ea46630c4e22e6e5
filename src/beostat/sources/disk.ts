/** Block devices: `/proc/diskstats`. */
import { KernelFile } from './kernel-file.ts';
import { deviceName, MOST_DEVICES, type Places, type Reading, type Source, whole } from './source.ts';

/** Times in milliseconds. */
const FIELDS = ['reads', 'readBytes', 'readMs', 'writes', 'writtenBytes', 'writeMs', 'busyMs'] as const;
/** The kernel counts in these, whatever a device's own are. */
const SECTOR_BYTES = 512;
/** What is no disk of its own, but a part of one, or made of memory or files. */
const PARTS = /^(?:loop|ram|zram|fd|sr)\d|^(?:sd|hd|vd|xvd)[a-z]+\d|^(?:nvme\d+n\d+|mmcblk\d+)p\d/;

/** What was read and written, for each disk. */
export function diskSource({ proc }: Places): Source & Disposable {
  const file = new KernelFile(`${proc}/diskstats`);
  return {
    name: 'disk',
    fields: FIELDS,
    counts: true,
    read: () => parseDisks(file.text()),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/** @throws RangeError for what is no such file. */
export function parseDisks(text: string): Reading {
  const devices: string[] = [];
  const figures: number[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, , name = '', ...counts] = line.trim().split(/ +/);
    if (PARTS.test(name) || devices.length === MOST_DEVICES) continue;
    const [reads, , readSectors, readMs, writes, , writtenSectors, writeMs, , busyMs] = counts.map(whole);
    if (busyMs === undefined) throw new RangeError('a disk has too few counters');
    devices.push(deviceName(name));
    figures.push(reads ?? 0, (readSectors ?? 0) * SECTOR_BYTES, readMs ?? 0);
    figures.push(writes ?? 0, (writtenSectors ?? 0) * SECTOR_BYTES, writeMs ?? 0, busyMs);
  }
  return { devices, figures };
}
