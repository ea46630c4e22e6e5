/**
 * Processes that have gone to other nodes: PROTOCOL.md 12.6. That one has gone is kept by what has captured it, in the
 * node's engine, so that the daemon may die meanwhile.
 */
import type { HeldProcess } from '../../linux/index.ts';
import type { Departed, EndAck, Init, PidsAway } from '../../wire/index.ts';
import { ProcessState } from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import type { SlaveTurn } from './events.ts';
import type { Facts } from './facts.ts';
import type { CaptureOf } from './left-captures.ts';
import { keepBlockOf, pidAway, pidBack } from './pids.ts';

/** A process has gone: every master is to be told until one knows where it is, and its pid is its own as long as it lives. */
export function noteGone(
  turn: SlaveTurn,
  key: string,
  pid: number,
  message: Init<Departed> & { readonly number: number },
  { isKnown = false, pids }: { readonly isKnown?: boolean; readonly pids?: readonly number[] | undefined } = {},
): void {
  turn.state.gone.set(key, { pid, message, isKnown });
  pidAway(turn, pid, pids);
}

/** Takes up what an earlier life of the daemon has kept of one. False where it is not over, or nobody has taken note of its end. */
export function takeUpGone(turn: SlaveTurn, held: HeldProcess, { key, move, facts, directory }: CaptureOf): boolean {
  const { exit } = held;
  const process = turn.state.processes.get(key);
  if (move === undefined || facts === undefined || exit?.status.kind !== 'exited' || exit.status.code !== 0)
    return false;
  if (process !== undefined) {
    const isBack = (process.moves ?? 0) > (facts.moves ?? 0);
    if (isBack) turn.effects.push({ type: 'dismiss', held });
    return isBack;
  }
  if (facts.isGuest !== true) keepBlockOf(turn.state, facts.pid);
  const message = { ...move, puid: idBytes(key), process: reportOf(facts) };
  noteGone(turn, key, facts.pid, message, { isKnown: held.note.length > 0 });
  turn.effects.push({ type: 'keepGone', key, held, directory });
  return true;
}

/** As `report`, of one that is not here any more. */
function reportOf({
  key,
  pid,
  client,
  uid,
  detached,
  command,
  startedAt,
  lostAfterMs,
  moves,
}: Facts): Init<Departed>['process'] {
  const facts = { pid, uid, detached, command, startedAt, lostAfterMs, moves: moves ?? 0 };
  return { ...facts, puid: idBytes(key), client: idBytes(client), state: ProcessState.RUNNING };
}

/** A master knows where one is. Where the pid is this node's, that somebody has it is kept on. */
export function goneKnown(turn: SlaveTurn, { puid, number }: EndAck): void {
  const key = idText(puid);
  const gone = turn.state.gone.get(key);
  if (gone?.message.number !== number) return;
  gone.isKnown = true;
  if (turn.state.pids.has(gone.pid)) turn.effects.push({ type: 'noteGone', key });
  else forgetGone(turn, key);
}

/** It is back, or has ended. */
export function forgetGone(turn: SlaveTurn, key: string): void {
  const gone = turn.state.gone.get(key);
  if (gone === undefined) return;
  turn.state.gone.delete(key);
  pidBack(turn, gone.pid);
  turn.effects.push({ type: 'forgetGone', key });
}

/** Pids of this node that processes on other nodes have, or have no more. */
export function pidsAway(turn: SlaveTurn, { taken, free }: PidsAway): void {
  const { byPid, gone } = turn.state;
  for (const pid of taken) if (!byPid.has(pid)) pidAway(turn, pid);
  const freed = new Set(free);
  for (const pid of freed) pidBack(turn, pid);
  if (freed.size === 0) return;
  for (const [key, { pid }] of gone) if (freed.has(pid)) forgetGone(turn, key);
}
