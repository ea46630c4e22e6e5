/**
 * The master as a reducer: `(state, event, now) -> [state, effects]`. It does no I/O and reads no
 * clock; the state is its own and is updated in place, because a table of ten thousand processes
 * cannot be copied at every event.
 */
import { BprocError } from '../../errors.ts';
import type { Control } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { answered } from './asks.ts';
import { nodeFacts } from './caches.ts';
import { cancel, startCancelled } from './cancels.ts';
import { carriedKept } from './carried.ts';
import { challenged, inspected } from './challenges.ts';
import { noteChange } from './changes.ts';
import { claim } from './clients.ts';
import { acknowledgedBy, ended } from './ends.ts';
import type { MasterEffect, MasterEvent } from './events.ts';
import { go, ready } from './gang.ts';
import { closed, goodbye, guest, hello, opened } from './greeting.ts';
import { join, joined } from './joining.ts';
import { moveProgress } from './move-bounds.ts';
import { hearMoveNews } from './move-news.ts';
import { hearRepeated } from './repeated-moves.ts';
import { request } from './requests.ts';
import { serviceAnswered } from './services.ts';
import { inventory, newLife, probed, wantsPids } from './slaves.ts';
import { fetched, lack, peerAddress } from './sources.ts';
import { bootMiss, started, startFailed } from './start-answers.ts';
import { start } from './starts.ts';
import type { MasterClient, MasterNode, MasterState, MasterTurn } from './state.ts';
import { eventsTaken, publish } from './subscriptions.ts';
import { due } from './timers.ts';
import { trustAnswered } from './trust-requests.ts';

/** Takes one event. The effects are to be carried out in order. */
export function step(
  state: MasterState,
  event: MasterEvent,
  now: number,
  wallTime: number,
): [MasterState, MasterEffect[]] {
  const turn: MasterTurn = { state, now, wallTime, effects: [] };
  dispatch(turn, event);
  publish(turn);
  return [state, turn.effects];
}

function dispatch(turn: MasterTurn, event: MasterEvent): void {
  switch (event.type) {
    case 'opened':
      return opened(turn, event.link, event);
    case 'control':
      return control(turn, event.link, event.message);
    case 'closed':
      return closed(turn, event.link);
    case 'probed':
      return probed(turn, event.link, event.alive);
    case 'joined':
      return joined(turn, event.link, event.answer);
    case 'inspected':
      return inspected(turn, event.link, event.answer);
    case 'trusted':
      return trustAnswered(turn, event.client, event.id, event.answer);
    case 'carriedKept':
      return carriedKept(turn, event);
    case 'serviceAnswered':
      return serviceAnswered(turn, event.client, event.id, event.answer);
    case 'timer':
      return due(turn);
    case 'shutdown':
      return shutdown(turn);
  }
}

function control(turn: MasterTurn, id: number, message: Control): void {
  const link = turn.state.links.get(id);
  if (link === undefined) return;
  if (message.body === 'hello') return hello(turn, link, message.domain, message.hello);
  if (message.body === 'guest') return guest(turn, link, message.guest);
  if (message.body === 'challenged') return challenged(turn, link);
  if (message.body === 'join') return join(turn, link, message.domain, message.join);
  if (message.body === 'goodbye') return goodbye(turn, link);
  if (link.who.role === 'slave')
    return link.who.node.link === id ? fromSlave(turn, link.who.node, id, message) : undefined;
  if (link.who.role === 'client')
    return link.who.client.link === id ? fromClient(turn, link.who.client, message) : undefined;
  if (link.who.role === 'joining' || link.who.role === 'challenged') return undefined;
  const reason = new BprocError('EPROTO', `${message.body ?? 'a message'} came before WELCOME`);
  turn.effects.push({ type: 'close', link: id, reason });
}

function fromSlave(turn: MasterTurn, node: MasterNode, link: number, message: Control): void {
  switch (message.body) {
    case 'inventory':
      inventory(turn, node, link, message.inventory);
      return hearRepeated(turn);
    case 'started':
      return started(turn, node, message.started);
    case 'startFailed':
      return startFailed(turn, node, message.startFailed);
    case 'bootMiss':
      return bootMiss(turn, node, message.bootMiss);
    case 'cancelled':
      return startCancelled(turn, node, message.cancelled.puid);
    case 'change':
      return noteChange(turn, node, message.change);
    case 'ended':
      return ended(turn, node, idText(message.ended.puid), message.ended);
    case 'response':
      return answered(turn, node, message.response);
    case 'newLife':
      return newLife(turn, node, message.newLife);
    case 'pidBlock':
      return wantsPids(turn, node, message.pidBlock);
    case 'peerAddress':
      peerAddress(turn, node, message.peerAddress);
      return hearRepeated(turn);
    case 'lack':
      return lack(turn, node, message.lack);
    case 'nodeFacts':
      return nodeFacts(turn, node, message.nodeFacts);
    case 'fetched':
      return fetched(turn, node, message.fetched);
    case 'ready':
      return ready(turn, node, message.ready);
    case 'moveProgress':
      return moveProgress(turn, node, message.moveProgress);
    case 'departed':
    case 'arrived':
      hearMoveNews(turn, node, message);
      return hearRepeated(turn);
    case 'refuse':
      // the slave obeys a newer master: this one has lost it
      turn.effects.push({ type: 'close', link, reason: new BprocError('ESTALE', 'the slave obeys a newer master') });
      return undefined;
    default:
      return undefined;
  }
}

function fromClient(turn: MasterTurn, client: MasterClient, message: Control): void {
  switch (message.body) {
    case 'claim':
      return claim(turn, client, message.claim);
    case 'start':
      return start(turn, client, message.start);
    case 'go':
      return go(turn, client, message.go);
    case 'cancel':
      return cancel(turn, client, message.cancel);
    case 'endAck':
      return acknowledgedBy(turn, client, idText(message.endAck.puid));
    case 'request':
      return request(turn, client, message.request);
    case 'eventsAck':
      return eventsTaken(client, message.eventsAck);
    default:
      return undefined;
  }
}

/** The master leaves: whoever is connected is told, and may look for another. */
function shutdown(turn: MasterTurn): void {
  const { state } = turn;
  state.stopping = true;
  const reason = new BprocError('ECONNRESET', 'the master is shutting down');
  for (const link of state.links.keys()) turn.effects.push({ type: 'close', link, reason });
}
