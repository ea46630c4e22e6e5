/** What a caller holds of a process that could not be started. */
import type { BprocError } from '../errors.ts';
import { NoProcess } from './no-process.ts';
import type { SpawnSink } from './spawner.ts';

/** Tells why. */
export class FailedStart extends NoProcess {
  #sink: SpawnSink | undefined;

  constructor(sink: SpawnSink) {
    super();
    this.#sink = sink;
  }

  /** Tells the failure; not before the call that made this has returned. */
  fail(error: BprocError): void {
    process.nextTick(() => {
      this.#sink?.failed(error);
      this.#sink = undefined;
    });
  }

  override release(): void {
    this.#sink = undefined;
  }
}
