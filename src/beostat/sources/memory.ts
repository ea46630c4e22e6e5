/** Memory and swap: `/proc/meminfo`. */
import { KernelFile } from './kernel-file.ts';
import { type Places, type Reading, type Source, WHOLE, whole } from './source.ts';

/** In KiB, and how the kernel calls them. */
const NAMES = {
  total: 'MemTotal',
  free: 'MemFree',
  available: 'MemAvailable',
  buffers: 'Buffers',
  cached: 'Cached',
  shared: 'Shmem',
  swapTotal: 'SwapTotal',
  swapFree: 'SwapFree',
} as const;

/** KiB of what there is, and of what it is used for. */
export function memorySource({ proc }: Places): Source & Disposable {
  const file = new KernelFile(`${proc}/meminfo`);
  return {
    name: 'memory',
    fields: Object.keys(NAMES),
    counts: false,
    read: () => parseMemory(file.text()),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/** @throws RangeError for what is no such file. */
export function parseMemory(text: string): Reading {
  const found = new Map<string, number>();
  for (const [, name = '', value] of text.matchAll(/^(\w+): +(\d+)(?: kB)?$/gm)) found.set(name, whole(value));
  const total = found.get(NAMES.total);
  if (total === undefined) throw new RangeError('it does not say how much there is');
  // kernels before 3.14 do not say what is available
  if (!found.has(NAMES.available)) found.set(NAMES.available, found.get(NAMES.free) ?? 0);
  return { devices: WHOLE, figures: Object.values(NAMES).map((name) => found.get(name) ?? 0) };
}
