/** The table of libraries that ldconfig(8) makes, `/etc/ld.so.cache`, in glibc's format 1.1. */
import { readFile } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';

/** One library of the table. */
export interface CachedLibrary {
  readonly path: string;
  /** The subdirectory of `glibc-hwcaps` it is for, such as `x86-64-v3`; absent: for every machine. */
  readonly hwcap: string | undefined;
}

/** Libraries by the name that programs need. */
export type LoaderCache = ReadonlyMap<string, readonly CachedLibrary[]>;

const MAGIC = 'glibc-ld.so.cache1.1';
const HEAD = 48;
const ENTRY = 24;
const EXTENSION_MAGIC = 0xeaa42174;
const HWCAPS_SECTION = 1;
/** In the upper half of an entry's `hwcap`: the lower half is the number of a name in the extension. */
const NAMED_HWCAP = 1 << 30;
const MOST_CACHE_BYTES = 64 * 1024 * 1024;

/**
 * Reads the table; empty where there is none.
 *
 * @throws BprocError EPROTO where it is damaged: ldconfig makes it anew.
 */
export async function readLoaderCache(path: string): Promise<LoaderCache> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const error = BprocError.from(cause);
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (bytes === undefined) return new Map();
  try {
    return parseLoaderCache(bytes);
  } catch (cause) {
    throw new BprocError('EPROTO', `${path} is damaged (${BprocError.from(cause).message}): run ldconfig`, { cause });
  }
}

/** Reads it from its bytes. Throws whatever damage leads to. */
export function parseLoaderCache(file: Buffer): LoaderCache {
  if (file.length > MOST_CACHE_BYTES) throw new RangeError('it is too long');
  // A table of the format before may come first; offsets count from this one's beginning.
  const start = file.indexOf(MAGIC, 0, 'latin1');
  if (start < 0) throw new RangeError('it is of an unknown format');
  const cache = file.subarray(start);
  const count = cache.readUInt32LE(20);
  if (HEAD + count * ENTRY > cache.length) throw new RangeError('it is cut short');
  const hwcaps = hwcapNames(cache, cache.readUInt32LE(32));
  const libraries = new Map<string, CachedLibrary[]>();
  for (let at = HEAD; at < HEAD + count * ENTRY; at += ENTRY) {
    const name = text(cache, cache.readUInt32LE(at + 4));
    const path = text(cache, cache.readUInt32LE(at + 8));
    const [index, isNamed] = [cache.readUInt32LE(at + 16), cache.readUInt32LE(at + 20) === NAMED_HWCAP];
    const known = libraries.get(name) ?? [];
    known.push({ path, hwcap: isNamed ? hwcaps[index] : undefined });
    libraries.set(name, known);
  }
  return libraries;
}

function hwcapNames(cache: Buffer, extension: number): readonly string[] {
  if (extension === 0) return [];
  if (cache.readUInt32LE(extension) !== EXTENSION_MAGIC) throw new RangeError('its extension is none');
  const count = cache.readUInt32LE(extension + 4);
  for (let index = 0; index < count; index += 1) {
    const at = extension + 8 + index * 16;
    if (cache.readUInt32LE(at) !== HWCAPS_SECTION) continue;
    const [offset, size] = [cache.readUInt32LE(at + 8), cache.readUInt32LE(at + 12)];
    if (offset + size > cache.length) throw new RangeError('its extension is cut short');
    return Array.from({ length: size / 4 }, (_, word) => text(cache, cache.readUInt32LE(offset + 4 * word)));
  }
  return [];
}

function text(cache: Buffer, at: number): string {
  const end = cache.indexOf(0, at);
  if (at >= cache.length || end < 0) throw new RangeError('a name lies outside it');
  return cache.toString('utf8', at, end);
}
