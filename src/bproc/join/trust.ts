/** Whom a master trusts: its CA, the certificates it made, the tokens it gave, and who waits for its word. */
import { BprocError } from '../../errors.ts';
import { fileRecordLog } from '../../state/index.ts';
import { type CertificateFacts, keyHash, type TlsMaterial } from '../../transport/index.ts';
import type { Init, Join, Joined } from '../../wire/index.ts';
import { Role } from '../../wire/index.ts';
import type { Applicant, Approval } from './applicants.ts';
import { Applicants, applicantId } from './applicants.ts';
import { Authority } from './authority.ts';
import { readRequest } from './certificates.ts';
import { certifiedIdentity, type Identity, identityText } from './identity.ts';
import { type CertificateEntry, Ledger } from './ledger.ts';
import { formatToken, type Grant, TokenBook } from './tokens.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long certificates are valid, in milliseconds. */
export interface CertificateLifetimes {
  /** Of a node; renewed at half of it. @default 30 days */
  readonly nodeMs?: number;
  /** Of a user; renewed at half of it by programs that run on. @default 8 hours */
  readonly userMs?: number;
  /** How long after its login a user's certificate can be renewed. @default 7 days */
  readonly userRenewableMs?: number;
}

/** What a {@link Trust} works with. */
export interface TrustParts {
  readonly directory: string;
  readonly domain: string;
  /** Name of this life of the master. */
  readonly masterId: string;
  readonly wallTime: () => number;
  readonly lifetimes: CertificateLifetimes;
  /** The number for a node that has no wish. @throws BprocError where there is none. */
  readonly vacantNode: (isTaken: (node: number) => boolean) => number;
  /** Told of certificates that count no more from now on. */
  readonly revoked: (serials: readonly string[]) => void;
}

/** Who somebody is that came by TLS, and by which certificate. */
export interface Certified {
  readonly identity: Identity;
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

/** Somebody that wants a certificate. */
export interface Asker {
  /** Where it asks from: an address without a port. */
  readonly peer: string;
  /** What it came by; undefined where it has nothing yet. */
  readonly certified: Certified | undefined;
}

/** Requests of those who are nobody yet that are worked on at a time: each costs some milliseconds of CPU. */
const MOST_AT_WORK = 16;

/** A certificate that is to be made. */
interface Order {
  readonly identity: Identity;
  readonly publicKey: Buffer;
  readonly lifetimeMs: number;
  /** When the first of those that were renewed into it was made. */
  readonly since?: number;
}

/** What a master knows of certificates. */
export class Trust {
  readonly #parts: TrustParts;
  readonly #authority: Authority;
  readonly #tokens: TokenBook;
  readonly #ledger: Ledger;
  readonly #applicants: Applicants;
  readonly #lifetimes: Required<CertificateLifetimes>;
  /** Nodes whose certificates are being made, and the hashes of the keys they are made for. */
  readonly #promised = new Set<number>();
  readonly #granting = new Set<string>();
  #atWork = 0;

  private constructor(parts: TrustParts, authority: Authority) {
    const { directory, wallTime } = parts;
    this.#parts = parts;
    this.#authority = authority;
    this.#tokens = new TokenBook(fileRecordLog(directory, 'tokens'), wallTime);
    this.#ledger = new Ledger(fileRecordLog(directory, 'certificates'), wallTime);
    this.#applicants = new Applicants(wallTime);
    this.#lifetimes = { nodeMs: 30 * DAY_MS, userMs: 8 * HOUR_MS, userRenewableMs: 7 * DAY_MS, ...parts.lifetimes };
  }

  /**
   * What a directory says; the first time a CA is made in it.
   *
   * @throws BprocError EIO where the directory holds something else; what the file system says.
   */
  static async open(parts: TrustParts): Promise<Trust> {
    return new Trust(parts, await Authority.open(parts.directory, parts.domain, parts.wallTime));
  }

  /** SHA-256 of the CA's public key, in hexadecimal. */
  get fingerprint(): string {
    return this.#authority.fingerprint;
  }

  /** What the master shows to those who connect, and when it is to be renewed. */
  masterMaterial(): Promise<{ readonly material: TlsMaterial; readonly renewInMs: number }> {
    return this.#authority.masterMaterial(this.#parts.masterId);
  }

