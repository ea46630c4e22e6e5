/** Clients call moves off, and hear how far they are: PROTOCOL.md 12.12. */
import type { CallOffMove, MoveProgress } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { MasterClient, MasterNode, MasterTurn } from './state.ts';
import { command, inform, respond } from './tell.ts';

/** A move is not wanted any more. Its slave says what becomes of it. */
export function callOffMove(turn: MasterTurn, client: MasterClient, id: number, message: CallOffMove): void {
  const repeated = turn.state.repeatedMoves.get(moveKey(client, message.request));
  if (repeated === undefined) callOff(turn, client, message.request, message.pid);
  else repeated.isCalledOff = true;
  respond(turn, client, id);
}

/** Which move of which client: requests have their numbers from them. */
export function moveKey({ key }: MasterClient, request: number): string {
  return `${key}:${request}`;
}

/** Tells the slave that has the process that its client does not want this move any more. */
export function callOff(turn: MasterTurn, client: MasterClient, request: number, pid: number): void {
  const process = turn.state.byPid.get(pid);
  const order = process?.move;
  if (process === undefined || order?.client !== client || order.request !== request) return;
  order.isCalledOff = true;
  const { puid, node } = process;
  if (!order.isDeparted) command(turn, node, { callOff: { puid, number: order.number } });
}

/** A slave says how far a move is. */
export function moveProgress(turn: MasterTurn, node: MasterNode, message: MoveProgress): void {
  const { puid, number, phase, bytes, totalBytes } = message;
  const process = turn.state.processes.get(idText(puid));
  const order = process?.move;
  const told = { puid, number, phase, bytes, totalBytes };
  const original = turn.state.byPid.get(process?.start?.copyOf ?? 0);
  if (process?.start?.progress === true && original?.node === node) {
    inform(turn, process.client, { moveProgress: told });
    return;
  }
  if (process?.node !== node || order?.number !== number || !order.progress) return;
  inform(turn, order.client, { moveProgress: { ...told, request: order.request } });
}
