/** The files that a capture only names: what makes a process of it opens and maps those of its own machine. */
import type { NeededFile } from '../checkpointer.ts';
import { entriesOf, fieldsOf, readImage } from './images.ts';

const FILES = 'files.img';
/** Names that led to a file when it was opened, and do not any more: the file itself, or another name of it, is captured. */
const REMAPS = 'remap-fpath.img';
const REMAPPED = 1;
/** Of an entry of a file, what one with a name is; and of that its number, how it was opened, its name, size and mode. */
const NAMED = 3;
const ID = 1;
const FLAGS = 2;
const NAME = 6;
const SIZE = 8;
const MODE = 10;
/** Linux's numbers: how one was opened, and what kind it is. */
const ACCESS = 3;
const KIND = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;

/**
 * The files and directories that a capture names, each once: program, libraries, what is open or mapped, working and root directory.
 *
 * @throws BprocError EPROTO for images that are none.
 */
export async function neededFilesIn(directory: string): Promise<readonly NeededFile[]> {
  const [files, remaps] = await Promise.all([FILES, REMAPS].map((name) => readImage(directory, name)));
  return files === undefined ? [] : neededFiles(files, remaps);
}

/** What an image of files names, but for what one of remaps says not to be there. */
export function neededFiles(files: Buffer, remaps: Buffer = Buffer.alloc(0)): readonly NeededFile[] {
  const captured = new Set<number>();
  for (const { message } of entriesOf(remaps, REMAPS)) captured.add(numbersIn(message, REMAPS).get(REMAPPED) ?? 0);
  const found = new Map<string, NeededFile>();
  for (const { message } of entriesOf(files, FILES)) {
    for (const { number, from, to } of fieldsOf(message, FILES)) {
      if (number !== NAMED) continue;
      const file = message.subarray(from, to);
      const numbers = numbersIn(file, FILES);
      const kind = (numbers.get(MODE) ?? 0) & KIND;
      const path = nameIn(file);
      if (captured.has(numbers.get(ID) ?? 0) || (kind !== REGULAR && kind !== DIRECTORY)) continue;
      const before = found.get(path);
      found.set(path, {
        path,
        isDirectory: kind === DIRECTORY,
        // one that was opened to append to has none: it may grow
        size: numbers.get(SIZE) ?? before?.size,
        isWritten: ((numbers.get(FLAGS) ?? 0) & ACCESS) !== 0 || before?.isWritten === true,
      });
    }
  }
  return [...found.values()];
}

function numbersIn(message: Buffer, name: string): ReadonlyMap<number, number> {
  return new Map([...fieldsOf(message, name)].map(({ number, value }) => [number, value]));
}

function nameIn(file: Buffer): string {
  let name = '';
  for (const { number, from, to } of fieldsOf(file, FILES)) if (number === NAME) name = file.toString('utf8', from, to);
  return name;
}
