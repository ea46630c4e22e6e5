/** The holder of the ghosts: one that goes with this program, and is replaced where it dies before. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BprocError } from '../../errors.ts';
import { createHolderSpawner, type Spawner } from '../../linux/index.ts';

/** How long after it was lost another one is started, and again where that fails. */
const REVIVE_MS = 1000;

/** In no namespace of its own: ghosts are there to be seen. */
function start(): Promise<Spawner> {
  return createHolderSpawner({ pidNamespace: 'none' });
}

/** The holder. */
export class GhostHolder implements AsyncDisposable {
  readonly #over = new AbortController();
  #spawner: Spawner;
  #reviving: Promise<void> | undefined;

  private constructor(spawner: Spawner) {
    this.#spawner = spawner;
  }

  /** @throws BprocError ENOENT where it was not built. */
  static async start(): Promise<GhostHolder> {
    return new GhostHolder(await start());
  }

  /** What makes ghosts; undefined while there is none. */
  get spawner(): Spawner | undefined {
    return this.#reviving === undefined ? this.#spawner : undefined;
  }

  /** It was lost: starts another one, however often that takes, unless that is under way. */
  revive(back: () => void, failed: (error: BprocError) => void): void {
    this.#reviving ??= this.#revive(failed).then((isBack) => {
      if (!isBack) return;
      this.#reviving = undefined;
      back();
    });
  }

  async #revive(failed: (error: BprocError) => void): Promise<boolean> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      try {
        await sleep(REVIVE_MS, undefined, { signal });
        await this.#spawner[Symbol.asyncDispose]();
        this.#spawner = await start();
        return true;
      } catch (cause) {
        if (!signal.aborted) failed(BprocError.from(cause));
      }
    }
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#reviving;
    await this.#spawner[Symbol.asyncDispose]();
  }
}
