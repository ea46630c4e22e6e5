/** A {@link Link} over any Duplex: socket, TLS, or one end of a pair in memory. */
import type { Duplex } from 'node:stream';
import type { Cancel, Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Control, ControlInit, Credit, Failure } from '../wire/index.ts';
import { Channel, type ChannelSink } from '../wire/index.ts';
import { failureOf, reasonOf } from './failure.ts';
import type { Link, LinkHandler } from './link.ts';

/** Bytes handed to the socket ahead of what it has sent; the rest waits where heartbeats can overtake it. */
const WRITE_AHEAD = 256 * 1024;
/** Bytes of stream data that may wait here before the link calls itself congested. */
const CONGESTED_ABOVE = 8 * 1024 * 1024;
const CONGESTED_BELOW = 2 * 1024 * 1024;
/** How long the frames of one connection may take before others get their turn, in milliseconds; and how many. */
const READ_MS = 2;
const READ_FRAMES = 256;
/** How long a closing connection may take to send what it has. */
const CLOSE_DEADLINE_MS = 5000;

/** How a connection treats its peer. */
export interface ConnectionOptions {
  /**
   * Bytes that may wait for the peer before nothing more is read from it, so that one which asks
   * and never listens fills no memory. Only one side of a connection may set it, or both could wait
   * for each other for ever.
   *
   * @default Infinity
   */
  readonly unreadLimitBytes?: number;
  /**
   * The duplex overwrites what it has brought ({@link dial}). Tells of which streams the handler keeps no bytes as they are; those of
   * others are copied.
   *
   * @default what was brought is left as it is
   */
  readonly isTaken?: ((stream: number) => boolean) | undefined;
}

/** Frames over a Duplex, with batched writes, a read budget and heartbeats that overtake data. */
export class Connection implements Link {
  readonly peer: string;
  heardAt: number;
  peerIntervalMs = 0;
  readonly #duplex: Duplex;
  readonly #clock: Clock;
  readonly #channel: Channel;
  #handler: LinkHandler | undefined;
  #flushing = false;
  #flushingNow = false;
  #blocked = false;
  #congested = false;
  #paused = false;
  #closing = false;
  #closed = false;
  #cancelClose: Cancel | undefined;
  #peerReason: Failure | undefined;
  /** Why it is gone, for a handler that comes later. */
  #endReason: BprocError | undefined;
  readonly #unreadLimit: number;
  /** What is to be read once the peer has taken more of what waits for it. */
  #held: (() => void) | undefined;

