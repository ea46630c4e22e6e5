/** A master's side of TLS: its CA, its listeners, and who came by which certificate. */
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { HandshakeLimits, TlsAddress, TlsListener, TlsPeer } from '../../transport/index.ts';
import { certificateFacts, listenTls } from '../../transport/index.ts';
import type { Init, Join, Joined, ResponseChoice, Token } from '../../wire/index.ts';
import { Role } from '../../wire/index.ts';
import type { Asker, CertificateLifetimes, Certified } from '../join/index.ts';
import { Trust } from '../join/index.ts';
import type { Credentials } from '../permissions.ts';
import { CertifiedLinks } from './certified-links.ts';
import type { TrustRequest } from './events.ts';
import { NOBODY, type Proof } from './proof.ts';
import type { UserDirectory } from './user-directory.ts';

/** What it works with. */
export interface SecureParts {
  readonly clock: Clock;
  readonly domain: string;
  /** Name of this life of the master. */
  readonly masterId: string;
  /** Where the CA is; absent: there is none. */
  readonly stateDir: string | undefined;
  readonly lifetimes: CertificateLifetimes;
  readonly handshakes: HandshakeLimits;
  /** Where the groups of users are found. */
  readonly users: UserDirectory;
  /** Number of a node that nobody has, by the node table and by what `isTaken` says. */
  readonly vacantNode: (isTaken: (node: number) => boolean) => number;
  /** Closes a connection for a reason. */
  readonly drop: (link: number, reason: BprocError) => void;
}

/** Somebody that has come by TLS. */
export interface SecurePeer {
  readonly proof: Proof;
  readonly credentials: Credentials;
}

/** How long a token is good that nobody said anything of, in milliseconds, and at most. */
const TOKEN_MS = 3_600_000;
const LONGEST_TOKEN_MS = 30 * 24 * 3_600_000;
/** When a failed renewal of the master's own certificate is tried again. */
const RETRY_MS = 3_600_000;

/** Everything of a master that has to do with certificates. Nothing is made before it is needed. */
export class SecureSide {
  readonly #parts: SecureParts;
  readonly #links: CertifiedLinks;
  readonly #listeners: TlsListener[] = [];
  #trust: Promise<Trust> | undefined;
  #cancelRenewal: Cancel | undefined;
  #stopped = false;

  constructor(parts: SecureParts) {
    this.#parts = parts;
    this.#links = new CertifiedLinks(parts.clock, parts.drop);
  }

