/** Checkpoints of a slave's processes, and those that come to be restarted: PROTOCOL.md 12.5. */
import { rm } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import { checkNeeds, needsOf, readCheckpoint, verifyFiles, verifyMachine, writeCheckpoint } from '../migrate/index.ts';
import { captureRunning, inspectSubject, subjectOf } from './capturing.ts';
import { checkEngine, makeCopy } from './copy-making.ts';
import type { Departures } from './departures.ts';
import type { SlaveEffect } from './events.ts';
import type { ArrivalParts } from './move-parts.ts';

/** Directories that there may be at a time. */
const MOST_ROOMS = 64;
/** How long one stays whose client has not come back, in milliseconds: it may have to be copied first. */
const ROOM_MS = 6 * 3_600_000;

type Effect<T> = Extract<SlaveEffect, { readonly type: T }>;

/** The directories of checkpoints. Disposing of it removes them. */
export class Checkpoints implements AsyncDisposable {
  readonly #parts: ArrivalParts;
  readonly #departures: Departures;
  /** Each with what stops the time that it has. */
  readonly #rooms = new Map<string, () => void>();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: ArrivalParts, departures: Departures) {
    this.#parts = parts;
    this.#departures = departures;
  }

  /** Captures a process, which runs on, into a directory that is told. */
  capture({ request, key, uid }: Effect<'checkpoint'>): void {
    this.#departures.enqueue(key, () => this.#answer(request, uid, () => this.#capture(key)));
  }

  /** Makes a directory that a checkpoint can be brought to, or removes one. */
  room({ request, order }: Effect<'checkpointRoom'>): void {
    const { remove, uid } = order;
    this.#run(
      this.#answer(request, uid, async () => {
        if (remove === '') return this.#make();
        await this.#remove(remove);
        return '';
      }),
    );
  }

  /** Makes a process of what was brought. */
  restart(effect: Effect<'restart'>): void {
    const failed = (cause: unknown): void => {
      this.#parts.tell({ type: 'failed', key: effect.key, error: BprocError.from(cause) });
    };
    this.#run(this.#restart(effect).catch(failed));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running);
    for (const directory of [...this.#rooms.keys()]) await this.#remove(directory);
  }

  #run(running: Promise<void>): void {
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #answer(request: number, uid: number, act: () => Promise<string>): Promise<void> {
    try {
      this.#checkUser(uid);
      const room = { directory: await act() };
      this.#parts.tell({ type: 'ordered', request, error: undefined, body: { room } });
    } catch (cause) {
      this.#parts.tell({ type: 'ordered', request, error: BprocError.from(cause) });
    }
  }

  /** By the images that it is made of a process has any rights that this slave can give. */
  #checkUser(uid: number): void {
    const { state } = this.#parts;
    const own = process.geteuid?.() ?? 0;
    if (uid !== own) {
      const why = `only uid ${own}, as whom the slave of node ${state.node} runs, may take and restart checkpoints there`;
      throw new BprocError('EPERM', `uid ${uid} may not: ${why}`);
    }
    if (state.root === undefined) return;
    throw new BprocError(
      'ENOTSUP',
      `node ${state.node} has a root of its own, where checkpoints cannot be copied from`,
    );
  }

  async #capture(key: string): Promise<string> {
    const engine = await this.#parts.checkpointer();
    const { process } = subjectOf(this.#parts, key);
    const { pid, hasTerminal, command, uid } = process;
    if (hasTerminal)
      throw new BprocError('ENOTSUP', `process ${pid} has a terminal, which cannot be captured`, { pid });
    await inspectSubject(this.#parts, key, engine, 'close');
    const directory = this.#make();
    try {
      const { pipes } = await captureRunning(this.#parts, key, engine, directory);
      const original = process.identity?.pid ?? pid;
      // what could not be restarted is told now, and not then
      await engine.renumber(directory, original, original);
      const takenAt = this.#parts.clock.wallTime();
      const needs = await needsOf(await engine.needs(directory));
      await writeCheckpoint(directory, { engine: engine.engine, pid: original, command, uid, takenAt, pipes, needs });
      return directory;
    } catch (error) {
      await this.#remove(directory);
      throw error;
    }
  }

  async #restart({ key, uid, directory, rank }: Effect<'restart'>): Promise<void> {
    this.#checkUser(uid);
    if (!this.#rooms.has(directory)) throw new BprocError('ENOENT', `${directory} is no place for a checkpoint here`);
    const engine = await this.#parts.checkpointer();
    const manifest = await readCheckpoint(directory);
    checkEngine(engine, manifest.engine, this.#parts.state.node);
    await verifyMachine(manifest);
    await verifyFiles(directory, manifest);
    await checkNeeds(manifest.needs, this.#parts.state.node);
    const { pid: original, pipes } = manifest;
    await makeCopy(this.#parts, engine, { key, directory, original, pipes, rank });
  }

  #make(): string {
    if (this.#rooms.size >= MOST_ROOMS) {
      throw new BprocError('EAGAIN', `there are ${MOST_ROOMS} checkpoints on node ${this.#parts.state.node} already`);
    }
    const directory = this.#parts.directory('checkpoint');
    const cancel = this.#parts.clock.after(ROOM_MS, () => this.#run(this.#remove(directory)));
    this.#rooms.set(directory, cancel);
    return directory;
  }

  async #remove(directory: string): Promise<void> {
    const cancel = this.#rooms.get(directory);
    if (cancel === undefined) return;
    cancel();
    this.#rooms.delete(directory);
    await rm(directory, { recursive: true, force: true });
  }
}
