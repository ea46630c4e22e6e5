/** One move that a client asks for, which it may bound and watch: PROTOCOL.md 12.12. */
import { isIPv4 } from 'node:net';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Init, MoveProgress as Message, Move } from '../../wire/index.ts';
import { MoveProgressPhase } from '../../wire/index.ts';
import { bound, type CallOptions } from '../bound.ts';
import { checkInteger } from './calls.ts';
import type { Waiting } from './waiting.ts';

/** How long it may take until a move that was called off is over, in milliseconds: a capture is never cut short. */
const CALLED_OFF_MS = 60_000;
/** Less would look like a connection on which nothing comes any more. */
const LEAST_RATE = 64 * 1024;

const MODES: readonly string[] = ['stop-and-copy', 'post-copy'];

/** How far a process is on its way. */
export interface MoveProgress {
  /** It is captured and stands still; then what is left of it is sent; then it is made on the other node. */
  readonly phase: 'capturing' | 'sending' | 'making';
  /** Bytes of it that were sent. */
  readonly bytes: number;
  /** Bytes that there are of it; undefined while that is not known. */
  readonly totalBytes: number | undefined;
}

/** How far a copy of a process is on its way. */
export interface ForkProgress extends MoveProgress {
  readonly node: number;
  /** Its place in the list of nodes. */
  readonly rank: number;
}

/** How a process is moved. */
export interface ProcessMoveOptions extends CallOptions {
  /** What becomes of its TCP connections: it does not move where it has any, or they are closed. @default 'refuse' */
  readonly connections?: 'refuse' | 'close';
  /**
   * An IPv4 address of its node that is the process's own, as `10.0.0.7`: it goes along, and all TCP connections with it; who is at
   * the other end sees nothing of that. Its node has to have it with the prefix /32, and the other one an interface in its network. The
   * administrator alone may move addresses. @default none
   */
  readonly address?: string;
  /**
   * When its memory goes: before it runs there, or after, so that a large process stands still for a moment only. But then both
   * nodes, and what is between them, are needed until all of it is over: where one fails before that, the process is lost, and
   * `bytesPerSecond` bounds it no more. @default 'stop-and-copy'
   */
  readonly mode?: 'stop-and-copy' | 'post-copy';
  /** Bytes a second that go to the other node at most, from 65536 on; it stands still for longer then. @default as many as can */
  readonly bytesPerSecond?: number;
  /** Told how far it is: whenever another phase begins, and else at most a few times a second. */
  readonly onProgress?: (progress: MoveProgress) => void;
}

/** What it is asked with. */
export interface MoveCall {
  readonly waiting: Waiting;
  readonly clock: Clock;
  readonly pid: number;
  readonly node: number;
}

/**
 * Moves a process. Where `timeoutMs` or `signal` end it, it is called off, and what has become of it is waited for.
 *
 * @throws BprocError why it runs on where it was.
 */
export async function moveBounded({ waiting, clock, pid, node }: MoveCall, options: ProcessMoveOptions): Promise<void> {
  const { connections, address, mode = 'stop-and-copy', bytesPerSecond, onProgress } = options;
  if (!MODES.includes(mode)) {
    throw new BprocError('EINVAL', `mode is ${JSON.stringify(mode)}: it must be one of ${MODES.join(', ')}`);
  }
  if (address !== undefined && !isIPv4(address)) {
    throw new BprocError('EINVAL', `address is ${JSON.stringify(address)}: it must be one of IPv4`);
  }
  if (connections === 'close' && address !== undefined) {
    throw new BprocError('EINVAL', 'connections are either closed or kept with an address');
  }
  const move: Init<Move> = {
    pid,
    node,
    closeConnections: connections === 'close',
    virtualAddress: address ?? '',
    postCopy: mode === 'post-copy',
    bytesPerSecond: rateOf(bytesPerSecond),
    progress: onProgress !== undefined,
  };
  if (options.signal?.aborted === true) throw new BprocError('ECANCELED', 'the call was cancelled by its signal');
  const id = waiting.nextId();
  const answer = waiting.follow(id, { move }, onProgress && ((message) => onProgress(progressOf(message))));
  const limit = bound<undefined>(clock, options, () => {});
  try {
    await Promise.race([answer, limit.promise.catch((error: unknown) => Promise.reject(new Limit(error)))]);
  } catch (error) {
    if (!(error instanceof Limit)) throw error;
    await calledOff({ waiting, clock, pid, node }, id, answer, BprocError.from(error.cause));
  } finally {
    limit.resolve(undefined);
  }
}

/** A bound that has ended the waiting, to be told from what the master says. */
class Limit extends Error {
  constructor(cause: unknown) {
    super('a bound of the call', { cause });
  }
}

/** Resolves where it was too late: it runs on the other node then. */
async function calledOff(call: MoveCall, id: number, answer: Promise<unknown>, limit: BprocError): Promise<void> {
  const { waiting, clock, pid, node } = call;
  const bounds = { timeoutMs: CALLED_OFF_MS };
  const last = bound<undefined>(clock, bounds, () => {});
  const told = waiting.ask({ callOffMove: { request: id, pid } }, bounds);
  // a master of an older version cannot call it off
  told.catch((error: unknown) => last.reject(BprocError.from(error)));
  let isKnown = false;
  const known = answer.finally(() => {
    isKnown = true;
  });
  try {
    await Promise.race([known, last.promise]);
  } catch (cause) {
    const text = isKnown
      ? `process ${pid} runs on where it was: ${limit.message}`
      : `${limit.message}; whether process ${pid} still comes to node ${node} is not known`;
    throw new BprocError(limit.code, text, { pid, node, cause });
  } finally {
    known.catch(() => {});
    last.resolve(undefined);
  }
}

/** A bound as the wire has it. @throws BprocError EINVAL. */
export function rateOf(bytesPerSecond = Number.POSITIVE_INFINITY): number {
  if (bytesPerSecond === Number.POSITIVE_INFINITY) return 0;
  return checkInteger('bytesPerSecond', bytesPerSecond, LEAST_RATE, Number.MAX_SAFE_INTEGER);
}

/** What a client's caller is told of it. */
export function progressOf({ phase, bytes, totalBytes }: Message): MoveProgress {
  return { phase: nameOf(phase), bytes, totalBytes: totalBytes === 0 ? undefined : totalBytes };
}

function nameOf(phase: Message['phase']): MoveProgress['phase'] {
  if (phase === MoveProgressPhase.CAPTURING) return 'capturing';
  return phase === MoveProgressPhase.SENDING ? 'sending' : 'making';
}
