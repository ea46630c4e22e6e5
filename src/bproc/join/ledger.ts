/** Which certificates were made for whom, and which of them count no more: PROTOCOL.md 8.7. */
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

  /** @throws BprocError where the log cannot be read. */
  constructor(log: RecordLog, wallTime: () => number) {
    this.#log = log;
    this.#wallTime = wallTime;
    for (const record of log.load() as readonly (CertificateEntry | Revocation)[]) {
      if ('serial' in record) this.#entries.set(record.serial, { ...record });
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
    return this.entries.filter((entry) => entry.subject === subject && !entry.revoked);
  }

  /** Enters a certificate, before anybody gets it. Durable on return. */
  add(entry: Omit<CertificateEntry, 'revoked'>): void {
    const kept = { ...entry, revoked: false };
    this.#log.append(kept);
    this.#entries.set(kept.serial, kept);
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

  #mark(serial: string): void {
    const entry = this.#entries.get(serial);
    if (entry !== undefined) entry.revoked = true;
  }

  #forgetExpired(): void {
    // an hour later than it says: the clock that let it in may have been another one
    const before = this.#wallTime() - 3_600_000;
    for (const entry of this.#entries.values()) if (entry.notAfter < before) this.#entries.delete(entry.serial);
  }
}
