/** Staying a member of a cluster: joining it, showing the certificate, renewing it at half of its life. */
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { CertificateFacts, TlsAddress, TlsMaterial, TlsTrust } from '../../transport/index.ts';
import {
  certificateFacts,
  dialTls,
  formatAddress,
  keyHash,
  secureContext,
  shownAuthority,
} from '../../transport/index.ts';
import { Role } from '../../wire/index.ts';
import { askToJoin, type JoinAnswer } from './ask.ts';
import { BACKDATED_MS } from './authority.ts';
import { makeRequest, newKey, pemOf, publicKeyOf } from './certificates.ts';
import { certifiedIdentity, identityText, notMaster } from './identity.ts';
import type { IdentityBundle, IdentityStore } from './identity-file.ts';
import { authorityHash, bundleOf } from './identity-file.ts';
import { parseToken, type TokenText } from './tokens.ts';

/** Gives what it takes to connect to a master by TLS. */
export interface TlsKeeper {
  /** @throws BprocError where there is no certificate, and none is to be had. */
  trustFor(address: TlsAddress, signal?: AbortSignal): Promise<TlsTrust>;
}

/** Who wants to be a member. */
export interface MembershipOptions {
  readonly store: IdentityStore;
  readonly clock: Clock;
  readonly domain: string;
  readonly role: 'slave' | 'client';
  /** A one-time token: used where there is no certificate, or one that was got by another token. */
  readonly token?: string | undefined;
  /** The CA to trust, by the SHA-256 of its key in hexadecimal, where no token says it. */
  readonly authority?: string | undefined;
  /** The node to ask for. */
  readonly node?: number | undefined;
  /** How this machine calls itself. */
  readonly address: string;
}

const ROLES = { slave: Role.SLAVE, client: Role.CLIENT } as const;
/** However short a certificate's life is, it is not renewed more often than this. */
const SOONEST_MS = 1000;
/** A renewal that failed is tried again after this share of what is left, but not sooner than a minute. */
const RETRY_SHARE = 0.1;
const SOONEST_RETRY_MS = 60_000;

/** A node's or a user's place in a cluster. Disposing it ends its renewals. */
export class Membership implements TlsKeeper, Disposable {
  readonly #options: MembershipOptions;
  readonly #token: TokenText | undefined;
  #bundle: IdentityBundle | undefined;
  #trust: TlsTrust | undefined;
  /** Until when the certificate is valid, in milliseconds since 1970, and of which that is known. */
  #read: { readonly certificate: string; readonly notAfter: number } | undefined;
  #joining: Promise<void> | undefined;
  #cancelRenewal: Cancel | undefined;
  readonly #listeners = new Set<(material: TlsMaterial) => void>();
  #disposed = false;

