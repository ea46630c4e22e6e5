/** Starts that nobody wants any more: PROTOCOL.md 4.4. */
import type { Cancel } from '../../wire/index.ts';
import { idText, isId } from '../ids.ts';
import { callOffCopy } from './moves.ts';
import { createProcess } from './records.ts';
import { tellProcess } from './start-answers.ts';
import type { MasterClient, MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { addProcess, expectedNode, removeProcess } from './tables.ts';
import { command, inform } from './tell.ts';

/** A client does not want a start any more. */
export function cancel(turn: MasterTurn, client: MasterClient, message: Cancel): void {
  if (!isId(message.puid)) return;
  const known = turn.state.processes.get(idText(message.puid));
  if (known !== undefined && known.client !== client) return;
  if (known !== undefined) client.unclaimed?.delete(known);
  if (known !== undefined && known.state !== 'starting') return tellProcess(turn, known, false);
  if (known?.sent === false) {
    removeProcess(turn, known);
    return cancelled(turn, client, message.puid);
  }
  const process = known ?? expectStart(turn, client, message);
  if (process === undefined) return cancelled(turn, client, message.puid);
  cancelStart(turn, process);
}

/** A start that an earlier master may have passed on. Undefined where it cannot happen any more. */
function expectStart(turn: MasterTurn, client: MasterClient, { puid, node, boot }: Cancel): MasterProcess | undefined {
  const place = expectedNode(turn, node);
  if (place === undefined) return undefined;
  const process = createProcess(client, place, { puid, boot, uid: client.credentials.uid });
  process.sent = true;
  addProcess(turn, process);
  return process;
}

function cancelled(turn: MasterTurn, client: MasterClient | undefined, puid: Uint8Array): void {
  inform(turn, client, { cancelled: { puid } });
}

/** The slave has made sure that a start never happens. */
export function startCancelled(turn: MasterTurn, node: MasterNode, puid: Uint8Array): void {
  const process = turn.state.processes.get(idText(puid));
  if (process === undefined || process.node !== node || process.state !== 'starting') return;
  removeProcess(turn, process);
  cancelled(turn, process.client, puid);
}

/** Makes sure that a start never happens: now, or when its node's slave is back. */
export function cancelStart(turn: MasterTurn, process: MasterProcess): void {
  process.cancelled = true;
  callOffCopy(turn, process);
  process.start = undefined;
  sendCancel(turn, process);
}

/** Says so to its slave, where that hears it. */
export function sendCancel(turn: MasterTurn, { puid, node, boot }: MasterProcess): void {
  command(turn, node, { cancel: { puid, node: node.node, boot } });
}
