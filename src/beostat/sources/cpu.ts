/** What processors have done: `/proc/stat`. */
import { KernelFile } from './kernel-file.ts';
import { type Places, type Reading, type Source, whole } from './source.ts';

const FIELDS = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

/** Ticks of a hundredth of a second, for each processor. */
export function cpuSource({ proc }: Places): Source & Disposable {
  const file = new KernelFile(`${proc}/stat`);
  return {
    name: 'cpu',
    fields: FIELDS,
    counts: true,
    read: () => parseCpus(file.text()),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/** @throws RangeError for what is no such file. */
export function parseCpus(text: string): Reading {
  const devices: string[] = [];
  const figures: number[] = [];
  for (const line of text.split('\n', 8192)) {
    const [name = '', ...ticks] = line.split(' ');
    // the first lines are of processors, and what follows them is long
    if (!name.startsWith('cpu')) break;
    if (name === 'cpu') continue;
    devices.push(String(whole(name.slice(3))));
    // an older kernel has fewer
    for (let i = 0; i < FIELDS.length; i += 1) figures.push(ticks[i] === undefined ? 0 : whole(ticks[i]));
  }
  if (devices.length === 0) throw new RangeError('no processor is in it');
  return { devices, figures };
}
