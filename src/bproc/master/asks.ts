/** Requests that a master passes on to slaves: PROTOCOL.md 7.2. */
import { BprocError } from '../../errors.ts';
import type { RequestChoice, Response } from '../../wire/index.ts';
import { streamOf } from '../ids.ts';
import { isReachable } from '../node-info.ts';
import type { Ask, MasterNode, MasterTurn } from './state.ts';
import { isHeard, send } from './tell.ts';

/** Asks a node's slave; `done` is called once, whatever becomes of the slave. */
export function ask(turn: MasterTurn, node: MasterNode, order: RequestChoice, done: Ask['done']): number {
  const { state } = turn;
  if (!isReachable(node)) {
    done(turn, nodeDown(node));
    return 0;
  }
  const pending: Ask = { id: state.nextAsk, node, order, done, sent: false };
  state.nextAsk += 1;
  state.asks.set(pending.id, pending);
  node.asks.set(pending.id, pending);
  if (isHeard(node)) sendAsk(turn, node.link, pending);
  return pending.id;
}

function sendAsk(turn: MasterTurn, link: number, pending: Ask): void {
  pending.sent = true;
  send(turn, link, { request: { id: pending.id, ...pending.order } });
}

/** Ends a process that nobody wants: its output goes nowhere, or its end would wait for a reader [PROTOCOL 6.6]. */
export function dismiss(turn: MasterTurn, node: MasterNode, pid: number): void {
  for (const fd of [1, 2] as const) {
    if (isHeard(node)) turn.effects.push({ type: 'stop', link: node.link, stream: streamOf(pid, fd) });
  }
  ask(turn, node, { terminate: { pid, graceMs: 0 } }, () => {});
}

/** A slave answered. */
export function answered(turn: MasterTurn, node: MasterNode, response: Response): void {
  const pending = node.asks.get(response.id);
  if (pending === undefined) return;
  forgetAsk(turn, pending.id);
  pending.done(turn, response);
}

/** Nobody waits for the answer any more. */
export function forgetAsk(turn: MasterTurn, id: number): void {
  const pending = turn.state.asks.get(id);
  turn.state.asks.delete(id);
  pending?.node.asks.delete(id);
}

/**
 * A slave is back: asks again what it has not answered. Repeated orders take effect once; the one to
 * connect anew is answered by its being here.
 */
export function repeatAsks(turn: MasterTurn, node: MasterNode): void {
  for (const pending of [...node.asks.values()]) {
    if (node.link === undefined) return;
    if (pending.sent && 'reconnect' in pending.order) {
      answered(turn, node, { id: pending.id, failure: null, body: undefined });
    } else {
      sendAsk(turn, node.link, pending);
    }
  }
}

/** A slave will not answer. */
export function failAsks(turn: MasterTurn, node: MasterNode): void {
  const pending = [...node.asks.values()];
  for (const each of pending) forgetAsk(turn, each.id);
  for (const each of pending) each.done(turn, nodeDown(node));
}

/** Why a node cannot be asked or used. */
export function nodeDown(node: MasterNode): BprocError {
  const why = node.reason === '' ? '' : `: ${node.reason}`;
  return new BprocError('BE_NODEDOWN', `node ${node.node} is ${node.state}${why}`, { node: node.node });
}

/** The error of a node number that the table does not have. */
export function noNode(node: number): BprocError {
  return new BprocError('BE_INVALIDNODE', `there is no node ${node}`, { node });
}
