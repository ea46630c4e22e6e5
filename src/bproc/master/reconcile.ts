/** A slave says what it holds, the table says what it should: PROTOCOL.md 3.6. The slave is right. */

import type { ProcessReport } from '../../wire/index.ts';
import { EndKind, ProcessState } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { dismiss } from './asks.ts';
import { expectClient } from './clients.ts';
import { ended, lose } from './ends.ts';
import { goOn, sendDepart } from './moves.ts';
import { noteRunning, tellProcess } from './start-answers.ts';
import { sendStart } from './starts.ts';
import type { MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { createProcess } from './state.ts';
import { addProcess, publishProcess, removeProcess } from './tables.ts';
import { command, inform } from './tell.ts';

/** Makes the table agree with a slave that has just said everything. */
export function reconcile(turn: MasterTurn, node: MasterNode, reports: readonly ProcessReport[]): void {
  const reported = new Set<string>();
  const clients = new Set<string>();
  for (const report of reports) {
    const key = idText(report.puid);
    reported.add(key);
    clients.add(idText(report.client));
    if (turn.state.givenUp.has(key)) killGivenUp(turn, node, report);
    else take(turn, node, key, report);
  }
  for (const process of [...node.processes]) {
    turn.state.deadlines.clear(`lose ${process.key}`);
    if (reported.has(process.key)) {
      if (process.move?.isDeparted === true) goOn(turn, process);
      else sendDepart(turn, process);
      continue;
    }
    if (process.move !== undefined) {
      // it stood still on its way, and where it was it does not run any more
      goOn(turn, process);
      continue;
    }
    if (process.state === 'starting') sendStart(turn, process);
    else lose(turn, process, `node ${node.node}: ${node.loss ?? 'its slave has no record of it'}`);
  }
  node.loss = undefined;
  for (const client of clients) {
    if (turn.state.goneClients.has(client)) command(turn, node, { clientGone: { client: Buffer.from(client, 'hex') } });
  }
}

function take(turn: MasterTurn, node: MasterNode, key: string, report: ProcessReport): void {
  const known = turn.state.processes.get(key);
  if (known !== undefined && known.node !== node) return;
  const isOthers = known?.client !== undefined && known.client.key !== idText(report.client);
  if (isOthers) disown(turn, known);
  const process = known === undefined || isOthers ? adopt(turn, node, report) : known;
  if (process === known && process.state === 'unknown' && process.startedAt === 0) noteUser(turn, process, report);
  if (process.startedAt === 0) noteFacts(process, report);
  if (report.state !== ProcessState.STARTING)
    noteRunning(turn, process, { ...report, stdinWindow: process.stdinWindow });
  if (report.ended !== null) {
    // its output may have been on the way when the connection was lost
    tellProcess(turn, process, true);
    ended(turn, node, key, report.ended);
    return;
  }
  if (process.state === 'starting') return;
  process.state = report.state === ProcessState.STOPPED ? 'stopped' : 'running';
  publishProcess(turn, process);
  tellProcess(turn, process, true);
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
function killGivenUp(turn: MasterTurn, node: MasterNode, report: ProcessReport): void {
  if (report.ended !== null) command(turn, node, { endAck: { puid: report.puid } });
  else if (report.state === ProcessState.STARTING) {
    command(turn, node, { cancel: { puid: report.puid, node: node.node, boot: node.boot } });
  } else dismiss(turn, node, report.pid);
}
