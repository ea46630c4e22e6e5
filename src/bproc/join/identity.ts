/** Who somebody is, as a certificate names it: PROTOCOL.md 8.6. */
import { BprocError } from '../../errors.ts';
import { type CertificateFacts, KEY_USE } from '../../transport/index.ts';

/** A role in a domain. */
export type Identity =
  | { readonly role: 'master'; readonly domain: string; readonly id: string }
  | { readonly role: 'node'; readonly domain: string; readonly node: number }
  /** `realm` says whose numbering of users it is. */
  | { readonly role: 'user'; readonly domain: string; readonly uid: number; readonly realm: string };

const HIGHEST = 2 ** 31 - 1;

/** The URI by which a certificate names an identity. */
export function identityUri(identity: Identity): string {
  return `bproc://${escapeName(identity.domain)}/${identityText(identity)}`;
}

/** The same without the domain: `node/3`, `user/1000@1f2e`. */
export function identityText(identity: Identity): string {
  if (identity.role === 'master') return `master/${escapeName(identity.id)}`;
  if (identity.role === 'node') return `node/${identity.node}`;
  return `user/${identity.uid}@${escapeName(identity.realm)}`;
}

/** The identity that a URI names; undefined where it names none. There is one way only to write each. */
export function parseIdentity(uri: string): Identity | undefined {
  const match = /^bproc:\/\/([^/]*)\/(master|node|user)\/([^/@]+)(?:@([^/@]+))?$/.exec(uri);
  if (match === null) return undefined;
  const [, domain = '', role, name = '', realm] = match;
  const identity = identityOf(role, unescapeName(domain), name, realm === undefined ? undefined : unescapeName(realm));
  return identity !== undefined && identityUri(identity) === uri ? identity : undefined;
}

function identityOf(role: string | undefined, domain: string, name: string, realm?: string): Identity | undefined {
  if (role === 'master') return realm === undefined ? { role, domain, id: unescapeName(name) } : undefined;
  const number = /^\d{1,10}$/.test(name) ? Number(name) : Number.NaN;
  if (!(number <= HIGHEST)) return undefined;
  if (role === 'node') return realm === undefined ? { role, domain, node: number } : undefined;
  return realm === undefined ? undefined : { role: 'user', domain, uid: number, realm };
}

/** Percent signs for all but letters, digits and `._~-`. */
function escapeName(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

function unescapeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // not what `escapeName` makes: it will not be written back the same
    return '';
  }
}

/**
 * Who a certificate says its holder is.
 *
 * @throws BprocError EPERM where it names nobody, or may not be used as that.
 */
export function certifiedIdentity({ uri, usages }: CertificateFacts): Identity {
  const identity = uri === undefined ? undefined : parseIdentity(uri);
  if (identity === undefined) {
    throw new BprocError('EPERM', `the certificate names nobody: ${JSON.stringify(uri ?? 'no single URI')}`);
  }
  const use = identity.role === 'master' ? 'server' : 'client';
  if (usages.length === 1 && usages[0] === KEY_USE[use]) return identity;
  throw new BprocError('EPERM', `the certificate of ${identityText(identity)} is not made for a ${use}`);
}

/**
 * What is wrong with the other end, for somebody who looks for a master of a domain: nodes and users are none,
 * whatever they say [PROTOCOL 8.6].
 */
export function notMaster(domain: string, facts: CertificateFacts): BprocError | undefined {
  try {
    const identity = certifiedIdentity(facts);
    if (identity.role !== 'master') {
      return new BprocError('EPERM', `who answers there is no master: its certificate is of ${identityText(identity)}`);
    }
    if (identity.domain === domain) return undefined;
    const which = `of domain ${JSON.stringify(identity.domain)}, not of ${JSON.stringify(domain)}`;
    return new BprocError('EPERM', `who answers there is a master ${which}`);
  } catch (error) {
    return BprocError.from(error, 'EPERM');
  }
}
