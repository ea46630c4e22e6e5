/** How a slave or a client reaches its master: the network's seam. */
import type { Duplex } from 'node:stream';
import type { Cancel, Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Address, Link } from '../transport/index.ts';
import { Connection, dial, dialTls, formatAddress, parseAddress } from '../transport/index.ts';
import type { TlsKeeper } from './join/index.ts';

/**
 * Tries once to reach a master and tells the outcome, never before it has returned. `address` is
 * where an administrator said; empty: wherever the connector knows.
 */
export type Connector = (address: string, tell: (outcome: Link | BprocError) => void) => Cancel;

/** A master inside this process, or whatever else makes connections. */
export type ConnectionSource = () => Duplex | Promise<Duplex>;

/** How long one address has to answer, and how much longer where many may want to shake hands at once. */
const DIAL_MS = 5000;
const HANDSHAKE_MS = 10_000;
/** Bytes that are read at a time where blobs come: a piece of one, as the wire has it. */
const READ_BYTES = 256 * 1024;

/**
 * Opens one connection to a master: to the first of the addresses that answers, or to what the source makes.
 *
 * @param keeper shows who one is where that is asked for, and knows whom to trust.
 * @throws BprocError of the first address, where none answers; EINVAL for `tls://` without a keeper.
 */
export async function openConnection(
  masters: readonly string[] | ConnectionSource,
  signal?: AbortSignal,
  keeper?: TlsKeeper,
): Promise<Duplex> {
  return (await reach(masters, signal, { keeper })).duplex;
}

/** How a connector goes about it. */
export interface ConnectorOptions {
  /** Shows who one is where that is asked for, and knows whom to trust. */
  readonly keeper?: TlsKeeper | undefined;
  /** Hears of each connection, and to where it is; undefined: to what a source has returned. */
  readonly reached?: (address: Address | undefined, connection: Duplex) => void;
  /**
   * For links that bring blobs: tells of which streams nobody keeps bytes as they come. Where no TLS is in between everything is read into
   * the same memory then.
   *
   * @default memory of its own for what comes at a time
   */
  readonly isTaken?: (stream: number) => boolean;
}

/** The same, with the address that was reached. */
async function reach(
  masters: readonly string[] | ConnectionSource,
  signal: AbortSignal | undefined,
  options: ConnectorOptions,
): Promise<{ readonly duplex: Duplex; readonly peer: string; readonly address: Address | undefined }> {
  if (typeof masters === 'function') return { duplex: await masters(), peer: 'memory', address: undefined };
  const failures: BprocError[] = [];
  for (const each of masters) {
    try {
      const address = parseAddress(each);
      return { duplex: await openOne(address, signal, options), peer: each, address };
    } catch (error) {
      failures.push(BprocError.from(error));
    }
  }
  throw failures[0] ?? new BprocError('EINVAL', 'no address of a master was given');
}

async function openOne(
  address: Address,
  signal: AbortSignal | undefined,
  { keeper, isTaken }: ConnectorOptions,
): Promise<Duplex> {
  const timeoutMs = address.kind === 'tls' ? DIAL_MS + HANDSHAKE_MS : DIAL_MS;
  const bounds = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  if (address.kind !== 'tls') return dial(address, bounds, isTaken && Buffer.allocUnsafeSlow(READ_BYTES));
  if (keeper === undefined)
    throw new BprocError('EINVAL', `${formatAddress(address)}: there is no certificate for TLS`);
  return dialTls(address, await keeper.trustFor(address, bounds), bounds);
}

/**
 * A connector to addresses, tried in order, or to what `source` returns.
 *
 * @throws BprocError EINVAL, EPERM, ENAMETOOLONG for an address that cannot be.
 */
export function connectorTo(
  masters: readonly string[] | ConnectionSource,
  clock: Clock,
  options: ConnectorOptions = {},
): Connector {
  if (typeof masters !== 'function') for (const each of masters) parseAddress(each);
  return (address, tell) =>
    attempt(async (signal) => {
      const { duplex, peer, address: where } = await reach(address === '' ? masters : [address], signal, options);
      options.reached?.(where, duplex);
      const isOverwritten = where !== undefined && where.kind !== 'tls';
      return new Connection(duplex, clock, peer, isOverwritten ? { isTaken: options.isTaken } : {});
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
