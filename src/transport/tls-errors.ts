/** Why TLS was refused, in words that say what to do: PROTOCOL.md 8.5. */
import { BprocError, type BprocErrorCode } from '../errors.ts';

const FOREIGN = 'it is of another cluster: this side does not trust the CA that signed it';

/** What OpenSSL finds wrong with a certificate. */
const CERTIFICATE_TROUBLE: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: FOREIGN,
  DEPTH_ZERO_SELF_SIGNED_CERT: FOREIGN,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: FOREIGN,
  UNABLE_TO_GET_ISSUER_CERT: FOREIGN,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: FOREIGN,
  CERT_SIGNATURE_FAILURE: FOREIGN,
  INVALID_PURPOSE: 'it is not made for this end of a connection',
  UNSUPPORTED_CERTIFICATE_PURPOSE: 'it is not made for this end of a connection',
};

/** What else a handshake fails of, by OpenSSL's name for it. */
const HANDSHAKE_TROUBLE: readonly (readonly [pattern: RegExp, code: BprocErrorCode, why: string])[] = [
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/, 'EPROTO', 'the other end does not speak TLS there'],
  [/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/, 'EPROTO', 'the other end does not speak TLS 1.3'],
];

/** What is wrong with the other end's certificate. `now` is in milliseconds since 1970. */
export function certificateError(
  code: string,
  validity: { readonly notBefore: number; readonly notAfter: number } | undefined,
  now: number,
): BprocError {
  const clock = `by this machine's clock it is ${new Date(now).toISOString()}`;
  if (code === 'CERT_NOT_YET_VALID') {
    const from = validity === undefined ? 'now' : new Date(validity.notBefore).toISOString();
    return new BprocError('EPERM', `the certificate is not valid before ${from}, and ${clock}: set the clocks right`);
  }
  if (code === 'CERT_HAS_EXPIRED') {
    const until = validity === undefined ? 'a while ago' : new Date(validity.notAfter).toISOString();
    const remedy = 'get a new one, or set the clocks right';
    return new BprocError(
      'EPERM',
      `the certificate was valid until ${until} and is not any more, and ${clock}: ${remedy}`,
    );
  }
  const why = CERTIFICATE_TROUBLE[code] ?? `OpenSSL says ${code}`;
  return new BprocError('EPERM', `the certificate is not accepted: ${why}`);
}

/** Why a handshake failed. */
export function handshakeError(where: string, cause: Error): BprocError {
  if (BprocError.is(cause)) return new BprocError(cause.code, `${where}: ${cause.message}`, { cause });
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  for (const [pattern, known, why] of HANDSHAKE_TROUBLE) {
    if (pattern.test(code)) return new BprocError(known, `${where}: ${why} (${code})`, { cause });
  }
  const error = BprocError.from(cause, /^ERR_(?:SSL|TLS)/.test(code) ? 'EPROTO' : 'ECONNREFUSED');
  return new BprocError(error.code, `${where}: ${error.message}`, { cause });
}
