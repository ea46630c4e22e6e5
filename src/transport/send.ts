/** What becomes of a message that is too long for the wire. */
import { BprocError } from '../errors.ts';
import type { ControlInit } from '../wire/index.ts';
import { failureOf } from './failure.ts';
import type { Link } from './link.ts';

/**
 * Sends a message. An answer that is longer than the wire allows becomes a failed one, so that who
 * asked hears of it; any other such message closes the link [PROTOCOL 2.4]. Nothing is thrown: what
 * is too long for one peer must not keep a role from its other work.
 */
export function sendOrFail(link: Link, message: ControlInit): void {
  try {
    link.send(message);
  } catch (cause) {
    const error = BprocError.from(cause);
    const { response, epoch, domain } = message;
    if (error.code !== 'E2BIG' || response === undefined) link.close(error);
    else link.send({ epoch, domain, response: { id: response.id, failure: failureOf(error) } });
  }
}
