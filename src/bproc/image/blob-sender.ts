/** Answers FETCH on one link: the sending end of PROTOCOL.md 10.2. */
import { BprocError } from '../../errors.ts';
import type { Link } from '../../transport/index.ts';
import { failureOf } from '../../transport/index.ts';
import type { Credit, Fetch } from '../../wire/index.ts';
import { MAX_DATA_BYTES, SendStream } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { BlobSource } from './blob-source.ts';
import type { Pace } from './pace.ts';
import { Pieces } from './pieces.ts';
import { isTransfer, transferStream } from './transfers.ts';

/** What a sender needs of its link. */
export type SendLink = Pick<Link, 'send' | 'sendData' | 'congested'>;

/** Where its blobs are. Rejects with why one cannot be had. */
export type OpenBlob = (image: string, blob: string) => Promise<BlobSource>;

/** Transfers of one link that may be under way: twice what this version's fetchers ask for. */
const MOST_TRANSFERS = 16;
/** Bytes of each that are read before the receiver has acknowledged those before them. */
const MOST_KEPT = 1024 * 1024;
/** Of a piece; what is less is copied. */
const SMALL_PART = 8;

/** Bounds of a sender. */
export interface SenderBounds {
  /** Bytes of each transfer that are read before the receiver has acknowledged those before them. @default 1 MiB */
  readonly mostKept?: number;
  /** How fast it sends; it ends with the sender. @default as fast as it can */
  readonly pace?: Pace | undefined;
}

interface Transfer {
  readonly number: number;
  readonly stream: SendStream;
  source: BlobSource | undefined;
  /** What was read and is not acknowledged, with the offsets after it. */
  read: { readonly piece: Buffer; readonly end: number }[];
  isReading: boolean;
  isOver: boolean;
}

/** The sender. Disposing of it ends what is under way without a word. */
export class BlobSender implements Disposable {
  readonly #link: SendLink;
  readonly #open: OpenBlob;
  readonly #mostKept: number;
  readonly #pace: Pace | undefined;
  readonly #transfers = new Map<number, Transfer>();
  readonly #pieces = new Pieces();
  #sentBytes = 0;

  constructor(link: SendLink, open: OpenBlob, { mostKept = MOST_KEPT, pace }: SenderBounds = {}) {
    this.#link = link;
    this.#open = open;
    this.#mostKept = mostKept;
    this.#pace = pace;
  }

  /** Bytes of blobs that it has sent, again where they were asked for again. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** Begins a transfer. Asked again by its number, it is another one. */
  fetch({ transfer: number, image, blob, offset }: Fetch): void {
    this.stop(number);
    const refusal = this.#refusal(number);
    if (refusal !== undefined) return this.#tellFailure(number, refusal);
    // what is sent is up to the receiver's first credit [PROTOCOL 5.3]
    const stream = SendStream.resumed(offset);
    const transfer: Transfer = { number, stream, source: undefined, read: [], isReading: false, isOver: false };
    this.#transfers.set(number, transfer);
    void this.#begin(transfer, idText(image), idText(blob));
  }

  credit(number: number, credit: Credit): void {
    const transfer = this.#transfers.get(number);
    if (transfer === undefined) return;
    transfer.stream.credit(credit);
    this.#reuse(transfer, credit.rewind);
    if (transfer.stream.done) this.#end(transfer);
    else this.#proceed(transfer);
  }

  /** Its receiver wants no more of a transfer. */
  stop(number: number): void {
    const transfer = this.#transfers.get(number);
    if (transfer !== undefined) this.#end(transfer);
  }

  /** The link has room again. */
  drained(): void {
    for (const transfer of [...this.#transfers.values()]) this.#proceed(transfer);
  }

  [Symbol.dispose](): void {
    this.#pace?.[Symbol.dispose]();
    for (const transfer of [...this.#transfers.values()]) this.#end(transfer);
  }

  #refusal(number: number): BprocError | undefined {
    if (!isTransfer(number)) return new BprocError('EPROTO', `there can be no transfer ${number}`);
    if (this.#transfers.size < MOST_TRANSFERS) return undefined;
    return new BprocError('EAGAIN', `${MOST_TRANSFERS} transfers are under way on this connection: ask later`);
  }

  async #begin(transfer: Transfer, image: string, blob: string): Promise<void> {
    try {
      transfer.source = await this.#open(image, blob);
    } catch (cause) {
      return this.#fail(transfer, cause);
    }
    if (transfer.isOver) return close(transfer);
    return this.#proceed(transfer);
  }

  /** Reads and sends as far as the receiver and the link allow. */
  #proceed(transfer: Transfer): void {
    const { stream, number } = transfer;
    while (!this.#link.congested) {
      const room = this.#pace?.room ?? MAX_DATA_BYTES;
      if (room === 0) {
        this.#pace?.wait(() => this.drained());
        break;
      }
      const piece = stream.take(Math.min(room, MAX_DATA_BYTES));
      if (piece === undefined) break;
      this.#pace?.sent(piece.bytes.length);
      this.#sentBytes += piece.bytes.length;
      this.#link.sendData(transferStream(number), piece.offset, piece.bytes, piece.fin);
    }
    if (!stream.finished && !stream.blocked && stream.kept < this.#mostKept) void this.#read(transfer);
  }

  async #read(transfer: Transfer): Promise<void> {
    const { source, stream } = transfer;
    if (source === undefined || transfer.isReading) return;
    transfer.isReading = true;
    const left = Math.max(0, source.size - stream.end);
    const piece = this.#pieces.take(left);
    try {
      const bytes = left === 0 ? 0 : await source.read(stream.end, piece);
      const isWorthIt = bytes > piece.length / SMALL_PART;
      // a source that gives little at a time is not to hold much more memory than it gives
      stream.push(isWorthIt ? piece.subarray(0, bytes) : Buffer.from(piece.subarray(0, bytes)));
      if (isWorthIt) transfer.read.push({ piece, end: stream.end });
      else this.#pieces.give(piece);
      if (bytes === 0 || bytes === left) stream.finish();
    } catch (cause) {
      this.#fail(transfer, cause);
    }
    transfer.isReading = false;
    if (!transfer.isOver) this.#proceed(transfer);
  }

  /** What has arrived is not read from memory any more: it may be read into. */
  #reuse({ stream, read }: Transfer, isRewound: boolean): void {
    // what is sent twice may still be on its way when it has arrived once
    if (isRewound) read.length = 0;
    for (let [first] = read; first !== undefined && first.end <= stream.acked; [first] = read) {
      this.#pieces.give(first.piece);
      read.shift();
    }
  }

  #fail(transfer: Transfer, cause: unknown): void {
    if (transfer.isOver) return;
    this.#end(transfer);
    this.#tellFailure(transfer.number, BprocError.from(cause));
  }

  #tellFailure(transfer: number, error: BprocError): void {
    this.#link.send({ fetchFailed: { transfer, failure: failureOf(error) } });
  }

  #end(transfer: Transfer): void {
    transfer.isOver = true;
    this.#transfers.delete(transfer.number);
    if (this.#transfers.size === 0) this.#pieces.clear();
    close(transfer);
  }
}

/** A file that was only read, or is being read, is closed without anything that its reader had to know. */
function close(transfer: Transfer): void {
  const { source } = transfer;
  transfer.source = undefined;
  void source?.close().catch(() => {});
}
