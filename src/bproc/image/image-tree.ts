/**
 * An image as a directory tree on a node: its files are further names of the cache's blobs, so that they take no room and start as
 * fast as any other. Nothing in it is anybody's to change but this one's, so that no path of it leads out by a link.
 */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BprocError } from '../../errors.ts';
import type { UserIdentity } from '../../linux/index.ts';
import type { BlobCache } from './blob-cache.ts';
import type { Image, ImageFile, ImagePaths } from './manifest.ts';
import { pathsOf } from './manifest.ts';

/** Entries that are made in a turn of the event loop. */
const SLICE = 32;
/** Where a file can have no further name, be it that the file system knows none, or has too many already. */
const NO_LINK: readonly string[] = ['EMLINK', 'EPERM', 'EXDEV', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP'];

/** The tree. */
export class ImageTree {
  /** Where it is. */
  readonly root: string;
  readonly image: Image;
  readonly paths: ImagePaths;
  /** What is a directory in it because something is in there, `/` excluded. */
  readonly directories: ReadonlySet<string>;
  readonly #cache: BlobCache;
  readonly #owner: UserIdentity | undefined;
  /** Which paths show a blob. */
  readonly #files = new Map<string, ImageFile[]>();
  /** Files that could be no further name of a blob, and so take room of their own. */
  readonly #copies = new Set<string>();
  /** What was made in this life and not taken away since. */
  readonly #made = new Set<string>();
  /** Whether that is all of it. */
  #isWhole = false;

  /** @param owner who alone may use it; absent: everybody. */
  constructor(cache: BlobCache, root: string, image: Image, owner?: UserIdentity) {
    this.#cache = cache;
    this.#owner = owner;
    this.root = root;
    this.image = image;
    this.paths = pathsOf(image);
    const directories = new Set<string>();
    for (const entry of image.entries) {
      for (let up = dirname(entry.path); up !== '/' && !directories.has(up); up = dirname(up)) directories.add(up);
      if (entry.kind !== 'file') continue;
      const same = this.#files.get(entry.blob);
      if (same === undefined) this.#files.set(entry.blob, [entry]);
      else same.push(entry);
    }
    this.directories = directories;
  }

  /** The blobs it consists of. */
  get blobs(): Iterable<string> {
    return this.#files.keys();
  }

  /** Whether nothing of a blob is left in it. */
  get isBare(): boolean {
    return [...this.#files.values()].every((files) => files.every(({ path }) => !this.#made.has(path)));
  }

  /**
   * Makes what is missing of it. Its blobs have to be pinned.
   *
   * @throws BprocError ENOENT where a blob is not in the cache, or was and has changed; ENOSPC and the codes of other
   *   file operations that failed. What was made is there the next time.
   */
  async make(): Promise<void> {
    await this.#requireBlobs();
    if (this.#isWhole) return;
    let done = 0;
    for (const directory of ['', ...[...this.directories].sort()]) {
      this.#try(directory, () => this.#directory(directory));
      done += 1;
      if (done % SLICE === 0) await setImmediate();
    }
    for (const entry of this.image.entries) {
      if (this.#made.has(entry.path)) continue;
      this.#try(entry.path, () => {
        if (entry.kind === 'file') this.#file(entry);
        else this.#link(entry.path, entry.target);
      });
      this.#made.add(entry.path);
      done += 1;
      if (done % SLICE === 0) await setImmediate();
    }
    this.#isWhole = this.image.entries.every(({ path }) => this.#made.has(path));
  }

  /** Takes a blob out, which the cache wants to be gone. */
  drop(blob: string): void {
    for (const { path } of this.#files.get(blob) ?? []) {
      this.#isWhole = false;
      this.#made.delete(path);
      if (this.#copies.delete(path)) rmSync(this.#at(path), { force: true });
      else this.#unlink(blob, path);
    }
  }

  /** Removes it. */
  remove(): void {
    for (const blob of this.#files.keys()) this.drop(blob);
    rmSync(this.root, { recursive: true, force: true });
  }

  /**
   * A place where something else can be shown: a directory or an empty file that is none of the image's.
   *
   * @returns undefined where the image has something else there, or a file or link on the way.
   */
  place(path: string, kind: 'directory' | 'file'): string | undefined {
    const at = this.#at(path);
    if (path === '/' || this.directories.has(path)) return kind === 'directory' ? at : undefined;
    for (let up = path; up !== '/'; up = dirname(up)) if (this.paths.has(up)) return undefined;
    this.#try(path, () => {
      const parents: string[] = [];
      for (let up = dirname(path); up !== '/' && !this.directories.has(up); up = dirname(up)) parents.unshift(up);
      for (const parent of parents) this.#directory(parent);
      if (kind === 'directory') return this.#directory(path);
      if (lstatSync(at, { throwIfNoEntry: false })?.isFile() === true) return;
      rmSync(at, { recursive: true, force: true });
      copyFileSync('/dev/null', at);
    });
    return at;
  }

  /** Shows a link that is none of the image's. */
  placeLink(path: string, target: string): void {
    if (this.place(dirname(path), 'directory') === undefined || this.paths.has(path) || this.directories.has(path))
      return;
    this.#try(path, () => this.#link(path, target));
  }

  async #requireBlobs(): Promise<void> {
    const missing: string[] = [];
    for (const blob of this.#files.keys()) if ((await this.#cache.find(blob)) === undefined) missing.push(blob);
    const [first] = missing;
    if (first === undefined) return;
    const path = this.#files.get(first)?.[0]?.path;
    const what = `${path} (blob ${first})${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}`;
    throw new BprocError('ENOENT', `the image of ${this.image.program} is not whole: ${what} has to be sent (again)`);
  }

  /** Whatever else is there goes: a link there would lead what is made next to somewhere else. */
  #directory(path: string): void {
    const at = this.#at(path);
    const stat = lstatSync(at, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return;
    if (stat !== undefined) rmSync(at);
    mkdirSync(at, { recursive: path === '' });
    const isPrivate = path === '' && this.#owner !== undefined;
    // whatever the umask: every user's programs are started from it
    chmodSync(at, isPrivate ? 0o700 : 0o755);
    const owner = lstatSync(at);
    if (isPrivate && owner.uid !== this.#owner?.uid) chownSync(at, this.#owner?.uid ?? 0, this.#owner?.gid ?? 0);
  }

  #file({ path, blob, mode }: ImageFile): void {
    const at = this.#at(path);
    const own = modeOf(mode);
    this.#cache.relink(blob, (from) => {
      const there = lstatSync(at, { throwIfNoEntry: false });
      const kept = lstatSync(from);
      const isSame = (kept.mode & 0o777) === own;
      if (isSame && there?.ino === kept.ino) return;
      if (there !== undefined) rmSync(at, { recursive: true });
      // all names of a file have one mode: where it is something else elsewhere, this is a copy
      const isFree = isSame || lstatSync(from).nlink === 1;
      if (isFree && !isSame) chmodSync(from, own);
      if (isFree && isLinked(from, at)) return;
      this.#copies.add(path);
      copyFileSync(from, at);
      chmodSync(at, own);
    });
  }

  /** Absolute links too stay inside, whatever the tree is seen as. */
  #link(path: string, target: string): void {
    const at = this.#at(path);
    const up = '../'.repeat(path.split('/').length - 2);
    const inside = target.startsWith('/') ? `${up}.${target}` : target;
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(at) === inside) return;
    rmSync(at, { recursive: true, force: true });
    symlinkSync(inside, at);
  }

  #unlink(blob: string, path: string): void {
    try {
      this.#cache.relink(blob, () => rmSync(this.#at(path), { force: true }));
    } catch (cause) {
      if (BprocError.from(cause).code !== 'ENOENT') throw cause;
      rmSync(this.#at(path), { force: true });
    }
  }

  #try(path: string, act: () => void): void {
    try {
      act();
    } catch (cause) {
      const error = BprocError.from(cause);
      const what = `the image of ${this.image.program} cannot be made ready at ${path || '/'}`;
      throw new BprocError(error.code, `${what}: ${error.message}`, { cause });
    }
  }

  #at(path: string): string {
    return join(this.root, path);
  }
}

/** Everybody may read it, as the directory above it allows; who may run it where it comes from may do so here. Never a set-user-ID program. */
function modeOf(mode: number): number {
  return (mode & 0o111) === 0 ? 0o444 : 0o555;
}

/** Gives a file another name; false where it can have none. */
function isLinked(from: string, at: string): boolean {
  try {
    linkSync(from, at);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && NO_LINK.includes(String(cause.code))) return false;
    throw cause;
  }
}
