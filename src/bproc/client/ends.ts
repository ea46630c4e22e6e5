/** Ends as the wire has them, as results. */
import { signalName } from '../../linux/index.ts';
import type { End } from '../../wire/index.ts';
import { EndKind } from '../../wire/index.ts';
import type { ProcessEnd } from '../process-end.ts';

/** The result a message stands for; a kind this version does not know is a loss with that reason. */
export function endOf(end: End | null): ProcessEnd {
  switch (end?.kind) {
    case EndKind.EXITED:
      return { kind: 'exited', code: end.code };
    case EndKind.SIGNALED:
      return {
        kind: 'signaled',
        signal: signalName(end.signal),
        core: end.core,
        ...(end.checkpointed ? { checkpointed: true } : {}),
      };
    case EndKind.LIFETIME:
      return { kind: 'timedOut', limit: 'lifetime' };
    case EndKind.SILENCE:
      return { kind: 'timedOut', limit: 'silence' };
    default:
      return { kind: 'lost', reason: end?.reason || 'nothing is known of it' };
  }
}
