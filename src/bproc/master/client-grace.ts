/** How long a client may be away before what it has not detached ends: PROTOCOL.md 6.3, and 12.7 for one that is being moved. */
import type { MasterClient, MasterProcess, MasterTurn } from './state.ts';

/** From now on it has its time to return. */
export function startGrace({ state, now }: MasterTurn, { key }: MasterClient): void {
  state.deadlines.set(`client ${key}`, now + state.config.clientGraceMs);
}

/** Whether its program stands still on its way to another node, so that it cannot return. */
export function isOnItsWay({ state }: MasterTurn, client: MasterClient): boolean {
  const own = state.byPid.get(client.pid);
  return own?.move !== undefined && isOf(own, client);
}

/** A program goes on, there or here: its clients have their time from now on. */
export function awaitClientsOf(turn: MasterTurn, process: MasterProcess): void {
  for (const client of turn.state.clients.values()) {
    if (client.link === undefined && client.pid === process.pid && isOf(process, client)) startGrace(turn, client);
  }
}

function isOf(process: MasterProcess, client: MasterClient): boolean {
  return process.uid === client.credentials.uid;
}
