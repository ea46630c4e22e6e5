/** Images made ready to be run on a node: a tree for each, made when it is first asked for, and gone when its blobs are. */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { SpawnRequest, UserIdentity } from '../../linux/index.ts';
import type { BlobCache } from './blob-cache.ts';
import { BLOB_HASH, blobHasher } from './blob-hash.ts';
import { bindsFor, type Surroundings } from './image-binds.ts';
import { type LoaderCommand, loaderCommand, withLoader } from './image-loader.ts';
import { ImageTree } from './image-tree.ts';
import { decodeImage, type EncodedImage, type Image } from './manifest.ts';

/** How images are run. */
export interface ImageRootsOptions {
  /** Where their blobs are; the trees are in its directory, since a file has further names only on one file system. */
  readonly cache: BlobCache;
  /**
   * Whether a process can be given the image as its root, which takes a spawner that may mount and change roots
   * (`SpawnRequest.binds`): a holder with the capability SYS_ADMIN, or in a user namespace. It is on a node that has
   * another root than its machine, or no shell: where there is an installation, and everywhere without mounts, programs
   * are run by the image's loader and see the node's file system as it is.
   */
  readonly mounts: boolean;
}

/** Where an image is to be run, and whose process it is: as in the request. */
export interface ImageUse extends Pick<SpawnRequest, 'root' | 'user' | 'fileAgent'> {
  /** Whether it has to be the root also where its node has a shell: what was made elsewhere is to be the same here. @default false */
  readonly asRoot?: boolean | undefined;
}

/** An image that can be run. Its blobs stay until it is disposed of. */
export interface PreparedImage extends Disposable {
  /** Whether its processes have it as their root, and see of the node what is bound into that. */
  readonly isRoot: boolean;
  /**
   * The request that runs the image's program with what else is asked for; `file` counts for nothing. With the image as
   * its root the process has the working directory that is asked for, an empty one where the node has none.
   *
   * @throws BprocError E2BIG where the node has too much of its own; the code of the file operation that failed.
   */
  request(request: SpawnRequest, surroundings?: Surroundings): SpawnRequest;
  /** What else it can be used for as a root; absent where it is none. */
  readonly inside?: ImageInside | undefined;
}

/** An image as the root of processes that it does not start. */
export interface ImageInside {
  /**
   * The request that runs a program which is seen there and is none of the image's.
   *
   * @throws BprocError as {@link PreparedImage.request}.
   */
  around(request: SpawnRequest, surroundings?: Surroundings): SpawnRequest;
  /** The hash of what the image itself has at a path; undefined where it has no file there. */
  blobAt(path: string): string | undefined;
}

interface ReadyTree {
  readonly tree: ImageTree;
  /** Those who are about to run it, or may. */
  users: number;
  making: Promise<void> | undefined;
  /** How it is run by its loader, once that was asked for. */
  command: LoaderCommand | undefined;
}

/** Whoever has no shell has no installation that a program could need anything of. */
const SHELL = '/bin/sh';
/** Whether a program can only run from an image that is its root, on a node with this directory as its processes' root. */
export function needsRoot(root: string | undefined): boolean {
  return root !== undefined || !existsSync(SHELL);
}

const READABLE_BY_ALL = 0o004;
const ROOTS = 'roots';

/** The trees of a cache. Disposing of it leaves them to what still runs, and to the next one. */
export class ImageRoots implements Disposable {
  readonly #cache: BlobCache;
  readonly #mounts: boolean;
  readonly #directory: string;
  readonly #trees = new Map<string, ReadyTree>();
  readonly #listener: Disposable;

