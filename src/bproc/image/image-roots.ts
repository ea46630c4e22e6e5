/** Images made ready to be run on a node: a tree for each, made when it is first asked for, and gone when its blobs are. */
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { SpawnRequest } from '../../linux/index.ts';
import type { BlobCache } from './blob-cache.ts';
import { BLOB_HASH, blobHasher } from './blob-hash.ts';
import { bindsFor } from './image-binds.ts';
import { type LoaderCommand, loaderCommand, withLoader } from './image-loader.ts';
import { ImageTree } from './image-tree.ts';
import { decodeImage, type EncodedImage } from './manifest.ts';

/** How images are run. */
export interface ImageRootsOptions {
  /** Where their blobs are; the trees are in its directory, since a file has further names only on one file system. */
  readonly cache: BlobCache;
  /**
   * Whether a process is given the image as its root, which takes a spawner that may mount and change roots
   * (`SpawnRequest.binds`): a holder with the capability SYS_ADMIN, or in a user namespace. Else programs are run by the image's loader, and see the node's file system alone.
   */
  readonly mounts: boolean;
}

/** An image that can be run. Its blobs stay until it is disposed of. */
export interface PreparedImage extends Disposable {
  /**
   * The request that runs the image's program with what else is asked for. `root` of the request is the node's root, `/`
   * where it has none; `file` counts for nothing.
   *
   * @throws BprocError ENOSYS for a `root` where nothing can be mounted; E2BIG where the node has too much of its own;
   *   the code of the file operation that failed.
   */
  request(request: SpawnRequest): SpawnRequest;
}

interface ReadyTree {
  readonly tree: ImageTree;
  /** Those who are about to run it, or may. */
  users: number;
  making: Promise<void> | undefined;
  command: LoaderCommand | undefined;
}

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
   *   ENOSPC and the codes of other file operations that failed; without mounts also what {@link loaderCommand} throws.
   */
  async prepare({ hash, bytes }: EncodedImage): Promise<PreparedImage> {
    const ready = this.#trees.get(hash) ?? this.#enter(hash, bytes);
    ready.users += 1;
    const pin = this.#cache.pin(ready.tree.blobs);
    const release = (): void => {
      ready.users -= 1;
      pin[Symbol.dispose]();
    };
    try {
      ready.making ??= ready.tree.make().finally(() => {
        ready.making = undefined;
      });
      await ready.making;
      if (!this.#mounts) ready.command ??= await loaderCommand(ready.tree);
    } catch (error) {
      release();
      // half a tree is of no use, and may be what has filled the disk
      if (ready.users === 0) this.#remove(hash, ready.tree);
      throw error;
    }
    let isHeld = true;
    return {
      request: (request) => this.#request(ready, request),
      [Symbol.dispose]: () => {
        if (isHeld) release();
        isHeld = false;
      },
    };
  }

  /**
   * Removes the trees that an earlier life has left, but for those of these images, of which something still runs. Their files take room
   * as long as they are there, also where the cache has no such blob any more; blobs that lose a name by this are hashed
   * again before they are used.
   */
  sweep(running: Iterable<string>): void {
    const kept = new Set([...running, ...this.#trees.keys()]);
    for (const name of readdirSync(this.#directory)) {
      if (BLOB_HASH.test(name) && !kept.has(name))
        rmSync(join(this.#directory, name), { recursive: true, force: true });
    }
  }

  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]();
  }

  #enter(hash: string, bytes: Uint8Array): ReadyTree {
    const real = blobHasher().update(bytes).digest('hex');
    if (real !== hash) throw new BprocError('EPROTO', `image ${hash} is not what came: that is ${real}`);
    const tree = new ImageTree(this.#cache, join(this.#directory, hash), decodeImage(bytes));
    const ready: ReadyTree = { tree, users: 0, making: undefined, command: undefined };
    this.#trees.set(hash, ready);
    return ready;
  }

  #request({ tree, command }: ReadyTree, request: SpawnRequest): SpawnRequest {
    const { root: node = '/', cwd } = request;
    if (command === undefined) {
      const scratch = resolve(this.#cache.directory);
      const binds = bindsFor(tree, { node: resolve(node), scratch, cwd });
      return { ...request, file: tree.image.program, root: tree.root, binds };
    }
    if (request.root === undefined) return withLoader(request, command);
    const why = `its node has ${node} as its root, and nothing can be mounted there: run its slave as root, with a holder`;
    throw new BprocError('ENOSYS', `${tree.image.program} cannot be started from the cache: ${why}`);
  }

  /** A blob that goes takes no room any more: whatever runs has it still. */
  #drop(blob: string): void {
    for (const [hash, { tree, users }] of this.#trees) {
      tree.drop(blob);
      if (users === 0 && tree.isBare) this.#remove(hash, tree);
    }
  }

  #remove(hash: string, tree: ImageTree): void {
    this.#trees.delete(hash);
    tree.remove();
  }
}
