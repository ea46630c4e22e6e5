/** Which certificates were made for whom, and which of them count no more: PROTOCOL.md 8.8. */
import { BprocError } from '../../errors.ts';
import type { RecordLog } from '../../state/index.ts';

/** A certificate that was made. */
export interface CertificateEntry {
  readonly serial: string;
  /** Whose it is: `node/3`, `user/1000@1f2e`. */
  readonly subject: string;
  /** Hash of its key. */
  readonly keyHash: string;
  /** When it was made, and when the first of those that were renewed into it was; milliseconds since 1970. */
  readonly issuedAt: number;
  readonly since: number;
  readonly notAfter: number;
  revoked: boolean;
}

interface Revocation {
  readonly revoke: string;
}

/** The certificates of one cluster that are valid, or revoked and not expired yet. */
export class Ledger {
  readonly #log: RecordLog;
  readonly #wallTime: () => number;
  readonly #entries = new Map<string, CertificateEntry>();
  /** The same by whose they are, and by whose key. */
  readonly #bySubject = new Index();
  readonly #byKey = new Index();

  /** @throws BprocError where the log cannot be read. */
  constructor(log: RecordLog, wallTime: () => number) {
    this.#log = log;
    this.#wallTime = wallTime;
    for (const record of log.load() as readonly (CertificateEntry | Revocation)[]) {
      if ('serial' in record) this.#enter({ ...record });
      else this.#mark(record.revoke);
    }
    this.#forgetExpired();
    log.rewrite([...this.#entries.values()]);
  }

  /** All of them, the newest last. */
  get entries(): readonly CertificateEntry[] {
    this.#forgetExpired();
    return [...this.#entries.values()];
  }

  find(serial: string): CertificateEntry | undefined {
    return this.#entries.get(serial);
  }

  /** The valid certificates of somebody. */
  of(subject: string): readonly CertificateEntry[] {
    return this.#valid(this.#bySubject.get(subject));
  }

  /** The valid certificates of a key. */
  ofKey(keyHash: string): readonly CertificateEntry[] {
    return this.#valid(this.#byKey.get(keyHash));
  }

  /** Enters a certificate, before anybody gets it. Durable on return. */
  add(entry: Omit<CertificateEntry, 'revoked'>): void {
    const kept = { ...entry, revoked: false };
    this.#log.append(kept);
    this.#enter(kept);
  }

  /** Revokes certificates; durable on return. */
  revoke(serials: readonly string[]): void {
    for (const serial of serials) {
      const entry = this.#entries.get(serial);
      if (entry === undefined || entry.revoked) continue;
      this.#log.append({ revoke: serial });
      this.#mark(serial);
    }
  }

  /**
   * Refuses who comes by a certificate that counts no more, or that this CA has no record of: what was signed by a key
   * that was stolen, say, or with records that were lost.
   *
   * @throws BprocError EPERM.
   */
  check(serial: string): CertificateEntry {
    const entry = this.#entries.get(serial);
    if (entry?.revoked === false) return entry;
    const why = entry === undefined ? 'the master has no record of it' : 'it was revoked';
    throw new BprocError('EPERM', `the certificate ${serial} does not count: ${why}; join again with a new token`);
  }

  #valid(entries: Iterable<CertificateEntry>): readonly CertificateEntry[] {
    const now = this.#wallTime();
    return [...entries].filter((entry) => !entry.revoked && entry.notAfter > now);
  }

  #enter(entry: CertificateEntry): void {
    this.#entries.set(entry.serial, entry);
    this.#bySubject.add(entry.subject, entry);
    this.#byKey.add(entry.keyHash, entry);
  }

  #mark(serial: string): void {
    const entry = this.#entries.get(serial);
    if (entry !== undefined) entry.revoked = true;
  }

  #forgetExpired(): void {
    // an hour later than it says: the clock that let it in may have been another one
    const before = this.#wallTime() - 3_600_000;
    for (const entry of this.#entries.values()) {
      if (entry.notAfter >= before) continue;
      this.#entries.delete(entry.serial);
      this.#bySubject.delete(entry.subject, entry);
      this.#byKey.delete(entry.keyHash, entry);
    }
  }
}

/** Certificates by something that several may have in common. */
class Index {
  readonly #sets = new Map<string, Set<CertificateEntry>>();

  get(key: string): Iterable<CertificateEntry> {
    return this.#sets.get(key) ?? [];
  }

  add(key: string, entry: CertificateEntry): void {
    const set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, new Set([entry]));
    else set.add(entry);
  }

  delete(key: string, entry: CertificateEntry): void {
    const set = this.#sets.get(key);
    set?.delete(entry);
    if (set?.size === 0) this.#sets.delete(key);
  }
}
