/** What a slave reports of one process: PROTOCOL.md 3.6 and 12.6. The slave is right. */

import { BprocError } from '../../errors.ts';
import type { ProcessReport } from '../../wire/index.ts';
import { EndKind, ProcessState } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { dismiss } from './asks.ts';
import { expectClient } from './clients.ts';
import { ended } from './ends.ts';
import { endMove } from './move-end.ts';
import { createProcess } from './records.ts';
import { noteRunning, tellPlace, tellProcess } from './start-answers.ts';
import type { MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { addProcess, moveProcess, publishProcess, removeProcess } from './tables.ts';
import { command, inform } from './tell.ts';

/** A slave has a process. Undefined where that is old news, since the process has moved on, or where it is not to be there. */
export function reported(turn: MasterTurn, node: MasterNode, report: ProcessReport): MasterProcess | undefined {
  const key = idText(report.puid);
  if (turn.state.givenUp.has(key)) return killGivenUp(turn, node, report);
  const known = turn.state.processes.get(key);
  if (known !== undefined && !isNews(known, node, report)) return undefined;
  const isOthers = known?.client !== undefined && known.client.key !== idText(report.client);
  if (isOthers) disown(turn, known);
  const process = known === undefined || isOthers ? adopt(turn, node, report) : known;
  process.moves = report.moves;
  if (report.moves > 0) turn.state.travelled.add(process);
  // where it has come to, and not where it still was
  if (process.node !== node || process.move?.isDeparted === true) cameTo(turn, process, node);
  if (process === known && process.state === 'unknown' && process.startedAt === 0) noteUser(turn, process, report);
  if (process.startedAt === 0) noteFacts(process, report);
  // whom it is a copy of may not be known here
  if (process.state === 'starting' && process.start?.copyOf) process.uid = report.uid;
  if (report.state !== ProcessState.STARTING)
    noteRunning(turn, process, { ...report, stdinWindow: process.stdinWindow });
  if (report.ended !== null) {
    // its output may have been on the way when the connection was lost
    tellProcess(turn, process, true);
    ended(turn, node, key, report.ended);
    return process;
  }
  if (process.state === 'starting') return process;
  process.state = report.state === ProcessState.STOPPED ? 'stopped' : 'running';
  publishProcess(turn, process);
  tellProcess(turn, process, true);
  return process;
}

/** Each move makes its number higher, so that of two nodes the one that says the higher has it, whoever is heard first. */
function isNews({ node, moves }: MasterProcess, by: MasterNode, report: ProcessReport): boolean {
  return node === by ? report.moves >= moves : report.moves > moves;
}

/** It is on this node, wherever it was thought to be. */
function cameTo(turn: MasterTurn, process: MasterProcess, node: MasterNode): void {
  const { move: order, pid } = process;
  moveProcess(turn, process, node);
  process.boot = node.boot;
  tellPlace(turn, process);
  const isThere = order === undefined || order.target === node;
  endMove(
    turn,
    process,
    isThere ? undefined : new BprocError('EBUSY', `process ${pid} was on its way already`, { pid }),
  );
}

/** Of a process that its client has claimed before its slave came no more is known than that. */
function noteFacts(process: MasterProcess, { command, detached, lostAfterMs, startedAt }: ProcessReport): void {
  process.command = command;
  process.detached = detached;
  process.lostAfterMs = lostAfterMs;
  process.startedAt = startedAt;
}

/** Its client has said whom it was to run as, and may be mistaken, or not be the one that started it. */
function noteUser(turn: MasterTurn, process: MasterProcess, { client, uid }: ProcessReport): void {
  expectClient(turn, client, uid);
  if (process.uid !== uid) process.isWanted = false;
  process.uid = uid;
}

/** A client has claimed what another one started: the slave knows whose it is. */
function disown(turn: MasterTurn, process: MasterProcess): void {
  const { puid, pid, node } = process;
  const end = { kind: EndKind.LOST, reason: 'it belongs to another client' };
  inform(turn, process.client, { ended: { puid, pid, node: node.node, end } });
  removeProcess(turn, process);
}

/** A process that an earlier master's table had. */
function adopt(turn: MasterTurn, node: MasterNode, report: ProcessReport): MasterProcess {
  const process = createProcess(expectClient(turn, report.client, report.uid), node, report);
  addProcess(turn, process);
  return process;
}

/** It was said to be lost; a process may not live after that. */
function killGivenUp(turn: MasterTurn, node: MasterNode, report: ProcessReport): undefined {
  if (report.ended !== null) command(turn, node, { endAck: { puid: report.puid } });
  else if (report.state === ProcessState.STARTING) {
    command(turn, node, { cancel: { puid: report.puid, node: node.node, boot: node.boot } });
  } else dismiss(turn, node, report.pid);
  return undefined;
}
