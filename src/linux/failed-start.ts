/** What a caller holds of a process that never was. */
import type { BprocError } from '../errors.ts';
import type { SpawnedProcess, SpawnSink } from './spawner.ts';

/** Stands for a process that could not be started: nothing can be done to it. */
export class FailedStart implements SpawnedProcess {
  #sink: SpawnSink | undefined;

  constructor(sink: SpawnSink) {
    this.#sink = sink;
  }

  /** Tells the failure; not before the call that made this has returned. */
  fail(error: BprocError): void {
    process.nextTick(() => {
      this.#sink?.failed(error);
      this.#sink = undefined;
    });
  }

  write(): void {}
  endStdin(): void {}
  pause(): void {}
  resume(): void {}
  closeOutput(): void {}
  discardOutput(): void {}
  acknowledge(): void {}
  forget(_name?: Uint8Array): void {}
  note(): void {}
  resize(): void {}

  async signal(): Promise<boolean> {
    return false;
  }

  release(): void {
    this.#sink = undefined;
  }
}
