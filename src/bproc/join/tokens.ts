/** One-time tokens, by which somebody without a certificate gets one: PROTOCOL.md 8.7. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { BprocError } from '../../errors.ts';
import type { RecordLog } from '../../state/index.ts';

const ID_BYTES = 8;
const SECRET_BYTES = 24;
/** Tokens that may be valid at a time. */
const MOST_TOKENS = 65_536;

/** What a token is worth. */
export interface Grant {
  readonly role: 'slave' | 'client';
  /** The only node it is for; undefined: what is asked for, or else the next one. */
  readonly node: number | undefined;
  /** Whose client it is for. */
  readonly uid: number;
}

/** What a token's text says, to whoever is given it. */
export interface TokenText {
  /** SHA-256 of the CA's public key, in hexadecimal. */
  readonly authority: string;
  readonly id: string;
  readonly secret: Buffer;
}

/** A token as it is kept: who reads this cannot join by it. */
interface Kept extends Grant {
  readonly id: string;
  /** SHA-256 of the secret, in hexadecimal. */
  readonly secretHash: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Hash of the key it was used for. */
  usedFor: string | undefined;
}

const DUMMY = Buffer.alloc(32);

/** `BP1.<hash of the CA's key>.<number>.<secret>`. */
export function formatToken({ authority, id, secret }: TokenText): string {
  return `BP1.${authority}.${id}.${secret.toString('base64url')}`;
}

/**
 * Reads a token. What is wrong is not quoted: the text is a secret.
 *
 * @throws BprocError EINVAL.
 */
export function parseToken(text: string): TokenText {
  const match = /^BP1\.([0-9a-f]{64})\.([0-9a-f]{16})\.([\w-]{32})$/.exec(text.trim());
  const [, authority, id, secret] = match ?? [];
  if (authority === undefined || id === undefined || secret === undefined) {
    throw new BprocError('EINVAL', 'that is no token: give the whole line that "bpctl token" printed');
  }
  return { authority, id, secret: Buffer.from(secret, 'base64url') };
}

/** The tokens of one cluster. */
export class TokenBook {
  readonly #log: RecordLog;
  readonly #wallTime: () => number;
  readonly #tokens = new Map<string, Kept>();

  /** @throws BprocError where the log cannot be read. */
  constructor(log: RecordLog, wallTime: () => number) {
    this.#log = log;
    this.#wallTime = wallTime;
    for (const record of log.load() as readonly (Kept | { readonly id: string; readonly usedFor: string | null })[]) {
      const known = this.#tokens.get(record.id);
      if ('secretHash' in record) this.#tokens.set(record.id, { ...record, usedFor: record.usedFor });
      else if (known !== undefined) known.usedFor = record.usedFor ?? undefined;
    }
    this.#forgetExpired();
    log.rewrite([...this.#tokens.values()]);
  }

  /**
   * Makes a token; its secret is in what is returned and nowhere else.
   *
   * @throws BprocError EAGAIN where there are too many already; what the file system says.
   */
  create(grant: Grant, ttlMs: number): Pick<TokenText, 'id' | 'secret'> {
    this.#forgetExpired();
    if (this.#tokens.size >= MOST_TOKENS) throw new BprocError('EAGAIN', `${MOST_TOKENS} tokens are valid: wait`);
    const id = randomBytes(ID_BYTES).toString('hex');
    const secret = randomBytes(SECRET_BYTES);
    const secretHash = hashOf(secret).toString('hex');
    const kept = { ...grant, id, secretHash, expiresAt: this.#wallTime() + ttlMs, usedFor: undefined };
    this.#log.append(kept);
    this.#tokens.set(id, kept);
    return { id, secret };
  }

  /**
   * Checks a token, without using it.
   *
   * @throws BprocError EPERM for one that is wrong, or has expired.
   */
  check(id: string, secret: Uint8Array): Grant {
    return this.#find(id, secret);
  }

  /**
   * Uses a token up for one key; from then on it is of use to whoever has that key alone, who may have missed the
   * answer. Durable on return.
   *
   * @throws BprocError EPERM as {@link check}, and for one that was used for another key.
   */
  use(id: string, secret: Uint8Array, keyHash: string): void {
    const token = this.#find(id, secret);
    if (token.usedFor === keyHash) return;
    if (token.usedFor !== undefined) {
      throw new BprocError('EPERM', 'this token has been used: every join needs one of its own, from "bpctl token"');
    }
    this.#mark(token, keyHash);
  }

  /** Nothing came of the use of a token: it can be used again. */
  release(id: string): void {
    const token = this.#tokens.get(id);
    if (token !== undefined) this.#mark(token, undefined);
  }

  #mark(token: Kept, usedFor: string | undefined): void {
    this.#log.append({ id: token.id, usedFor: usedFor ?? null });
    token.usedFor = usedFor;
  }

  #find(id: string, secret: Uint8Array): Kept {
    const token = this.#tokens.get(id);
    // the same work whether or not there is such a token, and whatever of it is right
    const expected = token === undefined ? DUMMY : Buffer.from(token.secretHash, 'hex');
    const isRight = timingSafeEqual(hashOf(secret), expected);
    if (token === undefined || !isRight) throw new BprocError('EPERM', 'the master does not know this token');
    if (token.expiresAt > this.#wallTime()) return token;
    const when = new Date(token.expiresAt).toISOString();
    throw new BprocError('EPERM', `this token has expired, at ${when}: get another from "bpctl token"`);
  }

  #forgetExpired(): void {
    // for a while its holder is still told that it has expired
    const before = this.#wallTime() - 24 * 3_600_000;
    for (const token of this.#tokens.values()) if (token.expiresAt < before) this.#tokens.delete(token.id);
  }
}

function hashOf(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}
