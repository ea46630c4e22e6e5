/** Bytes that come to a master: those of processes to their relay, those of images to theirs. */
import type { Control, Credit } from '../../wire/index.ts';
import { transferOf } from '../image/index.ts';
import type { ImageRelay } from './image-relay.ts';
import type { Relay } from './relay.ts';

/** Tells them apart by the number of their stream [PROTOCOL 5.1]. */
export class StreamSwitch {
  readonly #relay: Relay;
  readonly #images: ImageRelay;

  constructor(relay: Relay, images: ImageRelay) {
    this.#relay = relay;
    this.#images = images;
  }

  /** Whether a message was about a stream alone: then the reducer need not see it. */
  control(link: number, message: Control): boolean {
    if (message.body === 'fetch') this.#images.fetch(link, message.fetch);
    else if (message.body === 'fetchFailed') this.#images.fetchFailed(link, message.fetchFailed);
    else return false;
    return true;
  }

  data(link: number, stream: number, offset: number, bytes: Buffer, fin: boolean): void {
    const transfer = transferOf(stream);
    if (transfer === undefined) this.#relay.data(link, stream, offset, bytes, fin);
    else this.#images.data(link, transfer, offset, bytes, fin);
  }

  credit(link: number, stream: number, credit: Credit): void {
    const transfer = transferOf(stream);
    if (transfer === undefined) this.#relay.credit(link, stream, credit);
    else this.#images.credit(link, transfer, credit);
  }

  stop(link: number, stream: number): void {
    const transfer = transferOf(stream);
    if (transfer === undefined) this.#relay.stop(link, stream);
    else this.#images.stop(link, transfer);
  }

  /** A link takes bytes again. */
  drained(link: number): void {
    this.#relay.drained(link);
    this.#images.drained(link);
  }

  /** A link is gone. */
  closed(link: number): void {
    this.#relay.closed(link);
    this.#images.closed(link);
  }
}
