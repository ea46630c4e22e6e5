/** Making certificates: of a cluster's CA, of those it vouches for, and what they ask it with. P-256 throughout. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { BprocError } from '../../errors.ts';
import { KEY_USE } from '../../transport/index.ts';
import { loadX509 } from './x509-library.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Bytes of a serial number. */
const SERIAL_BYTES = 16;

/** From when to when something is valid, in milliseconds since 1970. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The key and certificate of a CA. */
export interface AuthorityKeys {
  /** DER. */
  readonly certificate: Buffer;
  /** PKCS #8 in PEM. */
  readonly key: string;
}

/** What a certificate is to say. */
export interface CertificateOrder extends Validity {
  /** Public key in DER. */
  readonly publicKey: Uint8Array;
  /** Its one name that counts. */
  readonly uri: string;
  /** For people who look at it. */
  readonly commonName: string;
  readonly use: 'server' | 'client';
}

/** A new P-256 key, PKCS #8 in PEM. */
export function newKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
}

/** The public half of a private key, in DER. */
export function publicKeyOf(key: string): Buffer {
  return createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
}

/** DER as PEM. */
export function pemOf(certificate: Uint8Array): string {
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

async function importKeys(key: string): Promise<webcrypto.CryptoKeyPair> {
  const pkcs8 = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
  const { subtle } = webcrypto;
  return {
    privateKey: await subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']),
    publicKey: await subtle.importKey('spki', publicKeyOf(key), ALGORITHM, true, ['verify']),
  };
}

/** Positive and without leading zeros, so that everybody writes it the same way. */
function newSerial(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

/** Makes a CA that vouches for itself. */
export async function makeAuthority(validity: Validity): Promise<AuthorityKeys> {
  const x509 = loadX509();
  const key = newKey();
  const keys = await importKeys(key);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    // two of them must not have one name: chains are put together by it
    name: `CN=bproc cluster ${randomBytes(8).toString('hex')}`,
    notBefore: new Date(validity.notBefore),
    notAfter: new Date(validity.notAfter),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: Buffer.from(certificate.rawData), key };
}

/** Signs a certificate; DER. */
export async function makeCertificate(authority: AuthorityKeys, order: CertificateOrder): Promise<Buffer> {
  const x509 = loadX509();
  const issuer = new x509.X509Certificate(authority.certificate);
  const { privateKey } = await importKeys(authority.key);
  const publicKey = await webcrypto.subtle.importKey('spki', order.publicKey, ALGORITHM, true, ['verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: `CN=${order.commonName}`,
    issuer: issuer.subject,
    notBefore: new Date(order.notBefore),
    notAfter: new Date(order.notAfter),
    signingAlgorithm: ALGORITHM,
    signingKey: privateKey,
    publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([KEY_USE[order.use]], true),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: order.uri }]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return Buffer.from(certificate.rawData);
}

/** Asks for a certificate of a key, and proves that one has it: PKCS #10 in DER. The names come from the CA. */
export async function makeRequest(key: string): Promise<Buffer> {
  const x509 = loadX509();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=bproc',
    keys: await importKeys(key),
    signingAlgorithm: ALGORITHM,
  });
  return Buffer.from(request.rawData);
}

/** Longest request that is looked at, in bytes; ours have 200. */
const MOST_REQUEST_BYTES = 2048;

/**
 * The public key, in DER, that a request asks for.
 *
 * @throws BprocError EINVAL for what is no request, of another kind of key, or not signed by its own key.
 */
export async function readRequest(request: Uint8Array): Promise<Buffer> {
  const wrong = new BprocError('EINVAL', 'the certificate request is not one of a P-256 key, signed by it');
  if (request.length > MOST_REQUEST_BYTES) throw wrong;
  try {
    const x509 = loadX509();
    // its bytes may lie in a larger buffer
    const read = new x509.Pkcs10CertificateRequest(Uint8Array.from(request));
    const publicKey = Buffer.from(read.publicKey.rawData);
    // of another curve or kind this throws, before anything is computed with it
    await webcrypto.subtle.importKey('spki', publicKey, ALGORITHM, true, ['verify']);
    if (await read.verify()) return publicKey;
  } catch (cause) {
    throw new BprocError(wrong.code, wrong.message, { cause });
  }
  throw wrong;
}
