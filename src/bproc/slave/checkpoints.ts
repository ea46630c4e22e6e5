/** Checkpoints of a slave's processes, and those that come to be restarted: PROTOCOL.md 12.5. */
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { Checkpoint, Init, ResponseChoice, Room } from '../../wire/index.ts';
import type { Checkpointer, CheckpointFacts } from '../migrate/index.ts';
import {
  neededFile,
  needOf,
  packLuggage,
  readCheckpoint,
  readUnread,
  usedFiles,
  verifyFiles,
  writeCheckpoint,
  writeUnread,
} from '../migrate/index.ts';
import type { Standing } from './capturing.ts';
import { captureStanding, inspectSubject, ownPidOf, subjectOf } from './capturing.ts';
import { checkEngine, makeCopy } from './copy-making.ts';
import type { Departures } from './departures.ts';
import type { SlaveEffect } from './events.ts';
import type { KeptCheckpoints } from './kept-checkpoints.ts';
import { type KeptPlace, tellableList, tellableName } from './kept-orders.ts';
import type { Kept } from './kept-store.ts';
import type { ArrivalParts } from './move-parts.ts';
import { checkNeeds, locateHere } from './needs.ts';
import { Rooms } from './rooms.ts';
import type { SlaveProcess } from './state.ts';

/** Larger files that are only read are known by their size alone: to read them through would take longer than the rest. */
const MOST_HASHED_BYTES = 256 * 1024 * 1024;

type Effect<T> = Extract<SlaveEffect, { readonly type: T }>;

/** A process that was captured. */
interface Captured {
  readonly directory: string;
  /** Absent: it has gone on. */
  readonly standing: Standing | undefined;
  /** Absent: nothing is kept but the directory. */
  readonly kept: Kept | undefined;
}

/** The checkpoints of a slave. Disposing of it removes what is kept for them. */
export class Checkpoints implements AsyncDisposable {
  readonly #parts: ArrivalParts;
  readonly #departures: Departures;
  readonly #rooms: Rooms;
  readonly #running = new Set<Promise<void>>();

  constructor(parts: ArrivalParts, departures: Departures) {
    this.#parts = parts;
    this.#departures = departures;
    this.#rooms = new Rooms(parts);
  }

