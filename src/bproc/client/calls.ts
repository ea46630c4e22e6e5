/** What every group of a client's calls stands on. */
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { RequestChoice, Response } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import type { Session } from './session.ts';

/** A client's session and its defaults. */
export abstract class Calls {
  /** @internal */
  protected readonly session: Session;
  /** @internal */
  protected readonly clock: Clock;
  /** @internal Bound of every call that does not set one, in milliseconds. */
  protected readonly timeoutMs: number;

  /** @internal */
  protected constructor(session: Session, clock: Clock, timeoutMs: number) {
    this.session = session;
    this.clock = clock;
    this.timeoutMs = timeoutMs;
  }

  /** @internal */
  protected bounds(options: CallOptions): CallOptions & { readonly timeoutMs: number } {
    return { ...options, timeoutMs: options.timeoutMs ?? this.timeoutMs };
  }

  /** @internal The bounds of a call that asks several times, as they are whenever it asks. */
  protected boundsOfAll(options: CallOptions): () => CallOptions & { readonly timeoutMs: number } {
    const bounds = this.bounds(options);
    const until = this.clock.now() + bounds.timeoutMs;
    return () => ({ ...bounds, timeoutMs: Math.max(0, until - this.clock.now()) });
  }

  /** @internal */
  protected ask(order: RequestChoice, options: CallOptions): Promise<Response> {
    return this.session.waiting.ask(order, this.bounds(options));
  }

  /** @internal The body that was asked for. */
  protected async askFor<K extends NonNullable<Response['body']>>(
    body: K,
    order: RequestChoice,
    options: CallOptions,
  ): Promise<Extract<Response, { readonly body: K }>> {
    const response = await this.ask(order, options);
    if (!hasBody(response, body))
      throw new BprocError('EPROTO', `the master answered ${response.body ?? 'nothing'} instead of ${body}`);
    return response;
  }
}

function hasBody<K extends NonNullable<Response['body']>>(
  response: Response,
  body: K,
): response is Extract<Response, { readonly body: K }> {
  return response.body === body;
}

/**
 * Checks that a number is a whole one within bounds, by default those of 32 bits.
 *
 * @throws BprocError EINVAL.
 */
export function checkInteger(what: string, value: number, least = 0, most = 2 ** 31 - 1): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const bounds = most === 2 ** 31 - 1 ? `${least} up` : `${least} to ${most}`;
  throw new BprocError('EINVAL', `${what} is ${value}: it must be a whole number from ${bounds}`);
}
