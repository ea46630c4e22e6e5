/** Whom a process is started as and what it may use, as a program asks for it. */
import { BprocError } from '../../errors.ts';
import { RESOURCES } from '../../linux/index.ts';
import type { Init, ResourceLimit } from '../../wire/index.ts';
import { checkText } from './option-checks.ts';

/**
 * Limits by resource, in the units of setrlimit(2): the soft and the hard one, or one number for both. `Infinity` is
 * no limit.
 */
export type LimitOptions = {
  readonly [resource in keyof typeof RESOURCES]?: number | { readonly soft: number; readonly hard: number };
};

/** The last uid: the one after it means none. */
const LAST_UID = 2 ** 32 - 2;
const LONGEST_USER = 255;

/**
 * A user as the wire has it.
 *
 * @throws BprocError EINVAL for what cannot be a uid or a name.
 */
export function userText(user: number | string): string {
  if (typeof user === 'number') {
    if (Number.isInteger(user) && user >= 0 && user <= LAST_UID) return String(user);
    throw new BprocError('EINVAL', `user is ${user}: a uid is a whole number from 0 to ${LAST_UID}`);
  }
  checkText('user', user);
  if (user !== '' && user.length <= LONGEST_USER) return user;
  throw new BprocError('EINVAL', `user is ${JSON.stringify(user.slice(0, LONGEST_USER))}: give a uid or a name`);
}

/**
 * Limits as the wire has them.
 *
 * @throws BprocError EINVAL for a resource that there is not, and for a limit that cannot be.
 */
export function encodeLimits(limits: LimitOptions): Init<ResourceLimit>[] {
  const numbers = new Map<string, number>(Object.entries(RESOURCES));
  return Object.entries(limits).flatMap(([name, limit]) => {
    const resource = numbers.get(name);
    if (resource === undefined) {
      const known = [...numbers.keys()].join(', ');
      throw new BprocError('EINVAL', `rlimits: there is no resource ${JSON.stringify(name)}; there are ${known}`);
    }
    if (limit === undefined) return [];
    const { soft, hard } = typeof limit === 'number' ? { soft: limit, hard: limit } : limit;
    const encoded = { resource, soft: encodeLimit(`${name}.soft`, soft), hard: encodeLimit(`${name}.hard`, hard) };
    if (soft <= hard) return [encoded];
    throw new BprocError('EINVAL', `rlimits.${name} is ${soft}, ${hard}: the soft limit may not exceed the hard one`);
  });
}

/** Undefined where there is no limit. */
function encodeLimit(name: string, limit: number): number | undefined {
  if (limit === Number.POSITIVE_INFINITY) return undefined;
  if (Number.isSafeInteger(limit) && limit >= 0) return limit;
  throw new BprocError('EINVAL', `rlimits.${name} is ${limit}: it must be a whole number from 0, or Infinity`);
}
