/** A connection as the roles see it: messages and stream bytes, no sockets. */
import type { BprocError } from '../errors.ts';
import type { Control, ControlInit, Credit } from '../wire/index.ts';

/** What a link tells of its peer. Nothing is told after `closed`. */
export interface LinkHandler {
  control(message: Control): void;
  data(stream: number, offset: number, bytes: Buffer, fin: boolean): void;
  credit(stream: number, credit: Credit): void;
  stop(stream: number): void;
  /** So much of what was queued has left that stream bytes may be queued again. */
  drained(): void;
  /** The connection is gone: in order without a reason, and else for this one. */
  closed(reason: BprocError | undefined): void;
}

/** One connection to a peer. Sending on a closed link does nothing. */
export interface Link {
  /** Who is at the other end, for messages: `unix`, `tcp 127.0.0.1:4000`, `memory`. */
  readonly peer: string;
  /** Whether so much waits to leave that stream bytes should not be queued now. */
  readonly congested: boolean;
  /** Hears the link; before this is called what arrives waits. */
  open(handler: LinkHandler): void;
  /** From the next frame on the session's tag is carried and demanded. */
  establish(session: number): void;
  send(message: ControlInit): void;
  sendData(stream: number, offset: number, bytes: Buffer, fin: boolean): void;
  sendCredit(stream: number, credit: Credit): void;
  sendStop(stream: number): void;
  /** Asks for a sign of life, and says in how many milliseconds at the latest it will ask again. */
  ping(intervalMs: number): void;
  /** When something last arrived, on the clock's monotonic scale. */
  readonly heardAt: number;
  /** How often the peer last said it would ask for a sign of life; 0 before it has. */
  readonly peerIntervalMs: number;
  /** Sends what is queued, then closes; with a reason the peer is told it. */
  close(reason?: BprocError): void;
  /** Closes at once; what is queued is lost. */
  destroy(): void;
}
