/** The bench that the parts of the abstract suite work on: a spawner and a directory, anew for each test. */
import { chownSync } from 'node:fs';
import { expect } from 'vitest';
import type { BprocError } from '../../../src/errors.ts';
import type { SpawnedProcess, Spawner, SpawnRequest } from '../../../src/linux/index.ts';
import { scratchTree } from '../../support/scratch.ts';
import { Recorder } from '../recorder.ts';
import { type Ground, OwnGround } from './ground.ts';

export const SIGTERM = 15;
export const SIGKILL = 9;

/** What is not as usual with an engine. */
export interface BenchOptions {
  /** Where processes are to be looked for. Default: in this program's own pid namespace. */
  readonly ground?: (path: string) => Ground;
  /** Whose rights they have. Default: this program's own. */
  readonly uid?: number;
}

/** Holds the spawner of the test that runs. */
export class SpawnerBench {
  /** Whose rights processes have. */
  readonly uid: number;
  readonly #factory: (path: string) => Promise<Spawner>;
  readonly #findGround: (path: string) => Ground;
  #spawner: Spawner | undefined;
  #ground: Ground | undefined;
  #scratch: ReturnType<typeof scratchTree> | undefined;

  constructor(factory: (path: string) => Promise<Spawner>, options: BenchOptions = {}) {
    this.#factory = factory;
    this.uid = options.uid ?? process.getuid?.() ?? 0;
    this.#findGround = options.ground ?? (() => new OwnGround());
  }

  /** Where its processes are to be looked for. */
  get ground(): Ground {
    if (this.#ground === undefined) throw new Error('no test runs');
    return this.#ground;
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
    if (this.uid !== process.getuid?.()) chownSync(this.path, this.uid, this.uid);
    this.#spawner = await this.#factory(this.path);
    this.#ground = this.#findGround(this.path);
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
    sink.acknowledge = (fd, offset) => process.acknowledge(fd, offset);
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
