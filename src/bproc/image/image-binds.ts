/** What a process sees besides its image: the node's own files, and what every program expects of a machine. */
import { chmodSync, type Dirent, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { Bind } from '../../linux/index.ts';
import { resolveInRoot } from '../../linux/index.ts';
import type { ImageTree } from './image-tree.ts';

/** Where a process is to be. */
export interface BindPlace {
  /** The directory that is the node's root. */
  readonly node: string;
  /** A directory of the cache, for what the node does not have. */
  readonly scratch: string;
  readonly cwd: string;
}

/** What is said of where a process is to be, beside its request. */
export interface Surroundings {
  /** What it sees where neither its image nor its node has anything. */
  readonly shown?: readonly Shown[] | undefined;
  /** Whether it begins in `/` where it can have no such directory. */
  readonly cwdByName?: boolean;
}

/** A file or directory of the machine's, and where it is seen. */
export interface Shown {
  readonly source: string;
  readonly path: string;
  readonly kind: 'directory' | 'file';
}

/** Programs and libraries of two installations are not mixed: where the image has anything in one of these, the node's is not seen. */
const SYSTEM: ReadonlySet<string> = new Set(['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']);
/** Where what captures processes is seen, while it does: then nothing can be made there any more. */
const ENGINE_PLACE = '/.bproc-criu';
/** A copy of the table of mounts is made for each process. */
const MOST_BINDS = 1024;
const MODE_OF_TMP = 0o1777;
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx'];
const DEVICE_DIRECTORIES = ['pts', 'shm', 'mqueue'];
/** Who users and hosts are, as the machine knows it: for whoever looks that up. */
const NAMES = ['passwd', 'group', 'hosts', 'resolv.conf', 'nsswitch.conf'];
const DEVICE_LINKS = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
};

/**
 * What has to be bound so that the tree is a root to live in: the tree itself, which cannot be changed; what the node
 * has where the image has nothing; `/proc`, `/dev`, `/tmp` and the names of users and hosts; and the working directory, which is an empty one where
 * the node has none, unless that would be in a directory of the node's.
 *
 * @throws BprocError E2BIG where the node has too much of its own beside the image's files; the code of the file operation that failed.
 */
export function bindsFor(
  tree: ImageTree,
  place: BindPlace,
  { shown = [], cwdByName = false }: Surroundings,
): { readonly binds: readonly Bind[]; readonly cwd: string } {
  const binds = new Binds(tree, place);
  binds.machine();
  binds.own('/');
  tree.place(ENGINE_PLACE, 'directory');
  for (const { source, path, kind } of shown) binds.show(source, path, kind);
  const isThere = binds.workingDirectory();
  return { binds: binds.all, cwd: cwdByName && !isThere ? '/' : place.cwd };
}

class Binds {
  readonly all: Bind[];
  readonly #tree: ImageTree;
  readonly #place: BindPlace;
  readonly #bound = new Set<string>();

  constructor(tree: ImageTree, place: BindPlace) {
    this.#tree = tree;
    this.#place = place;
    this.all = [{ source: tree.root, target: tree.root, frozen: true }];
    if (!tree.directories.has('/tmp')) return;
    // a program of somebody's /tmp: what is bound into the tree before is not frozen with it
    const temporary = join(tree.root, 'tmp');
    chmodSync(temporary, MODE_OF_TMP);
    this.all.unshift({ source: temporary, target: temporary });
  }

  /** What is at a source is seen at a path, unless the image has something there. */
  show(source: string, path: string, kind: 'directory' | 'file'): void {
    const target = this.#tree.place(path, kind);
    // the image has something else there
    if (target === undefined || (kind === 'directory' && this.#tree.directories.has(path))) return;
    if (this.all.length >= MOST_BINDS) {
      const why = `its node has more than ${MOST_BINDS} files and directories of its own beside those of its image`;
      throw new BprocError('E2BIG', `${this.#tree.image.program} cannot be started from the cache: ${why}`);
    }
    this.#bound.add(path);
    this.all.push({ source, target });
  }

  /** What the node has at and below a path, where the image has nothing. */
  own(directory: string): void {
    for (const entry of entriesOf(join(this.#place.node, directory))) {
      const path = join(directory, entry.name);
      if (this.#tree.paths.has(path) || this.#isBelowBind(path)) continue;
      if (this.#tree.directories.has(path)) {
        if (!SYSTEM.has(path) && entry.isDirectory()) this.own(path);
      } else if (entry.isSymbolicLink()) {
        this.#tree.placeLink(path, readlinkSync(join(this.#place.node, path)));
      } else this.show(join(this.#place.node, path), path, entry.isDirectory() ? 'directory' : 'file');
    }
  }

  /** `/proc`, `/dev`, `/tmp` and what is to be known of names, where the node's root has none of its own. */
  machine(): void {
    if (this.#lacks('/proc')) this.show('/proc', '/proc', 'directory');
    if (this.#lacks('/dev')) {
      for (const name of DEVICES) this.#ofMachine(`/dev/${name}`, 'file');
      for (const name of DEVICE_DIRECTORIES) this.#ofMachine(`/dev/${name}`, 'directory');
      for (const [name, target] of Object.entries(DEVICE_LINKS)) this.#tree.placeLink(`/dev/${name}`, target);
      this.#bound.add('/dev');
    }
    if (this.#lacks('/etc')) for (const name of NAMES) this.#ofMachine(`/etc/${name}`, 'file');
    if (this.#tree.directories.has('/tmp') || isThere(join(this.#place.node, 'tmp'))) return;
    const temporary = join(this.#place.scratch, 'tmp');
    mkdirSync(temporary, { recursive: true });
    chmodSync(temporary, MODE_OF_TMP);
    this.show(temporary, '/tmp', 'directory');
  }

  #ofMachine(path: string, kind: 'directory' | 'file'): void {
    if (existsSync(path)) this.show(path, path, kind);
  }

  /** Whether it will be there. */
  workingDirectory(): boolean {
    const cwd = resolve('/', this.#place.cwd);
    if (cwd === '/') return true;
    const own = resolveInRoot(this.#place.node, cwd);
    const isOwn = own !== undefined && lstatSync(own, { throwIfNoEntry: false })?.isDirectory() === true;
    if (this.#isBelowBind(cwd)) return isOwn;
    if (!isOwn || this.#tree.directories.has(cwd)) return this.#tree.place(cwd, 'directory') !== undefined;
    this.show(own, cwd, 'directory');
    return true;
  }

  #isBelowBind(path: string): boolean {
    for (const bound of this.#bound) if (path === bound || path.startsWith(`${bound}/`)) return true;
    return false;
  }

  #lacks(path: string): boolean {
    return this.#place.node !== '/' && entriesOf(join(this.#place.node, path)).length === 0;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What is in a directory; nothing where it is none, or may not be read. */
function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (cause) {
    const error = BprocError.from(cause);
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EACCES') return [];
    throw error;
  }
}
