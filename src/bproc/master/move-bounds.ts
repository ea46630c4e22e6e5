/** Clients call moves off, and hear how far they are: PROTOCOL.md 12.12. */
import type { CallOffMove, MoveProgress } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { MasterClient, MasterNode, MasterTurn } from './state.ts';
import { command, inform, respond } from './tell.ts';

/** A move is not wanted any more. Its slave says what becomes of it. */
export function callOffMove(turn: MasterTurn, client: MasterClient, id: number, message: CallOffMove): void {
  const process = turn.state.byPid.get(message.pid);
  const order = process?.move;
  if (process !== undefined && order?.client === client && order.request === message.request) {
    order.isCalledOff = true;
    const { puid, node } = process;
    if (!order.isDeparted) command(turn, node, { callOff: { puid, number: order.number } });
  }
  respond(turn, client, id);
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
