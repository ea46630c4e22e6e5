/** Answers that are kept for a while, and questions that are on their way: whoever asks the same meanwhile waits for the same answer. */
import type { Clock } from '../clock.ts';
import type { Database } from './entries.ts';
import { type Answer, answerOf, keyOf, type NssSource, type Question } from './question.ts';

/** For how long answers are kept, in milliseconds, and how many. */
export interface CacheLimits {
  readonly ttlMs: number;
  /** Of answers that there is no such entry. */
  readonly negativeTtlMs: number;
  /** Those that were asked for last are kept. */
  readonly maxEntries: number;
}

interface Kept {
  readonly answer: Answer;
  readonly until: number;
}

/** A source in front of another one. */
export class AnswerCache implements NssSource {
  readonly #source: NssSource;
  readonly #clock: Clock;
  readonly #limits: CacheLimits;
  /** The one that was asked for longest ago comes first. */
  readonly #kept = new Map<string, Kept>();
  readonly #flights = new Map<string, Promise<Answer>>();

  constructor(source: NssSource, clock: Clock, limits: CacheLimits) {
    this.#source = source;
    this.#clock = clock;
    this.#limits = limits;
  }

  answer<D extends Database>(question: Question<D>): Answer<D> | Promise<Answer<D>> {
    const key = keyOf(question);
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#clock.now() < kept.until) {
      this.#touch(key, kept);
      return kept.answer as Answer<D>;
    }
    // what is kept under a key answers the question of that key, and so is of its database
    const flight = this.#flights.get(key) as Promise<Answer<D>> | undefined;
    return flight ?? this.#take(key, question, kept?.answer as Answer<D> | undefined);
  }

  #take<D extends Database>(
    key: string,
    question: Question<D>,
    old: Answer<D> | undefined,
  ): Answer<D> | Promise<Answer<D>> {
    const answer = answerOf(this.#source, question);
    if (!(answer instanceof Promise)) return this.#keep(key, question, answer) ?? old ?? answer;
    const flight = answer.then((late) => {
      this.#flights.delete(key);
      return this.#keep(key, question, late) ?? old ?? late;
    });
    this.#flights.set(key, flight);
    return flight;
  }

  /** @returns undefined for what is no answer to rely on: then an older one serves, which was true once. */
  #keep<D extends Database>(key: string, { by }: Question<D>, answer: Answer<D>): Answer<D> | undefined {
    if (answer.status !== 'success' && answer.status !== 'notfound') return undefined;
    const { ttlMs, negativeTtlMs, maxEntries } = this.#limits;
    if (by === 'all') return answer;
    const usual = answer.status === 'success' ? ttlMs : negativeTtlMs;
    const until = this.#clock.now() + Math.min(usual, answer.ttlMs ?? usual);
    this.#touch(key, { answer: answer as Answer, until });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxEntries) break;
      this.#kept.delete(oldest);
    }
    return answer;
  }

  #touch(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
  }

  /** Forgets everything: what is asked from here on is asked anew. */
  clear(): void {
    this.#kept.clear();
  }
}
