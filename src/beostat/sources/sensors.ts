/** Temperatures and fans, where the kernel's hwmon has them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deviceName, MOST_DEVICES, type Places, type Reading, type Source } from './source.ts';

/** Thousandths of a degree Celsius, or turns a minute; what is colder than freezing is told as 0. */
const FIELDS = ['value'] as const;
/** Some sensors take long to read, in milliseconds. */
const ASKED_MS = 10_000;
const INPUT = /^(temp|fan)(\d+)_input$/;

/** Sensors by name, such as `temp coretemp Core 0`. They are read beside the samples, which have what is known. */
export function sensorsSource({ sys }: Places, now: () => number): Source {
  let known: Reading = { devices: [], figures: [] };
  let askedAt = Number.NEGATIVE_INFINITY;
  let isAsking = false;
  return {
    name: 'sensor',
    fields: FIELDS,
    counts: false,
    read: () => {
      if (!isAsking && now() - askedAt >= ASKED_MS) {
        askedAt = now();
        isAsking = true;
        void readSensors(sys).then((reading) => {
          known = reading;
          isAsking = false;
        });
      }
      return known;
    },
  };
}

/** What can be read of them. */
export async function readSensors(sys: string): Promise<Reading> {
  const devices: string[] = [];
  const figures: number[] = [];
  const root = join(sys, 'class/hwmon');
  for (const chip of (await readdir(root).catch(() => [])).sort()) {
    const directory = join(root, chip);
    const chipName = await lineOf(join(directory, 'name'));
    for (const file of (await readdir(directory).catch(() => [])).sort()) {
      const [, kind = '', number = ''] = INPUT.exec(file) ?? [];
      const text = kind === '' ? '' : await lineOf(join(directory, file));
      if (!/^-?\d{1,9}$/.test(text) || devices.length === MOST_DEVICES) continue;
      const label = (await lineOf(join(directory, `${kind}${number}_label`))) || `${kind}${number}`;
      const name = deviceName(`${kind} ${chipName} ${label}`);
      devices.push(devices.includes(name) ? deviceName(`${kind} ${chip} ${label}`) : name);
      figures.push(Math.max(0, Number(text)));
    }
  }
  return { devices, figures };
}

/** A sensor that cannot be read now is none. */
async function lineOf(path: string): Promise<string> {
  return (await readFile(path, 'latin1').catch(() => '')).trim();
}
