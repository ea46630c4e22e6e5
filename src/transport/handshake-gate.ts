/**
 * How many connections may shake hands at once, and how many may wait for it: PROTOCOL.md 8.5.
 *
 * A handshake costs a millisecond of CPU and some 50 kB of memory, and whoever asks for it is nobody yet. So
 * nothing of TLS exists for a connection before its first bytes are here, a bounded number shake hands at a
 * time, and who comes in between is let in one a turn, so that a storm of them keeps no heartbeat waiting.
 */
import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../clock.ts';

/** Bounds of what nobody has answered for yet. */
export interface HandshakeLimits {
  /** Connections that have sent nothing; the oldest goes where there are more. @default 1024 */
  readonly silent?: number;
  /** Connections that wait for their handshake; one more is closed. @default 4096 */
  readonly waiting?: number;
  /** Handshakes at a time. @default 64 */
  readonly atOnce?: number;
  /** How long each of these may last, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
}

/** Longest first flight of a peer; that of OpenSSL has some 300 bytes, with post-quantum keys 1,600. */
const MOST_AHEAD_BYTES = 8 * 1024;
/**
 * How long a handshake keeps its place while others wait for one: so many times as long as those take that come to
 * their end, but at least so many milliseconds. Honest peers on a busy machine are slow together; who never goes on
 * makes nobody wait longer.
 */
const PATIENCE = 8;
const LEAST_PATIENCE_MS = 1000;
/** What a handshake is taken to last before any has come to its end, in milliseconds, and how much each one counts. */
const USUAL_MS = 300;
const WEIGHT = 0.1;

/** How many there are of each kind. */
export interface HandshakeCounts {
  readonly silent: number;
  readonly waiting: number;
  readonly underWay: number;
}

/** Lets connections shake hands. */
export class HandshakeGate {
  readonly #limits: Required<HandshakeLimits>;
  readonly #clock: Clock;
  readonly #begin: (socket: Socket) => void;
  /** By when they came to be what they are, the oldest first. */
  readonly #silent = new Map<Socket, number>();
  readonly #waiting = new Map<Socket, number>();
  readonly #underWay = new Map<Socket, number>();
  /** How long handshakes last that come to their end, in milliseconds. */
  #usualMs = USUAL_MS;
  #pumping = false;
  #cancel: Cancel | undefined;
  #closed = false;

  /** @param begin starts the handshake of a connection that has sent something. */
  constructor(limits: HandshakeLimits, clock: Clock, begin: (socket: Socket) => void) {
    this.#limits = { silent: 1024, waiting: 4096, atOnce: 64, timeoutMs: 5000, ...limits };
    this.#clock = clock;
    this.#begin = begin;
  }

  get counts(): HandshakeCounts {
    return { silent: this.#silent.size, waiting: this.#waiting.size, underWay: this.#underWay.size };
  }

  /** Takes a connection that was accepted. */
  admit(socket: Socket): void {
    // an error that nobody hears ends the program
    socket.on('error', () => {});
    socket.once('close', () => this.#forget(socket));
    if (this.#closed) return void socket.destroy();
    this.#silent.set(socket, this.#clock.now());
    const [oldest] = this.#silent.keys();
    if (oldest !== undefined && this.#silent.size > this.#limits.silent) {
      this.#silent.delete(oldest);
      oldest.destroy();
    }
    socket.on('readable', () => this.#heard(socket));
    this.#arm();
  }

  /** A handshake has come to its end: others may have its place. */
  done(socket: Socket): void {
    const since = this.#underWay.get(socket);
    if (since !== undefined) this.#usualMs += WEIGHT * (this.#clock.now() - since - this.#usualMs);
    this.#forget(socket);
  }

  #forget(socket: Socket): void {
    this.#silent.delete(socket);
    this.#waiting.delete(socket);
    this.#underWay.delete(socket);
    this.#pump();
  }

  /** Lets nobody in any more, and closes whoever waits. */
  close(): void {
    this.#closed = true;
    this.#cancel?.();
    for (const each of [this.#silent, this.#waiting, this.#underWay])
      for (const socket of each.keys()) socket.destroy();
  }

  /** It has sent something, or its end; the bytes stay where TLS will look for them. */
  #heard(socket: Socket): void {
    const isEnd = socket.readableLength === 0;
    if (isEnd || socket.readableLength > MOST_AHEAD_BYTES) return void socket.destroy();
    if (!this.#silent.delete(socket)) return;
    if (this.#waiting.size >= this.#limits.waiting) return void socket.destroy();
    this.#waiting.set(socket, this.#clock.now());
    this.#pump();
  }

  /** One a turn: who is connected already is heard in between. */
  #pump(): void {
    if (this.#pumping || this.#waiting.size === 0 || this.#underWay.size >= this.#limits.atOnce) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      const [next] = this.#waiting.keys();
      if (next === undefined || this.#closed) return;
      this.#waiting.delete(next);
      next.removeAllListeners('readable');
      this.#underWay.set(next, this.#clock.now());
      this.#begin(next);
      this.#pump();
    });
  }

  /** One timer for all of them. */
  #arm(): void {
    this.#cancel ??= this.#clock.after(Math.min(this.#limits.timeoutMs, LEAST_PATIENCE_MS) / 4, () => {
      this.#cancel = undefined;
      this.#sweep();
      if (!this.#closed && this.#silent.size + this.#waiting.size + this.#underWay.size > 0) this.#arm();
    });
  }

  #sweep(): void {
    const { timeoutMs } = this.#limits;
    const patienceMs = Math.max(PATIENCE * this.#usualMs, LEAST_PATIENCE_MS);
    const mostMs = this.#waiting.size > 0 ? Math.min(patienceMs, timeoutMs) : timeoutMs;
    this.#dropOlder(this.#silent, timeoutMs);
    this.#dropOlder(this.#underWay, mostMs);
    // in a queue of honest peers the wait is long: each of them knows best when it gives up
    this.#dropOlder(this.#waiting, 3 * timeoutMs);
  }

  #dropOlder(sockets: ReadonlyMap<Socket, number>, ms: number): void {
    const before = this.#clock.now() - ms;
    for (const [socket, since] of sockets) {
      if (since >= before) return;
      socket.destroy();
    }
  }
}
