/** What processes ask about others: here, on other nodes of the job, and in other jobs. */
import { BprocError } from '../../errors.ts';
import { ALL_RANKS, type JobHome, type Member } from '../node-home.ts';
import type { JobInfos } from './job-info.ts';
import { Packer } from './packer.ts';
import { KEY_WAIT_MS, type PutItems, type Side } from './put.ts';

/** A question about one process. */
export interface Question {
  readonly about: Member;
  /** undefined: everything. */
  readonly key: string | undefined;
  /** Whether only what is here counts. */
  readonly immediate: boolean;
  /** Whether whoever asks has said how long it may take; else a key that was not put with the others is not waited for long. */
  readonly isPatient: boolean;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** Where the answers are. */
export interface Knowledge {
  readonly home: JobHome;
  readonly put: PutItems;
  readonly jobs: JobInfos;
}

/** Keys of what servers tell; processes put none of them. */
const RESERVED = 'pmix';

/**
 * Answers a question: items with the process in front of them, as clients read them.
 *
 * @throws BprocError ENOENT where there is no such thing; what `home.fetch` throws; the signal's reason.
 */
export async function answer(known: Knowledge, question: Question): Promise<Buffer> {
  const { about, key, immediate } = question;
  const { home, put } = known;
  if (about.rank === ALL_RANKS) return withName(about, jobItems(known, question));
  if (about.rank < 0 || key?.startsWith(RESERVED) === true) throw missing(question);
  const isOwnJob = about.job === home.job.id;
  if (isOwnJob && about.rank >= home.job.size) throw missing(question);
  const isOwn = isOwnJob && ranksHere(home).includes(about.rank);
  const side: Side = isOwn ? 'local' : 'remote';
  if (isHere(put, question, side)) return withName(about, put.blob(about, side));
  if (immediate) throw missing(question);
  if (isOwn) await waitFor(known, question, side);
  else await fetchUntilHere(known, question);
  if (!isHere(put, question, side)) throw missing(question);
  return withName(about, put.blob(about, side));
}

/** What another node's server is told of a rank of this one. @param key empty: everything. */
export async function answerFar(known: Knowledge, rank: number, key: string, signal: AbortSignal): Promise<Buffer> {
  const about: Member = { job: known.home.job.id, rank };
  const question: Question = { about, key: key === '' ? undefined : key, immediate: false, isPatient: false, signal };
  if (!isHere(known.put, question, 'remote')) await waitFor(known, question, 'remote');
  return known.put.blob(about, 'remote');
}

/** The other node waits for a key only as long as {@link KEY_WAIT_MS}, once the rank has put others. */
async function fetchUntilHere({ home, put }: Knowledge, question: Question): Promise<void> {
  const { about, key, isPatient, signal } = question;
  do {
    put.learn(about, await home.fetch(about, key ?? '', signal));
  } while (isPatient && !isHere(put, question, 'remote') && !put.isGone(about));
}

function ranksHere({ job, node }: JobHome): readonly number[] {
  return job.nodes.find(({ node: number }) => number === node)?.ranks ?? [];
}

function jobItems({ jobs }: Knowledge, question: Question): Buffer {
  const items = jobs.get(question.about.job);
  const { key } = question;
  // a job's items are told with its name only as a whole, so that it is enough to see the key in them
  if (items === undefined || (key !== undefined && !items.includes(`${key}\0`))) throw missing(question);
  return items;
}

function isHere(put: PutItems, { about, key }: Question, side: Side): boolean {
  return key === undefined ? put.knows(about) : put.has(about, side, key);
}

/** Whether a rank has put a key, but not for those who ask: nothing is to be waited for. */
function isElsewhere(put: PutItems, { about, key }: Question, side: Side): boolean {
  return key !== undefined && put.has(about, side === 'local' ? 'remote' : 'local', key);
}

/** Waits until a rank of this node has put a key. One that it has not put with the first may come a little later, or not at all. */
async function waitFor({ home, put }: Knowledge, question: Question, side: Side): Promise<void> {
  const { about, signal } = question;
  await new Promise<void>((resolve, reject) => {
    let stopClock = (): void => {};
    const finish = (error?: BprocError): void => {
      stop();
      stopClock();
      signal.removeEventListener('abort', onAbort);
      if (error === undefined) resolve();
      else reject(error);
    };
    const look = (): boolean => {
      const isOver = isHere(put, question, side) || isElsewhere(put, question, side) || put.isGone(about);
      if (isOver) finish();
      else if (put.knows(about) && !question.isPatient) beginToEnd();
      return isOver;
    };
    let isEnding = false;
    const beginToEnd = (): void => {
      if (isEnding) return;
      isEnding = true;
      stopClock = home.clock.after(KEY_WAIT_MS, () => finish());
    };
    const onAbort = (): void => finish(BprocError.from(signal.reason, 'ECANCELED'));
    const stop = put.watch(about, look);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else look();
  });
}

function withName(about: Member, items: Uint8Array): Buffer {
  const named = new Packer().count().proc(about).raw(items).done();
  return new Packer().count().object(named).done();
}

function missing({ about, key }: Question): BprocError {
  return new BprocError('ENOENT', `process ${about.rank} of ${about.job} has no ${key ?? 'data'}`);
}