  /**
   * Who somebody is by a certificate that TLS has verified.
   *
   * @throws BprocError EPERM for one that was revoked, is of another domain or realm, or of a master.
   */
  admit(facts: CertificateFacts): Certified {
    const identity = certifiedIdentity(facts);
    this.#ledger.check(facts.serial);
    if (facts.notAfter < this.#parts.wallTime()) throw new BprocError('EPERM', 'the certificate has expired');
    if (identity.domain !== this.#parts.domain) {
      throw new BprocError('EPERM', `the certificate is of domain ${JSON.stringify(identity.domain)}`);
    }
    if (identity.role === 'master') throw new BprocError('EPERM', 'a master has no business here');
    if (identity.role === 'user' && identity.realm !== this.#authority.realm) {
      throw new BprocError('EPERM', `the certificate is of a user of realm ${identity.realm}`);
    }
    return { identity, serial: facts.serial, notAfter: facts.notAfter };
  }

  /** Makes a token; its text is a secret. */
  createToken(grant: Grant, ttlMs: number): { readonly text: string; readonly expiresAt: number } {
    const expiresAt = this.#parts.wallTime() + ttlMs;
    const token = this.#tokens.create(grant, ttlMs);
    return { text: formatToken({ authority: this.fingerprint, ...token }), expiresAt };
  }

  /** Those who wait to be let in. */
  get applicants(): readonly Applicant[] {
    return this.#applicants.list;
  }

  /** Lets somebody in who waits. @throws BprocError ENOENT where nobody of this id does. */
  approve(id: string, approval: Approval): void {
    this.#applicants.approve(id, approval);
  }

  /** Certificates that have not expired. */
  get certificates(): readonly CertificateEntry[] {
    return this.#ledger.entries;
  }

  /**
   * Revokes a certificate, or all of a node or a user; gives their serials.
   *
   * @throws BprocError ENOENT where there is none.
   */
  revoke(what: { readonly serial?: string; readonly node?: number; readonly uid?: number }): readonly string[] {
    const { serial = '', node, uid } = what;
    const subject = node !== undefined ? `node/${node}` : `user/${uid}@${this.#authority.realm}`;
    const one = this.#ledger.find(serial.toLowerCase());
    const found = serial === '' ? this.#ledger.of(subject) : one === undefined ? [] : [one];
    if (found.length === 0) {
      const name = serial === '' ? `${subject} has no certificate` : `there is no certificate ${serial}`;
      throw new BprocError('ENOENT', `${name} that is valid`);
    }
    return this.#revoke(found);
  }

  #revoke(entries: readonly CertificateEntry[]): readonly string[] {
    const serials = entries.map((entry) => entry.serial);
    this.#ledger.revoke(serials);
    this.#parts.revoked(serials);
    return serials;
  }

  /** Makes a certificate for a user who is known by other means, for at most so long; 0: as long as usual. */
  async login(uid: number, request: Uint8Array, ttlMs: number): Promise<Init<Joined>> {
    const lifetimeMs = ttlMs === 0 ? this.#lifetimes.userMs : Math.min(ttlMs, this.#lifetimes.userMs);
    return this.#issue({ identity: this.#user(uid), publicKey: await readRequest(request), lifetimeMs });
  }

  /**
   * Answers somebody who wants a certificate [PROTOCOL 8.7].
   *
   * @throws BprocError EPERM for a token that is wrong, used or expired; EINVAL for a request that is none; EEXIST for
   *   a node that has a certificate; EAGAIN where too much is asked for at once.
   */
  async join(message: Join, asker: Asker): Promise<Init<Joined>> {
    if (asker.certified !== undefined) return this.#renew(message, asker.certified);
    if (this.#atWork >= MOST_AT_WORK) throw new BprocError('EAGAIN', 'many join just now: ask again in a moment');
    this.#atWork += 1;
    try {
      if (message.token === '') return await this.#apply(message, asker);
      return await this.#redeem(message);
    } finally {
      this.#atWork -= 1;
    }
  }

  async #redeem({ token, secret, request, node }: Join): Promise<Init<Joined>> {
    // before anything else is looked at: without a token nothing is worth the work
    const grant = this.#tokens.check(token, secret);
    const publicKey = await readRequest(request);
    const key = keyHash(publicKey);
    this.#tokens.use(token, secret, key);
    try {
      return await this.#grant(grant, publicKey, node ?? undefined);
    } catch (error) {
      this.#tokens.release(token);
      throw error;
    }
  }

