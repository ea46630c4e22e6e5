/** The source `files`: `/etc/passwd` and its like, read again when they have changed. */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import { resolveInRoot } from '../linux/index.ts';
import type { Database } from './entries.ts';
import { type Answer, type NssSource, type Question, unavailable } from './question.ts';
import { readTable, type Table } from './table.ts';

/** For how long a file is taken to be what it was, in milliseconds. */
const LOOK_AGAIN_MS = 1000;
/** Longest file that is read, in bytes. */
const LONGEST_FILE_BYTES = 64 * 1024 * 1024;

/** What is known of one file. */
interface Known<D extends Database> {
  readonly stamp: string;
  /** Why there is no table is in `refusal`; where there is no file there is neither. */
  readonly table: Table<D> | undefined;
  readonly refusal: BprocError | undefined;
}

/** One database's file. */
class DatabaseFile<D extends Database> {
  readonly #database: D;
  readonly #path: () => string | undefined;
  #known: Known<D> | undefined;
  #goodUntil = Number.NEGATIVE_INFINITY;
  #looking: Promise<Known<D>> | undefined;

  constructor(database: D, path: () => string | undefined) {
    this.#database = database;
    this.#path = path;
  }

  answer(question: Question<D>, clock: Clock): Answer<D> | Promise<Answer<D>> {
    if (this.#known !== undefined && clock.now() < this.#goodUntil) return answerBy(this.#known, question);
    this.#looking ??= this.#look(clock);
    return this.#looking.then((known) => answerBy(known, question));
  }

  async #look(clock: Clock): Promise<Known<D>> {
    try {
      this.#known = await this.#read();
      return this.#known;
    } finally {
      this.#looking = undefined;
      this.#goodUntil = clock.now() + LOOK_AGAIN_MS;
    }
  }

  async #read(): Promise<Known<D>> {
    const path = this.#path();
    const nothing = { stamp: '', table: undefined };
    try {
      if (path === undefined) return { ...nothing, refusal: undefined };
      const found = await stat(path, { bigint: true });
      const stamp = `${found.dev} ${found.ino} ${found.mtimeNs} ${found.ctimeNs} ${found.size}`;
      if (stamp === this.#known?.stamp) return this.#known;
      if (!found.isFile()) throw new BprocError('EINVAL', `${path} is no file that names could be read from`);
      if (found.size > LONGEST_FILE_BYTES) {
        throw new BprocError('EFBIG', `${path} has more than the ${LONGEST_FILE_BYTES} bytes that are read of it`);
      }
      return { stamp, table: await readTable(this.#database, await textOf(path)), refusal: undefined };
    } catch (cause) {
      const error = BprocError.from(cause);
      // a file that is not there, or not for this user, is no trouble: he has none
      const isUsual = error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EACCES';
      return { ...nothing, refusal: isUsual ? undefined : error };
    }
  }
}

function answerBy<D extends Database>({ table, refusal }: Known<D>, question: Question<D>): Answer<D> {
  return table?.answer(question) ?? unavailable(refusal);
}

/** At most what was agreed on, however the file grows while it is read. */
async function textOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of file.createReadStream({ autoClose: false })) {
      pieces.push(piece);
      size += piece.length;
      if (size > LONGEST_FILE_BYTES) throw new BprocError('EFBIG', `${path} grows while it is read`);
    }
    return Buffer.concat(pieces).toString('utf8');
  } finally {
    await file.close();
  }
}

/** The files of one directory tree. */
export class FilesSource implements NssSource {
  readonly #clock: Clock;
  readonly #files: { readonly [D in Database]: DatabaseFile<D> };

  /** @param root is the directory that is `/`; links in it lead nowhere else. */
  constructor(clock: Clock, root = '/') {
    this.#clock = clock;
    const file = <D extends Database>(database: D) =>
      new DatabaseFile(database, () =>
        root === '/' ? join('/etc', database) : resolveInRoot(root, `etc/${database}`),
      );
    this.#files = {
      hosts: file('hosts'),
      passwd: file('passwd'),
      group: file('group'),
      shadow: file('shadow'),
      netgroup: file('netgroup'),
      ethers: file('ethers'),
      services: file('services'),
    };
  }

  answer<D extends Database>(question: Question<D>): Answer<D> | Promise<Answer<D>> {
    return this.#files[question.database].answer(question, this.#clock);
  }
}
