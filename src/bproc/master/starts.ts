/** Starting processes: PROTOCOL.md section 4. */
import { BprocError } from '../../errors.ts';
import { failureOf } from '../../transport/index.ts';
import type { BootMiss, Cancel, Init, Start, Started, StartFailed, Target } from '../../wire/index.ts';
import { idText, isId } from '../ids.ts';
import { isReachable } from '../node-info.ts';
import { assertPlace } from '../permissions.ts';
import { nodeDown } from './asks.ts';
import { endedOf } from './ends.ts';
import type { MasterClient, MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { createProcess } from './state.ts';
import { addProcess, publishProcess, removeProcess, setPid } from './tables.ts';
import { command, inform, isHeard, wireState } from './tell.ts';

/** Most processes that one START is for. */
const MOST_TARGETS = 65_536;
/** Characters of a command that the tables show. */
const LONGEST_COMMAND = 255;

/** A client asks for processes: each is checked and passed to its slave. */
export function start(turn: MasterTurn, client: MasterClient, message: Start): void {
  for (const [index, target] of message.targets.entries()) {
    if (index >= MOST_TARGETS) break;
    try {
      startOne(turn, client, message, target);
    } catch (error) {
      fail(turn, client, target.puid, BprocError.from(error, 'EPROTO', { node: target.node }));
    }
  }
}

function startOne(turn: MasterTurn, client: MasterClient, message: Start, target: Target): void {
  if (!isId(target.puid)) throw new BprocError('EPROTO', 'a start without a puid of 16 bytes');
  const key = idText(target.puid);
  // [PROTOCOL 4.1] a repeated start is answered with what became of the first one
  const known = turn.state.processes.get(key);
  if (known !== undefined) {
    if (known.client === client) reclaim(turn, known);
    else throw new BprocError('EEXIST', 'this puid belongs to another client');
    return;
  }
  const node = turn.state.nodes.get(target.node);
  if (node === undefined) throw noNode(target.node);
  if (!isReachable(node)) throw nodeDown(node);
  if (idText(node.boot) !== idText(target.boot)) {
    inform(turn, client, { bootMiss: { puid: target.puid, node: node.node, boot: node.boot } });
    return;
  }
  assertPlace(node, client.credentials, turn.state.config.authority);
  turn.state.config.mayStart?.(client.credentials, node, message);
  const { detached, lostAfterMs } = message;
  const label = message.command.slice(0, LONGEST_COMMAND);
  const start = startFor(client, node, message, target);
  const facts = { puid: target.puid, uid: client.credentials.uid, detached, command: label, lostAfterMs, start };
  const process = createProcess(client, node, facts);
  addProcess(turn, process);
  sendStart(turn, process);
}

/** The error of a node number that the table does not have. */
export function noNode(node: number): BprocError {
  return new BprocError('BE_INVALIDNODE', `there is no node ${node}`, { node });
}

/** The start as its slave gets it: one target, and who wants it. */
function startFor(client: MasterClient, node: MasterNode, message: Start, target: Target): Init<Start> {
  return {
    targets: [{ puid: Buffer.from(target.puid), node: node.node, boot: node.boot, rank: target.rank }],
    spec: Buffer.from(message.spec),
    detached: message.detached,
    lostAfterMs: message.lostAfterMs,
    client: client.id,
    uid: client.credentials.uid,
    command: message.command.slice(0, LONGEST_COMMAND),
  };
}

/** Passes a start on, or again to a slave that has not got it: the puid makes it take effect once. */
export function sendStart(turn: MasterTurn, process: MasterProcess): void {
  if (process.start === undefined) return;
  if (isHeard(process.node)) process.sent = true;
  command(turn, process.node, { start: process.start });
}

function fail(turn: MasterTurn, client: MasterClient | undefined, puid: Uint8Array, error: BprocError): void {
  inform(turn, client, { startFailed: { puid, failure: failureOf(error) } });
}

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
  facts: Pick<Started, 'pid' | 'localPid' | 'startTime' | 'stdinWindow'>,
): void {
  setPid(turn, process, facts.pid);
  process.localPid = facts.localPid;
  process.startTime = facts.startTime;
  process.stdinWindow = facts.stdinWindow;
  process.start = undefined;
  if (process.state !== 'starting') return;
  process.state = 'running';
  process.startedAt = turn.wallTime;
  publishProcess(turn, process);
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
 */
export function reclaim(turn: MasterTurn, process: MasterProcess): void {
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

/** A client does not want a start any more. */
export function cancel(turn: MasterTurn, client: MasterClient, message: Cancel): void {
  const process = turn.state.processes.get(idText(message.puid));
  if (process !== undefined && process.client !== client) return;
  const node = process?.node ?? turn.state.nodes.get(message.node);
  if (node === undefined) return cancelled(turn, client, message.puid);
  if (process !== undefined && process.state !== 'starting') return tellProcess(turn, process, false);
  command(turn, node, { cancel: { puid: message.puid, node: node.node, boot: message.boot } });
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

/** A node fell silent: starts that never left are refused; of the others only its slave knows. */
export function failUnsentStarts(turn: MasterTurn, node: MasterNode): void {
  for (const process of [...node.processes]) {
    if (process.state !== 'starting' || process.sent) continue;
    removeProcess(turn, process);
    fail(turn, process.client, process.puid, nodeDown(node));
  }
}

/** A node's earlier life is over: what was to start in it cannot any more, and may have. */
export function failStarts(turn: MasterTurn, node: MasterNode, reason: string): void {
  for (const process of [...node.processes]) {
    if (process.state !== 'starting') continue;
    removeProcess(turn, process);
    const details = { node: node.node };
    fail(turn, process.client, process.puid, new BprocError('BE_SLAVEDIED', `node ${node.node}: ${reason}`, details));
  }
}