  async #apply({ request, role, node, address }: Join, { peer }: Asker): Promise<Init<Joined>> {
    if (role !== Role.SLAVE) throw new BprocError('EPERM', 'only slaves can be approved: get a token, or log in');
    const publicKey = await readRequest(request);
    const id = applicantId(keyHash(publicKey));
    const shown = address.slice(0, 255).replace(/\p{Cc}/gu, '?');
    const approval = this.#applicants.ask({ id, peer, address: shown, role: 'slave', node: node ?? undefined });
    if (approval === undefined) return { pending: id };
    const joined = await this.#grant({ role: 'slave', ...approval }, publicKey, undefined);
    this.#applicants.remove(id);
    return joined;
  }

  async #grant(grant: Grant, publicKey: Buffer, wish: number | undefined): Promise<Init<Joined>> {
    if (grant.role === 'client') {
      return this.#issue({ identity: this.#user(grant.uid), publicKey, lifetimeMs: this.#lifetimes.userMs });
    }
    const key = keyHash(publicKey);
    if (this.#granting.has(key)) throw new BprocError('EAGAIN', 'this key is being given a certificate just now');
    const node = grant.node ?? this.#freeNode(key, wish);
    this.#promised.add(node);
    this.#granting.add(key);
    try {
      const identity = { role: 'node', domain: this.#parts.domain, node } as const;
      const earlier = this.#ledger.of(identityText(identity));
      const joined = await this.#issue({ identity, publicKey, lifetimeMs: this.#lifetimes.nodeMs });
      // an administrator has named the node: whoever had it before has it no more
      if (grant.node !== undefined) this.#revoke(strangersTo(key, earlier));
      return joined;
    } finally {
      this.#promised.delete(node);
      this.#granting.delete(key);
    }
  }

  /** The node that this key has already; or the one that was asked for, if nobody else has it; or one that nobody has. */
  #freeNode(key: string, wish: number | undefined): number {
    const [own] = this.#ledger.ofKey(key);
    // who asks again missed the answer: one key is one node
    if (own?.subject.startsWith('node/') === true) return Number(own.subject.slice('node/'.length));
    const isTaken = (node: number): boolean => this.#promised.has(node) || this.#ledger.of(`node/${node}`).length > 0;
    if (wish === undefined) return this.#parts.vacantNode(isTaken);
    if (!Number.isInteger(wish) || wish < 0) throw new BprocError('EINVAL', `${wish} is not a node number`);
    if (!isTaken(wish)) return wish;
    const remedy = `make a token for it by "bpctl token --node ${wish}", or revoke that one`;
    throw new BprocError('EEXIST', `node ${wish} has a certificate of another key: ${remedy}`, { node: wish });
  }

  async #renew({ request }: Join, { identity, serial }: Certified): Promise<Init<Joined>> {
    const old = this.#ledger.check(serial);
    const publicKey = await readRequest(request);
    if (identity.role === 'node') {
      return this.#issue({ identity, publicKey, lifetimeMs: this.#lifetimes.nodeMs, since: old.since });
    }
    const left = old.since + this.#lifetimes.userRenewableMs - this.#parts.wallTime();
    if (left <= 0) throw new BprocError('EPERM', 'this login is too long ago to be renewed: run "bpctl login" again');
    return this.#issue({ identity, publicKey, lifetimeMs: Math.min(left, this.#lifetimes.userMs), since: old.since });
  }

  async #issue({ identity, publicKey, lifetimeMs, since }: Order): Promise<Init<Joined>> {
    const issuedAt = this.#parts.wallTime();
    const { certificate, serial, notAfter } = await this.#authority.issue(identity, publicKey, lifetimeMs);
    const subject = identityText(identity);
    this.#ledger.add({ serial, subject, keyHash: keyHash(publicKey), issuedAt, since: since ?? issuedAt, notAfter });
    return { certificate, authority: this.#authority.certificate };
  }

  #user(uid: number): Identity {
    return { role: 'user', domain: this.#parts.domain, uid, realm: this.#authority.realm };
  }
}

function strangersTo(key: string, entries: readonly CertificateEntry[]): readonly CertificateEntry[] {
  return entries.filter((entry) => entry.keyHash !== key);
}
