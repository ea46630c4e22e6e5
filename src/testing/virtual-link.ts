/** One end of a virtual connection: a {@link Link} over a real channel, so that the true codec and rules are used. */
import type { Cancel, Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Link, LinkHandler } from '../transport/index.ts';
import { failureOf, reasonOf } from '../transport/index.ts';
import type { Control, ControlInit, Credit, Failure } from '../wire/index.ts';
import { Channel, readHeader } from '../wire/index.ts';
import type { Line, LineItem } from './virtual-line.ts';

/** How long a closing connection may take to send what it has, in milliseconds; as that of real connections. */
const CLOSE_DEADLINE_MS = 5000;

/** What is seen of a link's traffic by whoever watches the network. */
export interface LinkObserver {
  /** A message has arrived and is about to be handled. */
  receiving?(link: VirtualLink, message: Control): void;
  /** What `receiving` announced is done. */
  received?(link: VirtualLink): void;
  /** Stream bytes have arrived and are about to be handled. */
  data?(link: VirtualLink, stream: number, offset: number, bytes: number, fin: boolean): void;
  /** A receiver's word of how far it is has arrived. */
  credit?(link: VirtualLink, stream: number, credit: Credit): void;
  /** A message is about to be sent. */
  sending?(link: VirtualLink, message: ControlInit): void;
}

/** How a link is set up. */
export interface VirtualLinkOptions {
  /** The host's own name. */
  readonly local: string;
  /** The other end's. */
  readonly remote: string;
  readonly clock: Clock;
  /** Bytes of stream data that may wait before the link calls itself congested. */
  readonly congestedAbove: number;
  readonly observer: LinkObserver;
  /** Called once when the end is closed for good. */
  readonly onGone: (link: VirtualLink) => void;
}

/** An end of a virtual connection. */
export class VirtualLink implements Link {
  readonly peer: string;
  readonly local: string;
  readonly remote: string;
  heardAt: number;
  peerIntervalMs = 0;
  readonly #options: VirtualLinkOptions;
  readonly #channel: Channel;
  #line: Line | undefined;
  #handler: LinkHandler | undefined;
  #early: LineItem[] = [];
  #congested = false;
  #closing = false;
  #closed = false;
  #ended = false;
  #cancelClose: Cancel | undefined;
  #peerReason: Failure | undefined;

  constructor(options: VirtualLinkOptions) {
    this.#options = options;
    this.local = options.local;
    this.remote = options.remote;
    this.peer = `virtual ${options.remote}`;
    this.heardAt = options.clock.now();
    const { observer } = options;
    this.#channel = new Channel({
      control: (message) => {
        observer.receiving?.(this, message);
        this.#handler?.control(message);
        observer.received?.(this);
      },
      data: (stream, offset, bytes, fin) => {
        observer.data?.(this, stream, offset, bytes.length, fin);
        this.#handler?.data(stream, offset, bytes, fin);
      },
      credit: (stream, credit) => {
        observer.credit?.(this, stream, credit);
        this.#handler?.credit(stream, credit);
      },
      stop: (stream) => this.#handler?.stop(stream),
      ping: (intervalMs) => {
        this.peerIntervalMs = intervalMs;
        this.#channel.sendPong();
        this.#flush();
      },
      close: (failure) => {
        this.#peerReason = failure;
      },
    });
  }

  get congested(): boolean {
    return this.#congested;
  }

  /** Whether this end still believes in its connection. */
  get isOpen(): boolean {
    return !this.#closed;
  }

  /** Gives the end the line on which it sends; done by the network before anybody else has the link. */
  connect(line: Line): void {
    this.#line = line;
    line.onIdle = () => this.#flush();
  }

  open(handler: LinkHandler): void {
    this.#handler = handler;
    const early = this.#early;
    this.#early = [];
    for (const item of early) this.arrive(item);
  }

  establish(session: number): void {
    this.#channel.establish(session);
  }

  send(message: ControlInit): void {
    if (this.#closed || this.#closing) return;
    this.#options.observer.sending?.(this, message);
    this.#channel.sendControl(message);
    this.#flush();
  }

  sendData(stream: number, offset: number, bytes: Buffer, fin: boolean): void {
    if (this.#closed || this.#closing) return;
    this.#channel.sendData(stream, offset, bytes, fin);
    this.#flush();
    if (this.#channel.queuedDataBytes > this.#options.congestedAbove) this.#congested = true;
  }

  sendCredit(stream: number, credit: Credit): void {
    if (this.#closed || this.#closing) return;
    this.#channel.sendCredit(stream, credit);
    this.#flush();
  }

  sendStop(stream: number): void {
    if (this.#closed || this.#closing) return;
    this.#channel.sendStop(stream);
    this.#flush();
  }

  ping(intervalMs: number): void {
    if (this.#closed || this.#closing) return;
    this.#channel.sendPing(intervalMs);
    this.#flush();
  }

  close(reason?: BprocError): void {
    if (this.#closed || this.#closing) return;
    if (reason !== undefined) this.#channel.sendClose(failureOf(reason));
    this.#closing = true;
    this.#cancelClose = this.#options.clock.after(CLOSE_DEADLINE_MS, () => this.destroy());
    this.#flush();
  }

  destroy(): void {
    if (this.#closed) return;
    this.#line?.end('reset');
    this.#end(undefined);
  }

  /** The connection is gone for this end alone: the other one learns nothing of it. */
  sever(reason: BprocError): void {
    if (this.#closed) return;
    this.#line?.cut();
    this.#end(reason);
  }

  /** The host of this end is dead: nothing is told to anybody. `silent`: not even to the other end. */
  die(silent: boolean): void {
    if (silent) this.#line?.cut();
    else if (!this.#closed) this.#line?.end('reset');
    this.#handler = undefined;
    this.#end(undefined);
  }

  /** Something has come on the line towards this end. */
  arrive(item: LineItem): void {
    if (this.#closed) return;
    if (this.#handler === undefined) {
      this.#early.push(item);
      return;
    }
    if (item === 'reset' || item === 'end') {
      if (item === 'end') this.#line?.end('reset');
      this.#end(undefined);
      return;
    }
    this.heardAt = this.#options.clock.now();
    try {
      this.#channel.receive(item, 0, Number.POSITIVE_INFINITY);
    } catch (error) {
      const reason = BprocError.from(error, 'EPROTO');
      this.close(reason);
      this.#end(reason);
    }
  }

  #flush(): void {
    const line = this.#line;
    if (line === undefined || this.#ended) return;
    while (this.#channel.queuedBytes > 0 && line.isIdle) {
      // one frame at a time, so that each has its own fate
      const pieces = this.#channel.take(1);
      const [first] = pieces;
      if (first === undefined) break;
      const { type, stream, session, sequence } = readHeader(first, 0);
      const frame = Buffer.concat(pieces);
      line.send(frame, { type, stream, session, sequence, bytes: frame.length });
    }
    if (this.#congested && this.#channel.queuedDataBytes * 4 < this.#options.congestedAbove) {
      this.#congested = false;
      this.#handler?.drained();
    }
    if (this.#closing && this.#channel.queuedBytes === 0) {
      this.#ended = true;
      line.end('end');
    }
  }

  #end(reason: BprocError | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended = true;
    this.#cancelClose?.();
    const handler = this.#handler;
    this.#handler = undefined;
    this.#early = [];
    handler?.closed(this.#peerReason === undefined ? reason : reasonOf(this.#peerReason));
    this.#options.onGone(this);
  }
}
