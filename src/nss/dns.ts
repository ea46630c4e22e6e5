/** The source `dns`: hosts, asked of name servers directly, so that none of the threads waits that files are read by. */
import { promises } from 'node:dns';
import { BprocError } from '../errors.ts';
import type { Database, Entries, HostEntry } from './entries.ts';
import { type Answer, found, type NssSource, type Question, tryAgain, unavailable } from './question.ts';

/** How name servers are asked. */
export interface DnsOptions {
  /** Addresses of name servers, with a port where it is not 53. @default those of `/etc/resolv.conf` */
  readonly servers?: readonly string[];
  /** Domains that names without a dot are tried in, in this order, before they are taken as they are. @default none */
  readonly search?: readonly string[];
  /** How long one server is waited for the first time, in milliseconds. @default 2000 */
  readonly tryMs?: number;
  /** How often each is asked. @default 2 */
  readonly tries?: number;
}

const NOT_THERE: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);
const LATER: ReadonlySet<unknown> = new Set(['ETIMEOUT', 'ESERVFAIL', 'EREFUSED']);
/** Names that are never asked of name servers: what they mean depends on where they are asked. */
const LOCAL: ReadonlySet<string> = new Set(['localhost', 'self', 'master']);

/** Names of hosts that name servers know. */
export class DnsSource implements NssSource {
  readonly #resolver: promises.Resolver;
  readonly #search: readonly string[];

  /** @throws an error of Node's for a server that cannot be. */
  constructor({ servers, search = [], tryMs = 2000, tries = 2 }: DnsOptions = {}) {
    this.#resolver = new promises.Resolver({ timeout: tryMs, tries });
    if (servers !== undefined) this.#resolver.setServers([...servers]);
    this.#search = search;
  }

  answer<D extends Database>(question: Question<D>): Answer<D> | Promise<Answer<D>> {
    const { database, by, key, detail } = question;
    if (database !== 'hosts' || by === 'all') return unavailable();
    // these are answers about hosts, as the question is
    if (by === 'address') return this.#byAddress(key) as Promise<Answer<D>>;
    if (LOCAL.has(key) || key.startsWith('.')) return found<D>([] as Entries[D][]);
    return this.#byName(key, detail) as Promise<Answer<D>>;
  }

  async #byName(name: string, detail: string): Promise<Answer<'hosts'>> {
    const names = name.includes('.') ? [name] : [...this.#search.map((domain) => `${name}.${domain}`), name];
    let answer: Answer<'hosts'> = found([]);
    for (const each of names) {
      answer = await this.#addresses(each, detail);
      if (answer.status !== 'notfound') break;
    }
    const [entry] = answer.entries;
    return entry === undefined || entry.name === name
      ? answer
      : { ...answer, entries: [{ ...entry, aliases: [name] }] };
  }

  async #addresses(name: string, detail: string): Promise<Answer<'hosts'>> {
    const families = [
      ...(detail === '6' ? [] : [this.#resolver.resolve4(name, { ttl: true })]),
      ...(detail === '4' ? [] : [this.#resolver.resolve6(name, { ttl: true })]),
    ];
    const told = await Promise.allSettled(families);
    const records = told.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    if (records.length > 0) {
      const ttlMs = Math.min(...records.map(({ ttl }) => ttl)) * 1000;
      return found([{ name, aliases: [], addresses: records.map(({ address }) => address) }], ttlMs);
    }
    const failures = told.map((each) => (each.status === 'rejected' ? failed(each.reason) : found<'hosts'>([])));
    return failures.find(({ status }) => status !== 'notfound') ?? found([]);
  }

  async #byAddress(address: string): Promise<Answer<'hosts'>> {
    try {
      const [name, ...aliases] = await this.#resolver.reverse(address);
      const entry: HostEntry[] = name === undefined ? [] : [{ name, aliases, addresses: [address] }];
      return found(entry);
    } catch (error) {
      return failed(error);
    }
  }
}

function failed(error: unknown): Answer<'hosts'> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (NOT_THERE.has(code)) return found([]);
  if (LATER.has(code)) return tryAgain(BprocError.from(error, 'ETIMEDOUT'));
  return unavailable(BprocError.from(error));
}
