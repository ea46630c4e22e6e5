/** One life of a node's processes ends and another begins, while the slave goes on: PROTOCOL.md 3.10. */
import { BprocError } from '../../errors.ts';
import { end } from './ends.ts';
import type { SlaveTurn } from './events.ts';
import { keepAllAway, preferPids } from './pids.ts';
import { tell, tellRefusal } from './reports.ts';
import type { Life, SlaveProcess } from './state.ts';

/** Whoever held the processes has died, and they with it; another holder is on its way. */
export function engineLost(turn: SlaveTurn): void {
  turn.state.outage = { waiting: new Map(), error: undefined };
  for (const process of [...turn.state.processes.values()]) {
    if (process.phase === 'starting' && process.gate !== 'open') wait(turn, process);
  }
}

/** There is none, and it may take long: starts fail, those that wait among them. */
export function engineFailed(turn: SlaveTurn, error: BprocError): void {
  const { outage, node } = turn.state;
  if (outage === undefined) return;
  outage.error = new BprocError('EAGAIN', `node ${node} can start nothing now: ${error.message}`, { cause: error });
  for (const puid of outage.waiting.values()) tellRefusal(turn, puid, outage.error);
  outage.waiting.clear();
}

/** A start that no engine is there for. It waits, to be told that it did not run in this life. */
export function postpone(turn: SlaveTurn, key: string, puid: Uint8Array): void {
  const { outage } = turn.state;
  if (outage?.error !== undefined) throw outage.error;
  outage?.waiting.set(key, Buffer.from(puid));
}

/** A start was refused since there is no engine: it waits like those that came later. False where it may not. */
export function wait(turn: SlaveTurn, process: SlaveProcess): boolean {
  const { outage } = turn.state;
  if (outage === undefined || outage.error !== undefined) return false;
  end(turn, process);
  postpone(turn, process.key, process.puid);
  return true;
}

/** What runs from here on is of another life. All that was of the last one has ended, and that was told. */
export function renewed(turn: SlaveTurn, life: Life): void {
  const { state } = turn;
  const waiting = state.outage?.waiting ?? new Map<string, Uint8Array>();
  state.outage = undefined;
  state.life = life;
  state.forked.clear();
  state.forkedPids.clear();
  tell(turn, { newLife: { boot: life.boot } });
  for (const puid of waiting.values()) tell(turn, { bootMiss: { puid, node: state.node, boot: life.boot } });
  preferPids(turn);
  keepAllAway(turn);
}
