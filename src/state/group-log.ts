/** Records that outlive the machine, many of them by one wait for its disk. */
import {
  closeSync,
  fdatasync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { BprocError } from '../errors.ts';
import { replaceFile, syncDirectory } from './epoch-store.ts';

/** Bytes that are added at least before it is worth to write one anew. */
const LEAST_GROWN_BYTES = 16 * 1024 * 1024;

/** A list of records that only grows, but for the times it is written anew. */
export interface GroupLog extends AsyncDisposable {
  /** Whether so much was added since it was written anew that it is worth it again. */
  readonly isOvergrown: boolean;
  /** All of them, in their order. What a machine that lost its power has left of the last ones is removed. */
  load(): unknown[];
  /** Adds one, which is written when that is waited for. */
  append(record: object): void;
  /** Whether nothing is added any more before it is written anew. */
  readonly isBroken: boolean;
  /** Resolves when all that was added outlives the machine: whoever waits meanwhile waits for the same. @throws BprocError what the file system says (EIO, ENOSPC): it is broken. */
  kept(): Promise<void>;
  /** Replaces all of them, which outlive the machine on return. */
  rewrite(records: readonly object[]): void;
}

/** How a list is kept. */
export interface GroupLogOptions {
  /** Whether it says how far it is known to outlive the machine, so that what was lost since can be told from what was spoiled before: lines with `=`. @default true */
  readonly marks?: boolean;
}

/**
 * Records in `directory/name`, as JSON, one a line, readable by its owner alone; the directory is there.
 *
 * @throws BprocError from `load` EIO where what was kept is not there any more.
 */
export function fileGroupLog(directory: string, name: string, options: GroupLogOptions = {}): GroupLog {
  return new FileGroupLog(join(directory, name), options.marks ?? true);
}

class FileGroupLog implements GroupLog {
  readonly #path: string;
  readonly #isMarked: boolean;
  /** Open from the first record that is added on. */
  #file: { readonly fd: number; size: number } | undefined;
  /** Bytes of it when it was written anew, and that were added since. */
  #wholeBytes = 0;
  #grownBytes = 0;
  /** Records that were added, and of these those that are known to outlive the machine. */
  #added = 0;
  #kept = 0;
  /** Those that are not written yet. */
  #lines: string[] = [];
  /** Whether all that is in the file outlives the machine, and it does not say so yet. */
  #isMarkDue = false;
  #syncing: Promise<void> | undefined;
  #failure: BprocError | undefined;

  constructor(path: string, isMarked: boolean) {
    this.#path = path;
    this.#isMarked = isMarked;
  }

  get isOvergrown(): boolean {
    return this.#grownBytes > Math.max(LEAST_GROWN_BYTES, 2 * this.#wholeBytes);
  }

  get isBroken(): boolean {
    return this.#failure !== undefined;
  }

  load(): unknown[] {
    return guarded(() => {
      const { records, end, size } = readRecords(this.#path);
      // what is added must not join on to what is left of another one
      if (end < size) truncateSync(this.#path, end);
      return records;
    });
  }

  append(record: object): void {
    if (this.#failure !== undefined) return;
    this.#lines.push(`${JSON.stringify(record)}\n`);
    this.#added += 1;
  }

  #open(): { readonly fd: number; size: number } {
    if (this.#file !== undefined) return this.#file;
    const fd = openSync(this.#path, 'a+', 0o600);
    this.#file = { fd, size: fstatSync(fd).size };
    const { size } = this.#file;
    const last = Buffer.from('\n');
    if (size > 0) readSync(fd, last, 0, 1, size - 1);
    // what is left of another one, of a list that nobody has loaded, is a line of its own
    if (last[0] !== 0x0a) this.#lines.unshift('\n');
    syncDirectory(dirname(this.#path));
    return this.#file;
  }

  async kept(): Promise<void> {
    const wanted = this.#added;
    while (this.#kept < wanted) {
      if (this.#failure !== undefined) throw this.#failure;
      this.#syncing ??= this.#sync().finally(() => {
        this.#syncing = undefined;
      });
      await this.#syncing;
    }
  }

  /** All that is there now; whatever is added meanwhile has to wait for the next time. */
  async #sync(): Promise<void> {
    // what comes in this turn is kept together
    await new Promise((resolve) => setImmediate(resolve));
    const added = this.#added;
    let file: { readonly fd: number; size: number };
    try {
      file = this.#open();
      this.#write(file);
    } catch (cause) {
      // a part of it may be there
      this.#failure = BprocError.from(cause);
      return;
    }
    const error = await new Promise<Error | null>((resolve) => fdatasync(file.fd, resolve));
    // it was written anew meanwhile, and all of it is kept
    if (file !== this.#file) return closeSync(file.fd);
    // what was not written now is not tried again by the kernel: only a new file has it
    if (error !== null) {
      this.#failure = BprocError.from(error);
      return;
    }
    this.#kept = added;
    this.#isMarkDue = this.#isMarked;
  }

  #write(file: { readonly fd: number; size: number }): void {
    const mark = this.#isMarkDue ? `=${file.size}\n` : '';
    const text = Buffer.from(mark + this.#lines.join(''));
    this.#lines = [];
    writeFileSync(file.fd, text);
    file.size += text.length;
    this.#grownBytes += text.length;
  }

  rewrite(records: readonly object[]): void {
    // where it fails, it is not tried again at once
    this.#grownBytes = 0;
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    guarded(() => replaceFile(this.#path, text));
    const file = this.#file;
    this.#file = undefined;
    // not while the kernel has to do with it
    if (file !== undefined && this.#syncing === undefined) closeSync(file.fd);
    this.#kept = this.#added;
    this.#lines = [];
    this.#isMarkDue = false;
    this.#failure = undefined;
    this.#wholeBytes = text.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kept().catch(() => undefined);
    await this.#syncing;
    if (this.#file !== undefined) closeSync(this.#file.fd);
    this.#file = undefined;
  }
}

/**
 * Records up to the first line that is none, where they end, and how much there is. A machine that loses its power leaves of what it had not kept
 * yet any part, also a later one without an earlier; what it had kept must be there.
 */
function readRecords(path: string): { readonly records: unknown[]; readonly end: number; readonly size: number } {
  const bytes = readIfThere(path);
  const records: unknown[] = [];
  let kept = 0;
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) break;
    const line = bytes.subarray(at, end).toString();
    const mark = /^=(\d{1,15})$/.exec(line);
    if (mark !== null) kept = Math.max(kept, Number(mark[1]));
    else if (!parseInto(records, line)) break;
    at = end + 1;
  }
  // a mark after what is spoiled says so too
  for (const [, mark] of bytes
    .subarray(at)
    .toString('latin1')
    .matchAll(/\n=(\d{1,15})(?=\n)/g)) {
    kept = Math.max(kept, Number(mark));
  }
  if (at < kept) {
    throw new BprocError('EIO', `${path} is spoiled at byte ${at}, which had been kept: restore it or remove it`);
  }
  return { records, end: at, size: bytes.length };
}

function parseInto(records: unknown[], line: string): boolean {
  try {
    records.push(JSON.parse(line));
    return true;
  } catch {
    return false;
  }
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw BprocError.from(error);
  }
}
