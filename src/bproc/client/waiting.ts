/** Calls that wait for an answer, each bounded by a time and a signal. */
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { RequestChoice, Response } from '../../wire/index.ts';
import type { ClientEvent } from './events.ts';
import type { ClientState } from './state.ts';

/** Bounds of one call. They end the waiting, never what the call has started. */
export interface CallOptions {
  /** Ends the waiting; the call rejects with ECANCELED. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the call rejects with ETIMEDOUT; Infinity: never. @default the client's `timeoutMs` */
  readonly timeoutMs?: number;
}

/** What {@link Waiting} needs of a session. */
interface Asker {
  readonly state: ClientState;
  readonly over: BprocError | undefined;
  dispatch(event: ClientEvent): void;
}

interface Call {
  readonly resolve: (response: Response) => void;
  readonly reject: (error: BprocError) => void;
}

/** The open calls of one session. */
export class Waiting {
  readonly #asker: Asker;
  readonly #clock: Clock;
  readonly #calls = new Map<number, Call>();

  constructor(asker: Asker, clock: Clock) {
    this.#asker = asker;
    this.#clock = clock;
  }

  /**
   * Sends a request and waits for its answer, over reconnects.
   *
   * @throws BprocError what the master answers; ECANCELED, ETIMEDOUT by `options`; ECONNRESET when
   *   the master is given up.
   */
  ask(order: RequestChoice, options: Required<Pick<CallOptions, 'timeoutMs'>> & CallOptions): Promise<Response> {
    const id = this.nextId();
    return this.wait(id, options, () => this.#asker.dispatch({ type: 'request', id, order }));
  }

  /** A number for a request that no other has. */
  nextId(): number {
    const { state } = this.#asker;
    const id = state.nextRequest;
    state.nextRequest += 1;
    return id;
  }

  /** Waits for the answer to request `id`, which `send` sends. */
  wait(
    id: number,
    options: Required<Pick<CallOptions, 'timeoutMs'>> & CallOptions,
    send: () => void,
  ): Promise<Response> {
    const bounded = bound<Response>(this.#clock, options, () => {
      this.#calls.delete(id);
      this.#asker.dispatch({ type: 'abandon', id });
    });
    if (this.#asker.over !== undefined) {
      bounded.reject(this.#asker.over);
      return bounded.promise;
    }
    this.#calls.set(id, bounded);
    send();
    return bounded.promise;
  }

  answered(id: number, response: Response): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (response.failure === null) call?.resolve(response);
    else call?.reject(reasonOf(response.failure));
  }

  /** A request could not be sent. */
  failed(id: number, error: BprocError): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.reject(error);
  }

  /** Nobody will answer any more. */
  fail(error: BprocError): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.reject(error);
  }
}

/** A promise that is settled from outside, or by a time or a signal. */
export interface Bounded<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: BprocError) => void;
}

/** Makes a {@link Bounded} promise; `onGivenUp` is called when a bound ended the waiting. */
export function bound<T>(clock: Clock, options: CallOptions, onGivenUp: () => void): Bounded<T> {
  const { signal, timeoutMs = Number.POSITIVE_INFINITY } = options;
  let cancelTimer: Cancel = () => {};
  let settle: { resolve: (value: T) => void; reject: (error: BprocError) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const finish = (): typeof settle => {
    const pending = settle;
    settle = undefined;
    cancelTimer();
    signal?.removeEventListener('abort', onAbort);
    return pending;
  };
  const giveUp = (error: BprocError): void => {
    const pending = finish();
    if (pending === undefined) return;
    pending.reject(error);
    onGivenUp();
  };
  const onAbort = (): void => {
    giveUp(new BprocError('ECANCELED', 'the call was cancelled by its signal', { cause: signal?.reason }));
  };
  if (Number.isFinite(timeoutMs)) {
    cancelTimer = clock.after(timeoutMs, () => giveUp(new BprocError('ETIMEDOUT', `no answer within ${timeoutMs} ms`)));
  }
  if (signal?.aborted === true) queueMicrotask(onAbort);
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    promise,
    resolve: (value) => finish()?.resolve(value),
    reject: (error) => finish()?.reject(error),
  };
}
