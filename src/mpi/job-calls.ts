/** What who launches a job says to the master's part. PROTOCOL.md 14.1. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { failureOf } from '../transport/index.ts';
import type { Init, MpiAnswer, MpiCall, MpiEvent, MpiQuestion, MpiReply } from '../wire/index.ts';
import { MPI_MESSAGES } from '../wire/index.ts';
import { MPI } from './master-part.ts';
import { type ServedJob, wireJob } from './wire-job.ts';

/** How long one question for what happens waits before it is asked again, in milliseconds. */
const QUESTION_MS = 60_000;
/** How long it is waited where the master does not know the job, in milliseconds. */
const AGAIN_MS = 500;

/** A job that was opened, to whoever has opened it. */
export class OpenJob {
  readonly id: string;
  readonly #client: Client;
  readonly #leave = new AbortController();
  #heard = 0;

  private constructor(client: Client, id: string) {
    this.#client = client;
    this.id = id;
  }

  /** Opens one: from then on its ranks may be started. @throws BprocError EINVAL, EPERM, EDQUOT; ENOSYS for a master without jobs. */
  static async open(client: Client, job: ServedJob): Promise<OpenJob> {
    await ask(client, { open: wireJob(job) }, { order: true });
    return new OpenJob(client, job.layout.id);
  }

  /** The body of the outfits of its ranks. @param first the rank of the first process of the start. */
  outfit(first: number): { readonly service: string; readonly body: Uint8Array } {
    return { service: MPI, body: MPI_MESSAGES.ranks.encode({ job: this.id, first }) };
  }

  /** Tells of what happens until it is closed. */
  async follow(onEvent: (event: MpiEvent) => void): Promise<void> {
    const { signal } = this.#leave;
    while (!signal.aborted) {
      try {
        const watch = { job: this.id, after: this.#heard };
        const { events } = await ask(this.#client, { watch }, { signal, timeoutMs: QUESTION_MS });
        if (!signal.aborted) this.#hear(events, onEvent);
      } catch (cause) {
        const { code } = BprocError.from(cause);
        if (code === 'ETIMEDOUT') continue;
        // another master may not have heard of it yet
        if (code !== 'ESRCH' && code !== 'ECONNRESET') return;
        await sleep(AGAIN_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** What came of a spawn. */
  async spawned(number: number, child: string | BprocError): Promise<void> {
    const said = typeof child === 'string' ? { child } : { failure: failureOf(child) };
    await ask(this.#client, { spawned: { job: this.id, number, ...said } }, { order: true });
  }

  /** A call as a slave would make it. */
  async call(call: Init<MpiCall>): Promise<MpiReply> {
    const { reply } = await ask(this.#client, { call }, { timeoutMs: Number.POSITIVE_INFINITY });
    if (reply === null) throw new BprocError('EPROTO', 'a call of a job was not answered');
    return reply;
  }

  /** Closes it, and tells what has happened that was not told. A master that is not there any more has none of it. */
  async close(onEvent: (event: MpiEvent) => void): Promise<void> {
    this.#leave.abort();
    try {
      const { events } = await ask(this.#client, { close: this.id }, { order: true });
      this.#hear(events, onEvent);
    } catch (error) {
      if (!BprocError.is(error)) throw error;
    }
  }

  #hear(events: readonly MpiEvent[], onEvent: (event: MpiEvent) => void): void {
    for (const event of events) {
      if (event.number <= this.#heard) continue;
      this.#heard = event.number;
      onEvent(event);
    }
  }
}

async function ask(
  client: Client,
  question: Init<MpiQuestion>,
  options: Parameters<Client['askService']>[2],
): Promise<MpiAnswer> {
  return MPI_MESSAGES.answer.decode(await client.askService(MPI, MPI_MESSAGES.question.encode(question), options));
}
