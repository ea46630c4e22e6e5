/** The users of the master's machine and their groups, as its own files say them now. */
import { readFileSync, statSync } from 'node:fs';
import type { Credentials } from '../permissions.ts';

/** A file of lines, read again when it has changed. */
class Lines {
  readonly #path: string;
  #stamp = '';
  #lines: readonly (readonly string[])[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** The fields of each line; none where there is no such file: a machine without it knows numbers only. */
  read(): readonly (readonly string[])[] {
    const stat = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return [];
    const stamp = `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
    if (stamp === this.#stamp) return this.#lines;
    this.#lines = readFileSync(this.#path, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
    this.#stamp = stamp;
    return this.#lines;
  }
}

/** Looks users up: no certificate carries their groups, and other nodes may number them otherwise. */
export class UserDirectory {
  readonly #passwd: Lines;
  readonly #groups: Lines;

  constructor(passwdFile = '/etc/passwd', groupFile = '/etc/group') {
    this.#passwd = new Lines(passwdFile);
    this.#groups = new Lines(groupFile);
  }

  /**
   * A user by name or number, with all groups, his own first; undefined for one that this machine does not know.
   *
   * @throws an error of the file system where a file is there and cannot be read.
   */
  find(user: string): Credentials | undefined {
    const field = /^\d+$/.test(user) ? 2 : 0;
    const entry = this.#passwd.read().find((fields) => fields[field] === user);
    const [name = '', , uid = '', gid = ''] = entry ?? [];
    if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return undefined;
    const memberships = this.#groups.read().filter(([, , , members = '']) => members.split(',').includes(name));
    const others = memberships.flatMap(([, , group = '']) => (/^\d+$/.test(group) ? Number(group) : []));
    return { uid: Number(uid), gids: [...new Set([Number(gid), ...others])] };
  }

  /** A user by number whose groups are what they are whenever somebody asks: a change counts for the next request. */
  credentialsOf(uid: number): Credentials {
    const gids = (): readonly number[] => this.find(String(uid))?.gids ?? [];
    return {
      uid,
      get gids() {
        return gids();
      },
    };
  }
}
