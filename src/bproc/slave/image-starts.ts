/** Starts of images, and with pipes: each waits until these are there, and keeps them there until its process is forgotten. */
import { BprocError } from '../../errors.ts';
import type { SpawnRequest } from '../../linux/index.ts';
import type { SlaveEvent } from './events.ts';
import type { HeldImage, PreparedImage, SlaveImages, WantedImage } from './images.ts';
import type { NodePipes } from './pipes.ts';
import type { ProcessEffect } from './spawn-queue.ts';
import type { SlaveState } from './state.ts';

type Wanting = Extract<ProcessEffect, { readonly type: 'spawn' | 'prepare' }>;

/** What waits, and what is there, by the reducer's keys. */
export class ImageStarts {
  readonly #images: SlaveImages | undefined;
  readonly #pipes: NodePipes | undefined;
  readonly #state: SlaveState;
  readonly #tell: (event: SlaveEvent) => void;
  readonly #perform: (effect: ProcessEffect) => void;
  /** Starts whose image is under way, each with what is to be done to its process then. */
  readonly #waiting = new Map<string, ProcessEffect[]>();
  readonly #prepared = new Map<string, PreparedImage>();
  readonly #held = new Map<string, HeldImage>();

  /**
   * @param state is only read.
   * @param perform carries an effect out once nothing is in its way.
   */
  constructor(
    { images, pipes }: { readonly images?: SlaveImages | undefined; readonly pipes?: NodePipes | undefined },
    state: SlaveState,
    tell: (event: SlaveEvent) => void,
    perform: (effect: ProcessEffect) => void,
  ) {
    this.#images = images;
    this.#pipes = pipes;
    this.#state = state;
    this.#tell = tell;
    this.#perform = perform;
  }

  /** Carries an effect out: now, or when the image of its process is there. */
  perform(effect: ProcessEffect): void {
    const later = this.#waiting.get(effect.key);
    if (later !== undefined) later.push(effect);
    else if (effect.type === 'prepare') void this.#prepare(effect);
    else if (effect.type === 'spawn' && isWaiting(effect) && !this.#prepared.has(effect.key)) {
      void this.#prepare(effect);
    } else {
      if (effect.type === 'adopt' && effect.image !== undefined) void this.keep(effect.key, effect.image);
      this.#perform(effect);
    }
  }

  /** What a process that is to be created needs; undefined where it runs what the node has, by itself. */
  of(key: string): PreparedImage | undefined {
    return this.#prepared.get(key);
  }

  /** The image that a process has as its root; undefined where it has none. */
  rootOf(key: string): HeldImage | undefined {
    return this.#prepared.get(key)?.inside === undefined ? undefined : this.#held.get(key);
  }

  /** A process has come that has this one as its root. */
  enter(key: string, image: HeldImage, prepared: PreparedImage): void {
    this.#held.set(key, image);
    this.#prepared.set(key, prepared);
  }

  /** A process is no more. */
  release(key: string): void {
    this.#held.delete(key);
    this.#prepared.get(key)?.[Symbol.dispose]();
    this.#prepared.delete(key);
  }

  /** What was started in an earlier life of this daemon has its image kept too; where it is not whole any more, as far as it can be had again. */
  async keep(key: string, held: HeldImage): Promise<void> {
    const { root, user, asRoot, ...image } = held;
    const use = { ...(root === undefined ? {} : { root }), user, asRoot };
    const prepared = await this.#images?.resume(image, use);
    if (this.#state.processes.has(key) && prepared !== undefined) this.enter(key, held, prepared);
    else prepared?.[Symbol.dispose]();
  }

  async #prepare(effect: Wanting): Promise<void> {
    const { key } = effect;
    this.#waiting.set(key, []);
    let failure: BprocError | undefined;
    try {
      this.#prepared.set(key, await this.#make(effect));
      const { image, request } = effect;
      if (image !== undefined) this.#held.set(key, heldImage(image, request));
      if (this.#isUnwanted(key)) failure = new BprocError('ECANCELED', 'nobody wants it any more');
    } catch (cause) {
      failure = BprocError.from(cause);
    }
    const later = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    if (failure !== undefined) this.#tell({ type: 'failed', key, error: failure });
    else if (effect.type === 'spawn') this.#perform(effect);
    else this.#tell({ type: 'prepared', key });
    for (const each of later) this.#perform(each);
  }

  #make(effect: Wanting): Promise<PreparedImage> {
    const { image, request } = effect;
    const pipes = effect.type === 'spawn' ? effect.pipes : undefined;
    const lacking = new BprocError('ENOSYS', `node ${this.#state.node} keeps no images, and has no pipes`);
    if (image !== undefined) return this.#images?.prepare(image, request) ?? Promise.reject(lacking);
    return (pipes && this.#pipes?.prepare(pipes)) ?? Promise.reject(lacking);
  }

  #isUnwanted(key: string): boolean {
    const process = this.#state.processes.get(key);
    return process === undefined || process.cancelled || (process.abandoned && !process.detached);
  }
}

/** What is kept of an image with its process. */
export function heldImage(image: WantedImage, { root, user }: Pick<SpawnRequest, 'root' | 'user'>): HeldImage {
  return { ...image, ...(root === undefined ? {} : { root }), user };
}

function isWaiting({ image, pipes }: Extract<ProcessEffect, { readonly type: 'spawn' }>): boolean {
  return image !== undefined || pipes !== undefined;
}
