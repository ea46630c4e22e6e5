/** The key and certificate of a node or a user, and the CA it trusts, in one file that is its owner's alone. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BprocError } from '../../errors.ts';
import { replaceFile } from '../../state/index.ts';
import { certificateFacts } from '../../transport/index.ts';
import { pemOf } from './certificates.ts';

/** What somebody needs to show who it is. */
export interface IdentityBundle {
  /** PKCS #8 in PEM. */
  readonly key: string;
  /** PEM; undefined while it is being asked for. */
  readonly certificate: string | undefined;
  /** The CA's certificate, in PEM. */
  readonly authority: string;
  /** Number of the token it was got by; empty for another way. */
  readonly token: string;
}

/** Where a bundle is kept. */
export interface IdentityStore {
  /** How it is called in messages. */
  readonly name: string;
  load(): IdentityBundle | undefined;
  /** Durable on return. */
  save(bundle: IdentityBundle): void;
}

/** A bundle that lives as long as its program. */
export function memoryIdentityStore(): IdentityStore {
  let kept: IdentityBundle | undefined;
  return {
    name: 'memory',
    load: () => kept,
    save: (bundle) => {
      kept = bundle;
    },
  };
}

/**
 * A bundle in a file of mode 0600, replaced as a whole.
 *
 * @throws BprocError from `load` EIO where the file is there and holds none; from both what the file system says.
 */
export function fileIdentityStore(path: string): IdentityStore {
  return {
    name: path,
    load() {
      try {
        return parseBundle(path, readFileSync(path, 'latin1'));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && !BprocError.is(error))
          return undefined;
        throw BprocError.from(error);
      }
    },
    save(bundle) {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        replaceFile(path, formatBundle(bundle));
      } catch (error) {
        throw BprocError.from(error);
      }
    },
  };
}

/** A bundle as text. */
export function formatBundle({ key, certificate = '', authority, token }: IdentityBundle): string {
  return `token: ${token}\n${key}${certificate}${authority}`;
}

function parseBundle(path: string, text: string): IdentityBundle {
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text) ?? [];
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
  const authority = certificates.at(-1);
  if (key === undefined || authority === undefined || certificates.length > 2) {
    throw new BprocError('EIO', `${path} does not hold a key and its certificates: remove it and join anew`);
  }
  const certificate = certificates.length === 2 ? certificates[0] : undefined;
  return { key, certificate, authority, token: /^token: ([0-9a-f]*)$/m.exec(text)?.[1] ?? '' };
}

/** A new bundle of certificates in DER. */
export function bundleOf(key: string, certificate: Uint8Array, authority: Uint8Array, token: string): IdentityBundle {
  return { key, certificate: pemOf(certificate), authority: pemOf(authority), token };
}

/** Hash of the CA's key that a bundle trusts, in hexadecimal. */
export function authorityHash(bundle: IdentityBundle): string {
  return certificateFacts(bundle.authority).keyHash();
}
