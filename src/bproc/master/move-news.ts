/**
 * What slaves say of moves: PROTOCOL.md 12.2 and 12.6. It is true, whichever master has ordered them; of those that an
 * earlier one has ordered it is all that is known.
 */
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { Arrived, Departed } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { becomeUnknown, lose } from './ends.ts';
import { endMove } from './move-end.ts';
import { goOn, sendDepart } from './moves.ts';
import { reported } from './reported.ts';
import { startFailed } from './start-answers.ts';
import type { MasterNode, MasterProcess, MasterTurn, MoveNews, ProcessMove } from './state.ts';
import { expectedNode } from './tables.ts';
import { command, isHeard } from './tell.ts';

/** A slave says something of a move. It counts once all that the slave holds is known. */
export function hearMoveNews(turn: MasterTurn, node: MasterNode, news: MoveNews): void {
  if (!node.ready) node.moveNews.push(news);
  else if (news.body === 'departed') departed(turn, node, news.departed);
  else arrived(turn, node, news.arrived);
}

/** A process has gone from here, or it runs on here. */
function departed(turn: MasterTurn, node: MasterNode, message: Departed): void {
  const { puid, number, failure, signals } = message;
  const process = turn.state.processes.get(idText(puid));
  if (process?.start?.copyOf !== undefined && process.start.copyOf !== 0) {
    // where the copy has come its own slave says so
    if (failure !== null) startFailed(turn, process.node, { puid, failure });
    return;
  }
  const order = process?.move;
  const isOrdered = order !== undefined && order.source === node && answers(order, message);
  if (failure !== null) {
    const target = isOrdered ? order.target : turn.state.nodes.get(message.node);
    // it may wait there, and have nobody left to say so
    if (target !== undefined) command(turn, target, { settle: { puid, number, go: false } });
    if (isOrdered && process !== undefined) endMove(turn, process, reasonOf(failure));
  } else if (!isOrdered || process === undefined) {
    gone(turn, node, message);
  } else if (!order.isDeparted) {
    process.move = { ...order, number };
    goOn(turn, process, signals);
  }
}

/** Whether a move is the one that was ordered, or an earlier master's that goes to the same node. */
function answers(order: ProcessMove, { number, node }: Departed): boolean {
  return order.number === number || (!order.isDeparted && order.target.node === node);
}

/** A process has gone where an earlier master has sent it: it is there, or on its way. */
function gone(
  turn: MasterTurn,
  node: MasterNode,
  { puid, number, node: to, process: report, signals }: Departed,
): void {
  const key = idText(puid);
  const target = to === node.node ? undefined : expectedNode(turn, to);
  const known = turn.state.processes.get(key);
  const isOver = turn.state.givenUp.has(key) || known?.end !== undefined || node.freed.includes(report?.pid ?? 0);
  const process = report === null || target === undefined || isOver ? undefined : reported(turn, node, report);
  if (process === undefined || target === undefined || process.node !== node) {
    if (isOver && target !== undefined) command(turn, target, { settle: { puid, number, go: false } });
    command(turn, node, { endAck: { puid, number } });
    return;
  }
  endMove(
    turn,
    process,
    new BprocError('EBUSY', `process ${process.pid} was on its way already`, { pid: process.pid }),
  );
  process.move = {
    number,
    source: node,
    target,
    client: undefined,
    request: 0,
    closeConnections: false,
    virtualAddress: '',
    bytesPerSecond: 0,
    progress: false,
    isCalledOff: false,
    postCopy: false,
    isDeparted: false,
  };
  goOn(turn, process, signals);
  if (!isHeard(target)) becomeUnknown(turn, process);
}

/** A slave says that a process has come to it, or waits there for a word, or is not there. */
function arrived(turn: MasterTurn, node: MasterNode, { puid, number, process: report, failure, from }: Arrived): void {
  const key = idText(puid);
  const process = turn.state.processes.get(key);
  const order = process?.move;
  if (report !== null) {
    const isKnown = process?.node === node && order === undefined && process.moves === report.moves;
    if (!isKnown) reported(turn, node, report);
    return;
  }
  if (process !== undefined && order?.number === number && order.target === node) {
    if (!order.isDeparted) sendDepart(turn, process);
    else if (failure === null) goOn(turn, process);
    else missing(turn, process, node);
    return;
  }
  if (failure !== null) return;
  turn.state.waiting.set(key, { node, number, from });
  const source = turn.state.nodes.get(from);
  if (source !== undefined) hearWaiting(turn, source);
}

/** It is gone from where it was, and where it was to go it is not either: nobody has it. */
function missing(turn: MasterTurn, process: MasterProcess, target: MasterNode): void {
  const reason = `node ${target.node} has lost it on its way there`;
  endMove(turn, process, new BprocError('BE_SLAVEDIED', reason, { pid: process.pid }));
  lose(turn, process, reason);
}

/** Asks a slave what has become of those that wait elsewhere, and that have come from it: no move begins by that. */
export function hearWaiting(turn: MasterTurn, source: MasterNode): void {
  const { waiting } = turn.state;
  if (!isHeard(source)) return;
  for (const [key, { node, number, from }] of waiting) {
    if (from !== source.node) continue;
    waiting.delete(key);
    const puid = Buffer.from(key, 'hex');
    command(turn, source, { depart: { puid, number, node: node.node, address: '', ticket: Buffer.alloc(0) } });
  }
}
