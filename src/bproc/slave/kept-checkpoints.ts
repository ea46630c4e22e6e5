/** Checkpoints that nodes keep, and give each other: PROTOCOL.md 12.15. */
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Random } from '../../random.ts';
import type { Source } from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import { type BlobCache, CacheHome, checkAnnounced } from '../image/index.ts';
import {
  type Checkpointer,
  cutCheckpoint,
  type KeptFacts,
  keptCheckpointIn,
  PIECE_BYTES,
  placeFiles,
} from '../migrate/index.ts';
import { ImageSupply, type Uplink } from './image-supply.ts';
import type { KeptPlace } from './kept-orders.ts';
import { type Kept, KeptStore, manifestIn } from './kept-store.ts';
import type { PeerNetwork } from './peer-network.ts';

/** What they work with. */
export interface KeptCheckpointsParts {
  /** Where their pieces are. */
  readonly home: CacheHome;
  /** Where it is said which are kept; absent: none are. */
  readonly directory: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent: other nodes give none, and get none. */
  readonly network: PeerNetwork | undefined;
}

/** Those of a node whose slave has this directory for what outlives it; without one it keeps none, and only passes them on. */
export function createKept({
  stateDir,
  ...parts
}: Omit<KeptCheckpointsParts, 'home' | 'directory'> & { readonly stateDir: string | undefined }): KeptCheckpoints {
  const directory = stateDir === undefined ? undefined : join(stateDir, 'checkpoints');
  const pieces = directory === undefined ? undefined : join(directory, 'pieces');
  // its file system bounds it
  const home = new CacheHome({ directory: pieces, maxBytes: Number.MAX_SAFE_INTEGER, isShared: false });
  return new KeptCheckpoints({ ...parts, home, directory });
}

/** Those of a node. Disposing of it leaves them to the next slave with this directory. */
export class KeptCheckpoints implements AsyncDisposable {
  readonly #parts: KeptCheckpointsParts;
  readonly #store: KeptStore;
  #uplink: Uplink | undefined;
  /** The one that comes from another node. */
  #coming: { readonly name: string; readonly supply: ImageSupply } | undefined;
  /** What is done to the store now, and waits for that. */
  #last: Promise<unknown> = Promise.resolve();
  #over: BprocError | undefined;

  constructor(parts: KeptCheckpointsParts) {
    this.#parts = parts;
    this.#store = new KeptStore(parts.home, parts.directory);
  }

  attach(uplink: Uplink): void {
    this.#uplink = uplink;
    this.#coming?.supply.attach(uplink);
  }

  detach(): void {
    this.#uplink = undefined;
    this.#coming?.supply.attach(undefined);
  }

  /** The master says where one is. */
  source(message: Source): void {
    if (this.#coming?.name === idText(message.image)) this.#coming.supply.source(message);
  }

  /** Where the pieces of one are that is kept here; undefined where it is none. */
  cacheOf(name: string): BlobCache | undefined {
    return this.#store.has(name) ? this.#store.cache : undefined;
  }

  /** Whether one can be kept here. @throws BprocError ENOTSUP, EAGAIN. */
  check(): void {
    this.#store.check(this.#uplink?.node);
  }

  /** Keeps what is in a directory, of which only the pieces are written that are not here. Resolves when it is on the disk. */
  add(directory: string, facts: Omit<KeptFacts, 'bytes'>, engine: Pick<Checkpointer, 'cuts'>): Promise<Kept> {
    return this.#alone(async () => {
      this.check();
      const { cache } = this.#store;
      const cuts = await engine.cuts(directory, PIECE_BYTES);
      return this.#store.keep(await cutCheckpoint(directory, facts, { cache, cuts, random: this.#parts.random }));
    });
  }

  /** Takes one from another node, and keeps it. */
  take(place: KeptPlace): Promise<Kept> {
    return this.#alone(async () => {
      this.check();
      return this.#store.keep({ hash: place.name, bytes: await this.#bring(place) });
    });
  }

  /** Puts the files of one into a directory. @throws BprocError why it cannot be had. */
  place(place: KeptPlace, directory: string): Promise<void> {
    return this.#alone(async () => {
      await placeFiles(keptCheckpointIn(await this.#bring(place)), this.#store.cache, directory);
    });
  }

  list(): Promise<readonly Kept[]> {
    return this.#alone(async () => this.#store.list());
  }

  remove(name: string): Promise<boolean> {
    return this.#alone(async () => this.#store.remove(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = new BprocError('ECANCELED', 'the slave has stopped');
    await this.#coming?.supply.close(this.#over);
    await this.#last;
    this.#parts.home[Symbol.dispose]();
  }

  /** What is not kept is thrown away with what is removed: nothing else may be on its way in then. */
  #alone<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(async () => {
      if (this.#over !== undefined) throw this.#over;
      try {
        return await act();
      } finally {
        this.#store.sweep();
      }
    });
    this.#last = done.catch(() => {});
    return done;
  }

  /** Has all pieces of one here. Gives its manifest. */
  async #bring({ name, bytes, source }: KeptPlace): Promise<Buffer> {
    checkAnnounced(idBytes(name), bytes);
    const { cache } = this.#store;
    if (this.#store.has(name)) return manifestIn(cache, name);
    if (source === undefined) throw new BprocError('ENOENT', `node ${this.#uplink?.node} keeps no checkpoint ${name}`);
    const { clock, network } = this.#parts;
    const supply = new ImageSupply({ image: name, cache, clock, network, giver: 'nobody', from: source });
    this.#coming = { name, supply };
    try {
      supply.begin(this.#uplink);
      await supply.fetch(name, bytes);
      const manifest = await manifestIn(cache, name);
      const pieces = new Map<string, number>();
      for (const each of keptCheckpointIn(manifest).files.values()) {
        for (const { blob, size } of each) if ((await cache.find(blob)) === undefined) pieces.set(blob, size);
      }
      await Promise.all([...pieces].map(([blob, size]) => supply.fetch(blob, size)));
      return manifest;
    } catch (cause) {
      const error = BprocError.from(cause);
      throw new BprocError(error.code, `checkpoint ${name} cannot be had from node ${source}: ${error.message}`, {
        cause,
      });
    } finally {
      this.#coming = undefined;
      // whoever has it says so when asked, and nobody has to remember it
      await supply.close(new BprocError('ECANCELED', 'it is needed no more'));
    }
  }
}