  /** @throws BprocError with the code of the file operation that failed. */
  constructor({ cache, mounts }: ImageRootsOptions) {
    this.#cache = cache;
    this.#mounts = mounts;
    this.#directory = join(resolve(cache.directory), ROOTS);
    try {
      mkdirSync(this.#directory, { recursive: true });
      chmodSync(this.#directory, 0o711);
    } catch (cause) {
      throw BprocError.from(cause);
    }
    this.#listener = cache.onGoing((blob) => this.#drop(blob));
  }

  /**
   * Makes an image ready. All of its blobs have to be in the cache; who fetches them pins them until this is done.
   *
   * @throws BprocError EPROTO for what is no image, or not the one that its name says; ENOENT where a blob is missing or has changed;
   *   ENOSPC and the codes of other file operations that failed; ENOSYS for a `root` where nothing can be mounted;
   *   where it is not to be a root also what {@link loaderCommand} throws.
   */
  async prepare({ hash, bytes }: EncodedImage, { root, user, asRoot = false }: ImageUse = {}): Promise<PreparedImage> {
    const isRoot = this.#mounts && (asRoot || needsRoot(root));
    const owner = user ?? ownUser();
    const ready = this.#trees.get(hash) ?? this.#trees.get(`${hash}.${owner.uid}`) ?? this.#enter(hash, bytes, owner);
    ready.users += 1;
    const pin = this.#cache.pin(ready.tree.blobs);
    const release = (): void => {
      ready.users -= 1;
      pin[Symbol.dispose]();
    };
    try {
      if (!isRoot && root !== undefined) throw noRoot(ready.tree, root);
      ready.making ??= ready.tree.make().finally(() => {
        ready.making = undefined;
      });
      await ready.making;
      if (!isRoot) ready.command ??= await loaderCommand(ready.tree);
      const command = isRoot ? undefined : ready.command;
      let isHeld = true;
      return {
        isRoot,
        request: (request, surroundings = {}) =>
          command === undefined
            ? this.#inRoot(ready.tree, { ...request, file: ready.tree.image.program }, surroundings)
            : withLoader(request, command),
        inside: isRoot ? this.#inside(ready.tree) : undefined,
        [Symbol.dispose]: () => {
          if (isHeld) release();
          isHeld = false;
        },
      };
    } catch (error) {
      release();
      // half a tree is of no use, and may be what has filled the disk
      if (ready.users === 0) this.#remove(ready.tree);
      throw error;
    }
  }

  /**
   * Removes the trees that an earlier life has left, but for those of these images, of which something still runs. Their files take room
   * as long as they are there, also where the cache has no such blob any more; blobs that lose a name by this are hashed
   * again before they are used.
   */
  sweep(running: Iterable<string>): void {
    const kept = new Set(running);
    for (const name of readdirSync(this.#directory)) {
      const [hash = ''] = name.split('.');
      if (BLOB_HASH.test(hash) && !kept.has(hash) && !this.#trees.has(name))
        rmSync(join(this.#directory, name), { recursive: true, force: true });
    }
  }

  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]();
  }

  #enter(hash: string, bytes: Uint8Array, user: UserIdentity): ReadyTree {
    const real = blobHasher().update(bytes).digest('hex');
    if (real !== hash) throw new BprocError('EPROTO', `image ${hash} is not what came: that is ${real}`);
    const image = decodeImage(bytes);
    // what not everybody may read where it comes from is for the user alone who starts it
    const owner = isForAll(image) ? undefined : user;
    const name = owner === undefined ? hash : `${hash}.${owner.uid}`;
    const tree = new ImageTree(this.#cache, join(this.#directory, name), image, owner);
    const ready: ReadyTree = { tree, users: 0, making: undefined, command: undefined };
    this.#trees.set(name, ready);
    return ready;
  }

  #inside(tree: ImageTree): ImageInside {
    return {
      around: (request, surroundings = {}) => this.#inRoot(tree, request, surroundings),
      blobAt: (path) => {
        const entry = tree.paths.get(path);
        return entry?.kind === 'file' ? entry.blob : undefined;
      },
    };
  }

  #inRoot(tree: ImageTree, request: SpawnRequest, surroundings: Surroundings): SpawnRequest {
    const place = { node: resolve(request.root ?? '/'), scratch: resolve(this.#cache.directory), cwd: request.cwd };
    return { ...request, root: tree.root, ...bindsFor(tree, place, surroundings) };
  }

  /** A blob that goes takes no room any more: whatever runs has it still. */
  #drop(blob: string): void {
    for (const { tree, users } of this.#trees.values()) {
      tree.drop(blob);
      if (users === 0 && tree.isBare) this.#remove(tree);
    }
  }

  #remove(tree: ImageTree): void {
    this.#trees.delete(basename(tree.root));
    tree.remove();
  }
}

/** Whose processes are started without another user. */
function ownUser(): UserIdentity {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, groups: [] };
}

function isForAll({ entries }: Image): boolean {
  return entries.every((entry) => entry.kind === 'link' || (entry.mode & READABLE_BY_ALL) !== 0);
}

function noRoot({ image }: ImageTree, root: string): BprocError {
  const why = `its node has ${root} as its root, and nothing can be mounted there: run its slave as root, with a holder`;
  return new BprocError('ENOSYS', `${image.program} cannot be started from the cache: ${why}`);
}
