/** What a certificate says of whoever holds its key: PROTOCOL.md 8.6. */
import { createHash, X509Certificate } from 'node:crypto';

/** The parts of a certificate by which it is judged. */
export interface CertificateFacts {
  /** Its only name, where it has exactly one and that is a URI; a common name counts for nothing. */
  readonly uri: string | undefined;
  /** Object identifiers of what its key may be used for. */
  readonly usages: readonly string[];
  /** In lower-case hexadecimal. */
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of its public key, in lower-case hexadecimal. */
  readonly keyHash: () => string;
}

/** What may be done with the key of a certificate: to be connected to, and to connect. */
export const KEY_USE = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

/** Reads a certificate. Throws where the bytes are none. */
export function certificateFacts(certificate: Uint8Array | string | X509Certificate): CertificateFacts {
  const read = certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate);
  return {
    // one with a comma, a blank or a quote in it is quoted there, and no name of ours
    uri: /^URI:([^,\s"]+)$/.exec(read.subjectAltName ?? '')?.[1],
    usages: read.keyUsage ?? [],
    serial: read.serialNumber.toLowerCase(),
    notBefore: Date.parse(read.validFrom),
    notAfter: Date.parse(read.validTo),
    // a third of a millisecond, which most who look at a certificate need not spend
    keyHash: () => keyHash(read.publicKey.export({ type: 'spki', format: 'der' })),
  };
}

/** SHA-256 of a public key in DER, in lower-case hexadecimal. */
export function keyHash(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex');
}
