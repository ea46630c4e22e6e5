/** What services of two roles say to each other on one connection, and the questions that wait for an answer there: PROTOCOL.md 13.1. */
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import { failureOf, reasonOf } from '../transport/index.ts';
import type { Init, Serve } from '../wire/index.ts';
import { type Bounded, bound } from './bound.ts';
import { type AskOptions, checkServiceBody, noService } from './service.ts';

/** How long an answer is waited for where nobody says, in milliseconds. */
const ANSWER_MS = 10_000;
/** Questions of one side that may be open at a time. */
const MOST_QUESTIONS = 4096;

/** What hears the other side. */
export interface ServiceEar {
  message?(body: Uint8Array): void;
  asked?(body: Uint8Array): Promise<Uint8Array>;
}

/** How a line is put up. */
export interface LineParts {
  readonly clock: Clock;
  /** Where this is, such as `the master`, for messages of errors. */
  readonly here: string;
  readonly send: (serve: Init<Serve>) => void;
  readonly earOf: (service: string) => ServiceEar | undefined;
}

/** One connection's talk of services. */
export class ServiceLine {
  readonly #parts: LineParts;
  readonly #open = new Map<number, Bounded<Uint8Array>>();
  /** Questions of the other side that are being answered here. */
  #answering = 0;
  #next = 1;
  #over: BprocError | undefined;

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  /** @throws BprocError E2BIG. */
  send(service: string, body: Uint8Array): void {
    checkServiceBody(service, body);
    if (this.#over === undefined) this.#parts.send({ service, body });
  }

  async ask(service: string, body: Uint8Array, options: AskOptions = {}): Promise<Uint8Array> {
    checkServiceBody(service, body);
    if (this.#over !== undefined) throw this.#over;
    if (this.#open.size >= MOST_QUESTIONS) {
      throw new BprocError('EAGAIN', `${MOST_QUESTIONS} questions of services wait for an answer already`);
    }
    const question = this.#next;
    this.#next += 1;
    const bounds = { timeoutMs: ANSWER_MS, ...options };
    const answer = bound<Uint8Array>(this.#parts.clock, bounds, () => this.#open.delete(question));
    this.#open.set(question, answer);
    this.#parts.send({ service, body, question });
    return answer.promise;
  }

  hear({ service, body, question, answer, failure }: Serve): void {
    // what was read may be overwritten by what comes next
    const own = Buffer.from(body);
    if (answer !== 0) return this.#answered(answer, failure === null ? own : reasonOf(failure));
    const ear = this.#parts.earOf(service);
    if (question === 0) ear?.message?.(own);
    else void this.#answer(service, ear, question, own);
  }

  #answered(number: number, answer: Uint8Array | BprocError): void {
    const waiting = this.#open.get(number);
    this.#open.delete(number);
    if (answer instanceof BprocError) waiting?.reject(answer);
    else waiting?.resolve(answer);
  }

  async #answer(service: string, ear: ServiceEar | undefined, answer: number, body: Uint8Array): Promise<void> {
    this.#answering += 1;
    let said: Init<Serve>;
    try {
      if (this.#answering > MOST_QUESTIONS) throw new BprocError('EAGAIN', `${this.#parts.here} is asked too much`);
      if (ear?.asked === undefined) throw noService(service, this.#parts.here);
      const found = await ear.asked(body);
      checkServiceBody(service, found);
      said = { service, answer, body: found };
    } catch (cause) {
      said = { service, answer, failure: failureOf(BprocError.from(cause)) };
    }
    this.#answering -= 1;
    if (this.#over === undefined) this.#parts.send(said);
  }

  /** The connection is gone: nobody answers any more. */
  close(error: BprocError): void {
    this.#over ??= error;
    for (const waiting of this.#open.values()) waiting.reject(error);
    this.#open.clear();
  }
}
