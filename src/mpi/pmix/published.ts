/** Names that processes publish, as other servers read them too. */
import { BprocError } from '../../errors.ts';
import type { JobHome, Member, NameScope } from '../node-home.ts';
import { KEY, PERSIST, RANGE } from './numbers.ts';
import { Packer, type Value } from './packer.ts';
import { find, numberOf } from './reading.ts';
import { type Info, Unpacker } from './unpacker.ts';

/** A name with who has published it. */
export interface Found {
  readonly owner: Member;
  readonly key: string;
  readonly value: Value;
}

/** What an info of a request about names is not a name for. */
const DIRECTIVES: ReadonlySet<string> = new Set([KEY.RANGE, KEY.PERSISTENCE, KEY.TIMEOUT, KEY.WAIT]);

/** Where a name is: whom it is for, and what it is called among all that are for them. */
interface Place {
  readonly scope: NameScope;
  readonly name: string;
}

/** The names of one node's ranks. */
export class PublishedNames {
  readonly #home: JobHome;
  readonly #byRank = new Map<number, Map<string, { readonly place: Place; readonly isItsOwn: boolean }>>();

  constructor(home: JobHome) {
    this.#home = home;
  }

  /** @throws BprocError EEXIST for a name that is taken: those before it stay published. */
  async publish(rank: number, infos: readonly Info[]): Promise<void> {
    const persistence = directive(infos, KEY.PERSISTENCE);
    for (const { key, value } of infos) {
      if (DIRECTIVES.has(key)) continue;
      const place = this.#placeOf(key, infos);
      const owner = { job: this.#home.job.id, rank };
      const bytes = new Packer().proc(owner).value(value).done();
      const once = persistence === PERSIST.FIRST_READ;
      if (!(await this.#home.publish({ ...place, value: bytes, once }))) {
        throw new BprocError('EEXIST', `the name ${key} is taken`);
      }
      const own = this.#byRank.get(rank) ?? new Map();
      own.set(key, { place, isItsOwn: persistence === PERSIST.PROC });
      this.#byRank.set(rank, own);
    }
  }

  /** What is found of the names; with `pmix.wait`, all of them. */
  async lookup(keys: readonly string[], infos: readonly Info[], signal: AbortSignal): Promise<readonly Found[]> {
    const wait = find(infos, KEY.WAIT) !== undefined;
    const found = await Promise.all(
      keys.map(async (key): Promise<Found | undefined> => {
        const { scope, name } = this.#placeOf(key, infos);
        const bytes = await this.#home.lookup(scope, name, { wait, signal });
        if (bytes === undefined) return undefined;
        const from = new Unpacker(bytes);
        return { owner: from.proc(), key, value: from.value() };
      }),
    );
    return found.filter((one) => one !== undefined);
  }

  /** @param keys none: all that the rank has published. @returns whether there was one. */
  async unpublish(rank: number, keys: readonly string[], infos: readonly Info[]): Promise<boolean> {
    const own = this.#byRank.get(rank);
    const which = keys.length > 0 ? keys : [...(own?.keys() ?? [])];
    let isAny = keys.length === 0;
    for (const key of which) {
      const { scope, name } = own?.get(key)?.place ?? this.#placeOf(key, infos);
      own?.delete(key);
      if (await this.#home.unpublish(scope, name)) isAny = true;
    }
    return isAny;
  }

  /** A rank has ended: what was to last as long as it does not any more. */
  ended(rank: number): void {
    const own = this.#byRank.get(rank);
    this.#byRank.delete(rank);
    for (const { place, isItsOwn } of own?.values() ?? []) {
      // whoever is not there to be told has no names any more either
      if (isItsOwn) this.#home.unpublish(place.scope, place.name).catch(() => {});
    }
  }

  #placeOf(key: string, infos: readonly Info[]): Place {
    const range = directive(infos, KEY.RANGE) ?? RANGE.SESSION;
    if (range === RANGE.NAMESPACE) return { scope: 'job', name: `pmix:${key}` };
    if (range === RANGE.LOCAL) return { scope: 'user', name: `pmix@${this.#home.node}:${key}` };
    return { scope: 'user', name: `pmix:${key}` };
  }
}

function directive(infos: readonly Info[], key: string): number | undefined {
  const found = find(infos, key);
  return found === undefined ? undefined : numberOf(found);
}
