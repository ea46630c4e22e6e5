/** How long there was not enough: `/proc/pressure` (PSI, kernel 4.20 and later, where it is switched on). */
import { KernelFile } from './kernel-file.ts';
import { type Places, type Reading, type Source, whole } from './source.ts';

const KINDS = ['cpu', 'memory', 'io'] as const;
/** Microseconds in which some, and in which all that could have run had to wait. */
const FIELDS = ['some', 'full'] as const;

/** Microseconds of waiting, for processors, memory and disks. */
export function pressureSource({ proc }: Places): Source & Disposable {
  const files = KINDS.map((kind) => new KernelFile(`${proc}/pressure/${kind}`));
  return {
    name: 'pressure',
    fields: FIELDS,
    counts: true,
    read: () => parsePressure(files.map((file) => file.text())),
    [Symbol.dispose]: () => {
      for (const file of files) file[Symbol.dispose]();
    },
  };
}

/** @throws RangeError for what are no such files. */
export function parsePressure(texts: readonly string[]): Reading {
  const figures = texts.flatMap((text) => {
    const some = /^some .*total=(\d+)$/m.exec(text);
    // of processors older kernels say only this
    const full = /^full .*total=(\d+)$/m.exec(text);
    return [whole(some?.[1]), full === null ? 0 : whole(full[1])];
  });
  return { devices: KINDS, figures };
}
