/**
 * Stream bytes between slaves and clients: PROTOCOL.md 5.4. The master keeps none of them: what a
 * slow peer has no room for is dropped, and asked for again by its receiver.
 */
import type { Link } from '../../transport/index.ts';
import type { Credit } from '../../wire/index.ts';
import { ofStream } from '../ids.ts';
import type { MasterState } from './state.ts';

const NOTHING = Buffer.alloc(0);

/** Passes frames of streams on to whoever is at the other end of them. */
export class Relay {
  readonly #state: MasterState;
  readonly #links: ReadonlyMap<number, Link>;
  /** Streams of which something was dropped, by the link that had no room, with where they were then. */
  readonly #dropped = new Map<number, Map<number, number>>();

  constructor(state: MasterState, links: ReadonlyMap<number, Link>) {
    this.#state = state;
    this.#links = links;
  }

  data(from: number, stream: number, offset: number, bytes: Buffer, fin: boolean): void {
    const to = this.#other(from, stream);
    const link = to === undefined ? undefined : this.#links.get(to);
    if (to === undefined || link === undefined) return;
    if (!link.congested) {
      link.sendData(stream, offset, bytes, fin);
      return;
    }
    const dropped = this.#dropped.get(to) ?? new Map<number, number>();
    this.#dropped.set(to, dropped);
    dropped.set(stream, offset + bytes.length + (fin ? 1 : 0));
  }

  credit(from: number, stream: number, credit: Credit): void {
    this.#receiverTold(from, stream)?.sendCredit(stream, credit);
  }

  stop(from: number, stream: number): void {
    this.#receiverTold(from, stream)?.sendStop(stream);
  }

  /** A link has room again: the receivers of what was dropped see the gap, and ask for it. */
  drained(id: number): void {
    const link = this.#links.get(id);
    const dropped = this.#dropped.get(id);
    this.#dropped.delete(id);
    for (const [stream, offset] of dropped ?? []) link?.sendData(stream, offset, NOTHING, false);
  }

  closed(id: number): void {
    this.#dropped.delete(id);
  }

  #receiverTold(from: number, stream: number): Link | undefined {
    const to = this.#other(from, stream);
    return to === undefined ? undefined : this.#links.get(to);
  }

  /** The link at the other end of a stream; undefined for one that `from` has no part in. */
  #other(from: number, stream: number): number | undefined {
    const process = this.#state.byPid.get(ofStream(stream).pid);
    if (process === undefined) return undefined;
    const { node, client } = process;
    if (node.link === from) return client?.link;
    if (client?.link === from) return node.ready ? node.link : undefined;
    return undefined;
  }
}
