/** Gives the files of a process that goes to the slave that takes it: on the connection that they have, or on one for these alone. */
import type { Clock } from '../../clock.ts';
import type { Link } from '../../transport/index.ts';
import type { Credit, Fetch } from '../../wire/index.ts';
import type { OpenBlob } from '../image/index.ts';
import { BlobSender, Pace } from '../image/index.ts';

/** Bytes of a file that are read before the other slave has written those before them: nothing else is done meanwhile. */
const READ_AHEAD = 4 * 1024 * 1024;

/** What it works with. */
export interface DepartingFilesParts {
  readonly clock: Clock;
  /** 0: as fast as it can. */
  readonly bytesPerSecond: number;
  readonly open: OpenBlob;
}

/** The giver. Disposing of it ends what is under way. */
export class DepartingFiles implements Disposable {
  readonly #parts: DepartingFilesParts;
  /** On the connection that they have. */
  #common: BlobSender | undefined;
  #sender: BlobSender | undefined;

  constructor(parts: DepartingFilesParts) {
    this.#parts = parts;
  }

  get sentBytes(): number {
    return this.#sender?.sentBytes ?? 0;
  }

  /** The connection that they have. */
  begin(link: Link): void {
    this.#common = this.giveBy(link);
  }

  /** What gives them by a connection for these alone, and from then on by no other. */
  giveBy(link: Link): BlobSender {
    const { clock, bytesPerSecond, open } = this.#parts;
    this.#sender?.[Symbol.dispose]();
    const pace = bytesPerSecond === 0 ? undefined : new Pace(clock, bytesPerSecond);
    this.#sender = new BlobSender(link, open, { mostKept: READ_AHEAD, pace });
    return this.#sender;
  }

  /** On the connection that they have. */
  fetch(message: Fetch): void {
    if (this.#common === this.#sender) this.#common?.fetch(message);
  }

  credit(transfer: number, credit: Credit): void {
    this.#common?.credit(transfer, credit);
  }

  drained(): void {
    this.#common?.drained();
  }

  [Symbol.dispose](): void {
    this.#sender?.[Symbol.dispose]();
  }
}
