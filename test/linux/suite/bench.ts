/** The bench that the parts of the abstract suite work on: a spawner and a directory, anew for each test. */
import { expect } from 'vitest';
import type { BprocError } from '../../../src/errors.ts';
import type { SpawnedProcess, Spawner, SpawnRequest } from '../../../src/linux/index.ts';
import { scratchTree } from '../../support/scratch.ts';
import { Recorder } from '../recorder.ts';

export const SIGTERM = 15;
export const SIGKILL = 9;

/** Holds the spawner of the test that runs. */
export class SpawnerBench {
  readonly #factory: () => Promise<Spawner>;
  #spawner: Spawner | undefined;
  #scratch: ReturnType<typeof scratchTree> | undefined;

  constructor(factory: () => Promise<Spawner>) {
    this.#factory = factory;
  }

  get spawner(): Spawner {
    if (this.#spawner === undefined) throw new Error('no test runs');
    return this.#spawner;
  }

  /** An empty directory. */
  get path(): string {
    if (this.#scratch === undefined) throw new Error('no test runs');
    return this.#scratch.path;
  }

  async setUp(): Promise<void> {
    this.#scratch = scratchTree({});
    this.#spawner = await this.#factory();
  }

  async tearDown(): Promise<void> {
    try {
      await this.#spawner?.[Symbol.asyncDispose]();
    } finally {
      this.#scratch?.[Symbol.dispose]();
    }
  }

  /** Starts a program; nothing may be told before that has returned. */
  start(what: SpawnRequest): { readonly sink: Recorder; readonly process: SpawnedProcess } {
    const sink = new Recorder();
    const process = this.spawner.spawn(what, sink);
    expect(sink.told).toEqual([]);
    return { sink, process };
  }

  /** What a program without input writes to its stdout until it ends. */
  async output(what: SpawnRequest): Promise<string> {
    const { sink, process } = this.start(what);
    process.endStdin();
    await sink.finish();
    return sink.bytes(1).toString();
  }

  /** Why a program cannot be started; that must be all that is told, and nothing can be done to it. */
  async failure(what: SpawnRequest): Promise<BprocError> {
    const { sink, process } = this.start(what);
    const error = await sink.failure();
    process.write(Buffer.from('nobody reads this'));
    expect(await process.signal(SIGTERM, 'tree')).toBe(false);
    expect(sink.told).toHaveLength(1);
    return error;
  }
}
