/** Names of users and groups, from this machine's own files. */
import { readFileSync } from 'node:fs';
import { UsageError } from './arguments.ts';

/** Names by their ids, and back. */
export class Names {
  readonly #kind: string;
  readonly #file: string;
  readonly #names = new Map<number, string>();

  /** Takes the text of `/etc/passwd` or `/etc/group`: the first of an id's names and of a name's ids counts. */
  constructor(kind: string, file: string, text: string) {
    this.#kind = kind;
    this.#file = file;
    for (const line of text.split('\n')) {
      const [name = '', , id = ''] = line.split(':');
      if (name !== '' && /^[0-9]+$/.test(id) && !this.#names.has(Number(id))) this.#names.set(Number(id), name);
    }
  }

  /** The name of an id, `#ID` where it has none. */
  nameOf(id: number): string {
    return this.#names.get(id) ?? `#${id}`;
  }

  /**
   * The id of a name; a number is its own.
   *
   * @throws UsageError for an unknown name.
   */
  idOf(name: string): number {
    for (const [id, known] of this.#names) if (known === name) return id;
    if (/^[0-9]+$/.test(name) && Number(name) < 2 ** 31) return Number(name);
    throw new UsageError(`there is no ${this.#kind} ${JSON.stringify(name)} in ${this.#file}: give one, or a number`);
  }
}

/** The users of this machine. A machine without the file has numbers only. */
export function readUsers(): Names {
  return read('user', '/etc/passwd');
}

/** The groups of this machine. */
export function readGroups(): Names {
  return read('group', '/etc/group');
}

function read(kind: string, file: string): Names {
  try {
    return new Names(kind, file, readFileSync(file, 'utf8'));
  } catch {
    return new Names(kind, file, '');
  }
}
