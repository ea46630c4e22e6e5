/**
 * Moves that clients repeat to a new master: PROTOCOL.md 12.17. The move may be under way, or done, by an earlier one's order: so it
 * waits until the slaves have said so.
 */
import { BprocError } from '../../errors.ts';
import type { Move } from '../../wire/index.ts';
import { assertSignal } from '../permissions.ts';
import { callOff, moveKey } from './move-bounds.ts';
import { move } from './moves.ts';
import type { MasterClient, MasterTurn, RepeatedMove } from './state.ts';
import { isHeard, reject } from './tell.ts';

/** How long slaves may take to come back, in milliseconds: they look for a master every 5 seconds, and oftener at first. */
const SLAVES_BACK_MS = 10_000;

/** A client repeats a MOVE, which this master has not got before. */
export function moveAgain(turn: MasterTurn, client: MasterClient, request: number, message: Move): void {
  const key = moveKey(client, request);
  turn.state.repeatedMoves.set(key, { client, request, message, isCalledOff: false });
  turn.state.deadlines.set(`move ${key}`, turn.now + SLAVES_BACK_MS);
  hearRepeated(turn);
}

/** Slaves have said something: goes on with what it was of. */
export function hearRepeated(turn: MasterTurn): void {
  for (const [key, repeated] of turn.state.repeatedMoves)
    if (isKnown(turn, repeated.message)) goOn(turn, key, repeated);
}

/** Whether all that have to do with it have said what they hold. */
function isKnown({ state }: MasterTurn, { pid, node }: Move): boolean {
  const process = state.byPid.get(pid);
  const target = state.nodes.get(node);
  if (process?.move !== undefined) return true;
  if (process === undefined || process.state === 'unknown') return false;
  if (process.end !== undefined || process.node === target) return true;
  return isHeard(process.node) && target?.peer !== undefined && isHeard(target);
}

/** Slaves have had their time: what they have not said by now they may never say. */
export function repeatedDue(turn: MasterTurn, key: string): void {
  const repeated = turn.state.repeatedMoves.get(key);
  if (repeated !== undefined) goOn(turn, key, repeated);
}

function goOn(turn: MasterTurn, key: string, { client, request, message, isCalledOff }: RepeatedMove): void {
  forget(turn, key);
  try {
    if (!adopt(turn, client, request, message)) move(turn, client, request, message);
    if (isCalledOff) callOff(turn, client, request, message.pid);
  } catch (error) {
    reject(turn, client, request, BprocError.from(error, 'EPROTO'));
  }
}

/** Where an earlier master has ordered it, it goes on without anybody who waits for it: from now on somebody does. */
function adopt({ state }: MasterTurn, client: MasterClient, request: number, { pid, node }: Move): boolean {
  const process = state.byPid.get(pid);
  const order = process?.move;
  if (process === undefined || order === undefined || order.client !== undefined) return false;
  if (order.target.node !== node) return false;
  assertSignal(pid, process.uid, client.credentials, state.config.authority);
  process.move = { ...order, client, request };
  return true;
}

/** A client is gone: nobody waits for these any more. */
export function forgetRepeated(turn: MasterTurn, client: MasterClient): void {
  for (const [key, repeated] of turn.state.repeatedMoves) if (repeated.client === client) forget(turn, key);
}

function forget({ state }: MasterTurn, key: string): void {
  state.repeatedMoves.delete(key);
  state.deadlines.clear(`move ${key}`);
}
