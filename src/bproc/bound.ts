/** Waiting that a time or a signal ends. */
import type { Cancel, Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';

/** Bounds of one call. They end the waiting, never what the call has started. */
export interface CallOptions {
  /** Ends the waiting; the call rejects with ECANCELED. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the call rejects with ETIMEDOUT; Infinity: never. @default the client's `timeoutMs` */
  readonly timeoutMs?: number;
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
