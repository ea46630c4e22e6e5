/** A copy as one file, which nodes have from each other as they have what programs consist of [PROTOCOL 11.5]. */
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { makeOwnDirectory } from '../../linux/index.ts';
import { numbersOf, RECORD, RecordReader } from './copy-records.ts';
import type { Giver } from './copy-transfer.ts';

/** To fewer nodes the caller can as well give it itself. */
export const LEAST_SPREAD_NODES = 4;
/** What is less is there before nodes have asked each other for it; what is more leaves no room in caches for programs. */
const LEAST_BYTES = 1024 * 1024;
const MOST_BYTES = 256 * 1024 * 1024;

/** All records of a copy in a file of the caller's. Disposing of it removes them. */
export interface Parcel extends AsyncDisposable {
  readonly path: string;
  /** The SHA-256 of it, in hexadecimal. */
  readonly hash: string;
}

/** Whether a copy of so much is better spread. */
export function isWorthSpreading(totalBytes: number): boolean {
  return totalBytes >= LEAST_BYTES && totalBytes <= MOST_BYTES;
}

/** What a giver will give. */
export interface Foreseen {
  readonly totalBytes: number;
  readonly totalEntries: number;
  /** Gives all of it, as if nobody had looked. */
  readonly giver: Giver;
}

/** Learns of a giver that was told to say so how much it will give, and has it give everything nevertheless. */
export async function foresee(giver: Giver): Promise<Foreseen> {
  const iterator = giver.records[Symbol.asyncIterator]();
  const reader = new RecordReader();
  const seen: Uint8Array[] = [];
  let totals: readonly number[] | undefined;
  while (totals === undefined) {
    const { value, done } = await iterator.next();
    if (done === true) throw (await giver.ended) ?? new BprocError('EPROTO', 'a file agent gave nothing');
    seen.push(value);
    const [first] = reader.read(Buffer.from(value));
    if (first === undefined) continue;
    // where it says nothing it is one that cannot say it
    totals = first.type === RECORD.total ? numbersOf(first, 0, 2) : [];
  }
  async function* records(): AsyncGenerator<Uint8Array> {
    yield* seen;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  const { ended, answer, stop } = giver;
  const again: Giver = {
    records: records(),
    ended,
    get failure() {
      return giver.failure;
    },
    answer,
    stop,
  };
  const [totalBytes = 0, totalEntries = 0] = totals;
  return { totalBytes, totalEntries, giver: again };
}

/**
 * Writes all that a taker is to read into a file.
 *
 * @param order what it is told first.
 * @throws BprocError ENOSPC where this machine has no room for it, and why the giver has ended.
 */
export async function pack(giver: Giver, order: Uint8Array): Promise<Parcel> {
  const directory = makeOwnDirectory('copy');
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const path = join(directory, 'files');
    const hash = createHash('sha256').update(order);
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(order);
      for await (const bytes of giver.records) {
        hash.update(bytes);
        await file.writeFile(bytes);
      }
    } finally {
      await file.close();
    }
    const failure = await giver.ended;
    if (failure !== undefined) throw failure;
    return { path, hash: hash.digest('hex'), [Symbol.asyncDispose]: remove };
  } catch (cause) {
    await remove();
    throw BprocError.from(cause);
  }
}
