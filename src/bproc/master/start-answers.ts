/** What slaves say of starts, and what clients are told of it: PROTOCOL.md 4.1 and 4.3. */
import type { BootMiss, Init, Started, StartFailed } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { endedOf } from './ends.ts';
import type { MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { publishProcess, removeProcess, setPid } from './tables.ts';
import { command, inform, wireState } from './tell.ts';

/** The program runs. */
export function started(turn: MasterTurn, node: MasterNode, message: Started): void {
  const process = turn.state.processes.get(idText(message.puid));
  if (process === undefined || process.node !== node) return;
  noteRunning(turn, process, message);
  tellProcess(turn, process, false);
}

/** Notes where and as what a process runs. */
export function noteRunning(
  turn: MasterTurn,
  process: MasterProcess,
  facts: Pick<Started, 'pid' | 'localPid' | 'startTime' | 'stdinWindow' | 'mapped'>,
): void {
  setPid(turn, process, facts.pid);
  process.localPid = facts.localPid;
  process.startTime = facts.startTime;
  process.mapped = facts.mapped;
  process.stdinWindow = facts.stdinWindow;
  process.start = undefined;
  if (process.state !== 'starting') return;
  process.state = 'running';
  process.startedAt = turn.wallTime;
  publishProcess(turn, process);
}

/** Tells a client which node one of its processes is on, bound to which boot. */
export function tellPlace(turn: MasterTurn, { client, puid, pid, node, boot }: MasterProcess): void {
  inform(turn, client, { moved: { puid, pid, node: node.node, boot } });
}

/** Tells a client all about one of its processes. `reattached`: its streams are to be restarted. */
export function tellProcess(turn: MasterTurn, process: MasterProcess, reattached: boolean): void {
  const { client, puid, pid } = process;
  if (pid !== 0) inform(turn, client, { started: startedOf(process) });
  // also for one that has ended: what it wrote before that may not have arrived
  if (reattached || process.state === 'stopped' || process.state === 'unknown') {
    inform(turn, client, { change: { puid, pid, state: wireState(process), reattached } });
  }
  if (process.end !== undefined) inform(turn, client, { ended: endedOf(process) });
}

/**
 * A client has returned and names a process: both ends of its streams start again. The client is
 * told, and so is the slave, which receives its input [PROTOCOL 5.3].
 *
 * @param uid whom it was asked for to run as.
 */
export function reclaim(turn: MasterTurn, process: MasterProcess, uid: number | undefined): void {
  process.client?.unclaimed?.delete(process);
  if (process.uid === uid) process.isWanted = true;
  tellProcess(turn, process, true);
  command(turn, process.node, { change: { puid: process.puid, pid: process.pid, reattached: true } });
}

function startedOf(process: MasterProcess): Init<Started> {
  return {
    puid: process.puid,
    pid: process.pid,
    node: process.node.node,
    localPid: process.localPid,
    startTime: process.startTime,
    stdinWindow: process.stdinWindow,
    mapped: process.mapped,
  };
}

/** It could not be started. */
export function startFailed(turn: MasterTurn, node: MasterNode, message: StartFailed): void {
  const process = turn.state.processes.get(idText(message.puid));
  if (process === undefined || process.node !== node || process.state !== 'starting') return;
  removeProcess(turn, process);
  inform(turn, process.client, { startFailed: message });
}

/** The slave lives under another boot id: whether it ran under the earlier one, nobody knows. */
export function bootMiss(turn: MasterTurn, node: MasterNode, message: BootMiss): void {
  const process = turn.state.processes.get(idText(message.puid));
  if (process === undefined || process.node !== node || process.state !== 'starting') return;
  removeProcess(turn, process);
  inform(turn, process.client, { bootMiss: message });
}
