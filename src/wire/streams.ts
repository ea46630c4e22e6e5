/**
 * Both ends of one byte stream that survives its connections: PROTOCOL.md section 5.
 *
 * Bytes carry their offset. The sender keeps what is not acknowledged and sends no further than its
 * receiver allows; the receiver takes only what comes next. Where a connection was lost, the
 * receiver says where it is, and the sender goes on from there. The end of a stream counts as one
 * byte after its last, so that it is acknowledged like any other.
 */

import { ChunkList } from './chunk-list.ts';

/** What a receiver tells its sender. */
export interface Credit {
  /** Everything before this offset has arrived and need not be kept. */
  readonly acked: number;
  /** Nothing may be sent from this offset on. */
  readonly limit: number;
  /** Send again from `acked` on: what was under way is lost. */
  readonly rewind: boolean;
}

/** A piece of a stream. */
export interface Piece {
  readonly offset: number;
  readonly bytes: Buffer;
  readonly fin: boolean;
}

/** The sending end. Keeps what it was given until it is acknowledged. */
export class SendStream {
  readonly #chunks = new ChunkList();
  /** Offset of the first chunk: not after `#acked`, since chunks go as a whole. */
  #base = 0;
  /** Offset of the first byte that is not acknowledged. */
  #acked = 0;
  /** Offset after the last byte given. */
  #end = 0;
  /** What is sent next: a chunk, and how much of it is sent already. */
  #index = 0;
  #within = 0;
  #next = 0;
  #limit: number;
  #finished = false;
  #finSent = false;
  #finAcked = false;
  #suspended = false;

  /** Whether an earlier life of the sender may have sent what this one has still to be given. */
  readonly #isResumed: boolean;
  /** Offset of the first byte that this life is given: nobody has what was before it. */
  readonly begin: number;
  /** What the receiver said of bytes that this life has not been given yet. */
  #ahead: Credit | undefined;

  /** @param limit nothing may be sent from this offset on. */
  constructor(limit: number, from?: number) {
    this.#limit = limit;
    this.#isResumed = from !== undefined;
    this.#suspended = this.#isResumed;
    this.begin = from ?? 0;
    this.#base = this.begin;
    this.#acked = this.#base;
    this.#end = this.#base;
    this.#next = this.#base;
  }

  /**
   * Takes up the stream of an earlier life of the sender, which had given, and had acknowledged, what is before an
   * offset. It sends nothing until the receiver has said where it is; that may be beyond what was given here by then.
   *
   * @param from the offset of the first byte that it will be given.
   */
  static resumed(from: number): SendStream {
    return new SendStream(from, from);
  }

  /** Bytes given so far. */
  get end(): number {
    return this.#end;
  }

  /** Everything before this offset is acknowledged. */
  get acked(): number {
    return this.#acked;
  }

  /** Bytes that are not acknowledged: sent, or not sent yet. */
  get kept(): number {
    return this.#end - this.#acked;
  }

  /** Whether more was given than may be sent now. */
  get blocked(): boolean {
    return this.#end > this.#limit;
  }

