/** Becoming a user of a cluster on a machine that is not the master's. */
import { systemClock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { certificateFacts, parseAddress } from '../../transport/index.ts';
import { fileIdentityStore } from './identity-file.ts';
import { Membership } from './membership.ts';
import { parseToken } from './tokens.ts';
import { userIdentityStore } from './user-identity.ts';

/** A login by a one-time token. */
export interface TokenLoginOptions {
  /** `tls://host:port`. */
  readonly master: string;
  /** Of `createToken({ role: 'client' })`: whoever made it is the user that is logged in. */
  readonly token: string;
  /** @default '' */
  readonly domain?: string;
  /** Where the certificate is kept. @default as `Client.login` */
  readonly file?: string;
  readonly signal?: AbortSignal;
}

/**
 * Gets a certificate by a one-time token, by which `connect()` reaches the master over TLS.
 *
 * @throws BprocError EINVAL for what is no token or no `tls://` address; EPERM for a token that is wrong, used or
 *   expired, or a master of another cluster; what the file system says.
 */
export async function loginByToken(
  options: TokenLoginOptions,
): Promise<{ readonly file: string; readonly notAfter: number }> {
  const { token, domain = '', file } = options;
  const address = parseAddress(options.master);
  if (address.kind !== 'tls') throw new BprocError('EINVAL', `${options.master}: a login by token goes to tls://`);
  const store = file === undefined ? userIdentityStore(parseToken(token).authority) : fileIdentityStore(file);
  const clock = systemClock({ keepAlive: true });
  using member = new Membership({ store, clock, domain, role: 'client', token, address: '' });
  await member.trustFor(address, options.signal);
  const certificate = store.load()?.certificate;
  if (certificate === undefined) throw new BprocError('EIO', `${store.name} does not hold the new certificate`);
  return { file: store.name, notAfter: certificateFacts(certificate).notAfter };
}
