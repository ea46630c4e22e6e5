/** Calls that wait for an answer, each bounded by a time and a signal. */
import type { Clock } from '../../clock.ts';
import type { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { MoveProgress, RequestChoice, Response } from '../../wire/index.ts';
import { type Bounded, bound, type CallOptions } from '../bound.ts';
import type { ClientEvent } from './events.ts';
import type { ClientState } from './state.ts';

/** What {@link Waiting} needs of a session. */
interface Asker {
  readonly state: ClientState;
  readonly over: BprocError | undefined;
  dispatch(event: ClientEvent): void;
}

interface Call extends Pick<Bounded<Response>, 'resolve' | 'reject'> {
  readonly progress: ((progress: MoveProgress) => void) | undefined;
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

  /** Sends request `id`, and waits for its answer without end; what is said on the way is told. */
  follow(
    id: number,
    order: RequestChoice,
    progress: ((progress: MoveProgress) => void) | undefined,
  ): Promise<Response> {
    const send = (): void => this.#asker.dispatch({ type: 'request', id, order });
    return this.wait(id, { timeoutMs: Number.POSITIVE_INFINITY }, send, progress);
  }

  /** Waits for the answer to request `id`, which `send` sends. */
  wait(
    id: number,
    options: Required<Pick<CallOptions, 'timeoutMs'>> & CallOptions,
    send: () => void,
    progress?: (progress: MoveProgress) => void,
  ): Promise<Response> {
    const bounded = bound<Response>(this.#clock, options, () => {
      this.#calls.delete(id);
      this.#asker.dispatch({ type: 'abandon', id });
    });
    if (this.#asker.over !== undefined) {
      bounded.reject(this.#asker.over);
      return bounded.promise;
    }
    this.#calls.set(id, { resolve: bounded.resolve, reject: bounded.reject, progress });
    send();
    return bounded.promise;
  }

  answered(id: number, response: Response): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (response.failure === null) call?.resolve(response);
    else call?.reject(reasonOf(response.failure));
  }

  progressed(progress: MoveProgress): void {
    this.#calls.get(progress.request)?.progress?.(progress);
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
