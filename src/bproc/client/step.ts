/**
 * The client as a reducer: `(state, event, now) -> [state, effects]`. It does no I/O and reads no
 * clock; the state is its own and is updated in place.
 */
import type { Control } from '../../wire/index.ts';
import { attach, closed, connect, due, greet, refused, shutdown, unreachable } from './attach.ts';
import { copied } from './copied.ts';
import type { ClientEffect, ClientEvent, ClientTurn } from './events.ts';
import { ready } from './gang.ts';
import { bootMiss, cancel, cancelled, changed, ended, moved, progressed, started, startFailed } from './processes.ts';
import { start } from './starts.ts';
import type { ClientState } from './state.ts';
import { closeOutput, consumed, credited, endInput, pumpAll, received, stopped, write } from './streams.ts';
import { tell, tellRequest } from './tell.ts';

/** Takes one event. The effects are to be carried out in order. */
export function step(state: ClientState, event: ClientEvent, now: number): [ClientState, ClientEffect[]] {
  const turn: ClientTurn = { state, now, effects: [] };
  if ('link' in event && event.type !== 'opened' && event.type !== 'closed') onLink(turn, event);
  else dispatch(turn, event);
  return [state, turn.effects];
}

type LinkEvent = Extract<
  ClientEvent,
  { readonly type: 'control' | 'data' | 'credit' | 'stop' | 'congested' | 'drained' }
>;

function onLink(turn: ClientTurn, event: LinkEvent): void {
  const { link } = turn.state;
  if (event.type === 'control' && event.message.body === 'welcome')
    return attach(turn, event.link, event.message.welcome);
  if (event.type === 'control' && event.message.body === 'refuse')
    return refused(turn, event.link, event.message.refuse);
  if (link.phase !== 'attached' || link.link !== event.link) return;
  switch (event.type) {
    case 'control':
      return control(turn, event.message);
    case 'data':
      return received(turn, event);
    case 'credit':
      return credited(turn, event.stream, event.credit);
    case 'stop':
      return stopped(turn, event.stream);
    case 'congested':
      turn.state.congested = true;
      return undefined;
    case 'drained':
      return pumpAll(turn);
  }
}

function dispatch(turn: ClientTurn, event: Exclude<ClientEvent, LinkEvent>): void {
  switch (event.type) {
    case 'connect':
      return connect(turn);
    case 'opened':
      return greet(turn, event.link);
    case 'unreachable':
      return unreachable(turn, event.error);
    case 'closed':
      return closed(turn, event.link, event.reason);
    case 'timer':
      return due(turn);
    case 'start':
      return start(turn, event.processes);
    case 'cancel':
      return cancel(turn, event.key);
    case 'write':
      return write(turn, event.key, event.bytes);
    case 'endInput':
      return endInput(turn, event.key);
    case 'consumed':
      return consumed(turn, event.key, event.fd, event.bytes);
    case 'closeOutput':
      return closeOutput(turn, event.key, event.fd);
    case 'copied':
      return copied(turn, event.id, event.pid);
    case 'shutdown':
      return shutdown(turn);
    default:
      return ask(turn, event);
  }
}

type Asking = Extract<ClientEvent, { readonly type: 'request' | 'abandon' | 'subscribe' | 'taken' | 'unsubscribe' }>;

function ask(turn: ClientTurn, event: Asking): void {
  const { requests, subscriptions } = turn.state;
  switch (event.type) {
    case 'request':
      requests.set(event.id, event.order);
      return tellRequest(turn, event.id, event.order);
    case 'abandon':
      return abandon(turn, event.id);
    case 'subscribe': {
      const { id, cursor, processes } = event;
      subscriptions.set(id, { id, processes, cursor });
      requests.set(event.request, { subscribe: { id, cursor, processes } });
      return tell(turn, { request: { id: event.request, subscribe: { id, cursor, processes } } });
    }
    case 'taken':
      return tell(turn, { eventsAck: { id: event.id, cursor: event.cursor } });
    case 'unsubscribe':
      subscriptions.delete(event.id);
      return tell(turn, { request: { id: 0, unsubscribe: { id: event.id } } });
  }
}

/**
 * Nobody waits for an answer any more. What waits for the end of a process may go on doing so for as long as the
 * process lives: the master is told, again on every connection until it says that it knows [PROTOCOL 7.1].
 */
function abandon(turn: ClientTurn, id: number): void {
  const { state } = turn;
  const order = state.requests.get(id);
  state.requests.delete(id);
  if (order === undefined || !('wait' in order || 'service' in order)) return;
  const request = state.nextRequest;
  state.nextRequest += 1;
  state.requests.set(request, { abandon: { id } });
  tell(turn, { request: { id: request, abandon: { id } } });
}

function control(turn: ClientTurn, message: Control): void {
  switch (message.body) {
    case 'started':
      return started(turn, message.started);
    case 'startFailed':
      return startFailed(turn, message.startFailed);
    case 'ready':
      return ready(turn, message.ready);
    case 'bootMiss':
      return bootMiss(turn, message.bootMiss);
    case 'cancelled':
      return cancelled(turn, message.cancelled.puid);
    case 'change':
      return changed(turn, message.change);
    case 'ended':
      return ended(turn, message.ended);
    case 'moved':
      return moved(turn, message.moved);
    case 'moveProgress':
      return progressed(turn, message.moveProgress);
    case 'response': {
      const { response } = message;
      const subscription =
        response.body === 'subscribed' ? turn.state.subscriptions.get(response.subscribed.id) : undefined;
      if (response.body === 'subscribed' && subscription !== undefined)
        subscription.cursor = response.subscribed.cursor;
      if (response.body === 'carried') turn.state.carried = response.carried.files;
      if (turn.state.requests.delete(response.id)) turn.effects.push({ type: 'answered', id: response.id, response });
      return undefined;
    }
    case 'carried':
      turn.state.carried = message.carried.files;
      return undefined;
    case 'events': {
      const { id, events, cursor } = message.events;
      const subscription = turn.state.subscriptions.get(id);
      if (subscription === undefined) return undefined;
      subscription.cursor = cursor;
      turn.effects.push({ type: 'events', id, events, cursor });
      return undefined;
    }
    default:
      // what this version does not know is ignored [PROTOCOL 2.3]
      return undefined;
  }
}
