/** Numbers that this node keeps for a process which is elsewhere, and a copy of it that is made here: its threads have the same ones. PROTOCOL.md 12.18. */
import type { ArrivalParts } from './move-parts.ts';
import { mayBeForked } from './pids.ts';

/**
 * Lets a copy have the numbers of its threads. Once that is disposed of they are kept again, from when the copy is gone: until then the
 * original cannot come back.
 */
export function lendPids(
  { state, engine }: Pick<ArrivalParts, 'state' | 'engine'>,
  original: number,
  threads: readonly number[],
): Disposable {
  const own = threads.filter((number) => mayBeForked(state, number));
  if (own.length === 0 || !state.away.has(original)) return { [Symbol.dispose]: () => {} };
  const spawner = engine();
  spawner.freePids?.(original);
  // its own is nobody's meanwhile
  spawner.keepPids?.([original]);
  return {
    [Symbol.dispose]: () => {
      if (state.away.has(original)) spawner.keepPids?.([original, ...own]);
    },
  };
}
