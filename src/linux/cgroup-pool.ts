/**
 * Cgroups for what a holder starts: each process in one of its own, so that all that came of it can be killed at one
 * blow, wherever it hides. They are made by the holder as it needs them, and used again once nobody is left in one.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BprocError } from '../errors.ts';
import { holdPool } from './cgroup-claims.ts';

/** So many may stay empty, for the next burst; each costs the kernel some 10 KiB. */
const MOST_FREE = 1024;
/** How many that were not empty are looked at again before another one is made. */
const MOST_LOOKS = 4;
/** Moving out is a race with forks, which are moved in the next round. */
const MOST_ROUNDS = 100;
const HARMLESS: ReadonlySet<unknown> = new Set(['ENOENT', 'ESRCH', 'EBUSY', 'ENODEV', 'ENOTEMPTY']);

/** The cgroup of one process, for as long as anything that came of it is left. */
export interface Cgroup {
  /** Its name in the pool's directory. */
  readonly number: number;
  readonly path: string;
  /** Kills everything in it; false where nobody was. */
  kill(): boolean;
  /** Moves everything in it to where the pool itself is, to be left alone by the pool. */
  leave(): void;
  /** Its process has ended; `left`: others of it have not. */
  end(left: boolean): void;
}

/** The cgroups of one holder. */
export class CgroupPool {
  /** The directory they are in. */
  readonly path: string;
  /** Whose each one is, or was last. */
  readonly #owners = new Map<number, Cgroup>();
  readonly #free: number[] = [];
  /** Those whose process has ended and left others behind; the one that was looked at last is the last. */
  readonly #left = new Set<number>();
  #count = 0;

  /**
   * Takes a directory, which may have cgroups from before.
   *
   * @throws BprocError with the code of the operation that failed.
   */
  constructor(path: string) {
    this.path = path;
    try {
      mkdirSync(path, { recursive: true });
      for (const number of this.#made()) {
        this.#left.add(number);
        this.#count = Math.max(this.#count, number + 1);
      }
    } catch (cause) {
      const error = BprocError.from(cause);
      throw new BprocError(error.code, `no cgroups can be made in ${path}: ${error.message}`, { cause });
    }
  }

  /** One that nobody is in. */
  take(): Cgroup {
    return this.#give(this.#free.pop() ?? this.#lookForEmpty() ?? this.#count);
  }

  /** One that a process has got in an earlier life of the program. */
  hold(number: number): Cgroup {
    this.#left.delete(number);
    return this.#give(number);
  }

  /** Makes it ready for another holder: what the last one has left in it is killed. */
  renew(): void {
    holdPool(this.path);
    this.kill();
  }

  /** Kills everything in any of them, the holder's own among them. */
  kill(): void {
    tolerate(() => writeFileSync(join(this.path, 'cgroup.kill'), '1'));
  }

  /** Removes all that are empty, and the directory where all are. */
  remove(): void {
    tolerate(() => {
      for (const entry of readdirSync(this.path, { withFileTypes: true })) {
        if (entry.isDirectory()) rmdirSync(join(this.path, entry.name));
      }
      rmdirSync(this.path);
    });
  }

  #give(number: number): Cgroup {
    this.#count = Math.max(this.#count, number + 1);
    let isKilled = false;
    const isOwner = (): boolean => this.#owners.get(number) === cgroup;
    const cgroup: Cgroup = {
      number,
      path: this.#pathOf(number),
      kill: () => {
        if (!isOwner() || !this.#isPopulated(number)) return false;
        isKilled = true;
        return tolerate(() => writeFileSync(join(cgroup.path, 'cgroup.kill'), '1'));
      },
      leave: () => {
        if (isOwner()) this.#moveOut(number);
      },
      end: (left) => {
        if (!isOwner()) return;
        // Linux 6.14 and later kill whoever is started into one that was killed before: it has to be made anew.
        if (left || isKilled) this.#left.add(number);
        else this.#freed(number);
      },
    };
    this.#owners.set(number, cgroup);
    return cgroup;
  }

  #freed(number: number): void {
    this.#owners.delete(number);
    if (this.#free.length < MOST_FREE) {
      this.#free.push(number);
      return;
    }
    // Beside the program's own turn, and not before it is gone may its number be used again.
    rmdir(this.#pathOf(number)).then(
      () => this.#free.unshift(number),
      () => this.#left.add(number),
    );
  }

  #lookForEmpty(): number | undefined {
    let looks = 0;
    for (const number of this.#left) {
      if (looks === MOST_LOOKS) return undefined;
      looks += 1;
      this.#left.delete(number);
      if (tolerate(() => rmdirSync(this.#pathOf(number))) || !existsSync(this.#pathOf(number))) return number;
      this.#left.add(number);
    }
    return undefined;
  }

  #isPopulated(number: number): boolean {
    let events = '';
    tolerate(() => {
      events = readFileSync(join(this.#pathOf(number), 'cgroup.events'), 'latin1');
    });
    return /^populated 1$/m.test(events);
  }

  #moveOut(number: number): void {
    const to = join(dirname(this.path), 'cgroup.procs');
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const pids = readFileSync(join(this.#pathOf(number), 'cgroup.procs'), 'latin1')
        .split('\n')
        .filter(Boolean);
      if (pids.length === 0) break;
      // One that has ended meanwhile is moved no more.
      for (const pid of pids) tolerate(() => writeFileSync(to, pid));
    }
    this.#owners.delete(number);
    this.#left.add(number);
  }

  #made(): readonly number[] {
    return readdirSync(this.path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^\d{1,7}$/.test(entry.name))
      .map((entry) => Number(entry.name));
  }

  #pathOf(number: number): string {
    return join(this.path, `${number}`);
  }
}

/** What is gone already, or still in use, needs nothing done; false then. */
function tolerate(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && HARMLESS.has(cause.code)) return false;
    throw cause;
  }
}
