/** Following the changes: PROTOCOL.md 7.4. */

import { BprocError } from '../../errors.ts';
import type { Event, EventsAck, Init, Subscribe } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { MasterClient, MasterTurn, Subscription } from './state.ts';
import { inform, respond } from './tell.ts';

/** Events on their way to one subscriber that it has not acknowledged. */
const UNDER_WAY = 512;
const PER_MESSAGE = 128;
/** Characters of node records in one message: attributes make some of them long. */
const CHARACTERS_PER_MESSAGE = 512 * 1024;
const MOST_SUBSCRIPTIONS = 64;

function cursorOf(turn: MasterTurn, number: number): string {
  return `${idText(turn.state.config.id)}:${number}`;
}

/** Begins to follow, from a cursor on or from now. */
export function subscribe(turn: MasterTurn, client: MasterClient, id: number, message: Subscribe): void {
  if (client.subscriptions.size >= MOST_SUBSCRIPTIONS) {
    throw new BprocError('EAGAIN', `a client follows at most ${MOST_SUBSCRIPTIONS} streams of changes at once`);
  }
  turn.state.events.follow();
  const { last } = turn.state.events;
  const [master, number] = message.cursor.split(':');
  const known = master === idText(turn.state.config.id) && Number.isSafeInteger(Number(number));
  const from = message.cursor === '' || !known ? last : Math.min(Number(number), last);
  const gap = message.cursor !== '' && !known ? 'the master was restarted' : undefined;
  client.subscriptions.set(message.id, { id: message.id, processes: message.processes, sent: from, acked: from, gap });
  respond(turn, client, id, { subscribed: { cursor: cursorOf(turn, from), id: message.id } });
}

/** The client has taken events up to a cursor. */
export function eventsTaken(client: MasterClient, message: EventsAck): void {
  const subscription = client.subscriptions.get(message.id);
  const number = Number(message.cursor.split(':')[1]);
  if (subscription === undefined || !Number.isSafeInteger(number)) return;
  subscription.acked = Math.min(Math.max(subscription.acked, number), subscription.sent);
}

/** Sends every subscriber what it has not had, as far as it keeps up. Called once after each event of the master. */
export function publish(turn: MasterTurn): void {
  for (const client of turn.state.clients.values()) {
    if (client.link === undefined) continue;
    for (const subscription of client.subscriptions.values()) advance(turn, client, subscription);
  }
}

function advance(turn: MasterTurn, client: MasterClient, subscription: Subscription): void {
  const { events } = turn.state;
  while (subscription.sent - subscription.acked < UNDER_WAY) {
    if (subscription.sent + 1 < events.first) {
      subscription.gap ??= 'they were not taken in time';
      subscription.sent = events.first - 1;
      subscription.acked = subscription.sent;
    }
    const batch: Init<Event>[] = [];
    if (subscription.gap !== undefined) {
      batch.push({ number: subscription.sent, at: turn.wallTime, gap: { reason: subscription.gap } });
      subscription.gap = undefined;
    }
    const before = subscription.sent;
    let characters = 0;
    while (batch.length < PER_MESSAGE && characters < CHARACTERS_PER_MESSAGE && subscription.sent < events.last) {
      subscription.sent += 1;
      const event = events.at(subscription.sent);
      if (event === undefined || (event.process !== undefined && !subscription.processes)) continue;
      batch.push(event);
      for (const [name, value] of Object.entries(event.node?.node?.attributes ?? {}))
        characters += name.length + value.length;
    }
    if (batch.length === 0) {
      // nothing of interest: what was passed over needs no acknowledgement
      if (subscription.acked === before) subscription.acked = subscription.sent;
      return;
    }
    inform(turn, client, { events: { id: subscription.id, events: batch, cursor: cursorOf(turn, subscription.sent) } });
  }
}
