/**
 * The one error class of the library and its closed table of codes.
 *
 * The `BE_*` codes and their numbers 300-304 are BProc's own (`bproc_strerror`); the others are the
 * errno names a caller knows from the system call that failed, with Linux's numbers.
 */

/** Every code a {@link BprocError} can carry, with the classic number it had in libbproc or in errno. */
const CODES = {
  BE_INVALIDNODE: 300,
  BE_NODEDOWN: 301,
  BE_SAMENODE: 302,
  BE_SLAVEDIED: 303,
  BE_INVALIDPROC: 304,
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EIO: 5,
  E2BIG: 7,
  ENOEXEC: 8,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOTTY: 25,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  EPIPE: 32,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  ELOOP: 40,
  ENODATA: 61,
  EPROTO: 71,
  ENOTSUP: 95,
  EADDRINUSE: 98,
  ECONNRESET: 104,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  ESTALE: 116,
  EDQUOT: 122,
  ECANCELED: 125,
} as const;

/** The closed set of codes of {@link BprocError}. */
export type BprocErrorCode = keyof typeof CODES;

/** What an error is about, beside its code and message. */
export interface BprocErrorDetails {
  /** The node it happened on, -1 for the master. */
  readonly node?: number | undefined;
  /** The global pid it happened to. */
  readonly pid?: number | undefined;
  /** What caused it. */
  readonly cause?: unknown;
}

const BRAND = Symbol.for('bproc.error');

/**
 * What every call of this library throws or rejects with.
 *
 * The message says what happened, to which node or process, and what to do about it.
 */
export class BprocError extends Error {
  override readonly name = 'BprocError';
  /** Which failure it is; switch on this, never on the message. */
  readonly code: BprocErrorCode;
  /** The number the code had in libbproc (300-304) or has in Linux's errno. */
  readonly errno: number;
  /** The node it happened on, -1 for the master; absent where no one node is meant. */
  readonly node?: number;
  /** The global pid it happened to; absent where no one process is meant. */
  readonly pid?: number;

  constructor(code: BprocErrorCode, message: string, details: BprocErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.errno = CODES[code];
    if (details.node !== undefined) this.node = details.node;
    if (details.pid !== undefined) this.pid = details.pid;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether `value` is a `BprocError`, also one made by another copy of this package. */
  static is(value: unknown): value is BprocError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /**
   * Turns anything thrown into a `BprocError`: one of ours stays itself, a system error keeps its
   * code where the table has it, everything else becomes `fallback`.
   */
  static from(value: unknown, fallback: BprocErrorCode = 'EIO', details: BprocErrorDetails = {}): BprocError {
    if (BprocError.is(value)) return value;
    const message = value instanceof Error ? value.message : String(value);
    const code = value instanceof Error && 'code' in value ? value.code : undefined;
    return new BprocError(isCode(code) ? code : fallback, message, { ...details, cause: value });
  }
}

/** Whether `value` is one of the codes of {@link BprocError}. */
export function isCode(value: unknown): value is BprocErrorCode {
  return typeof value === 'string' && Object.hasOwn(CODES, value);
}

/** The classic number of a code, as `bproc_strerror` takes it. */
export function errnoOf(code: BprocErrorCode): number {
  return CODES[code];
}

/** The code that carries this number, taken as it is or negated as vector calls returned it. */
export function codeOfErrno(errno: number): BprocErrorCode | undefined {
  const wanted = Math.abs(errno);
  for (const [code, number] of Object.entries(CODES)) if (number === wanted && isCode(code)) return code;
  return undefined;
}
