/** Network interfaces: `/proc/net/dev`. */
import { KernelFile } from './kernel-file.ts';
import { deviceName, MOST_DEVICES, type Places, type Reading, type Source, whole } from './source.ts';

/** In the kernel's order: what was received, and what was sent. */
const FIELDS = [
  'receivedBytes',
  'receivedPackets',
  'receivedErrors',
  'receivedDropped',
  'receivedFifo',
  'receivedFrame',
  'receivedCompressed',
  'receivedMulticast',
  'sentBytes',
  'sentPackets',
  'sentErrors',
  'sentDropped',
  'sentFifo',
  'sentCollisions',
  'sentCarrier',
  'sentCompressed',
] as const;

/** Bytes, packets and what went wrong, for each interface. */
export function networkSource({ proc }: Places): Source & Disposable {
  const file = new KernelFile(`${proc}/net/dev`);
  return {
    name: 'network',
    fields: FIELDS,
    counts: true,
    read: () => parseNetwork(file.text()),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/** @throws RangeError for what is no such file. */
export function parseNetwork(text: string): Reading {
  const devices: string[] = [];
  const figures: number[] = [];
  for (const line of text.split('\n').slice(2)) {
    // a name may hold a colon, and numbers none
    const colon = line.lastIndexOf(':');
    if (colon < 0 || devices.length === MOST_DEVICES) continue;
    const counts = line
      .slice(colon + 1)
      .trim()
      .split(/ +/);
    if (counts.length !== FIELDS.length) throw new RangeError(`an interface has ${counts.length} counters`);
    devices.push(deviceName(line.slice(0, colon).trim()));
    figures.push(...counts.map(whole));
  }
  return { devices, figures };
}
