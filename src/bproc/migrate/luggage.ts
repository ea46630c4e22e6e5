/** What a captured process consists of, file by file, on its way from one slave to another: PROTOCOL.md 12.3. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { FetchFailed, Init, LuggageFile } from '../../wire/index.ts';
import { ReceiveStream } from '../../wire/index.ts';
import type { BlobSource, FetchLink } from '../image/index.ts';
import { fileSource, transferStream } from '../image/index.ts';
import { LuggageWriter } from './luggage-writer.ts';

/** Files of a capture: far more than any has. */
export const MOST_FILES = 4096;
const MOST_NAME = 255;
/** What a file may be called: nothing that leads anywhere. */
const NAME = /^[\w-][\w.-]*$/;
/** Files that come at the same time, and bytes of each that may be under way. */
const MOST_TRANSFERS = 8;
const WINDOW = 8 * 1024 * 1024;
/** Bytes of the name by which a file is asked for. */
const INDEX_BYTES = 4;

/** Whether a file of a capture may be called so. */
export function isLuggageName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MOST_NAME && NAME.test(name);
}

/** What is in a directory, but for sockets and logs. */
export async function packLuggage(directory: string): Promise<Init<LuggageFile>[]> {
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => {
    return entry.isFile() && !entry.name.endsWith('.log');
  });
  return Promise.all(names.map(async ({ name }) => ({ name, size: (await stat(join(directory, name))).size })));
}

/** Opens one of the files for a sender of blobs. @throws BprocError ENOENT for a number that none has. */
export async function openLuggage(
  directory: string,
  files: readonly Init<LuggageFile>[],
  blob: string,
): Promise<BlobSource> {
  const { name } = files[Number.parseInt(blob, 16)] ?? {};
  if (name === undefined) throw new BprocError('ENOENT', `there is no file ${blob}`);
  return fileSource(join(directory, name));
}

/** Where files come to. */
export interface LuggagePlace {
  readonly link: FetchLink;
  readonly puid: Uint8Array;
  readonly directory: string;
  readonly files: readonly LuggageFile[];
}

interface Transfer {
  readonly stream: ReceiveStream;
  readonly writer: LuggageWriter;
  /** Whether its last byte is here. */
  isComplete: boolean;
  writing: Promise<void> | undefined;
  readonly settle: (error: BprocError | undefined) => void;
}

/** Takes the files in. */
export class LuggageTaker {
  readonly #place: LuggagePlace;
  readonly #transfers = new Map<number, Transfer>();
  #over: BprocError | undefined;
  #next = 0;

  /** @throws BprocError EPROTO for names that cannot be. */
  constructor(place: LuggagePlace) {
    const { files } = place;
    const names = new Set(files.map(({ name }) => name));
    const areFit = files.length <= MOST_FILES && names.size === files.length;
    if (!areFit || ![...names].every(isLuggageName)) {
      throw new BprocError('EPROTO', 'a process came with files that cannot be its');
    }
    this.#place = place;
  }

  /** Gets all of them. Rejects where that cannot be done, such as with ENOSPC. */
  async takeAll(): Promise<void> {
    // the others are of no use without one
    const work = () => this.#work().catch((error: unknown) => this.fail(BprocError.from(error)));
    const workers = Array.from({ length: MOST_TRANSFERS }, work);
    await Promise.all(workers);
    if (this.#over !== undefined) throw this.#over;
  }

  /** A piece of a file, which is not overwritten before it is acknowledged. */
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

  async #work(): Promise<void> {
    for (;;) {
      if (this.#over !== undefined) throw this.#over;
      const index = this.#next;
      const wanted = this.#place.files[index];
      if (wanted === undefined) return;
      this.#next += 1;
      await this.#take(index, wanted);
    }
  }

  async #take(index: number, { name, size }: LuggageFile): Promise<void> {
    const { link, puid, directory } = this.#place;
    const file = await open(join(directory, name), 'wx', 0o600);
    const number = index + 1;
    const blob = Buffer.alloc(INDEX_BYTES);
    blob.writeUInt32BE(index);
    let transfer: Transfer | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const settle = (error: BprocError | undefined): void => (error === undefined ? resolve() : reject(error));
        // what is kept as it came may be its sender's memory, which is used again once it is acknowledged
        const stream = new ReceiveStream(WINDOW, { acknowledges: 'consumed' });
        const writer = new LuggageWriter(file, size);
        transfer = { stream, writer, isComplete: false, writing: undefined, settle };
        this.#transfers.set(number, transfer);
        link.send({ fetch: { transfer: number, image: puid, blob, offset: 0 } });
        link.sendCredit(transferStream(number), stream.restart());
      });
    } finally {
      this.#transfers.delete(number);
      await transfer?.writing;
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
      if (!transfer.isComplete) return;
      writer.finish();
      settle(undefined);
    } catch (cause) {
      settle(BprocError.from(cause));
    }
  }
}
