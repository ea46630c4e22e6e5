/** The two answers to a HELLO: PROTOCOL.md 3.2. */
import type { BprocError } from '../../errors.ts';
import { failureOf } from '../../transport/index.ts';
import type { Hello, Init, Welcome } from '../../wire/index.ts';
import { chooseVersion, PROTOCOL } from '../../wire/index.ts';
import { newTag } from '../ids.ts';
import type { MasterTurn } from './state.ts';
import { send } from './tell.ts';

/** Says no and closes. */
export function refuse(turn: MasterTurn, link: number, error: BprocError): void {
  const { epoch } = turn.state.config;
  send(turn, link, { refuse: { failure: failureOf(error), promised: epoch } });
  turn.effects.push({ type: 'close', link, reason: error });
}

/** Says yes: from here on there is a session. */
export function welcome(
  turn: MasterTurn,
  link: number,
  seen: Pick<Hello, 'majorMin' | 'majorMax'>,
  more: Init<Welcome>,
): void {
  const { config } = turn.state;
  const session = newTag(config.random);
  send(turn, link, {
    welcome: {
      major: chooseVersion(seen),
      minor: PROTOCOL.minor,
      session,
      epoch: config.epoch,
      master: config.id,
      heartbeatMs: config.heartbeatMs,
      ...more,
    },
  });
  turn.effects.push({ type: 'establish', link, session });
}
