/** Memory that follows a process from one slave to the other, and what is asked for: PROTOCOL.md 12.14. */
import type { Duplex } from 'node:stream';
import type { Link } from '../../transport/index.ts';
import type { Init, Pages } from '../../wire/index.ts';

/** Bytes that may be under way in one direction. */
const WINDOW = 4 * 1024 * 1024;
/** Of one message. */
const MOST_BYTES = 256 * 1024;
/** What has been taken is told in steps of so many bytes. */
const STEP = 512 * 1024;

/** One end: passes what the engine says to the other slave, and what that says to the engine. */
export class PageRelay {
  readonly #link: Pick<Link, 'send'>;
  readonly #engine: Duplex;
  #sent = 0;
  #acknowledged = 0;
  #taken = 0;
  #told = 0;

  constructor(link: Pick<Link, 'send'>, engine: Duplex) {
    this.#link = link;
    this.#engine = engine;
    engine.on('data', (bytes: Buffer) => this.#pass(bytes));
    engine.on('end', () => this.#send({ isOver: true }));
  }

  /** The other slave has said something. */
  hear({ bytes, acknowledged, isOver }: Pages): void {
    this.#acknowledged = Math.max(this.#acknowledged, acknowledged);
    if (this.#sent - this.#acknowledged < WINDOW) this.#engine.resume();
    if (bytes.length > 0) {
      // what came may be overwritten by what comes next
      this.#engine.write(Buffer.from(bytes), () => this.#take(bytes.length));
    }
    if (isOver) this.#engine.end();
  }

  #pass(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += MOST_BYTES) this.#send({ bytes: bytes.subarray(at, at + MOST_BYTES) });
    this.#sent += bytes.length;
    if (this.#sent - this.#acknowledged >= WINDOW) this.#engine.pause();
  }

  #take(bytes: number): void {
    this.#taken += bytes;
    if (this.#taken - this.#told < STEP) return;
    this.#told = this.#taken;
    this.#send({ acknowledged: this.#taken });
  }

  #send(pages: Init<Pages>): void {
    this.#link.send({ pages });
  }
}
