/** A cluster's own CA: who vouches for masters, nodes and users. */
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { replaceFile } from '../../state/index.ts';
import type { TlsMaterial } from '../../transport/index.ts';
import { certificateFacts } from '../../transport/index.ts';
import type { AuthorityKeys } from './certificates.ts';
import { makeAuthority, makeCertificate, newKey, pemOf, publicKeyOf } from './certificates.ts';
import { type Identity, identityText, identityUri } from './identity.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AUTHORITY_MS = 3650 * DAY_MS;
const MASTER_MS = 30 * DAY_MS;
/** Certificates are valid from so long before they are made: clocks may differ by an hour, either way [PROTOCOL 8.6]. */
export const BACKDATED_MS = 2 * HOUR_MS;
const FILE = 'ca.pem';

/** A certificate that was made. */
export interface Issued {
  /** DER. */
  readonly certificate: Buffer;
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

/** The CA of one cluster, with its key. */
export class Authority {
  readonly #keys: AuthorityKeys;
  readonly #domain: string;
  readonly #wallTime: () => number;
  /** SHA-256 of its public key, in hexadecimal: by this it is known before it is trusted. */
  readonly fingerprint: string;

  private constructor(keys: AuthorityKeys, domain: string, wallTime: () => number) {
    this.#keys = keys;
    this.#domain = domain;
    this.#wallTime = wallTime;
    this.fingerprint = certificateFacts(keys.certificate).keyHash();
  }

  /**
   * The CA in a directory; the first time it is made. Its file is its owner's alone.
   *
   * @throws BprocError EIO where the file is there and holds no CA; what the file system says.
   */
  static async open(directory: string, domain: string, wallTime: () => number): Promise<Authority> {
    const path = join(directory, FILE);
    const known = readAuthority(path);
    if (known !== undefined) return new Authority(known, domain, wallTime);
    const now = wallTime();
    const made = await makeAuthority({ notBefore: now - BACKDATED_MS, notAfter: now + AUTHORITY_MS });
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      replaceFile(path, made.key + pemOf(made.certificate));
    } catch (error) {
      throw BprocError.from(error);
    }
    return new Authority(made, domain, wallTime);
  }

  /** Its certificate, DER. */
  get certificate(): Buffer {
    return this.#keys.certificate;
  }

  /** What numbers of users mean here: `1000@` this. */
  get realm(): string {
    return this.fingerprint.slice(0, 16);
  }

  /** Vouches for somebody, for so long. `publicKey` is in DER. */
  async issue(identity: Identity, publicKey: Uint8Array, lifetimeMs: number): Promise<Issued> {
    const now = this.#wallTime();
    const certificate = await makeCertificate(this.#keys, {
      publicKey,
      uri: identityUri(identity),
      commonName: identityText(identity).replace(/[^\w.-]/g, ' '),
      use: identity.role === 'master' ? 'server' : 'client',
      notBefore: now - BACKDATED_MS,
      notAfter: now + lifetimeMs,
    });
    const { serial, notAfter } = certificateFacts(certificate);
    return { certificate, serial, notAfter };
  }

  /** A certificate for a master, with a key of its own that is kept nowhere; and when another is due. */
  async masterMaterial(id: string): Promise<{ readonly material: TlsMaterial; readonly renewInMs: number }> {
    const key = newKey();
    const identity = { role: 'master', domain: this.#domain, id } as const;
    const { certificate } = await this.issue(identity, publicKeyOf(key), MASTER_MS);
    return {
      material: { authority: pemOf(this.certificate), certificate: pemOf(certificate), key },
      renewInMs: MASTER_MS / 2,
    };
  }
}

function readAuthority(path: string): AuthorityKeys | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw BprocError.from(error);
  }
  try {
    const [key = ''] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text) ?? [];
    const certificate = new X509Certificate(text.slice(key.length));
    if (publicKeyOf(key).equals(certificate.publicKey.export({ type: 'spki', format: 'der' }))) {
      return { certificate: certificate.raw, key };
    }
  } catch (cause) {
    throw new BprocError('EIO', `${path} does not hold a CA: restore it, or remove it and let everybody join anew`, {
      cause,
    });
  }
  throw new BprocError('EIO', `${path} holds a key and the certificate of another: restore it`);
}