  /** Whether the stream has ended and the receiver has all of it. */
  get done(): boolean {
    return this.#finAcked;
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** Adds bytes at the end. */
  push(bytes: Buffer): void {
    if (this.#finished || bytes.length === 0) return;
    const before = this.#chunks.at(this.#chunks.length - 1)?.length ?? 0;
    const grew = this.#chunks.push(bytes);
    // what was sent whole is sent in part now
    if (grew && this.#index === this.#chunks.length) {
      this.#index -= 1;
      this.#within = before;
    }
    this.#end += bytes.length;
    this.#catchUp();
  }

  /** Nothing more comes. */
  finish(): void {
    this.#finished = true;
    this.#catchUp();
  }

  /** Stops sending until the receiver has said anew where it is; for a connection that was lost. */
  suspend(): void {
    this.#suspended = true;
  }

  /** Takes what the receiver says; offsets that cannot be are ignored. */
  credit(credit: Credit): void {
    if (credit.acked > this.#end + (this.#finished ? 1 : 0)) {
      if (this.#isResumed) this.#ahead = { ...credit, rewind: credit.rewind || this.#ahead?.rewind === true };
      return;
    }
    this.#ahead = undefined;
    // [PROTOCOL 5.3] the end may have been lost with an earlier life of the receiver that had it
    if (credit.acked > this.#end) this.#finAcked = true;
    else if (credit.rewind) this.#finAcked = false;
    this.#release(Math.min(credit.acked, this.#end));
    if (credit.rewind) {
      this.#limit = credit.limit;
      this.#suspended = false;
      this.#rewind(Math.max(Math.min(credit.acked, this.#end), this.#acked));
    } else {
      this.#limit = Math.max(this.#limit, credit.limit);
    }
  }

  #catchUp(): void {
    if (this.#ahead !== undefined && this.#ahead.acked <= this.#end + (this.#finished ? 1 : 0))
      this.credit(this.#ahead);
  }

  /** The bytes that are kept, from the first that is not acknowledged. */
  rest(): Buffer {
    return Buffer.concat([...this.#chunks]).subarray(this.#acked - this.#base);
  }

  /** The next piece that may be sent, of at most `most` bytes, or undefined. */
  take(most: number): Piece | undefined {
    if (this.#suspended) return undefined;
    const chunk = this.#chunks.at(this.#index);
    const allowed = Math.min(most, this.#limit - this.#next);
    if (chunk === undefined || allowed <= 0) return this.#takeFin();
    const size = Math.min(chunk.length - this.#within, allowed);
    const piece = {
      offset: this.#next,
      bytes: size === chunk.length ? chunk : chunk.subarray(this.#within, this.#within + size),
      fin: this.#finished && this.#next + size === this.#end,
    };
    this.#next += size;
    this.#within += size;
    if (this.#within === chunk.length) {
      this.#index += 1;
      this.#within = 0;
    }
    if (piece.fin) this.#finSent = true;
    return piece;
  }

  #takeFin(): Piece | undefined {
    if (!this.#finished || this.#finSent || this.#finAcked || this.#next !== this.#end || this.#limit < this.#end)
      return undefined;
    this.#finSent = true;
    return { offset: this.#end, bytes: Buffer.alloc(0), fin: true };
  }

  #release(upTo: number): void {
    this.#acked = Math.max(this.#acked, upTo);
    let first = 0;
    let base = this.#base;
    for (
      let chunk = this.#chunks.at(first);
      chunk !== undefined && base + chunk.length <= upTo;
      chunk = this.#chunks.at(first)
    ) {
      base += chunk.length;
      first += 1;
    }
    if (first === 0) return;
    // a receiver may acknowledge what was sent before a rewind; what is next is never before what is kept
    if (first > this.#index) {
      this.#index = first;
      this.#within = 0;
      this.#next = base;
    }
    this.#chunks.drop(first);
    this.#index -= first;
    this.#base = base;
  }

  #rewind(to: number): void {
    this.#finSent = false;
    let at = this.#base;
    this.#index = 0;
    for (const chunk of this.#chunks) {
      if (at + chunk.length > to) break;
      at += chunk.length;
      this.#index += 1;
    }
    this.#within = to - at;
    this.#next = to;
  }
}

/** What {@link ReceiveStream.accept} makes of a piece. */
export type Accepted =
  /** These bytes are new and come next. */
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly fin: boolean }
  /** All of it was here before, or goes beyond what was allowed: nothing of it counts. */
  | { readonly kind: 'old' }
  /** Something before it is missing: ask the sender to rewind. */
  | { readonly kind: 'gap' };

/** Bytes that a receiver takes at most before it says so: senders wait for no fewer, however wide the window. */
const MOST_UNTOLD = 256 * 1024;

/** How a receiving end begins. */
export interface Reception {
  /**
   * When a byte is acknowledged, so that the sender may forget it: once it is here, or once its reader has taken it,
   * for a reader that outlives this end.
   */
  readonly acknowledges: 'received' | 'consumed';
  /** How far an earlier life of this end had come. @default 0 */
  readonly received?: number;
  /** @default 0 */
  readonly consumed?: number;
  /** Whether it had received the end. @default false */
  readonly finished?: boolean;
}

/** The receiving end. Holds no bytes itself, only how far it is. */
export class ReceiveStream {
  readonly #acknowledges: Reception['acknowledges'];
  #received: number;
  #consumed: number;
  #finished: boolean;
  #granted: number;
  /** Whether a gap was reported and the sender has not gone back yet. */
  #asked = false;
  #finTold = false;
  readonly #window: number;

  /** @param window bytes that may be under way or waiting to be consumed. */
  constructor(window: number, begin: Reception = { acknowledges: 'received' }) {
    this.#window = window;
    this.#acknowledges = begin.acknowledges;
    this.#received = begin.received ?? 0;
    this.#consumed = begin.consumed ?? 0;
    this.#finished = begin.finished ?? false;
    this.#granted = this.#consumed + window;
  }

  /** Bytes received so far, in order. */
  get received(): number {
    return this.#received;
  }

  /** Whether the whole stream is here. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Takes a piece as it comes: trims what is known and what was not allowed, notices what is missing. */
  accept(offset: number, bytes: Buffer, fin: boolean): Accepted {
    if (offset > this.#received) {
      // one rewind is enough for all that was under way; a bare mark says that something was dropped since
      const isMark = bytes.length === 0 && !fin;
      if (this.#asked && !isMark) return { kind: 'old' };
      this.#asked = true;
      return { kind: 'gap' };
    }
    const known = Math.min(this.#received - offset, bytes.length);
    // [PROTOCOL 5.2] a sender that goes beyond its credit must not fill this side's memory
    const fresh = bytes.subarray(known, Math.max(known, this.#granted - offset));
    const ends = fin && !this.#finished && offset + bytes.length === this.#received + fresh.length;
    if (this.#finished || (fresh.length === 0 && !ends)) return { kind: 'old' };
    this.#asked = false;
    this.#received += fresh.length;
    this.#finished = ends;
    return { kind: 'bytes', bytes: fresh, fin: ends };
  }

  /** Notes that the reader has taken so many bytes. */
  consume(bytes: number): void {
    this.#consumed += bytes;
  }

  /** The credit to send now, or undefined while the sender has enough. */
  grant(): Credit | undefined {
    const limit = this.#consumed + this.#window;
    // a quarter of the window at a time: often enough to keep the sender going, rarely enough to cost nothing
    const due = limit - this.#granted >= Math.min(this.#window / 4, MOST_UNTOLD) || (this.#hasFin && !this.#finTold);
    if (!due) return undefined;
    return this.#tell(limit, false);
  }

  /** Asks for what a gap has shown to be missing. */
  rewind(): Credit {
    return this.#tell(this.#consumed + this.#window, true);
  }

  /** Says where this end is, after a lost connection. */
  restart(): Credit {
    this.#asked = false;
    return this.rewind();
  }

  #tell(limit: number, rewind: boolean): Credit {
    this.#granted = limit;
    this.#finTold = this.#hasFin;
    const upTo = this.#acknowledges === 'received' ? this.#received : this.#consumed;
    return { acked: upTo + (this.#hasFin ? 1 : 0), limit, rewind };
  }

  /** Whether the end counts as received: a reader that has not taken all before it has not got to it. */
  get #hasFin(): boolean {
    return this.#finished && (this.#acknowledges === 'received' || this.#consumed >= this.#received);
  }
}
