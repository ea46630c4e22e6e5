/** What a client says to its master. */
import type { ControlInit, RequestChoice } from '../../wire/index.ts';
import type { ClientTurn } from './events.ts';

/** How long an end that was taken may wait to be acknowledged, in milliseconds. */
const ACK_WITHIN_MS = 10;

/** Sends to the master, if there is one now. */
export function tell(turn: ClientTurn, message: ControlInit): void {
  // before all else: whoever asks for a process that has ended is not to find it still there
  sendAcks(turn);
  send(turn, message);
}

/** Asks the master. What it is asked again later is a repetition from now on [PROTOCOL 12.17]. */
export function tellRequest(turn: ClientTurn, id: number, order: RequestChoice): void {
  tell(turn, { request: { id, ...order } });
  const { link, requests } = turn.state;
  if (link.phase === 'attached' && 'move' in order) requests.set(id, { move: { ...order.move, repeated: true } });
}

function send(turn: ClientTurn, message: ControlInit): void {
  const { link, config } = turn.state;
  if (link.phase !== 'attached') return;
  turn.effects.push({
    type: 'send',
    link: link.link,
    message: config.domain === '' ? message : { ...message, domain: config.domain },
  });
}

/** An end was taken. Nobody waits to hear that, and many of them together cost the master little more than one. */
export function acknowledge(turn: ClientTurn, puid: Uint8Array): void {
  const { acks, deadlines } = turn.state;
  acks.push(puid);
  if (acks.length === 1) deadlines.set('acks', turn.now + ACK_WITHIN_MS);
}

/** Without a connection they are dropped: the next master tells the ends again. */
export function sendAcks(turn: ClientTurn): void {
  const { acks, deadlines } = turn.state;
  if (acks.length === 0) return;
  deadlines.clear('acks');
  for (const puid of acks.splice(0)) send(turn, { endAck: { puid } });
}
