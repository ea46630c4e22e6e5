/** Directories of a node that its slave lends to clients for checkpoints: PROTOCOL.md 12.5 and 12.8. */
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Cancel } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Standing } from './capturing.ts';
import type { MoveParts } from './move-parts.ts';
import type { SlaveState } from './state.ts';

/** What one is called, in a directory of its own. */
const ROOM = 'checkpoint';
/** How many there may be at a time. */
const MOST_ROOMS = 64;
/** How long one stays whose client does not say that it uses it, in milliseconds. */
const QUIET_MS = 60_000;
/** Processes that were ended of which it is remembered: whoever ended one may not have heard it, and ask again. */
const MOST_ENDED = 64;

/** What they take. */
export interface RoomParts extends Pick<MoveParts, 'clock' | 'directory'> {
  /** Only read. */
  readonly state: Pick<SlaveState, 'node'>;
}

interface Room {
  cancel: Cancel;
  /** What stands still as long as it is there. */
  standing: Standing | undefined;
}

/** The rooms of one slave. Disposing of it removes them. */
export class Rooms implements AsyncDisposable {
  readonly #parts: RoomParts;
  readonly #rooms = new Map<string, Room>();
  readonly #ended = new Map<string, Promise<void>>();
  readonly #lapsing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(parts: RoomParts) {
    this.#parts = parts;
  }

  has(directory: string): boolean {
    return this.#rooms.has(directory);
  }

  /** Makes one, which stays until it is lent or removed. @throws BprocError EAGAIN, and what keeps a directory from being made. */
  make(): string {
    if (this.#rooms.size >= MOST_ROOMS) {
      throw new BprocError('EAGAIN', `there are ${MOST_ROOMS} checkpoints on node ${this.#parts.state.node} already`);
    }
    const directory = join(this.#parts.directory('checkpoint'), ROOM);
    mkdirSync(directory, { mode: 0o700 });
    this.#rooms.set(directory, { cancel: () => {}, standing: undefined });
    return directory;
  }

  /**
   * From here on it goes unless its client says that it uses it.
   *
   * @param standing stands still until it goes.
   * @throws BprocError BE_NODEDOWN where nothing may stand still any more.
   */
  lend(directory: string, standing?: Standing): void {
    const room = this.#rooms.get(directory);
    if (room === undefined || this.#isClosed) {
      throw new BprocError('BE_NODEDOWN', `the slave of node ${this.#parts.state.node} is shutting down`);
    }
    room.standing = standing;
    this.#wait(directory, room);
  }

  /** Its client says that it uses it. @throws BprocError ENOENT where there is no such room any more. */
  keep(directory: string): void {
    const room = this.#rooms.get(directory);
    if (room === undefined) throw this.#gone(directory);
    room.cancel();
    this.#wait(directory, room);
  }

  /** Removes one, where it is there; what stands still for it runs on. */
  async remove(directory: string): Promise<void> {
    const room = this.#take(directory);
    if (room === undefined) return;
    try {
      await room.standing?.goOn();
    } finally {
      await rm(dirname(directory), { recursive: true, force: true });
    }
  }

  /**
   * Ends what stands still for one, and removes it. Asked again it answers the same.
   *
   * @throws BprocError ENOENT where there is no such room any more, and so the process runs on; EINVAL where nothing stands still for it;
   *   and whatever kept the process from being ended, which runs on then.
   */
  end(directory: string): Promise<void> {
    const ending = this.#ended.get(directory) ?? this.#end(directory);
    this.#ended.set(directory, ending);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > MOST_ENDED && oldest !== undefined) this.#ended.delete(oldest);
    return ending;
  }

  /** Lets everything run on that stands still, now and later. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const standing = [...this.#rooms].filter(([, room]) => room.standing !== undefined);
    await Promise.all(standing.map(([directory]) => this.remove(directory)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#lapsing);
    for (const directory of [...this.#rooms.keys()]) await this.remove(directory);
  }

  async #end(directory: string): Promise<void> {
    const room = this.#take(directory);
    if (room === undefined) throw this.#gone(directory);
    try {
      if (room.standing === undefined) throw new BprocError('EINVAL', `no process stands still for ${directory}`);
      await room.standing.end();
    } finally {
      await rm(dirname(directory), { recursive: true, force: true });
    }
  }

  #take(directory: string): Room | undefined {
    const room = this.#rooms.get(directory);
    room?.cancel();
    this.#rooms.delete(directory);
    return room;
  }

  #wait(directory: string, room: Room): void {
    room.cancel = this.#parts.clock.after(QUIET_MS, () => {
      // what cannot be removed is removed with the program's other directories
      const lapsing = this.remove(directory).catch(() => {});
      this.#lapsing.add(lapsing);
      void lapsing.finally(() => this.#lapsing.delete(lapsing));
    });
  }

  #gone(directory: string): BprocError {
    const why = `nobody has said for ${QUIET_MS / 1000} s that it is used, or its slave was started anew`;
    return new BprocError(
      'ENOENT',
      `${directory} is no place for a checkpoint on node ${this.#parts.state.node}: ${why}`,
    );
  }
}
