/** Blobs of its images that a client gives to its master: PROTOCOL.md 10.2. */
import type { Link } from '../../transport/index.ts';
import { BlobSender, transferOf } from '../image/index.ts';
import type { LinkEvent } from '../link-events.ts';
import type { ClientImages } from './images.ts';

/** What is being given, over the link that there is. */
export class ClientGifts {
  readonly #images: ClientImages;
  readonly #linkOf: (id: number) => Link | undefined;
  #sender: { readonly link: number; readonly sender: BlobSender } | undefined;

  constructor(images: ClientImages, linkOf: (id: number) => Link | undefined) {
    this.#images = images;
    this.#linkOf = linkOf;
  }

  /** Takes what concerns blobs; false for everything that the client has to hear as well. */
  take(event: LinkEvent, isMasters: boolean): boolean {
    switch (event.type) {
      case 'control':
        if (event.message.body !== 'fetch') return false;
        if (isMasters) this.#senderOn(event.link)?.fetch(event.message.fetch);
        return true;
      case 'credit':
      case 'stop':
        return this.#receiverSaid(event);
      case 'drained':
        this.#sender?.sender.drained();
        return false;
      case 'closed':
        if (this.#sender?.link === event.link) this.#drop();
        return false;
      default:
        return false;
    }
  }

  #receiverSaid(event: Extract<LinkEvent, { readonly type: 'credit' | 'stop' }>): boolean {
    const transfer = transferOf(event.stream);
    if (transfer === undefined) return false;
    const sender = this.#sender?.link === event.link ? this.#sender.sender : undefined;
    if (event.type === 'credit') sender?.credit(transfer, event.credit);
    else sender?.stop(transfer);
    return true;
  }

  #senderOn(id: number): BlobSender | undefined {
    if (this.#sender?.link === id) return this.#sender.sender;
    this.#drop();
    const link = this.#linkOf(id);
    if (link === undefined) return undefined;
    const sender = new BlobSender(link, (image, blob) => this.#images.open(image, blob));
    this.#sender = { link: id, sender };
    return sender;
  }

  #drop(): void {
    this.#sender?.sender[Symbol.dispose]();
    this.#sender = undefined;
  }
}
