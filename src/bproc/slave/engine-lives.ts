/** A slave's engine, and the one that follows it where its helper has died and its processes are gone. */
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Spawner } from '../../linux/index.ts';
import type { Random } from '../../random.ts';
import { retryDelayMs } from '../reconnect.ts';
import type { SlaveEvent } from './events.ts';
import type { Life } from './state.ts';

/** An engine, and the life of a node's processes that begins with it. */
export interface Engine {
  readonly spawner: Spawner;
  readonly life: Life;
}

/** What {@link EngineLives} works with. */
export interface LivesParts {
  readonly clock: Clock;
  readonly spawner: Spawner;
  /** Makes another engine; absent where whoever made the first one is to do that. */
  readonly renew?: (() => Promise<Engine>) | undefined;
  readonly config: { readonly random: Random };
}

/** Between two engines where the last one did not last, or could not be made. */
const RETRY = { firstMs: 200, longestMs: 10_000 };
/** An engine that lasted so long is followed by another at once. */
const LASTING_MS = 10_000;

/** The engine of now. */
export class EngineLives {
  readonly #parts: LivesParts;
  readonly #tell: (event: SlaveEvent) => void;
  #current: Spawner;
  #since: number;
  #failures = 0;
  #cancel: Cancel | undefined;
  #making: Promise<void> | undefined;
  #isOver = false;

  constructor(parts: LivesParts, tell: (event: SlaveEvent) => void) {
    this.#parts = parts;
    this.#tell = tell;
    this.#current = parts.spawner;
    this.#since = parts.clock.now();
    this.#watch();
  }

  get current(): Spawner {
    return this.#current;
  }

  /** No other engine is made from here on. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#cancel?.();
    await this.#making;
  }

  /** Disposes of an engine that was made here; the first one is its maker's. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    if (this.#current !== this.#parts.spawner) await this.#current[Symbol.asyncDispose]();
  }

  #watch(): void {
    const spawner = this.#current;
    spawner.onLost?.((error) => {
      if (this.#isOver || this.#current !== spawner) return;
      this.#tell({ type: 'engineLost', error });
      if (this.#parts.clock.now() - this.#since >= LASTING_MS) this.#failures = 0;
      this.#follow(error);
    });
  }

  /** Another engine: the first time at once, then ever later, and meanwhile whoever asks is told why there is none. */
  #follow(error: BprocError): void {
    const { clock, renew, config } = this.#parts;
    if (renew === undefined) return this.#tell({ type: 'engineFailed', error });
    const isFirst = this.#failures === 0;
    const delayMs = isFirst ? 0 : retryDelayMs(RETRY, this.#failures - 1, config.random);
    this.#failures += 1;
    if (!isFirst) this.#tell({ type: 'engineFailed', error });
    this.#cancel = clock.after(delayMs, () => {
      this.#making = this.#make(renew);
    });
  }

  async #make(renew: () => Promise<Engine>): Promise<void> {
    try {
      // with it goes what it left behind
      await this.#current[Symbol.asyncDispose]();
      const { spawner, life } = await renew();
      this.#current = spawner;
      this.#since = this.#parts.clock.now();
      this.#watch();
      if (!this.#isOver) this.#tell({ type: 'renewed', life });
    } catch (cause) {
      if (!this.#isOver) this.#follow(BprocError.from(cause));
    }
  }
}
