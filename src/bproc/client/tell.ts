/** What a client says to its master. */
import type { ControlInit } from '../../wire/index.ts';
import type { ClientTurn } from './events.ts';

/** Sends to the master, if there is one now. */
export function tell(turn: ClientTurn, message: ControlInit): void {
  const { link, config } = turn.state;
  if (link.phase !== 'attached') return;
  turn.effects.push({
    type: 'send',
    link: link.link,
    message: config.domain === '' ? message : { ...message, domain: config.domain },
  });
}
