/** Where CRIU's images of memory are best cut: by the addresses that their pages have, since one more page moves all that come after it in the file. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { entriesOf, fieldsOf, readImage } from './images.ts';

const PAGEMAP = /^pagemap-.*\.img$/;
/** Of the first entry of a map: the number in the name of the image that has its pages. */
const PAGES_ID = 1;
/** Of the others: an address; how many pages from there on, in one of two fields; where they are. */
const ADDRESS = 1;
const COUNT_BEFORE = 2;
const IN_PARENT = 3;
const FLAGS = 4;
const COUNT = 5;
/** Of the flags: they are in this image. */
const PRESENT = 4;

/** Memory from one address on. */
export interface PageRun {
  readonly address: number;
  readonly pages: number;
}

/**
 * The offsets at which new pieces begin, by the names of the images: where memory crosses a multiple of so many bytes. What
 * this does not understand is left out.
 *
 * @throws BprocError EPROTO for images that are none.
 */
export async function pageCutsIn(directory: string, bytes: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const cuts = new Map<string, readonly number[]>();
  for (const name of (await readdir(directory)).filter((each) => PAGEMAP.test(each))) {
    const { id, runs } = runsIn((await readImage(directory, name)) ?? Buffer.alloc(0), name);
    const pages = `pages-${id}.img`;
    const size = (await stat(join(directory, pages)).catch(() => undefined))?.size;
    const found = size === undefined ? undefined : cutsOf(runs, size, bytes);
    if (found !== undefined) cuts.set(pages, found);
  }
  return cuts;
}

/** What a map of pages says: which image has them, and where they were. */
export function runsIn(image: Buffer, name: string): { readonly id: number; readonly runs: readonly PageRun[] } {
  let id: number | undefined;
  const runs: PageRun[] = [];
  for (const { message } of entriesOf(image, name)) {
    const numbers = new Map([...fieldsOf(message, name)].map(({ number, value }) => [number, value]));
    if (id === undefined) {
      id = numbers.get(PAGES_ID) ?? 0;
      continue;
    }
    const flags = numbers.get(FLAGS);
    const isHere = flags === undefined ? numbers.get(IN_PARENT) !== 1 : (flags & PRESENT) !== 0;
    const pages = numbers.get(COUNT) ?? numbers.get(COUNT_BEFORE) ?? 0;
    if (isHere && pages > 0) runs.push({ address: numbers.get(ADDRESS) ?? 0, pages });
  }
  return { id: id ?? 0, runs };
}

/** Undefined where the image has not as many pages as the map says. */
export function cutsOf(runs: readonly PageRun[], size: number, bytes: number): readonly number[] | undefined {
  const pages = runs.reduce((sum, run) => sum + run.pages, 0);
  const pageBytes = pages === 0 ? 0 : size / pages;
  if (!Number.isInteger(pageBytes) || pageBytes === 0) return undefined;
  const cuts: number[] = [];
  let offset = 0;
  let part: number | undefined;
  for (const { address, pages: count } of runs) {
    const end = address + count * pageBytes;
    for (let at = address; at < end; at = (Math.floor(at / bytes) + 1) * bytes) {
      const next = Math.floor(at / bytes);
      const cut = offset + at - address;
      if (next !== part && cut > 0) cuts.push(cut);
      part = next;
    }
    offset += count * pageBytes;
  }
  return cuts;
}
