/** The entries of one database, indexed by all that they are looked up by. */
import { isIP } from 'node:net';
import type { Database, Entries } from './entries.ts';
import { LINES } from './lines.ts';
import { type Answer, addressKey, found, hostKey, type Question } from './question.ts';

/** Lines that are read in one turn of the event loop: some milliseconds. */
const LINES_A_TURN = 2000;

type Keys<E> = (entry: E) => Iterable<string>;

/** What an entry is found by: the way and the key of a question, with its detail where the database has any. */
const KEYS: { readonly [D in Database]: Keys<Entries[D]> } = {
  passwd: ({ name, uid }) => [`name ${name}`, `number ${uid}`],
  group: ({ name, gid, members }) => [
    `name ${name}`,
    `number ${gid}`,
    ...new Set(members.map((member) => `member ${member}`)),
  ],
  shadow: ({ name }) => [`name ${name}`],
  netgroup: ({ name }) => [`name ${name}`],
  ethers: ({ name, address }) => [`name ${hostKey(name)}`, `address ${address}`],
  *hosts({ name, aliases, addresses }) {
    const families = new Set(['', ...addresses.map((address) => String(isIP(address)))]);
    for (const each of new Set([name, ...aliases].map(hostKey)))
      for (const family of families) yield `name ${each}/${family}`;
    for (const address of addresses) yield `address ${addressKey(address)}`;
  },
  *services({ name, aliases, port, protocol }) {
    for (const detail of ['', protocol]) {
      for (const each of new Set([name, ...aliases])) yield `name ${each}/${detail}`;
      yield `number ${port}/${detail}`;
    }
  },
};

/** Whether a question's detail is part of what is looked for. */
function hasDetail({ database, by }: Question): boolean {
  return database === 'services' || (database === 'hosts' && by === 'name');
}

/** Entries that are not changed any more. */
export class Table<D extends Database> {
  readonly #database: D;
  readonly #entries: Entries[D][] = [];
  readonly #index = new Map<string, Entries[D][]>();

  constructor(database: D, entries: Iterable<Entries[D]> = []) {
    this.#database = database;
    for (const entry of entries) this.add(entry);
  }

  add(entry: Entries[D]): void {
    this.#entries.push(entry);
    for (const key of KEYS[this.#database](entry)) {
      const others = this.#index.get(key);
      if (others === undefined) this.#index.set(key, [entry]);
      else others.push(entry);
    }
  }

  answer(question: Question<D>): Answer<D> {
    const { by, key, detail } = question;
    if (by === 'all') return found(this.#entries);
    const entries = this.#index.get(hasDetail(question) ? `${by} ${key}/${detail}` : `${by} ${key}`);
    return found(entries ?? []);
  }
}

/** The table of a file's text, read a piece at a time, so that a long one holds nothing else up. */
export async function readTable<D extends Database>(database: D, text: string): Promise<Table<D>> {
  const table = new Table(database);
  const { read } = LINES[database];
  // only a netgroup may go on on the next line
  const whole = database === 'netgroup' ? text.replaceAll('\\\n', ' ') : text;
  let at = 0;
  for (let count = 1; at < whole.length; count += 1) {
    const end = whole.indexOf('\n', at);
    const entry = read(whole.slice(at, end < 0 ? whole.length : end));
    if (entry !== undefined) table.add(entry);
    at = end < 0 ? whole.length : end + 1;
    if (count % LINES_A_TURN === 0) await new Promise(setImmediate);
  }
  return table;
}