  /** @throws BprocError EINVAL for a token that is none; EIO where what is stored cannot be read. */
  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#token = options.token === undefined ? undefined : parseToken(options.token);
    this.#bundle = options.store.load();
  }

  async trustFor(address: TlsAddress, signal?: AbortSignal): Promise<TlsTrust> {
    if (!this.#hasJoined()) this.#reload();
    if (!this.#hasJoined()) {
      // connections that are made meanwhile wait for the same answer: a token is good for one
      this.#joining ??= this.#join(address, signal).finally(() => {
        this.#joining = undefined;
      });
      await this.#joining;
    }
    this.#trust ??= this.#trustOf(this.#bundle);
    if (this.#cancelRenewal === undefined) this.#armRenewal(address);
    return this.#trust;
  }

  /** What it shows and whom it trusts now; undefined where it has no certificate. */
  get material(): TlsMaterial | undefined {
    const { authority, certificate, key } = this.#bundle ?? {};
    if (authority === undefined || certificate === undefined || key === undefined) return undefined;
    return { authority, certificate, key };
  }

  /** Calls back with each certificate that it gets from now on; returns what ends that. */
  onChange(listener: (material: TlsMaterial) => void): Cancel {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * The node that a certificate of another slave names [PROTOCOL 10.4].
   *
   * @throws BprocError EPERM where it names none of this cluster.
   */
  nodeOf(facts: CertificateFacts): number {
    const identity = certifiedIdentity(facts);
    const { domain } = this.#options;
    if (identity.role === 'node' && identity.domain === domain) return identity.node;
    const what = `of ${identityText(identity)} in domain ${JSON.stringify(identity.domain)}`;
    throw new BprocError('EPERM', `who answers there is no slave of this cluster: its certificate is ${what}`);
  }

  /** What it takes to connect to the slave of a node. @throws BprocError EPERM without a certificate. */
  trustInPeer(node: number): TlsTrust {
    const { material } = this;
    if (material === undefined) throw new BprocError('EPERM', 'there is no certificate');
    return {
      context: secureContext(material),
      authority: material.authority,
      check: (facts) => this.#notNode(node, facts),
    };
  }

  #notNode(node: number, facts: CertificateFacts): BprocError | undefined {
    try {
      const shown = this.nodeOf(facts);
      return shown === node ? undefined : new BprocError('EPERM', `node ${shown} answers there, and not node ${node}`);
    } catch (error) {
      return BprocError.from(error, 'EPERM');
    }
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#cancelRenewal?.();
  }

  #hasJoined(): boolean {
    const { certificate, token = '' } = this.#bundle ?? {};
    if (certificate === undefined) return false;
    if (this.#token !== undefined && this.#token.id !== token) return false;
    // asked for at every connection, and a certificate takes long to read
    if (this.#read?.certificate !== certificate) {
      this.#read = { certificate, notAfter: certificateFacts(certificate).notAfter };
    }
    return this.#read.notAfter > this.#options.clock.wallTime();
  }

  /** Takes what somebody else has stored since: another program of this user, or a new login. */
  #reload(): boolean {
    const stored = this.#options.store.load();
    if (stored?.certificate === undefined || stored.certificate === this.#bundle?.certificate) return false;
    this.#bundle = stored;
    this.#trust = undefined;
    this.#tellChange();
    return true;
  }

  /** Asks for a certificate, as the nobody that one is without. */
  async #join(address: TlsAddress, signal: AbortSignal | undefined): Promise<void> {
    const { role, domain, node, store } = this.#options;
    const where = formatAddress(address);
    const authority = await this.#authorityAt(address, signal);
    const token = this.#token?.id ?? '';
    // kept from before: a token that was used up by an answer that never came is still good for the same key
    const known =
      this.#bundle?.certificate === undefined && this.#bundle?.token === token ? this.#bundle.key : undefined;
    const asking = { key: known ?? newKey(), certificate: undefined, authority, token };
    // what there is already is not given away for what may be refused
    if (this.#bundle?.certificate === undefined) this.#keep(asking);
    const request = await makeRequest(asking.key);
    const socket = await dialTls(address, this.#trustOf({ ...asking, certificate: undefined }), signal);
    const wish = node === undefined ? {} : { node };
    const secret = this.#token === undefined ? {} : { token, secret: this.#token.secret };
    const joined = await askToJoin(socket, this.#options.clock, domain, {
      request,
      role: ROLES[role],
      address: this.#options.address,
      ...wish,
      ...secret,
    });
    if (joined.pending !== '') throw this.#pending(where, joined.pending, authority);
    this.#keep(checked(joined, asking.key, authority, token, store.name));
  }

  #pending(where: string, id: string, authority: string): BprocError {
    const ca = certificateFacts(authority).keyHash();
    const remedy = `run "bpctl node approve ${id}" there, if its CA is ${ca}`;
    return new BprocError('EAGAIN', `${where} has not let this ${this.#options.role} in yet: ${remedy}`);
  }

  /** The CA of the cluster at an address, if it is the one that it should be; PEM. */
  async #authorityAt(address: TlsAddress, signal: AbortSignal | undefined): Promise<string> {
    const expected = this.#token?.authority ?? this.#options.authority;
    const shown = pemOf(await shownAuthority(address, signal));
    const hash = certificateFacts(shown).keyHash();
    const where = formatAddress(address);
    if (expected !== undefined && hash !== expected) {
      const which = this.#token === undefined ? `the one that was named, ${expected}` : 'the one that the token is of';
      throw new BprocError('EPERM', `the CA at ${where} is not ${which}: nothing was sent to it; its hash is ${hash}`);
    }
    const known = this.#bundle?.certificate === undefined ? undefined : authorityHash(this.#bundle);
    if (expected === undefined && known !== undefined && known !== hash) {
      const remedy = `use a token of that cluster, or remove ${this.#options.store.name}`;
      throw new BprocError('EPERM', `the CA at ${where} is not the one of the cluster that was joined: ${remedy}`);
    }
    return shown;
  }

  #keep(bundle: IdentityBundle): void {
    this.#options.store.save(bundle);
    this.#bundle = bundle;
    this.#trust = undefined;
    this.#tellChange();
  }

  #tellChange(): void {
    const { material } = this;
    if (material !== undefined) for (const listener of this.#listeners) listener(material);
  }

  #trustOf(bundle: IdentityBundle | undefined): TlsTrust {
    if (bundle === undefined) throw new BprocError('EPERM', 'there is no certificate');
    const { authority, certificate, key } = bundle;
    const own = certificate === undefined ? {} : { certificate, key };
    return {
      context: secureContext({ authority, ...own }),
      check: (facts) => notMaster(this.#options.domain, facts),
    };
  }

  #armRenewal(address: TlsAddress, retryMs?: number): void {
    this.#cancelRenewal?.();
    if (this.#disposed || this.#bundle?.certificate === undefined) return;
    const { notBefore, notAfter } = certificateFacts(this.#bundle.certificate);
    const { clock } = this.#options;
    const halfLife = (notBefore + BACKDATED_MS + notAfter) / 2 - clock.wallTime();
    const delayMs = Math.max(retryMs ?? halfLife, SOONEST_MS);
    this.#cancelRenewal = clock.after(delayMs, () => void this.#renew(address));
  }

  async #renew(address: TlsAddress): Promise<void> {
    if (!this.#reload()) {
      const left = await this.#tryToRenew(address);
      if (left !== undefined) return this.#armRenewal(address, Math.max(left * RETRY_SHARE, SOONEST_RETRY_MS));
    }
    this.#armRenewal(address);
  }

  /** Gives how long the present one is valid, in milliseconds, where there is no other. */
  async #tryToRenew(address: TlsAddress): Promise<number | undefined> {
    const { clock, domain, role, store } = this.#options;
    const { certificate, authority, token } = this.#bundle ?? {};
    if (certificate === undefined || authority === undefined || token === undefined) return 0;
    try {
      const key = newKey();
      const request = await makeRequest(key);
      const socket = await dialTls(address, this.#trustOf(this.#bundle));
      const joined = await askToJoin(socket, clock, domain, { request, role: ROLES[role] });
      if (!this.#disposed) this.#keep(checked(joined, key, authority, token, store.name));
      return undefined;
    } catch {
      // the next connection that fails for want of a valid one says why
      return certificateFacts(certificate).notAfter - clock.wallTime();
    }
  }
}

/** What the master answered, if it is for this key and of the CA that is trusted. */
function checked(joined: JoinAnswer, key: string, authority: string, token: string, name: string): IdentityBundle {
  const bundle = bundleOf(key, joined.certificate, joined.authority, token);
  const isOurs = certificateFacts(joined.certificate).keyHash() === keyHash(publicKeyOf(key));
  if (isOurs && authorityHash(bundle) === certificateFacts(authority).keyHash()) return bundle;
  throw new BprocError('EPROTO', `the master sent a certificate of another key or CA; ${name} is as it was`);
}
