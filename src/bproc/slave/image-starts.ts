/** Starts of images: each waits until its image is there, and keeps it there until its process is forgotten. */
import { BprocError } from '../../errors.ts';
import type { SlaveEvent } from './events.ts';
import type { HeldImage, PreparedImage, SlaveImages, WantedImage } from './images.ts';
import type { ProcessEffect } from './spawn-queue.ts';
import type { SlaveState } from './state.ts';

type Wanting = Extract<ProcessEffect, { readonly type: 'spawn' | 'prepare' }>;

/** What waits, and what is there, by the reducer's keys. */
export class ImageStarts {
  readonly #images: SlaveImages | undefined;
  readonly #state: SlaveState;
  readonly #tell: (event: SlaveEvent) => void;
  readonly #perform: (effect: ProcessEffect) => void;
  /** Starts whose image is under way, each with what is to be done to its process then. */
  readonly #waiting = new Map<string, ProcessEffect[]>();
  readonly #prepared = new Map<string, PreparedImage>();

  /**
   * @param state is only read.
   * @param perform carries an effect out once nothing is in its way.
   */
  constructor(
    images: SlaveImages | undefined,
    state: SlaveState,
    tell: (event: SlaveEvent) => void,
    perform: (effect: ProcessEffect) => void,
  ) {
    this.#images = images;
    this.#state = state;
    this.#tell = tell;
    this.#perform = perform;
  }

  /** Carries an effect out: now, or when the image of its process is there. */
  perform(effect: ProcessEffect): void {
    const later = this.#waiting.get(effect.key);
    if (later !== undefined) later.push(effect);
    else if (effect.type === 'prepare') void this.#prepare(effect, effect.image);
    else if (effect.type === 'spawn' && effect.image !== undefined && !this.#prepared.has(effect.key)) {
      void this.#prepare(effect, effect.image);
    } else {
      if (effect.type === 'adopt' && effect.image !== undefined) void this.#keep(effect.key, effect.image);
      this.#perform(effect);
    }
  }

  /** The image of a process that is to be created; undefined where it runs what the node has. */
  of(key: string): PreparedImage | undefined {
    return this.#prepared.get(key);
  }

  /** A process is no more. */
  release(key: string): void {
    this.#prepared.get(key)?.[Symbol.dispose]();
    this.#prepared.delete(key);
  }

  /** What was started in an earlier life of this daemon has its image kept too; where it is not whole any more, as far as it can be had again. */
  async #keep(key: string, { root, user, ...image }: HeldImage): Promise<void> {
    const use = { ...(root === undefined ? {} : { root }), user };
    const prepared = await this.#images?.resume(image, use);
    if (this.#state.processes.has(key) && prepared !== undefined) this.#prepared.set(key, prepared);
    else prepared?.[Symbol.dispose]();
  }

  async #prepare(effect: Wanting, image: WantedImage): Promise<void> {
    const { key } = effect;
    this.#waiting.set(key, []);
    let failure: BprocError | undefined;
    try {
      if (this.#images === undefined) throw new BprocError('ENOSYS', `node ${this.#state.node} keeps no images`);
      this.#prepared.set(key, await this.#images.prepare(image, effect.request));
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

  #isUnwanted(key: string): boolean {
    const process = this.#state.processes.get(key);
    return process === undefined || process.cancelled || (process.abandoned && !process.detached);
  }
}
