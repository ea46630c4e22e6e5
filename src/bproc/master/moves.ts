/** Processes that go from one node to another: PROTOCOL.md 12.1. */
import { BprocError } from '../../errors.ts';
import type { Init, LateSignal, Move } from '../../wire/index.ts';
import { isReachable, NODE_MASTER } from '../node-info.ts';
import { assertAdminister, assertPlace, assertSignal } from '../permissions.ts';
import { makeTicket, movedName } from '../tickets.ts';
import { nodeDown, noNode } from './asks.ts';
import type { MasterClient, MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { moveProcess } from './tables.ts';
import { command, isHeard, respond } from './tell.ts';

/** A client wants a process to go on elsewhere. */
export function move(turn: MasterTurn, client: MasterClient, id: number, message: Move): void {
  const { state } = turn;
  const { authority } = state.config;
  const process = runningProcess(turn, message.pid);
  const { pid } = message;
  if (process.move !== undefined) throw new BprocError('EBUSY', `process ${pid} is on its way already`, { pid });
  assertSignal(message.pid, process.uid, client.credentials, authority);
  const target = state.nodes.get(message.node);
  if (target === undefined || message.node === NODE_MASTER) throw noNode(message.node);
  if (target === process.node) return respond(turn, client, id);
  if (!isReachable(target)) throw nodeDown(target);
  assertPlace(target, client.credentials, authority);
  const { virtualAddress, postCopy } = message;
  if (virtualAddress !== '' && postCopy) {
    throw new BprocError('ENOTSUP', `process ${pid} cannot take ${virtualAddress} along where its memory follows`, {
      pid,
    });
  }
  // it is the node's, whoever uses it
  if (virtualAddress !== '') {
    assertAdminister(process.node.node, `move address ${virtualAddress}`, client.credentials, authority);
  }
  state.config.mayMove?.(client.credentials, target, process);
  assertTakes(target, message.pid);
  state.lastMove += 1;
  process.move = {
    number: state.lastMove,
    source: process.node,
    target,
    client,
    request: id,
    isDeparted: false,
    closeConnections: message.closeConnections,
    virtualAddress,
    bytesPerSecond: message.bytesPerSecond,
    progress: message.progress,
    isCalledOff: false,
    postCopy,
  };
  sendDepart(turn, process);
}

function assertTakes({ node, peer }: MasterNode, pid: number): void {
  if (peer !== undefined) return;
  const why = 'its slave takes nothing from others: let it listen for them';
  throw new BprocError('ENOSYS', `process ${pid} cannot go to node ${node}: ${why}`, { pid, node });
}

/** A process that was started and runs. @throws BprocError BE_INVALIDPROC for what is none. */
export function runningProcess(turn: MasterTurn, pid: number): MasterProcess {
  const process = turn.state.byPid.get(pid);
  if (process === undefined)
    throw new BprocError('BE_INVALIDPROC', `there is no process ${pid} that was started`, { pid });
  if (process.state !== 'running' && process.state !== 'stopped') {
    throw new BprocError('BE_INVALIDPROC', `process ${pid} does not run: it is ${process.state}`, { pid });
  }
  return process;
}

/** Tells a slave that a process is to leave it: again where it may not have heard, which changes nothing. */
export function sendDepart(turn: MasterTurn, process: MasterProcess): void {
  const { puid, node, move: order } = process;
  if (order === undefined || order.isDeparted) return;
  const { number, target, closeConnections, virtualAddress, postCopy, bytesPerSecond, progress } = order;
  const { peer } = target;
  const ticket =
    peer === undefined
      ? Buffer.alloc(0)
      : makeTicket(peer.key, { image: movedName(puid, process.uid, virtualAddress), node: node.node, number });
  const where = { node: target.node, address: peer?.address ?? '', ticket };
  const how = { closeConnections, virtualAddress, postCopy, bytesPerSecond, progress };
  command(turn, node, { depart: { puid, number, ...where, ...how } });
  if (order.isCalledOff) command(turn, node, { callOff: { puid, number } });
}

/** The process that a start is to copy. @throws BprocError where the caller may not, or it cannot be. */
export function originalOf(turn: MasterTurn, client: MasterClient, pid: number, target: MasterNode): MasterProcess {
  const { authority, mayMove } = turn.state.config;
  const original = runningProcess(turn, pid);
  assertSignal(pid, original.uid, client.credentials, authority);
  mayMove?.(client.credentials, target, original);
  assertTakes(target, pid);
  if (!isHeard(original.node)) throw nodeDown(original.node);
  return original;
}

/** Tells the slave of the original that a copy of it is to go to another one. */
export function sendCopy(turn: MasterTurn, copy: MasterProcess, original: MasterProcess): void {
  const { puid, node: target, start } = copy;
  const { peer } = target;
  if (start === undefined || peer === undefined) return;
  turn.state.lastMove += 1;
  const number = turn.state.lastMove;
  const ticket = makeTicket(peer.key, { image: movedName(puid, copy.uid), node: original.node.node, number });
  const where = { node: target.node, address: peer.address, ticket };
  const { bytesPerSecond, progress } = start;
  const how = { bytesPerSecond, progress, copy: start };
  command(turn, original.node, { depart: { puid: original.puid, number, ...where, ...how } });
}

/** Nobody wants a copy any more: nothing more of it is to be sent. */
export function callOffCopy(turn: MasterTurn, { puid, start }: MasterProcess): void {
  const original = turn.state.byPid.get(start?.copyOf ?? 0);
  if (original !== undefined) command(turn, original.node, { callOff: { puid } });
}

/** The process is gone from where it was: it may run where it is now. */
export function goOn(turn: MasterTurn, process: MasterProcess, signals: readonly Init<LateSignal>[] = []): void {
  const { puid, move: order } = process;
  if (order === undefined) return;
  order.isDeparted = true;
  moveProcess(turn, process, order.target);
  command(turn, order.target, { settle: { puid, number: order.number, go: true, signals } });
}
