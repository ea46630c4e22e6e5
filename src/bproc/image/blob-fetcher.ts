/** Fetches blobs into a cache over one link at a time: the receiving end of PROTOCOL.md 10.2. */
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Link } from '../../transport/index.ts';
import { reasonOf } from '../../transport/index.ts';
import type { FetchFailed } from '../../wire/index.ts';
import { ReceiveStream } from '../../wire/index.ts';
import { idBytes } from '../ids.ts';
import type { BlobCache } from './blob-cache.ts';
import type { BlobWriter } from './blob-writer.ts';
import { PIECE_BYTES } from './pieces.ts';
import { TransferNumbers, transferStream } from './transfers.ts';

/** What a fetcher needs of its link. */
export type FetchLink = Pick<Link, 'send' | 'sendCredit' | 'sendStop'>;

/** Blobs that come at the same time. */
const MOST_TRANSFERS = 4;
/** Bytes of each that may be under way, or wait to be written. */
const WINDOW = 4 * 1024 * 1024;

/** How a fetcher is set up. */
export interface BlobFetcherParts {
  readonly cache: BlobCache;
  readonly clock: Clock;
  /** How long a peer that is connected may send nothing of what was asked for, in milliseconds; Infinity: for ever. */
  readonly stallMs: number;
  /** Whether its link's peer passes on what it has not checked: a blob that is wrong is asked for once more. @default false */
  readonly isRelayed?: boolean;
  /** Numbers of its transfers, where it shares a link with other fetchers. @default its own */
  readonly numbers?: TransferNumbers;
}

/** A source that can be replaced by another one. */
export interface FetchSource {
  /** How long it may send nothing of what it was asked for, in milliseconds. */
  readonly stallMs: number;
  /** It does not give what it should. What it was asked for goes on over the next link; see {@link BlobFetcher.leave}. */
  readonly fail: (error: BprocError) => void;
}

interface Transfer {
  readonly number: number;
  readonly image: string;
  readonly hash: string;
  readonly size: number;
  readonly writer: BlobWriter;
  readonly stream: ReceiveStream;
  /** Whether more than one source has given a part of it, so that none is to blame for the whole. */
  isMixed: boolean;
  /** Whether it was wrong once. */
  readonly isRepeated: boolean;
  /** Whether all that there is has come. */
  isComplete: boolean;
  /** What comes while something is written is written after it, at one go. */
  writing: Promise<void>;
  stall: Cancel;
  readonly settle: (error: BprocError | undefined) => void;
}

interface Wanted {
  readonly image: string;
  readonly hash: string;
  readonly size: number;
  readonly isRepeated: boolean;
  readonly settle: (error: BprocError | undefined) => void;
}

/** The fetcher. What it was asked for and has not got goes on over the next link, from where it was. */
export class BlobFetcher {
  readonly #parts: BlobFetcherParts;
  readonly #waiting: Wanted[] = [];
  readonly #transfers = new Map<number, Transfer>();
  /** Files of transfers that begin anew. */
  readonly #closing = new Set<Promise<void>>();
  /** Writers that are being made. */
  #opening = 0;
  #link: FetchLink | undefined;
  #source: FetchSource | undefined;
  readonly #numbers: TransferNumbers;
  #over: BprocError | undefined;

  constructor(parts: BlobFetcherParts) {
    this.#parts = parts;
    this.#numbers = parts.numbers ?? new TransferNumbers();
  }

