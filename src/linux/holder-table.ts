/** Whom a holder has: by the number that the engine gave each, by pid, and by UTS namespace. */
import { BprocError } from '../errors.ts';
import { MOST_IDS } from './holder-frames.ts';
import type { HolderProcess } from './holder-process.ts';
import type { Origin } from './process-tree.ts';
import type { ProcessIdentity } from './spawner.ts';

/** The processes of one holder. */
export class HolderTable {
  /** Everyone, but for those that were released. */
  readonly #processes = new Map<number, HolderProcess>();
  /** Numbers whose processes nothing more is told of, so that nobody knows when they are free. */
  readonly #occupied = new Set<number>();
  /** Those that run, by pid. */
  readonly #running = new Map<number, HolderProcess>();
  /** Who got each UTS namespace last: its number may have come round. */
  readonly #namespaces = new Map<number, HolderProcess>();
  #lastId = 0;

  /** All of them, in the order they came. */
  get all(): readonly HolderProcess[] {
    return [...this.#processes.values()];
  }

  /** Whether there is still something of anyone. */
  get hasOpen(): boolean {
    for (const process of this.#processes.values()) if (process.isOpen) return true;
    return false;
  }

  /** The pids of those that run. */
  get pids(): readonly number[] {
    return [...this.#running.keys()];
  }

  get(id: number): HolderProcess | undefined {
    return this.#processes.get(id);
  }

  /**
   * A number that nobody has.
   *
   * @throws BprocError EAGAIN where all are taken.
   */
  takeId(): number {
    if (this.#processes.size + this.#occupied.size >= MOST_IDS - 1) {
      throw new BprocError('EAGAIN', `a holder keeps no more than ${MOST_IDS - 1} processes: end some`);
    }
    do this.#lastId = (this.#lastId % (MOST_IDS - 1)) + 1;
    while (this.#processes.has(this.#lastId) || this.#occupied.has(this.#lastId));
    return this.#lastId;
  }

  add(process: HolderProcess): void {
    this.#processes.set(process.id, process);
    this.#lastId = Math.max(this.#lastId, process.id);
  }

  /** Its number is free; false where it was not there. */
  remove({ id }: HolderProcess): boolean {
    return this.#processes.delete(id);
  }

  /** It is not to be found here, but its number is not free. */
  occupy(id: number): void {
    this.#processes.delete(id);
    this.#occupied.add(id);
  }

  /** Forgets everyone. */
  clear(): void {
    this.#processes.clear();
    this.#running.clear();
    this.#namespaces.clear();
  }

  /** It has started. */
  begun(process: HolderProcess): void {
    const { running, uts } = process;
    if (running !== undefined) this.#running.set(running.pid, process);
    if (uts !== undefined) this.#namespaces.set(uts, process);
  }

  /** It ends. */
  ended({ running }: HolderProcess): void {
    if (running !== undefined) this.#running.delete(running.pid);
  }

  /** Whether it is one of these, and has not ended. */
  isRunning({ pid, startTime }: ProcessIdentity): boolean {
    return this.#running.get(pid)?.running?.startTime === startTime;
  }

  /** What the descendants of a process are recognised by. */
  originOf(process: HolderProcess, identity: ProcessIdentity): Origin {
    const { marker, uts } = process;
    const namespaces = this.#namespaces;
    return {
      ...identity,
      marker,
      // asked for at each pass over the processes: one that was started meanwhile may have got the number
      get uts() {
        return uts !== undefined && namespaces.get(uts) === process ? uts : undefined;
      },
    };
  }

  /** The same of all who have started and whom `which` picks. */
  origins(which: (process: HolderProcess) => boolean): readonly Origin[] {
    return this.all.filter(which).flatMap((process) => process.origin ?? []);
  }
}
