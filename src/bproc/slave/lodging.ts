/** Where a process that comes goes on: in its node's file system, or in an image that is its root here as it was elsewhere. */
import { existsSync } from 'node:fs';
import { BprocError } from '../../errors.ts';
import type { SpawnRequest } from '../../linux/index.ts';
import type { ImageInside } from '../image/index.ts';
import type { Restoration } from '../migrate/index.ts';
import type { HeldImage, PreparedImage } from './images.ts';
import type { ArrivalParts } from './move-parts.ts';
import { checkNeeds, type HeardNeeds, locateHere } from './needs.ts';
import { wayToMaster } from './way-to-master.ts';

type Parts = Pick<ArrivalParts, 'images' | 'gateway' | 'machine' | 'state' | 'root'>;

/** The place of one process. Disposing of it gives it back, unless the process was {@link keep | let in}. */
export interface Lodging extends Disposable {
  /** Absent: it is in the node's file system. */
  readonly image: HeldImage | undefined;
  /** Checks that all that a process needs is there. @throws BprocError as {@link checkNeeds}. */
  check(who: string, needs: HeardNeeds): Promise<void>;
  /** What makes the process, where that is. */
  around(request: SpawnRequest, restoration: Pick<Restoration, 'shown'>): SpawnRequest;
  /** The place is that of a process from here on, as long as there is one. */
  keep(key: string): void;
}

/**
 * Takes a place.
 *
 * @param image the one that the process had as its root elsewhere, which is fetched; absent: none.
 * @param from the node that has the image, where others may not know of it.
 * @throws BprocError ENOSYS where images cannot be roots; why it cannot be had.
 */
export async function lodge(parts: Parts, image: HeldImage | undefined, from?: number): Promise<Lodging> {
  const { images, state, machine } = parts;
  if (image === undefined) {
    return {
      image,
      check: (who, needs) => checkNeeds(who, needs, machine, locateHere),
      around: (request) => request,
      keep: () => {},
      [Symbol.dispose]: () => {},
    };
  }
  const lacking = `node ${state.node} gives no images to processes as their roots: it takes a slave of root's with a holder`;
  if (images === undefined) throw new BprocError('ENOSYS', lacking);
  const { root } = state.config;
  const held = { ...image, ...(root === undefined ? {} : { root }), asRoot: true };
  const prepared = await images.prepare(held, held, from);
  if (prepared.inside !== undefined) return new RootLodging(parts, held, prepared, prepared.inside);
  prepared[Symbol.dispose]();
  throw new BprocError('ENOSYS', lacking);
}

class RootLodging implements Lodging {
  readonly image: HeldImage;
  readonly #parts: Parts;
  readonly #prepared: PreparedImage;
  readonly #inside: ImageInside;
  #cwd = '/';
  #isKept = false;

  constructor(parts: Parts, image: HeldImage, prepared: PreparedImage, inside: ImageInside) {
    this.#parts = parts;
    this.image = image;
    this.#prepared = prepared;
    this.#inside = inside;
  }

  async check(who: string, needs: HeardNeeds): Promise<void> {
    const directories = needs.files.flatMap((file) => (file?.use === 'directory' ? [file.path] : []));
    // an empty one is made where there can be one
    for (const directory of directories) {
      if (locateIn(this.#request(), directory) === undefined) this.#cwd = directory;
    }
    const { hashes, cpu } = this.#parts.machine;
    const request = this.#request();
    const { root = '/' } = request;
    const known = (at: string): string | undefined => {
      return at.startsWith(`${root}/`) ? this.#inside.blobAt(at.slice(root.length)) : undefined;
    };
    const of = async (at: string): Promise<string> => known(at) ?? hashes.of(at);
    // what an image is made of nobody may write, whatever it was where that came from
    const files = needs.files.map((file) => file && { ...file, mode: undefined });
    await checkNeeds(who, { ...needs, files }, { hashes: { of }, cpu }, (path) => locateIn(request, path));
  }

  around(request: SpawnRequest, { shown }: Pick<Restoration, 'shown'>): SpawnRequest {
    const way = wayToMaster(this.#parts.gateway, 'image').shown ?? [];
    const { root } = this.image;
    const placed = { ...request, cwd: this.#cwd, ...(root === undefined ? {} : { root }) };
    return this.#inside.around(placed, { shown: [...way, ...shown], cwdByName: true });
  }

  keep(key: string): void {
    this.#isKept = true;
    this.#parts.root(key, this.image, this.#prepared);
  }

  [Symbol.dispose](): void {
    if (!this.#isKept) this.#prepared[Symbol.dispose]();
  }

  /** Some program's, by which it is seen what is where. */
  #request(): SpawnRequest {
    const stdio = ['ignore', 'ignore', 'ignore'] as const;
    return this.around({ file: '/', argv: [], env: {}, cwd: '/', stdio, marker: '' }, { shown: [] });
  }
}

/** Where this program finds what a process of such a request has at a path; undefined where that has nothing there. */
function locateIn({ root = '/', binds = [] }: SpawnRequest, path: string): string | undefined {
  const place = path === '/' ? root : root + path;
  let at = place;
  for (const { source, target } of binds) {
    if (place === target || place.startsWith(`${target}/`)) at = source + place.slice(target.length);
  }
  return existsSync(at) ? at : undefined;
}
