/** The source `kickback`: the front end is asked, so that a node need know no names itself. */
import { isIP } from 'node:net';
import { BprocError } from '../errors.ts';
import type { Database, Entries } from './entries.ts';
import { decodeAnswer, encodeQuestion } from './messages.ts';
import { type Answer, found, type NssSource, type Question, unavailable } from './question.ts';

/** Passes a question on, and brings the answer. */
export type Asks = (body: Uint8Array) => Promise<Uint8Array>;

/** Errors that say that nobody is there who could be asked, and not that something went wrong with the question. */
const NOBODY: ReadonlySet<string> = new Set(['ENOSYS']);

/** Names of the master. What `self` and addresses of this machine's own mean, only this node can know. */
export class KickbackSource implements NssSource {
  readonly #ask: Asks;

  constructor(ask: Asks) {
    this.#ask = ask;
  }

  answer<D extends Database>(question: Question<D>): Answer<D> | Promise<Answer<D>> {
    return isLocal(question) ? found([]) : this.#all(question);
  }

  async #all<D extends Database>(question: Question<D>): Promise<Answer<D>> {
    const entries: Entries[D][] = [];
    try {
      for (let before = Number.POSITIVE_INFINITY; ; ) {
        const body = await this.#ask(encodeQuestion(question, entries.length));
        const { answer, rest } = decodeAnswer(question.database, body);
        for (const entry of answer.entries) entries.push(entry);
        if (rest === 0) return entries.length === 0 ? answer : found(entries);
        if (rest >= before || answer.entries.length === 0) {
          throw new BprocError('EPROTO', 'the master goes on without end about its names');
        }
        before = rest;
      }
    } catch (cause) {
      const error = BprocError.from(cause);
      return unavailable(NOBODY.has(error.code) ? undefined : error);
    }
  }
}

function isLocal({ database, by, key }: Question): boolean {
  if (database !== 'hosts') return false;
  if (by === 'address') return key === '::1' || (isIP(key) === 4 && key.startsWith('127.'));
  return key === 'self' || key === '.-2' || key === 'localhost';
}
