/** Passes files from one giver to its takers. */
import type { Readable } from 'node:stream';
import { BprocError, errnoOf } from '../../errors.ts';
import type { FileAgent } from './copy-agents.ts';
import type { CopyResult } from './copy-options.ts';
import { encodeRecord, endRecord, fileRecord, RECORD } from './copy-records.ts';
import type { Taking } from './copy-taking.ts';

/** What gives files as records. */
export interface Giver {
  readonly records: AsyncIterable<Uint8Array>;
  /** Why there is no more of it, where it has ended before its end. */
  readonly ended: Promise<BprocError | undefined>;
  /** What kept it from giving all, where it has told the takers so. */
  readonly failure: BprocError | undefined;
  /** Takes what a taker has of a file. */
  answer(bytes: Uint8Array): void;
  stop(): void;
}

/** An agent that gives, once it is told what. */
export function agentGiver(agent: FileAgent, order: Uint8Array): Giver {
  agent.stdin.on('error', () => {});
  agent.stdin.write(order);
  return {
    records: agent.stdout,
    ended: agent.ended,
    failure: undefined,
    answer: (bytes) => void agent.stdin.write(bytes),
    stop: () => agent.stop(),
  };
}

/** Bytes as one file. */
export function contentGiver(content: Uint8Array | Readable, mode: number, nowMs: number): Giver {
  let failed: BprocError | undefined;
  async function* records(): AsyncGenerator<Uint8Array> {
    yield fileRecord(content instanceof Uint8Array ? content.length : 0, mode, nowMs);
    let size = 0;
    try {
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
        for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
          yield encodeRecord(RECORD.data, 0, bytes.subarray(at, at + PIECE_BYTES));
        }
        size += bytes.length;
      }
    } catch (cause) {
      failed = BprocError.from(cause);
    }
    yield endRecord(size, failed === undefined ? 0 : errnoOf('EIO'));
    yield encodeRecord(RECORD.done);
  }
  const stop = (): void => {
    if (!(content instanceof Uint8Array)) content.destroy();
  };
  return {
    records: records(),
    ended: Promise.resolve(undefined),
    get failure() {
      return failed;
    },
    answer: () => {},
    stop,
  };
}

const PIECE_BYTES = 128 * 1024;

/**
 * Passes everything on; resolves with what each taker has made. The slowest that can be reached sets the pace; one that
 * cannot be reached is given up, and waited for where it is the only one.
 */
export async function transfer(giver: Giver, takers: readonly Taking[]): Promise<readonly (CopyResult | BprocError)[]> {
  const [only] = takers;
  if (takers.length === 1) only?.onHave(({ type, flags, payload }) => giver.answer(encodeRecord(type, flags, payload)));
  const outcomes = Promise.all(takers.map(({ result }) => result));
  const unwatch = takers.length > 1 ? takers.map((taker) => giveUpUnreachable(taker)) : [];
  let isGiving = true;
  let failure: BprocError | undefined;
  // the giver may have nothing to say that would show it that nobody listens
  void outcomes.then(() => {
    if (!isGiving) return;
    isGiving = false;
    failure = giver.failure;
    giver.stop();
  });
  try {
    for await (const bytes of giver.records) {
      const full = takers.map((taker) => taker.write(bytes)).filter((room) => room !== undefined);
      if (full.length > 0) await Promise.all(full);
      if (!isGiving) break;
    }
    if (isGiving) failure = giver.failure ?? (await giver.ended);
  } catch (cause) {
    if (isGiving) failure = BprocError.from(cause);
  }
  isGiving = false;
  for (const taker of takers) if (!taker.isOver) taker.end();
  const results = await outcomes;
  for (const stop of unwatch) stop();
  await Promise.all(takers.map(({ gone }) => gone));
  const reason = failure;
  if (reason === undefined) return results;
  return results.map((result) => (BprocError.is(result) ? reason : result));
}

/**
 * Fails a taker when its node cannot be reached, which nobody is to wait for; returns a function that stops it.
 *
 * @param onGivenUp is called when that happens.
 */
export function giveUpUnreachable(taker: Taking, onGivenUp: () => void = () => {}): () => void {
  const { agent } = taker;
  const look = (): void => {
    if (taker.isOver || agent.isWithinReach) return;
    const message = `node ${agent.node} cannot be reached: its copy was given up`;
    taker.fail(new BprocError('BE_NODEDOWN', message, { node: agent.node }));
    onGivenUp();
  };
  look();
  return agent.watch(look);
}
