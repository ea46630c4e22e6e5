/** What the commands of clients work with: all that the server of a node has of a job, and who asks. */
import { BprocError } from '../../errors.ts';
import type { JobHome, Member } from '../node-home.ts';
import type { Collectives } from './collectives.ts';
import type { Events, Listener } from './events.ts';
import type { JobInfos } from './job-info.ts';
import { Packer } from './packer.ts';
import type { PublishedNames } from './published.ts';
import type { PutItems } from './put.ts';
import type { LocalRank } from './queries.ts';

/** What the server of a node has of a job. */
export interface Desk {
  readonly home: JobHome;
  readonly put: PutItems;
  readonly jobs: JobInfos;
  readonly collectives: Collectives;
  readonly events: Events;
  readonly names: PublishedNames;
  /** Ranks of this node that run. */
  running(): readonly LocalRank[];
}

/** A client that asks. */
export interface Caller extends Listener {
  readonly member: Member;
  /** Is aborted when it is not there any more. */
  readonly signal: AbortSignal;
  /** It has said that it will ask no more. */
  finalized(): void;
}

/** A question of a client's, to be answered once. */
export interface Request {
  readonly caller: Caller;
  reply(payload: Uint8Array): void;
}

/** A status, as most answers are and the others begin. */
export function statusItem(status: number): Packer {
  return new Packer().count().i32(status);
}

/** Does something that has to be done in time: its signal is aborted when the time is over, or the caller gone. */
export async function inTime<T>(
  { home }: Pick<Desk, 'home'>,
  { signal }: Pick<Caller, 'signal'>,
  timeoutMs: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (timeoutMs === undefined) return work(signal);
  const late = new AbortController();
  const why = new BprocError('ETIMEDOUT', `there was no answer within ${timeoutMs} ms`);
  const stopClock = home.clock.after(timeoutMs, () => late.abort(why));
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    // whoever was told to stop may not say why
    throw late.signal.aborted ? why : error;
  } finally {
    stopClock();
  }
}

/** Waits for something that goes on whoever waits for it. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(BprocError.from(signal.reason, 'ECANCELED'));
    const done = (): void => signal.removeEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(done);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
