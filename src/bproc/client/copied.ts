/** A client whose program is a copy, and so another one than it was: PROTOCOL.md 12.7. */
import type { ClientTurn } from './events.ts';

/** What it had begun is the original's, which goes on with that. This one begins anew. */
export function copied({ state }: ClientTurn, id: Uint8Array, pid: number): void {
  state.self = { id, pid };
  for (const each of [state.processes, state.byPid, state.starts, state.gangs]) each.clear();
  state.requests.clear();
  state.subscriptions.clear();
  state.acks.length = 0;
  state.deadlines.clear('acks');
}
