/** Which version two sides speak: PROTOCOL.md 3.1. */
import { BprocError } from '../errors.ts';
import type { Hello } from './gen/messages.ts';

/** Major versions this library speaks, both ends included, and the minor version of the newest. */
export const PROTOCOL = { majorMin: 1, majorMax: 1, minor: 0 } as const;

/**
 * The newest major version both sides speak.
 *
 * @throws BprocError EPROTO where there is none, with a message that says who is to be upgraded.
 */
export function chooseVersion(hello: Pick<Hello, 'majorMin' | 'majorMax'>): number {
  const best = Math.min(hello.majorMax, PROTOCOL.majorMax);
  if (best >= Math.max(hello.majorMin, PROTOCOL.majorMin)) return best;
  const theirs = `${hello.majorMin} to ${hello.majorMax}`;
  const ours = `${PROTOCOL.majorMin} to ${PROTOCOL.majorMax}`;
  const who = hello.majorMin > PROTOCOL.majorMax ? 'this side is too old' : 'the peer is too old';
  throw new BprocError('EPROTO', `the peer speaks protocol ${theirs}, this side ${ours}: ${who}, upgrade it`);
}
