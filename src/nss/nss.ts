/** All calls about names. */
import type { CallOptions } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { type Database, type Entries, isDatabase, type NetgroupTriple } from './entries.ts';
import { HostCalls } from './host-calls.ts';
import { linesOf } from './lines.ts';
import { createLookup, type Lookup } from './lookup.ts';
import { addressKey, checkName, etherKey } from './question.ts';

/** Most netgroups that one may consist of, however they are nested, and most of their members. */
const MOST_GROUPS = 10_000;
const MOST_TRIPLES = 1_000_000;

/** Looks names up. */
export class Nss extends HostCalls {
  /**
   * `dns.lookup` with these names, for `net.connect`, `http.Agent`, undici and others that take one. Needs no `this`.
   */
  readonly lookup: Lookup = createLookup((name, family) => this.gethostbyname(name, { family }));

  /**
   * The members of a netgroup and of those that are part of it; one that is part of itself is no trouble.
   *
   * @returns none where there is no such netgroup.
   * @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED; E2BIG for one of more than a million members.
   */
  async getnetgrent(name: string, options: CallOptions = {}): Promise<readonly NetgroupTriple[]> {
    const triples: NetgroupTriple[] = [];
    const seen = new Set([checkName('netgroup', name)]);
    for (const key of seen) {
      for (const entry of await this.ask({ database: 'netgroup', by: 'name', key, detail: '' }, options)) {
        for (const triple of entry.triples) triples.push(triple);
        for (const group of entry.groups) seen.add(group);
      }
      if (seen.size <= MOST_GROUPS && triples.length <= MOST_TRIPLES) continue;
      throw new BprocError('E2BIG', `netgroup ${name} has more than ${MOST_GROUPS} parts or ${MOST_TRIPLES} members`);
    }
    return triples;
  }

  /**
   * Whether a machine, user and domain, as far as they are named, are a member of a netgroup.
   *
   * @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED, E2BIG.
   */
  async innetgr(name: string, member: NetgroupTriple, options: CallOptions = {}): Promise<boolean> {
    const fits = (mine: string | undefined, its: string | undefined, folds: boolean): boolean => {
      if (mine === undefined || its === undefined) return true;
      return folds ? mine.toLowerCase() === its.toLowerCase() : mine === its;
    };
    const triples = await this.getnetgrent(name, options);
    return triples.some(
      ({ host, user, domain }) =>
        fits(member.host, host, true) && fits(member.user, user, false) && fits(member.domain, domain, true),
    );
  }

  /**
   * Lines as `getent` prints them: of the entries with these keys, or without any key of all.
   *
   * @throws BprocError EINVAL for what is no database or cannot be a key, EACCES, EAGAIN.
   */
  async getent(database: Database, ...keys: readonly string[]): Promise<readonly string[]> {
    if (!isDatabase(database)) throw new BprocError('EINVAL', `there is no database ${JSON.stringify(database)}`);
    if (database === 'netgroup') return this.#netgroups(keys);
    if (keys.length > 0) return (await Promise.all(keys.map((key) => this.#lines(database, key)))).flat();
    const entries = await (database === 'shadow' ? this.getspent() : this.all(database, {}));
    return entries.flatMap((entry) => linesOf(database, entry));
  }

  async #netgroups(names: readonly string[]): Promise<readonly string[]> {
    const whole = async (name: string): Promise<string[]> => {
      const triples = await this.getnetgrent(name);
      return triples.length === 0 ? [] : linesOf('netgroup', { name, triples, groups: [] });
    };
    if (names.length > 0) return (await Promise.all(names.map(whole))).flat();
    return (await this.all('netgroup', {})).flatMap((entry) => linesOf('netgroup', entry));
  }

  async #lines(database: Exclude<Database, 'netgroup'>, key: string): Promise<string[]> {
    const entry = await this.#byKey(database, key);
    // what was found is of the database that was asked
    return entry === undefined ? [] : linesOf(database, entry as Entries[typeof database]);
  }

  #byKey(database: Exclude<Database, 'netgroup'>, key: string): Promise<Entries[Database] | undefined> {
    const isNumber = /^\d+$/.test(key);
    switch (database) {
      case 'passwd':
        return isNumber ? this.getpwuid(Number(key)) : this.getpwnam(key);
      case 'group':
        return isNumber ? this.getgrgid(Number(key)) : this.getgrnam(key);
      case 'shadow':
        return this.getspnam(key);
      case 'hosts':
        return addressKey(key) === undefined ? this.gethostbyname(key) : this.gethostbyaddr(key);
      case 'ethers':
        return etherKey(key) === undefined ? this.etherHostton(key) : this.etherNtohost(key);
      case 'services': {
        const [name = '', protocol] = key.split('/');
        return /^\d+$/.test(name) ? this.getservbyport(Number(name), protocol) : this.getservbyname(name, protocol);
      }
    }
  }
}
