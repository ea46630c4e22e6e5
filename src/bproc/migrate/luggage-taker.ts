/** Takes in the files that a captured process consists of: the receiving end of PROTOCOL.md 12.3. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { FetchFailed } from '../../wire/index.ts';
import { ReceiveStream } from '../../wire/index.ts';
import type { FetchLink } from '../image/index.ts';
import { transferStream } from '../image/index.ts';
import { isLuggageName, MOST_FILES, type PackedFile } from './luggage.ts';
import { LuggageWriter } from './luggage-writer.ts';

/** Files that come at the same time, and bytes of each that may be under way. */
const MOST_TRANSFERS = 8;
const WINDOW = 8 * 1024 * 1024;
/** Bytes of the name by which a file is asked for. */
const INDEX_BYTES = 4;

/** Where files come to. */
export interface LuggagePlace {
  readonly link: FetchLink;
  readonly puid: Uint8Array;
  readonly directory: string;
  /** Told once, where they cannot be had. */
  readonly broken: (error: BprocError) => void;
}

interface Wanted {
  readonly name: string;
  /** Undefined: it still grows. */
  readonly size: number | undefined;
  taken: number;
}

interface Transfer {
  readonly stream: ReceiveStream;
  readonly writer: LuggageWriter;
  /** Whether its last byte is here. */
  isComplete: boolean;
  writing: Promise<void> | undefined;
  readonly settle: (error: BprocError | undefined) => void;
}

/** The taker. Disposing of it ends what is under way. */
export class LuggageTaker implements AsyncDisposable {
  readonly #place: LuggagePlace;
  readonly #wanted: Wanted[] = [];
  readonly #names = new Set<string>();
  readonly #transfers = new Map<number, Transfer>();
  readonly #working = new Set<Promise<void>>();
  #over: BprocError | undefined;
  #next = 0;

  constructor(place: LuggagePlace) {
    this.#place = place;
  }

  /** Begins to take a file that still grows: the next by its number. @throws BprocError EPROTO for what cannot be one. */
  begin(name: string): void {
    this.#want({ name, size: undefined, taken: 0 });
    this.#proceed();
  }

  /**
   * Gets all of them; those that were begun are the first. Rejects where that cannot be done, such as with ENOSPC.
   *
   * @throws BprocError EPROTO for names and sizes that cannot be.
   */
  async takeAll(files: readonly PackedFile[]): Promise<void> {
    const begun = this.#wanted.length;
    if (this.#wanted.some(({ name }, index) => files[index]?.name !== name)) throw unfit();
    for (const { name, size } of files.slice(begun)) this.#want({ name, size, taken: 0 });
    this.#proceed();
    while (this.#working.size > 0) await Promise.all(this.#working);
    if (this.#over !== undefined) throw this.#over;
    for (const [index, { taken }] of this.#wanted.entries()) {
      const size = files[index]?.size ?? 0;
      if (taken !== size) throw new BprocError('EPROTO', `a file of ${size} bytes has come with ${taken}`);
    }
  }

  /** A piece of a file, of which nothing is kept as it came. */
  data(number: number, offset: number, bytes: Buffer, fin: boolean): void {
    const transfer = this.#transfers.get(number);
    if (transfer === undefined) return;
    const accepted = transfer.stream.accept(offset, bytes, fin);
    if (accepted.kind === 'gap') this.#place.link.sendCredit(transferStream(number), transfer.stream.rewind());
    if (accepted.kind !== 'bytes') return;
    try {
      transfer.writer.take(accepted.bytes);
    } catch (cause) {
      return transfer.settle(BprocError.from(cause));
    }
    transfer.isComplete = accepted.fin;
    transfer.writing ??= this.#write(number, transfer);
  }

  failed({ transfer, failure }: FetchFailed): void {
    const error = failure === null ? new BprocError('EIO', 'a file of the process cannot be had') : reasonOf(failure);
    this.#transfers.get(transfer)?.settle(error);
  }

  /** No more comes. */
  fail(error: BprocError): void {
    this.#over ??= error;
    for (const { settle } of [...this.#transfers.values()]) settle(error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.fail(new BprocError('ECANCELED', 'nobody wants it any more'));
    await Promise.all(this.#working);
  }

  #want(wanted: Wanted): void {
    const { name } = wanted;
    const isFit = this.#wanted.length < MOST_FILES && isLuggageName(name);
    if (!isFit || this.#names.has(name)) throw unfit();
    this.#names.add(name);
    this.#wanted.push(wanted);
  }

  #break(error: BprocError): void {
    if (this.#over !== undefined) return;
    this.fail(error);
    this.#place.broken(error);
  }

  #proceed(): void {
    while (this.#working.size < MOST_TRANSFERS && this.#over === undefined) {
      const wanted = this.#wanted[this.#next];
      if (wanted === undefined) return;
      const index = this.#next;
      this.#next += 1;
      const working = this.#take(index, wanted)
        // the others are of no use without one
        .catch((error: unknown) => this.#break(BprocError.from(error)))
        .finally(() => {
          this.#working.delete(working);
          this.#proceed();
        });
      this.#working.add(working);
    }
  }

  async #take(index: number, wanted: Wanted): Promise<void> {
    const { link, puid, directory } = this.#place;
    const file = await open(join(directory, wanted.name), 'wx', 0o600);
    const number = index + 1;
    const blob = Buffer.alloc(INDEX_BYTES);
    blob.writeUInt32BE(index);
    let transfer: Transfer | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const settle = (error: BprocError | undefined): void => (error === undefined ? resolve() : reject(error));
        if (this.#over !== undefined) return settle(this.#over);
        // no more comes than can be written
        const stream = new ReceiveStream(WINDOW, { acknowledges: 'consumed' });
        const writer = new LuggageWriter(file, wanted.size ?? Number.POSITIVE_INFINITY);
        transfer = { stream, writer, isComplete: false, writing: undefined, settle };
        this.#transfers.set(number, transfer);
        link.send({ fetch: { transfer: number, image: puid, blob, offset: 0 } });
        link.sendCredit(transferStream(number), stream.restart());
      });
    } finally {
      this.#transfers.delete(number);
      await transfer?.writing;
      wanted.taken = transfer?.writer.taken ?? 0;
      await file.close();
    }
  }

  /** Writes for as long as there is something to be written. */
  async #write(number: number, transfer: Transfer): Promise<void> {
    const { stream, writer, settle } = transfer;
    try {
      let written: number;
      do {
        written = await writer.write();
        stream.consume(written);
        const credit = stream.grant();
        if (credit !== undefined) this.#place.link.sendCredit(transferStream(number), credit);
      } while (written > 0);
      transfer.writing = undefined;
      if (transfer.isComplete) settle(undefined);
    } catch (cause) {
      settle(BprocError.from(cause));
    }
  }
}

function unfit(): BprocError {
  return new BprocError('EPROTO', 'a process came with files that cannot be its');
}
