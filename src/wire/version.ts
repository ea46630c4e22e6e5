/** Which version two sides speak: PROTOCOL.md 3.1. */
import { BprocError } from '../errors.ts';
import type { Hello, Welcome } from './gen/messages.ts';

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
  const who = hello.majorMin > PROTOCOL.majorMax ? 'the master is too old' : 'the peer is too old';
  throw new BprocError('EPROTO', `the peer speaks protocol ${theirs}, the master ${ours}: ${who}, upgrade it`);
}

/** Why a WELCOME cannot be accepted: its version is none that this side offered. Undefined where it is one. */
export function unspoken(welcome: Pick<Welcome, 'major'>): BprocError | undefined {
  if (welcome.major >= PROTOCOL.majorMin && welcome.major <= PROTOCOL.majorMax) return undefined;
  const ours = `${PROTOCOL.majorMin} to ${PROTOCOL.majorMax}`;
  return new BprocError(
    'EPROTO',
    `the master chose protocol ${welcome.major}, this program speaks ${ours}: upgrade it`,
  );
}
