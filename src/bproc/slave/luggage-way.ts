/**
 * A connection for nothing but the files of a process that comes, made by the slave that is to have it. What a socket that was dialled
 * brings is read into one piece of memory, while for one that was accepted Node takes another each time, which costs the
 * garbage collector more than all else that is done with the bytes. PROTOCOL.md 12.20.
 */
import type { Link } from '../../transport/index.ts';
import type { Bring } from '../../wire/index.ts';
import type { LuggageTaker } from '../migrate/index.ts';
import { isNear } from './image-supply.ts';
import type { ArrivalParts } from './move-parts.ts';
import { openPeer } from './peer-link.ts';

/** The connection; without a link all comes by the one on which the process is brought. */
export class LuggageWay implements Disposable {
  /** Who takes what comes. */
  taker: LuggageTaker | undefined;
  readonly link: Link | undefined;
  readonly #close: () => void;

  private constructor(link: Link | undefined, close: () => void) {
    this.link = link;
    this.#close = close;
  }

  /** Tries once: it is no failure where it cannot be had. */
  static async open(parts: ArrivalParts, bring: Bring): Promise<LuggageWay> {
    const { network, clock, masterPeer, state } = parts;
    const { puid: image, number, node, luggageAddress: address, luggageTicket: ticket } = bring;
    const self = state.node;
    if (network === undefined || self === undefined || address === '' || !isNear(address, masterPeer())) {
      return new LuggageWay(undefined, () => {});
    }
    const greeting = { present: { image, node: self, number, ticket } };
    return new Promise((resolve) => {
      let way: LuggageWay | undefined;
      const found = (link: Link | undefined): void => {
        way ??= new LuggageWay(link, close);
        resolve(way);
      };
      const close = openPeer(
        network,
        clock,
        { address, node, greeting },
        {
          admitted: found,
          data: (...what) => way?.taker?.data(...what),
          control: (message) => (message.body === 'fetchFailed' ? way?.taker?.failed(message.fetchFailed) : undefined),
          closed: (reason) => {
            found(undefined);
            way?.taker?.fail(reason);
          },
        },
      );
    });
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}
