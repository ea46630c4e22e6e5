/** Manifests: what an image consists of, checked before anything is made of it. PROTOCOL.md 10.1. */
import { BprocError } from '../../errors.ts';
import { decodeManifest, encodeManifest, type Manifest } from '../../wire/index.ts';
import { blobHasher } from './blob-hash.ts';

/** What is at one path of an image. */
export type ImageEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly blob: string;
      readonly size: number;
      readonly mode: number;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** A file of an image. */
export type ImageFile = ImageEntry & { readonly kind: 'file' };

/** A program and everything that it needs. */
export interface Image {
  readonly program: string;
  /** In the order of their paths. */
  readonly entries: readonly ImageEntry[];
}

/** An image as it is named and sent. */
export interface EncodedImage {
  /** The SHA-256 of `bytes`, in hexadecimal. */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

const HASH_BYTES = 32;
const MOST_ENTRIES = 65_536;
const MOST_PATH_BYTES = 4095;
const MOST_NAME_BYTES = 255;
/** As many symbolic links as the kernel follows in one path. */
const MOST_LINKS = 40;

/** Encodes an image; the same one always gets the same name. */
export function encodeImage({ program, entries }: Image): EncodedImage {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const bytes = encodeManifest({
    program,
    entries: sorted.map((entry) =>
      entry.kind === 'link'
        ? { path: entry.path, target: entry.target }
        : { path: entry.path, blob: Buffer.from(entry.blob, 'hex'), size: entry.size, mode: entry.mode },
    ),
  });
  return { hash: blobHasher().update(bytes).digest('hex'), bytes };
}

/**
 * Decodes an image that somebody sent. Whatever is made of it stays inside the directory it is made in: no path is
 * another's parent unless it is a directory, so that none leads through a link.
 *
 * @throws BprocError EPROTO with what is wrong.
 */
export function decodeImage(bytes: Uint8Array): Image {
  const { program, entries } = decodeManifest(bytes);
  if (entries.length > MOST_ENTRIES) refuse(`it has ${entries.length} entries, more than ${MOST_ENTRIES}`);
  const byPath = new Map<string, ImageEntry>();
  for (const each of entries) {
    const entry = entryOf(each);
    if (byPath.has(entry.path)) refuse(`${entry.path} is there twice`);
    byPath.set(entry.path, entry);
  }
  for (const path of byPath.keys()) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (byPath.has(path.slice(0, end))) refuse(`${path} is inside of what is no directory`);
    }
  }
  if (!isPath(program)) refuse('its program has no path');
  const image = { program, entries: [...byPath.values()] };
  if (programOf(image, byPath) === undefined) refuse(`its program ${program} is none of its files`);
  return image;
}

/** What is at each path of an image. */
export type ImagePaths = ReadonlyMap<string, ImageEntry>;

/** The entries of an image by their paths. */
export function pathsOf({ entries }: Pick<Image, 'entries'>): ImagePaths {
  return new Map(entries.map((entry) => [entry.path, entry]));
}

/** The file that the program's path leads to by the image's own links. */
export function programOf(image: Image, paths: ImagePaths = pathsOf(image)): ImageFile | undefined {
  return fileAt(paths, image.program);
}

/** The file that an absolute path leads to by the image's own links; undefined where it leads to none. */
export function fileAt(paths: ImagePaths, path: string): ImageFile | undefined {
  const ahead = path.split('/');
  const real: string[] = [];
  for (let links = 0; ahead.length > 0; ) {
    const name = ahead.shift() ?? '';
    if (name === '' || name === '.') continue;
    if (name === '..') {
      real.pop();
      continue;
    }
    real.push(name);
    const entry = paths.get(`/${real.join('/')}`);
    if (entry === undefined) continue;
    if (entry.kind === 'file') return ahead.every((each) => each === '') ? entry : undefined;
    links += 1;
    if (links > MOST_LINKS) return undefined;
    if (entry.target.startsWith('/')) real.length = 0;
    else real.pop();
    ahead.unshift(...entry.target.split('/'));
  }
  return undefined;
}

function entryOf({ path, blob, size, mode, target }: Manifest['entries'][number]): ImageEntry {
  if (!isPath(path)) refuse(`${JSON.stringify(path.slice(0, MOST_NAME_BYTES))} is no path of an image`);
  if (target !== '') {
    if (target.includes('\0') || Buffer.byteLength(target) > MOST_PATH_BYTES) refuse(`${path} is a link to nowhere`);
    return { kind: 'link', path, target };
  }
  if (blob.length !== HASH_BYTES) refuse(`${path} has no SHA-256`);
  if (mode > 0o777) refuse(`${path} has mode ${mode.toString(8)}, and may have 9 bits`);
  return { kind: 'file', path, blob: Buffer.from(blob).toString('hex'), size, mode };
}

function isPath(path: string): boolean {
  if (!path.startsWith('/') || path.includes('\0') || Buffer.byteLength(path) > MOST_PATH_BYTES) return false;
  return path
    .slice(1)
    .split('/')
    .every((name) => name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) <= MOST_NAME_BYTES);
}

function refuse(why: string): never {
  throw new BprocError('EPROTO', `an image cannot be used: ${why}`);
}
