/** The opener's side of TLS: PROTOCOL.md 8.5. */
import { constants, X509Certificate } from 'node:crypto';
import type { SecureContext, TLSSocket } from 'node:tls';
import { connect, createSecureContext } from 'node:tls';
import { BprocError } from '../errors.ts';
import type { TlsAddress } from './address.ts';
import { formatAddress } from './address.ts';
import { type CertificateFacts, certificateFacts } from './peer-certificate.ts';
import { certificateError, handshakeError } from './tls-errors.ts';

/** Certificates and a key, in PEM. */
export interface TlsMaterial {
  /** Of the cluster's CA: the only one that is trusted. */
  readonly authority: string;
  /** One's own, where there is one. */
  readonly certificate?: string;
  /** Its private key. */
  readonly key?: string;
}

/** Whom an opener trusts, and as whom it comes. Made once for many connections. */
export interface TlsTrust {
  readonly context: SecureContext;
  /**
   * The CA, in PEM, where the other end's certificate need not be made for whoever is connected to: then it is enough
   * that this CA has signed it, and that it is valid now. @default the certificate has to be a server's
   */
  readonly authority?: string;
  /** What is wrong with the other end, whose certificate the trusted CA has signed. */
  readonly check: (peer: CertificateFacts) => BprocError | undefined;
}

/**
 * What both ends of this library speak: no older version is offered, none is accepted [PROTOCOL 8.5]. No session is
 * resumed, which would save little time; without tickets for it an idle connection takes half of the memory.
 */
export const TLS_SETTINGS = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  secureOptions: constants.SSL_OP_NO_TICKET,
} as const;

/** Certificates and keys as OpenSSL takes them. */
export function secureContext({ authority, certificate, key }: TlsMaterial): SecureContext {
  const own = certificate === undefined || key === undefined ? {} : { cert: certificate + authority, key };
  return createSecureContext({ ca: authority, ...own, ...TLS_SETTINGS });
}

/**
 * Connects, and resolves when both ends have shown who they are.
 *
 * @throws BprocError ECONNREFUSED and others where nobody listens; EPROTO where no TLS 1.3 is spoken there;
 *   EPERM for a certificate that is foreign, not valid now, or not what `trust` looks for; ECANCELED.
 */
export function dialTls(address: TlsAddress, trust: TlsTrust, signal?: AbortSignal): Promise<TLSSocket> {
  return shakeHands(address, signal, trust.context, (socket) => {
    const shown = socket.getPeerX509Certificate();
    if (shown === undefined) return new BprocError('EPERM', 'no certificate was shown');
    const facts = certificateFacts(shown);
    if (trust.authority !== undefined) return unsigned(shown, facts, trust.authority) ?? trust.check(facts);
    return socket.authorized
      ? trust.check(facts)
      : certificateError(String(socket.authorizationError), facts, Date.now());
  });
}

/**
 * Why a certificate is none that a CA itself has signed and that is valid now. OpenSSL tells one thing that is wrong of
 * several, and for a client's certificate shown by a server that is its purpose: it is not asked.
 */
function unsigned(shown: X509Certificate, facts: CertificateFacts, authority: string): BprocError | undefined {
  const now = Date.now();
  const ca = new X509Certificate(authority);
  const isSigned = shown.checkIssued(ca) && shown.verify(ca.publicKey);
  if (!isSigned) return certificateError('UNABLE_TO_VERIFY_LEAF_SIGNATURE', facts, now);
  if (now < facts.notBefore) return certificateError('CERT_NOT_YET_VALID', facts, now);
  return now > facts.notAfter ? certificateError('CERT_HAS_EXPIRED', facts, now) : undefined;
}

/**
 * The certificate of the CA at the end of the chain that is shown at an address, in DER. Nothing of it is verified and
 * nothing is sent: whoever asks compares it with what it was told.
 *
 * @throws BprocError as {@link dialTls}, and EPERM where no CA is shown.
 */
export async function shownAuthority(address: TlsAddress, signal?: AbortSignal): Promise<Buffer> {
  const context = createSecureContext(TLS_SETTINGS);
  const socket = await shakeHands(address, signal, context, () => undefined);
  let last = socket.getPeerX509Certificate();
  socket.destroy();
  for (let depth = 0; depth < 4 && last !== undefined; depth += 1) {
    if (last.checkIssued(last)) return last.raw;
    last = last.issuerCertificate;
  }
  throw new BprocError('EPERM', `${formatAddress(address)} does not show the CA of its cluster`);
}

/** Names of hosts say nothing here: a master is whoever the CA says is one. */
const anyHost = (): undefined => undefined;

/** Resolves with a connection about whose other end `refuse` finds nothing wrong. */
function shakeHands(
  address: TlsAddress,
  signal: AbortSignal | undefined,
  context: SecureContext,
  refuse: (socket: TLSSocket) => BprocError | undefined,
): Promise<TLSSocket> {
  const where = formatAddress(address);
  const cancelled = (): BprocError => {
    const isLate = signal?.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
    const what = isLate ? 'took too long' : 'was cancelled';
    return new BprocError(isLate ? 'ETIMEDOUT' : 'ECANCELED', `connecting to ${where} ${what}`);
  };
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(cancelled());
    const { host, port } = address;
    // it is `refuse` that rejects: once Node has done it there is no certificate left to say what is wrong with
    const loose = { rejectUnauthorized: false, checkServerIdentity: anyHost, servername: '' };
    const socket = connect({ host, port, secureContext: context, ...loose });
    // Node takes the whole chain apart for `checkServerIdentity`, which costs more than the handshake does
    Object.assign(socket, { getPeerCertificate: () => ({}) });
    socket.setNoDelay(true);
    const abort = (): void => void socket.destroy(cancelled());
    const finish = (): void => {
      signal?.removeEventListener('abort', abort);
      socket.off('error', failed);
      socket.off('close', closed);
    };
    const failed = (cause: Error): void => {
      finish();
      // what comes after it is of no interest, and must not end the program
      socket.on('error', () => {});
      reject(handshakeError(`cannot reach ${where}`, cause));
    };
    const closed = (): void => failed(new BprocError('ECONNRESET', 'the connection was closed during the handshake'));
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', failed);
    socket.once('close', closed);
    socket.once('secureConnect', () => {
      const refusal = refuse(socket);
      if (refusal !== undefined) return void socket.destroy(refusal);
      finish();
      resolve(socket);
    });
  });
}