  /**
   * Fetches a blob of an image. Resolves when it is in the cache.
   *
   * @throws BprocError with what the peer says; EPROTO where it sends something else; ENOSPC and others of the cache;
   *   ETIMEDOUT where nothing comes; the reason it was stopped for.
   */
  fetch(image: string, hash: string, size: number): Promise<void> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      const settle = (error: BprocError | undefined): void => (error === undefined ? resolve() : reject(error));
      this.#waiting.push({ image, hash, size, isRepeated: false, settle });
      this.#next();
    });
  }

  /**
   * A link is there: asks for what is missing.
   *
   * @param source what is known of the other end, where it is not the only one: then its failures end no fetch.
   */
  attach(link: FetchLink, source?: FetchSource): void {
    this.#link = link;
    this.#source = source;
    for (const transfer of this.#transfers.values()) {
      transfer.isMixed ||= transfer.stream.received > 0;
      this.#ask(transfer);
    }
    this.#next();
  }

  /** Asks no more over a link that is still there. */
  leave(): void {
    for (const number of this.#transfers.keys()) this.#link?.sendStop(transferStream(number));
    this.detach();
  }

  /** The link is gone. */
  detach(): void {
    this.#link = undefined;
    this.#source = undefined;
    for (const { stall } of this.#transfers.values()) stall();
  }

  /** A piece of a blob, which may be overwritten afterwards. */
  data(number: number, offset: number, bytes: Buffer, fin: boolean): void {
    const transfer = this.#transfers.get(number);
    if (transfer === undefined) return;
    const { stream } = transfer;
    const accepted = stream.accept(offset, bytes, fin);
    if (accepted.kind === 'gap') this.#link?.sendCredit(transferStream(number), stream.rewind());
    if (accepted.kind !== 'bytes') return;
    this.#watch(transfer);
    transfer.isComplete = accepted.fin;
    try {
      transfer.writer.take(accepted.bytes);
    } catch (cause) {
      return this.#refuse(transfer, BprocError.from(cause));
    }
    if (transfer.writer.unwrittenBytes < PIECE_BYTES && !accepted.fin) return;
    transfer.writing = transfer.writing.then(() => this.#write(transfer));
  }

  /** The peer has given a transfer up. */
  failed({ transfer: number, failure }: FetchFailed): void {
    const transfer = this.#transfers.get(number);
    const why = failure === null ? new BprocError('EIO', 'the peer does not say why') : reasonOf(failure);
    if (transfer !== undefined) this.#fail(transfer, new BprocError(why.code, `blob ${transfer.hash}: ${why.message}`));
  }

  /** Gives everything up. Resolves when no file is open any more. */
  async stop(error: BprocError): Promise<void> {
    this.#over = error;
    for (const { settle } of this.#waiting.splice(0)) settle(error);
    const transfers = [...this.#transfers.values()];
    for (const transfer of transfers) this.#end(transfer, error);
    await Promise.all([...transfers.map(({ writing }) => writing), ...this.#closing]);
  }

  #next(): void {
    while (this.#link !== undefined && this.#transfers.size + this.#opening < MOST_TRANSFERS) {
      const wanted = this.#waiting.shift();
      if (wanted === undefined) return;
      this.#opening += 1;
      void this.#begin(wanted);
    }
  }

  async #begin({ image, hash, size, isRepeated, settle }: Wanted): Promise<void> {
    try {
      const writer = await this.#parts.cache.receive(hash, size);
      const transfer: Transfer = {
        number: this.#numbers.next(),
        image,
        hash,
        size,
        writer,
        stream: new ReceiveStream(WINDOW),
        isMixed: false,
        isRepeated,
        isComplete: false,
        writing: Promise.resolve(),
        stall: () => {},
        settle,
      };
      this.#transfers.set(transfer.number, transfer);
      if (this.#over === undefined) this.#ask(transfer);
      else this.#end(transfer, this.#over);
    } catch (cause) {
      settle(BprocError.from(cause));
    }
    this.#opening -= 1;
    this.#next();
  }

  #ask(transfer: Transfer): void {
    const { number, image, hash, stream } = transfer;
    const offset = stream.received;
    this.#link?.send({ fetch: { transfer: number, image: idBytes(image), blob: idBytes(hash), offset } });
    this.#link?.sendCredit(transferStream(number), stream.restart());
    this.#watch(transfer);
  }

  #watch(transfer: Transfer): void {
    const { clock } = this.#parts;
    const { stallMs } = this.#source ?? this.#parts;
    transfer.stall();
    if (stallMs === Number.POSITIVE_INFINITY || this.#link === undefined) return;
    transfer.stall = clock.after(stallMs, () => {
      const text = `blob ${transfer.hash} did not come: nothing of it for ${stallMs} ms`;
      this.#fail(transfer, new BprocError('ETIMEDOUT', text));
    });
  }

  async #write(transfer: Transfer): Promise<void> {
    const { writer, stream, number, isComplete } = transfer;
    if (this.#transfers.get(number) !== transfer) return undefined;
    try {
      if (isComplete) await writer.finish();
      else stream.consume(await writer.write());
    } catch (cause) {
      return this.#refuse(transfer, BprocError.from(cause));
    }
    if (this.#transfers.get(number) !== transfer) return undefined;
    const credit = stream.grant();
    if (credit !== undefined) this.#link?.sendCredit(transferStream(number), credit);
    if (isComplete) this.#end(transfer, undefined);
    return undefined;
  }

  /** The source does not give it: that is the end of it, unless there are others. */
  #fail(transfer: Transfer, error: BprocError): void {
    if (this.#source === undefined) this.#end(transfer, error);
    else this.#source.fail(error);
  }

  /** It could not be written; where it was not what it should be, it is fetched once more. */
  #refuse(transfer: Transfer, error: BprocError): void {
    const { number, image, hash, size, settle, isMixed, isRepeated, writer } = transfer;
    if (this.#transfers.get(number) !== transfer) return;
    const source = this.#source;
    const isFinal = source === undefined && !isMixed && (isRepeated || this.#parts.isRelayed !== true);
    if (error.code !== 'EPROTO' || isFinal) return this.#end(transfer, error);
    this.#link?.sendStop(transferStream(number));
    transfer.stall();
    this.#transfers.delete(number);
    const closing = transfer.writing
      .then(() => writer[Symbol.asyncDispose]())
      .then(() => {
        this.#closing.delete(closing);
        this.#again({ image, hash, size, isRepeated: true, settle });
      });
    this.#closing.add(closing);
    if (!isMixed) source?.fail(error);
  }

  #again(wanted: Wanted): void {
    if (this.#over !== undefined) return wanted.settle(this.#over);
    this.#waiting.unshift(wanted);
    this.#next();
  }

  /** Settles a transfer, once its file is closed. */
  #end(transfer: Transfer, error: BprocError | undefined): void {
    const { number, writer, stall, settle } = transfer;
    if (!this.#transfers.delete(number)) return;
    stall();
    if (error === undefined) settle(undefined);
    else {
      this.#link?.sendStop(transferStream(number));
      transfer.writing = transfer.writing.then(() => writer[Symbol.asyncDispose]()).then(() => settle(error));
    }
    this.#next();
  }
}
