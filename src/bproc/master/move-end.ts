/** How a move ends, for those who have to do with it. */
import type { BprocError } from '../../errors.ts';
import { awaitClientsOf } from './client-grace.ts';
import type { MasterProcess, MasterTurn } from './state.ts';
import { command, reject, respond } from './tell.ts';

/** A move is over, if there is one: who wanted it is told, and the slave that had the process need not speak of it any more. */
export function endMove(turn: MasterTurn, process: MasterProcess, error?: BprocError): void {
  const { puid, move: order } = process;
  process.move = undefined;
  if (order === undefined) return;
  awaitClientsOf(turn, process);
  const { number, source, client, request } = order;
  command(turn, source, { endAck: { puid, number } });
  if (client === undefined) return;
  if (error === undefined) respond(turn, client, request);
  else reject(turn, client, request, error);
}