  constructor(duplex: Duplex, clock: Clock, peer: string, options: ConnectionOptions = {}) {
    this.#duplex = duplex;
    this.#clock = clock;
    this.peer = peer;
    this.#unreadLimit = options.unreadLimitBytes ?? Number.POSITIVE_INFINITY;
    // from the first moment: an error that nobody hears ends the whole program
    duplex.on('error', (error: Error) => this.#end(BprocError.from(error, 'ECONNRESET')));
    duplex.on('close', () => {
      this.#cancelClose?.();
      this.#end(undefined);
    });
    this.heardAt = clock.now();
    const { isTaken } = options;
    const sink: ChannelSink = {
      // whoever was told to go gives no more orders
      control: (message: Control) => {
        if (!this.#closing) this.#handler?.control(message);
      },
      data: (stream, offset, bytes, fin) => {
        const kept = isTaken === undefined || isTaken(stream) ? bytes : Buffer.from(bytes);
        this.#handler?.data(stream, offset, kept, fin);
      },
      credit: (stream, credit) => this.#handler?.credit(stream, credit),
      stop: (stream) => this.#handler?.stop(stream),
      ping: (intervalMs) => {
        this.peerIntervalMs = intervalMs;
        this.#channel.sendPong();
        this.#flushSoon();
      },
      close: (failure) => {
        this.#peerReason = failure;
      },
    };
    this.#channel = new Channel(sink, isTaken !== undefined);
  }

  get congested(): boolean {
    return this.#congested;
  }

  open(handler: LinkHandler): void {
    if (this.#closed || this.#duplex.destroyed) {
      this.#closed = true;
      queueMicrotask(() => handler.closed(this.#endReason));
      return;
    }
    this.#handler = handler;
    this.#duplex.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#duplex.on('drain', () => {
      this.#blocked = false;
      this.#flush();
    });
    this.#duplex.on('end', () => this.#duplex.destroy());
  }

  establish(session: number): void {
    this.#channel.establish(session);
  }

  send(message: ControlInit): void {
    if (this.#closed || this.#closing) return;
    this.#channel.sendControl(message);
    this.#flushSoon();
  }

  sendData(stream: number, offset: number, bytes: Buffer, fin: boolean): void {
    if (this.#closed || this.#closing) return;
    this.#channel.sendData(stream, offset, bytes, fin);
    if (this.#channel.queuedDataBytes > CONGESTED_ABOVE) this.#congested = true;
    this.#flushNow();
  }

  sendCredit(stream: number, credit: Credit): void {
    if (this.#closed || this.#closing) return;
    this.#channel.sendCredit(stream, credit);
    this.#flushSoon();
  }

  sendStop(stream: number): void {
    if (this.#closed || this.#closing) return;
    this.#channel.sendStop(stream);
    this.#flushSoon();
  }

  ping(intervalMs: number): void {
    if (this.#closed || this.#closing) return;
    this.#channel.sendPing(intervalMs);
    this.#flushSoon();
  }

  close(reason?: BprocError): void {
    if (this.#closed || this.#closing) return;
    if (reason !== undefined) this.#channel.sendClose(failureOf(reason));
    this.#closing = true;
    this.#cancelClose = this.#clock.after(CLOSE_DEADLINE_MS, () => this.#duplex.destroy());
    // nobody reads one that was never opened, and so nobody would see the peer leave
    if (this.#handler === undefined) this.#duplex.on('end', () => this.#duplex.destroy()).resume();
    this.#flush();
  }

  destroy(): void {
    this.#duplex.destroy();
    this.#end(undefined);
  }

  /** After everything else of this turn: what peers, processes and promises bring in it leaves in one write. */
  #flushSoon(): void {
    if (this.#flushing || this.#blocked) return;
    this.#flushing = true;
    setImmediate(() => {
      if (this.#flushing) this.#flush();
    });
  }

  /** Stream bytes go on their way at once: whoever is next can take them while more are read here. */
  #flushNow(): void {
    if (this.#flushingNow || this.#blocked) return;
    this.#flushingNow = true;
    process.nextTick(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    this.#flushingNow = false;
    if (this.#duplex.destroyed) return;
    this.#duplex.cork();
    while (!this.#blocked && this.#channel.queuedBytes > 0) {
      for (const buffer of this.#channel.take(WRITE_AHEAD)) this.#duplex.write(buffer);
      if (this.#duplex.writableLength >= WRITE_AHEAD) this.#blocked = true;
    }
    this.#duplex.uncork();
    // a stream that had room after all never says 'drain'
    if (this.#blocked && !this.#duplex.writableNeedDrain) {
      this.#blocked = false;
      if (this.#channel.queuedBytes > 0) this.#flushSoon();
    }
    if (this.#congested && this.#channel.queuedDataBytes < CONGESTED_BELOW) {
      this.#congested = false;
      this.#handler?.drained();
    }
    if (this.#closing && this.#channel.queuedBytes === 0) this.#duplex.end();
    const held = this.#isUnread ? undefined : this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    setImmediate(held);
  }

  get #isUnread(): boolean {
    return this.#channel.queuedBytes > this.#unreadLimit;
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    this.heardAt = this.#clock.now();
    this.#consume(chunk, 0);
  }

  #consume(chunk: Buffer, start: number): void {
    if (this.#closed) return;
    const until = this.#clock.now() + READ_MS;
    let at = start;
    try {
      for (let left = READ_FRAMES; left > 0 && at < chunk.length; left -= 1) {
        // one at a time: a single message can start hundreds of processes
        at = this.#channel.receive(chunk, at, 1);
        if (this.#isUnread || this.#clock.now() >= until) break;
      }
    } catch (error) {
      const reason = BprocError.from(error, 'EPROTO');
      this.close(reason);
      this.#end(reason);
      return;
    }
    if (at >= chunk.length && !this.#isUnread) {
      if (this.#paused) this.#duplex.resume();
      this.#paused = false;
      return;
    }
    // the others' turn: the rest of this chunk comes after what they have
    this.#duplex.pause();
    this.#paused = true;
    const rest = (): void => this.#consume(chunk, at);
    if (this.#isUnread) this.#held = rest;
    else setImmediate(rest);
  }

  #end(reason: BprocError | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endReason = this.#peerReason === undefined ? reason : reasonOf(this.#peerReason);
    if (!this.#closing) this.#duplex.destroy();
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed(this.#endReason);
  }
}
