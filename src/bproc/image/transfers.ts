/** The streams in which blobs come: PROTOCOL.md 10.2. */
import { MAX_PID, ofStream } from '../ids.ts';

/** The descriptor that no process's stream has [PROTOCOL 5.1]. */
const BLOB = 3;

/** The stream of a transfer. */
export function transferStream(transfer: number): number {
  return transfer * 4 + BLOB;
}

/** The transfer that a stream belongs to; undefined for a process's. */
export function transferOf(stream: number): number | undefined {
  const { pid, fd } = ofStream(stream);
  return fd === BLOB ? pid : undefined;
}

/** Whether a transfer can have this number. */
export function isTransfer(number: number): boolean {
  return number >= 1 && number <= MAX_PID;
}

/** Numbers for the transfers of one asker, all different for as long as any is under way. */
export class TransferNumbers {
  #last = 0;

  next(): number {
    this.#last = (this.#last % MAX_PID) + 1;
    return this.#last;
  }
}