  /** Captures a process, which runs on or stands still, into a directory that is told. */
  capture({ request, key, order }: Effect<'checkpoint'>): void {
    this.#departures.enqueue(key, async () => {
      let over: Promise<void> | undefined;
      await this.#answer(request, order.uid, async () => {
        const { directory, standing, kept } = await this.#capture(key, order);
        over = standing?.over;
        return {
          room: { directory, stopped: standing !== undefined, ...(kept && { kept: tellableName(kept) }) },
        };
      });
      // nothing else is done with it before it is known what becomes of it
      await over;
    });
  }

  /** Makes a directory that a checkpoint can be brought to, or does what its client says of one. */
  room({ request, order, place }: Effect<'checkpointRoom'>): void {
    const { remove, keep, end, uid } = order;
    this.#run(
      this.#answer(request, uid, async () => {
        if (place !== undefined) return { room: await this.#fill(place) };
        if (keep !== '') this.#rooms.keep(keep);
        else if (remove === '') return { room: { directory: this.#make() } };
        else if (end) await this.#rooms.end(remove);
        else await this.#rooms.remove(remove);
        return { room: { directory: '' } };
      }),
    );
  }

  /** Keeps one that another node has, or keeps one no more; tells which ones there are. */
  kept({ request, order }: Effect<'keptCheckpoints'>): void {
    const { keep, remove, uid } = order;
    this.#run(
      this.#answer(request, uid, async () => {
        const kept = this.#kept();
        if (keep !== undefined) await kept.take(keep);
        if (remove !== '') {
          if (!(await kept.remove(remove))) throw new BprocError('ENOENT', `it keeps no checkpoint ${remove}`);
        }
        return { keptList: tellableList(await kept.list(), order) };
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

  /** Lets everything run on that stands still for a checkpoint. */
  close(): Promise<void> {
    return this.#rooms.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running);
    await this.#rooms[Symbol.asyncDispose]();
  }

  #run(running: Promise<void>): void {
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #answer(request: number, uid: number, act: () => Promise<ResponseChoice>): Promise<void> {
    try {
      this.#checkUser(uid);
      const body = await act();
      this.#parts.tell({ type: 'ordered', request, error: undefined, body });
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

  async #capture(key: string, { stop, keep }: Checkpoint): Promise<Captured> {
    if (keep) this.#kept().check();
    const engine = await this.#parts.checkpointer();
    const { process } = subjectOf(this.#parts, key);
    const { pid, hasTerminal } = process;
    if (hasTerminal)
      throw new BprocError('ENOTSUP', `process ${pid} has a terminal, which cannot be captured`, { pid });
    if (this.#parts.rootOf(key) !== undefined) {
      const why = `process ${pid} has an image as its root, which a checkpoint has not got`;
      throw new BprocError('ENOTSUP', why, { pid });
    }
    await inspectSubject(this.#parts, key, engine, 'close');
    // what is hashed by then keeps it standing still for less time
    await this.#needsOf(process);
    const directory = this.#rooms.make();
    let standing: Standing | undefined;
    try {
      // beside the room: as long as it stands still the engine has there what is nobody else's
      const workplace = dirname(directory);
      standing = await captureStanding(this.#parts, key, engine, workplace);
      const { pipes } = standing;
      const needs = await this.#needsOf(process);
      for (const { name = '' } of await packLuggage(workplace)) {
        await rename(join(workplace, name), join(directory, name));
      }
      const runsOn = stop ? undefined : standing.goOn();
      if (!stop) standing = undefined;
      await runsOn;
      const facts = await this.#write(process, engine, directory, { pipes, needs });
      const kept = keep ? await this.#kept().add(directory, facts, engine) : undefined;
      this.#rooms.lend(directory, standing);
      return { directory, standing, kept };
    } catch (error) {
      // where not even that can be done, that it could not be captured is what counts
      await standing?.goOn().catch(() => {});
      await this.#rooms.remove(directory);
      throw error;
    }
  }

  async #write(
    process: SlaveProcess,
    engine: Checkpointer,
    directory: string,
    { pipes, needs }: Pick<CheckpointFacts, 'pipes' | 'needs'>,
  ): Promise<CheckpointFacts> {
    const { pid, command, uid, identity } = process;
    const original = identity?.pid ?? pid;
    if (pipes[0] !== 0) await writeUnread(directory, await engine.unread(directory, pipes[0]));
    // what could not be restarted is told now, and not then
    await engine.renumber(directory, original, original);
    const takenAt = this.#parts.clock.wallTime();
    const facts = { engine: engine.engine, pid: original, command, uid, takenAt, pipes, needs };
    await writeCheckpoint(directory, facts);
    return facts;
  }

  /** The files that it does without, as they are now. */
  async #needsOf(process: SlaveProcess): Promise<CheckpointFacts['needs']> {
    return (await usedFiles(ownPidOf(process), this.#parts.machine.hashes, MOST_HASHED_BYTES)).map(needOf);
  }

  async #restart({ key, uid, directory, rank }: Effect<'restart'>): Promise<void> {
    this.#checkUser(uid);
    if (!this.#rooms.has(directory)) throw new BprocError('ENOENT', `${directory} is no place for a checkpoint here`);
    const engine = await this.#parts.checkpointer();
    const manifest = await readCheckpoint(directory);
    const { machine, state } = this.#parts;
    checkEngine(engine, manifest.engine, state.node);
    await verifyFiles(directory, manifest);
    const { architecture, cpuFeatures: features } = manifest;
    const needs = { files: manifest.needs.map(neededFile), cpu: { architecture, features }, image: undefined };
    await checkNeeds(`process ${manifest.pid} cannot be made again on node ${state.node}`, needs, machine, locateHere);
    const { pid: original, pipes } = manifest;
    await makeCopy(this.#parts, engine, { key, directory, original, pipes, rank });
  }

  /** @throws BprocError ENOSYS. */
  #kept(): KeptCheckpoints {
    const { kept, state } = this.#parts;
    if (kept === undefined) throw new BprocError('ENOSYS', `node ${state.node} keeps no checkpoints`);
    return kept;
  }

  /** Makes a room for a checkpoint that is kept here or elsewhere. */
  async #fill(place: KeptPlace): Promise<Init<Room>> {
    const directory = this.#rooms.make();
    try {
      await this.#kept().place(place, directory);
      const manifest = await readCheckpoint(directory);
      const unread = await readUnread(directory, manifest);
      this.#rooms.lend(directory);
      return { directory, kept: tellableName(place), command: manifest.command, unread };
    } catch (error) {
      await this.#rooms.remove(directory);
      throw error;
    }
  }

  #make(): string {
    const directory = this.#rooms.make();
    this.#rooms.lend(directory);
    return directory;
  }
}