  /**
   * Listens for TLS.
   *
   * @throws BprocError EINVAL without a state directory; EIO where the CA in it cannot be read; EADDRINUSE and others.
   */
  async listen(address: TlsAddress, accept: (socket: TLSSocket, peer: TlsPeer) => void): Promise<TlsListener> {
    const { clock, handshakes } = this.#parts;
    const { material, renewInMs } = await (await this.#opened()).masterMaterial();
    const listener = await listenTls(address, { material, clock, limits: handshakes }, accept);
    this.#listeners.push(listener);
    if (this.#cancelRenewal === undefined) this.#armRenewal(renewInMs);
    return listener;
  }

  /**
   * Who is at the other end.
   *
   * @throws BprocError EPERM for a certificate that proves nothing.
   */
  async identify({ certificate, trouble }: TlsPeer): Promise<SecurePeer> {
    if (certificate === undefined) return { proof: { kind: 'stranger' }, credentials: NOBODY };
    if (trouble !== undefined) throw trouble;
    const certified = (await this.#opened()).admit(certificate);
    const { identity } = certified;
    const proof = { kind: 'certified', certified } as const;
    if (identity.role !== 'user') return { proof, credentials: NOBODY };
    return { proof, credentials: this.#parts.users.credentialsOf(identity.uid) };
  }

  /** Keeps an eye on a connection. */
  watch(link: number, certified: Certified): void {
    this.#links.add(link, certified);
  }

  unwatch(link: number): void {
    this.#links.delete(link);
  }

  /** Whether somebody gets a certificate; never rejects. */
  async join(message: Join, asker: Asker): Promise<Init<Joined> | BprocError> {
    try {
      const trust = await this.#opened();
      const joined = await trust.join(message, asker);
      if (asker.certified !== undefined && joined.certificate !== undefined) {
        this.#links.renewed(asker.certified.serial, certificateFacts(joined.certificate));
      }
      return joined;
    } catch (error) {
      return BprocError.from(error);
    }
  }

  /** Does what somebody asks who may; never rejects. */
  async carryOut(request: TrustRequest, uid: number): Promise<ResponseChoice | BprocError> {
    try {
      return await this.#answer(await this.#opened(), request, uid);
    } catch (error) {
      return BprocError.from(error);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#links.stop();
    this.#cancelRenewal?.();
  }

  async #answer(trust: Trust, request: TrustRequest, uid: number): Promise<ResponseChoice> {
    switch (request.body) {
      case 'createToken':
        return { token: createToken(trust, request.createToken, uid) };
      case 'listApplicants': {
        const applicants = trust.applicants.map((each) => ({ ...each, role: Role.SLAVE, node: each.node ?? null }));
        return { applicantList: { applicants } };
      }
      case 'approve':
        trust.approve(request.approve.id, { node: request.approve.node ?? undefined, uid });
        return {};
      case 'revoke': {
        const { serial, node, uid: user } = request.revoke;
        const what = node !== null ? { node } : user !== null ? { uid: user } : { serial };
        return { revoked: { count: trust.revoke(what).length } };
      }
      case 'listCertificates':
        return { certificateList: { certificates: trust.certificates } };
      case 'login':
        return { joined: await trust.login(uid, request.login.request, request.login.ttlMs) };
    }
  }

  /** The CA, opened once; another try where that failed. */
  #opened(): Promise<Trust> {
    this.#trust ??= this.#open().catch((error: unknown) => {
      this.#trust = undefined;
      throw error;
    });
    return this.#trust;
  }

  async #open(): Promise<Trust> {
    const { stateDir, clock, domain, masterId, lifetimes, vacantNode } = this.#parts;
    if (stateDir === undefined) {
      const remedy = 'start the master with a state directory (stateDir, bpmaster --state DIR)';
      throw new BprocError('EINVAL', `certificates need a CA that survives the master: ${remedy}`);
    }
    return Trust.open({
      directory: join(stateDir, 'trust'),
      domain,
      masterId,
      wallTime: () => clock.wallTime(),
      lifetimes,
      vacantNode,
      revoked: (serials) => this.#links.revoked(serials),
    });
  }

  #armRenewal(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancelRenewal = this.#parts.clock.after(delayMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    try {
      const { material, renewInMs } = await (await this.#opened()).masterMaterial();
      for (const listener of this.#listeners) listener.renew(material);
      this.#armRenewal(renewInMs);
    } catch {
      // half of its life is left to try again, and who connects after that is told that it has expired
      this.#armRenewal(RETRY_MS);
    }
  }
}

function createToken(
  trust: Trust,
  { ttlMs, role, node }: { readonly ttlMs: number; readonly role: number; readonly node: number | null },
  uid: number,
): Init<Token> {
  const lifetime = ttlMs === 0 ? TOKEN_MS : ttlMs;
  if (lifetime > LONGEST_TOKEN_MS) {
    throw new BprocError('EINVAL', `a token is good for ${LONGEST_TOKEN_MS / 86_400_000} days at most`);
  }
  if (role === Role.MASTER) throw new BprocError('EINVAL', 'tokens are for slaves and clients');
  if (node !== null && node < 0) throw new BprocError('EINVAL', `${node} is not a node that joins`);
  if (role === Role.CLIENT && node !== null) throw new BprocError('EINVAL', 'a client has no node');
  const grant = { role: role === Role.CLIENT ? 'client' : 'slave', node: node ?? undefined, uid } as const;
  return trust.createToken(grant, lifetime);
}
