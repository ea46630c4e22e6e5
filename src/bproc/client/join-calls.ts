/** Calls about who belongs to the cluster: tokens, those who ask to be let in, certificates. */

import { BprocError } from '../../errors.ts';
import { certificateFacts, reasonOf } from '../../transport/index.ts';
import type { Init, Revoke } from '../../wire/index.ts';
import { Role } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import { bundleOf, fileIdentityStore, makeRequest, newKey, userIdentityStore } from '../join/index.ts';
import { checkInteger } from './calls.ts';
import { DrainCalls } from './drain-calls.ts';

/** A one-time token that is asked for. */
export interface TokenOptions extends CallOptions {
  /** How long it is good, in milliseconds; at most 30 days. @default 3600000 */
  readonly ttlMs?: number;
  /** The only node it is for, whoever had that before. @default the one that its bearer asks for, or the next free one */
  readonly node?: number;
  /** Whether its bearer becomes a node, or a client of the user who asks. @default 'slave' */
  readonly role?: 'slave' | 'client';
}

/** A one-time token. */
export interface JoinToken {
  /** What its bearer gives to `bpslave --token`. A secret. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A slave that asks to be let in without a token. */
export interface PendingSlave {
  /** Made of its key: it says the same one. */
  readonly id: string;
  /** Where it asks from. */
  readonly peer: string;
  /** How it calls itself; nobody has checked that. */
  readonly address: string;
  /** The node that it would like to be. */
  readonly node: number | undefined;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** A certificate that the cluster's CA made and that has not expired. */
export interface CertificateInfo {
  readonly serial: string;
  /** Whose it is: `node/3`, `user/1000@` and the realm. */
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly notAfter: number;
  readonly revoked: boolean;
}

/** Which certificates are revoked: one by its serial, or all of a node or a user. */
export type RevokeTarget = { readonly serial: string } | { readonly node: number } | { readonly uid: number };

/** A login. */
export interface LoginOptions extends CallOptions {
  /** How long the certificate is valid, in milliseconds; no longer than the master gives them. */
  readonly ttlMs?: number;
  /** Where it is kept. @default a file of this cluster in `$XDG_CONFIG_HOME/bproc` or `~/.config/bproc` */
  readonly file?: string;
}

/** What a login got. */
export interface Login {
  /** The file with the key and the certificate, of mode 0600. */
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

/** Calls about who belongs to the cluster. */
export abstract class JoinCalls extends DrainCalls {
  /** Makes a one-time token. @throws BprocError EPERM for anybody but the administrator; EINVAL. */
  async createToken(options: TokenOptions = {}): Promise<JoinToken> {
    const { ttlMs = 0, node, role = 'slave' } = options;
    if (!Number.isSafeInteger(ttlMs) || ttlMs < 0) throw new BprocError('EINVAL', `ttlMs is ${ttlMs}`);
    const which = node === undefined ? {} : { node: checkInteger('node', node) };
    const order = { ttlMs, role: role === 'client' ? Role.CLIENT : Role.SLAVE, ...which };
    const { token } = await this.askFor('token', { createToken: order }, options);
    return { text: token.text, expiresAt: token.expiresAt };
  }

  /** The slaves that ask to be let in. @throws BprocError EPERM for anybody but the administrator. */
  async pendingSlaves(options: CallOptions = {}): Promise<readonly PendingSlave[]> {
    const { applicantList } = await this.askFor('applicantList', { listApplicants: {} }, options);
    return applicantList.applicants.map(({ id, peer, address, node, since }) => {
      return { id, peer, address, node: node ?? undefined, since };
    });
  }

  /**
   * Lets a slave in that asks for it, as the node that is given here, or else that it asked for, or else the next free
   * one. Whoever had that node before has it no more.
   *
   * @throws BprocError ENOENT where nobody of this id waits; EPERM for anybody but the administrator.
   */
  async approveSlave(id: string, options: CallOptions & { readonly node?: number } = {}): Promise<void> {
    const which = options.node === undefined ? {} : { node: checkInteger('node', options.node) };
    await this.ask({ approve: { id, ...which } }, options);
  }

  /**
   * Revokes certificates: nobody comes by them any more, and who is there by them goes at once. Gives how many.
   *
   * @throws BprocError ENOENT where there is none; EPERM for anybody but the administrator.
   */
  async revoke(target: RevokeTarget, options: CallOptions = {}): Promise<number> {
    const { revoked } = await this.askFor('revoked', { revoke: revocation(target) }, options);
    return revoked.count;
  }

  /** The certificates that have not expired. @throws BprocError EPERM for anybody but the administrator. */
  async certificates(options: CallOptions = {}): Promise<readonly CertificateInfo[]> {
    const { certificateList } = await this.askFor('certificateList', { listCertificates: {} }, options);
    return certificateList.certificates.map(({ serial, subject, issuedAt, notAfter, revoked }) => {
      return { serial, subject, issuedAt, notAfter, revoked };
    });
  }

  /**
   * Gets a certificate for the user who asks, by which `connect()` reaches this master over TLS. Over a connection of
   * the master's own machine only.
   *
   * @throws BprocError EPERM over TLS; EINVAL for a master that has no CA; what the file system says.
   */
  async login(options: LoginOptions = {}): Promise<Login> {
    const key = newKey();
    const order = { request: await makeRequest(key), ttlMs: options.ttlMs ?? 0 };
    const { joined } = await this.askFor('joined', { login: order }, options);
    if (joined.failure !== null) throw reasonOf(joined.failure);
    const bundle = bundleOf(key, joined.certificate, joined.authority, '');
    const fingerprint = certificateFacts(joined.authority).keyHash();
    const store = options.file === undefined ? userIdentityStore(fingerprint) : fileIdentityStore(options.file);
    store.save(bundle);
    return { file: store.name, notAfter: certificateFacts(joined.certificate).notAfter };
  }
}

function revocation(target: RevokeTarget): Init<Revoke> {
  if ('node' in target) return { node: checkInteger('node', target.node) };
  if ('uid' in target) return { uid: checkInteger('uid', target.uid) };
  if (/^[0-9a-f]{1,64}$/i.test(target.serial)) return { serial: target.serial };
  throw new BprocError('EINVAL', `${JSON.stringify(target.serial)} is no serial number`);
}
