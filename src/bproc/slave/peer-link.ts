/** A connection to another slave, to fetch from it or to bring it a process: the calling end of PROTOCOL.md 10.4 and 12.3. */
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Link } from '../../transport/index.ts';
import type { Control, ControlInit, Credit } from '../../wire/index.ts';
import { transferOf } from '../image/index.ts';
import type { PeerNetwork } from './peer-network.ts';

/** How long it may take until the other slave has let this one in, in milliseconds. */
const GREETING_MS = 5000;

/** What becomes of the connection. Nothing is told after it was closed. */
export interface PeerLinkSink {
  /** The other slave has let this one in. */
  admitted(link: Link): void;
  control(message: Control): void;
  data?(transfer: number, offset: number, bytes: Buffer, fin: boolean): void;
  credit?(transfer: number, credit: Credit): void;
  drained?(): void;
  /** It could not be made, or is gone. */
  closed(reason: BprocError): void;
}

/** Where it goes, and what it shows there. */
export interface PeerTarget {
  readonly address: string;
  readonly node: number;
  readonly greeting: ControlInit;
}

/**
 * Connects to another slave and shows it a ticket.
 *
 * @returns what closes the connection.
 */
export function openPeer(network: PeerNetwork, clock: Clock, target: PeerTarget, sink: PeerLinkSink): Cancel {
  let link: Link | undefined;
  let isOpen = true;
  let isAdmitted = false;
  const end = (reason?: BprocError): void => {
    if (!isOpen) return;
    isOpen = false;
    cancelDial();
    cancelTimer();
    link?.destroy();
    if (reason !== undefined) sink.closed(reason);
  };
  const cancelTimer = clock.after(GREETING_MS, () => {
    end(new BprocError('ETIMEDOUT', `node ${target.node} did not let this one in in time`));
  });
  const cancelDial = network.connect(target.address, target.node, (outcome) => {
    if (!isOpen) return BprocError.is(outcome) ? undefined : outcome.destroy();
    if (BprocError.is(outcome)) return end(outcome);
    link = outcome;
    outcome.open({
      control: (message) => {
        if (!isOpen) return;
        if (isAdmitted) return sink.control(message);
        if (message.body !== 'admitted') return;
        isAdmitted = true;
        cancelTimer();
        outcome.establish(message.admitted.session);
        sink.admitted(outcome);
      },
      data: (stream, offset, bytes, fin) => {
        const transfer = transferOf(stream);
        if (isOpen && isAdmitted && transfer !== undefined) sink.data?.(transfer, offset, bytes, fin);
      },
      credit: (stream, credit) => sink.credit?.(transferOf(stream) ?? 0, credit),
      stop: () => {},
      drained: () => sink.drained?.(),
      closed: (reason) => end(reason ?? new BprocError('ECONNRESET', `node ${target.node} closed the connection`)),
    });
    outcome.send(target.greeting);
    return undefined;
  });
  return () => end();
}
