/**
 * The journal a spawner keeps of its processes, by which its warden and its successor find what it
 * left running when it died. It survives the program, not the machine, so nothing is synced.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { BprocError } from '../errors.ts';
import {
  compactJournal,
  endLine,
  intentLine,
  type JournalContents,
  lifeLine,
  parseJournal,
  releaseLine,
  SPOIL,
  startLine,
} from './journal-text.ts';
import type { Origin } from './process-tree.ts';

/** How long a journal may be before it is worth shortening, about two thousand starts. */
const COMPACT_BYTES = 128 * 1024;

/** An open journal. Writes are synchronous: each takes effect before what it announces. */
export class Journal {
  readonly path: string;
  #fd: number;
  #bytes = 0;
  #compactAt = COMPACT_BYTES;
  /** What does not have to be written now, and goes with the next line that has to. */
  #deferred = '';
  /** The last line is only half there. */
  #torn = false;

  /**
   * Creates the journal, in place of any that was there.
   *
   * @throws BprocError with the code of the system call that failed.
   */
  constructor(path: string, life: string) {
    this.path = path;
    this.#fd = openJournal(path, constants.O_TRUNC);
    try {
      this.#append(lifeLine(life));
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Whether it has grown so long that {@link compact} is worth its while. */
  get isLong(): boolean {
    return this.#bytes > this.#compactAt;
  }

  /**
   * Writes that a process with this marker is about to be started.
   *
   * @throws BprocError ENOSPC and the like; the process must then not be started.
   */
  intend(marker: string): void {
    this.#append(this.#deferred + intentLine(marker));
    this.#deferred = '';
  }

  /** Writes what the process has become. Where that fails its marker still tells of it. */
  started(origin: Origin): void {
    this.#deferred += startLine(origin);
    this.#flush();
  }

  /** Notes that a process has ended; written with whatever comes next, since a stale start does no harm. */
  ended(pid: number): void {
    this.#deferred += endLine(pid);
  }

  /** Writes that a process is nobody's any more. */
  released(origin: Origin): void {
    this.#deferred += releaseLine(origin);
    this.#flush();
  }

  /** What the journal says now. */
  read(): JournalContents {
    return parseJournal(this.#text() + this.#deferred);
  }

  /**
   * Begins to shorten the journal: what is in it now may be thrown out by the returned function,
   * what is written until that is called is kept. A failure leaves the journal as it was.
   */
  compact(): (isCarried: (marker: string) => boolean) => void {
    const until = this.#text().length;
    this.#compactAt = Number.POSITIVE_INFINITY;
    return (isCarried) => {
      const text = this.#text();
      const kept = compactJournal(text.slice(0, until), isCarried) + text.slice(until);
      const draft = `${this.path}.new`;
      try {
        writeFileSync(draft, kept, { mode: 0o600, encoding: 'latin1' });
        const fd = openJournal(draft, 0);
        renameSync(draft, this.path);
        closeSync(this.#fd);
        this.#fd = fd;
        this.#bytes = kept.length;
      } catch {
        rmSync(draft, { force: true });
      }
      this.#compactAt = this.#bytes * 2 + COMPACT_BYTES;
    };
  }

  /** Closes the journal and removes it; everything in it has been dealt with. */
  remove(): void {
    closeSync(this.#fd);
    rmSync(this.path, { force: true });
  }

  /** Read through the descriptor: the file may have been removed by someone who tidies up. */
  #text(): string {
    const bytes = Buffer.alloc(fstatSync(this.#fd).size);
    return bytes.toString('latin1', 0, readSync(this.#fd, bytes, 0, bytes.length, 0));
  }

  #flush(): void {
    try {
      this.#append(this.#deferred);
      this.#deferred = '';
    } catch {
      // Kept for the next write, which may find room.
    }
  }

  #append(text: string): void {
    const whole = this.#torn ? SPOIL + text : text;
    let written = 0;
    try {
      written = writeSync(this.#fd, whole, null, 'latin1');
    } catch (cause) {
      const error = BprocError.from(cause);
      throw new BprocError(error.code, `the journal ${this.path} cannot be written: ${error.message}`, { cause });
    }
    this.#bytes += written;
    if (written > 0) this.#torn = written < whole.length;
    if (this.#torn) throw new BprocError('ENOSPC', `no space is left for the journal ${this.path}: free some`);
  }
}

function openJournal(path: string, flags: number): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | flags, 0o600);
  } catch (cause) {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `the journal ${path} cannot be opened: ${error.message}`, { cause });
  }
}
