/** What comes from another node through a pipe: the asking end of PROTOCOL.md 11.6. */
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { Credit, Source } from '../../wire/index.ts';
import { ReceiveStream } from '../../wire/index.ts';
import { idBytes } from '../ids.ts';
import type { FetchLink } from '../image/index.ts';
import { transferStream } from '../image/index.ts';
import { isNear, type Uplink } from './image-supply.ts';
import { openPeer } from './peer-link.ts';
import type { PeerNetwork } from './peer-network.ts';
import type { Pipe } from './pipe.ts';

/** Bytes that may be under way, or wait for the slowest reader. */
const WINDOW = 4 * 1024 * 1024;
/** How often the other slave hears from this one, which else may have nothing to say for long. */
const SIGN_MS = 20_000;
/** The only transfer of its connection. */
const TRANSFER = 1;

/** What is to be had, and from where. */
export interface PipeSupplyParts {
  readonly name: string;
  readonly uplink: Uplink;
  readonly network: PeerNetwork;
  readonly clock: Clock;
  /** Takes what comes. */
  readonly pipe: Pipe;
}

/** Fills a pipe, from one other slave, once. */
export class PipeSupply {
  readonly #parts: PipeSupplyParts;
  readonly #stream = new ReceiveStream(WINDOW);
  #link: FetchLink | undefined;
  #credit: Credit | undefined;
  #closePeer: Cancel = () => {};
  #cancelSign: Cancel = () => {};
  #ready: (error?: BprocError) => void = () => {};

  constructor(parts: PipeSupplyParts) {
    this.#parts = parts;
  }

  /** Connects to where the master sends this slave; resolves when what is written comes here, too. @throws BprocError why that cannot be. */
  connect({ number, address, ticket }: Source, node: number): Promise<void> {
    const { uplink, network, clock, name } = this.#parts;
    if (!isNear(address, uplink.link.peer)) {
      const why = `node ${node} is at an address that this one does not connect to`;
      return Promise.reject(new BprocError('EPERM', why));
    }
    const present = { image: idBytes(name), node: uplink.node, number, ticket };
    return new Promise((resolve, reject) => {
      this.#ready = (error) => (error === undefined ? resolve() : reject(error));
      this.#closePeer = openPeer(
        network,
        clock,
        { address, node, greeting: { present } },
        {
          admitted: (link) => this.#begin(link),
          data: (transfer, offset, bytes, fin) => this.#data(transfer, offset, bytes, fin),
          control: (message) => {
            if (message.body !== 'fetchFailed') return;
            const { failure } = message.fetchFailed;
            this.#end(failure === null ? new BprocError('EIO', 'no reason') : reasonOf(failure));
          },
          closed: (reason) => this.#end(reason),
        },
      );
    });
  }

  /** Nobody wants it any more. */
  close(): void {
    this.#cancelSign();
    this.#link = undefined;
    this.#closePeer();
  }

  #begin(link: FetchLink): void {
    const name = idBytes(this.#parts.name);
    this.#link = link;
    link.send({ fetch: { transfer: TRANSFER, image: name, blob: name, offset: 0 } });
    this.#tell(this.#stream.restart());
    this.#sign();
    this.#ready();
  }

  #data(transfer: number, offset: number, bytes: Buffer, fin: boolean): void {
    if (transfer !== TRANSFER) return;
    const accepted = this.#stream.accept(offset, bytes, fin);
    if (accepted.kind === 'gap') return this.#end(new BprocError('EPROTO', 'something of a pipe is missing'));
    // a copy: what came may be overwritten by what comes next
    if (accepted.kind === 'bytes') void this.#pass(Buffer.from(accepted.bytes), accepted.fin);
  }

  async #pass(bytes: Buffer, fin: boolean): Promise<void> {
    await this.#parts.pipe.write(bytes);
    this.#stream.consume(bytes.length);
    this.#tell(this.#stream.grant());
    if (fin) this.#end();
  }

  #tell(credit: Credit | undefined): void {
    if (credit === undefined) return;
    this.#credit = { ...credit, rewind: false };
    this.#link?.sendCredit(transferStream(TRANSFER), credit);
  }

  #sign(): void {
    this.#cancelSign = this.#parts.clock.after(SIGN_MS, () => {
      this.#tell(this.#credit);
      this.#sign();
    });
  }

  #end(error?: BprocError): void {
    this.close();
    this.#ready(error ?? new BprocError('ECONNRESET', 'it is over'));
    this.#parts.pipe.end(error);
  }
}
