/** What every group of calls about names stands on. */
import { bound, type CallOptions } from '../bproc/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Database, Entries } from './entries.ts';
import { type Answer, answerOf, type NssSource, type Question } from './question.ts';

/** Look-ups in one source. */
export abstract class NssCalls {
  readonly #source: NssSource;
  readonly #clock: Clock;

  /** @internal Use `createNss`. */
  constructor(source: NssSource, clock: Clock = systemClock({ keepAlive: true })) {
    this.#source = source;
    this.#clock = clock;
  }

  /** @internal Every entry that answers a question. @throws BprocError EAGAIN where it cannot be said now. */
  protected async ask<D extends Database>(question: Question<D>, options: CallOptions): Promise<readonly Entries[D][]> {
    const answer = answerOf(this.#source, question);
    const { status, entries, error } =
      answer instanceof Promise ? await within(this.#clock, answer, options) : checkSignal(answer, options);
    if (error === undefined || status === 'success' || status === 'notfound') return entries;
    const what = `${question.database}: ${question.by} ${JSON.stringify(question.key)}`;
    throw new BprocError('EAGAIN', `${what} cannot be looked up now: ${error.message}`, { cause: error });
  }

  /** @internal The first entry of them. */
  protected async first<D extends Database>(
    question: Question<D>,
    options: CallOptions,
  ): Promise<Entries[D] | undefined> {
    return (await this.ask(question, options))[0];
  }

  /** @internal Every entry of a database. */
  protected all<D extends Database>(database: D, options: CallOptions): Promise<readonly Entries[D][]> {
    return this.ask({ database, by: 'all', key: '', detail: '' }, options);
  }
}

function checkSignal<T>(answer: T, { signal }: CallOptions): T {
  if (signal?.aborted !== true) return answer;
  throw new BprocError('ECANCELED', 'the call was cancelled by its signal', { cause: signal.reason });
}

async function within<D extends Database>(
  clock: Clock,
  answer: Promise<Answer<D>>,
  options: CallOptions,
): Promise<Answer<D>> {
  if (options.signal === undefined && options.timeoutMs === undefined) return answer;
  const bounded = bound<Answer<D>>(clock, options, () => {});
  void answer.then(bounded.resolve);
  return bounded.promise;
}
