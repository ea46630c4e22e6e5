/** How a slave or a client reaches its master: the network's seam. */
import type { Duplex } from 'node:stream';
import type { Cancel, Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Link } from '../transport/index.ts';
import { Connection, dial, formatAddress, parseAddress } from '../transport/index.ts';

/**
 * Tries once to reach a master and tells the outcome, never before it has returned. `address` is
 * where an administrator said; empty: wherever the connector knows.
 */
export type Connector = (address: string, tell: (outcome: Link | BprocError) => void) => Cancel;

/** A master inside this process, or whatever else makes connections. */
export type ConnectionSource = () => Duplex | Promise<Duplex>;

/** How long one address has to answer. */
const DIAL_MS = 5000;

/**
 * A connector to addresses, tried in order, or to what `source` returns.
 *
 * @throws BprocError EINVAL, EPERM, ENAMETOOLONG for an address that cannot be.
 */
export function connectorTo(masters: readonly string[] | ConnectionSource, clock: Clock): Connector {
  if (typeof masters === 'function') {
    return (_address, tell) => attempt(async () => new Connection(await masters(), clock, 'memory'), tell);
  }
  const addresses = masters.map(parseAddress);
  return (address, tell) =>
    attempt(async (signal) => {
      const failures: BprocError[] = [];
      for (const each of address === '' ? addresses : [parseAddress(address)]) {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(DIAL_MS)]);
        try {
          return new Connection(await dial(each, limit), clock, formatAddress(each));
        } catch (error) {
          failures.push(BprocError.from(error));
        }
      }
      throw failures[0] ?? new BprocError('EINVAL', 'no address of a master was given');
    }, tell);
}

function attempt(connect: (signal: AbortSignal) => Promise<Link>, tell: (outcome: Link | BprocError) => void): Cancel {
  const aborter = new AbortController();
  connect(aborter.signal).then(
    (link) => {
      if (aborter.signal.aborted) link.destroy();
      else tell(link);
    },
    (error: unknown) => {
      if (!aborter.signal.aborted) tell(BprocError.from(error, 'ECONNREFUSED'));
    },
  );
  return () => aborter.abort();
}
