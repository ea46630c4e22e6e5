/** A network that DHCP is told to serve; on no other is anything answered. */
import { BprocError } from '../../errors.ts';
import { addressOf, broadcastOf, bytesOf, isIn, maskOf, numberOf, parseSubnet, type Subnet } from './ipv4.ts';
import { OPTION, type Options, textBytes, uint32Bytes } from './options.ts';

/** What is served on a network. */
export interface DhcpNetworkOptions {
  /** As `10.77.0.0/24`. */
  readonly subnet: string;
  /** This server's address there, which an interface of this machine has; for machines behind a relay, the one that the relay knows. */
  readonly server: string;
  /**
   * `server` gives addresses; `proxy` gives none and only says what to boot, beside somebody else's server.
   *
   * @default 'server'
   */
  readonly mode?: 'server' | 'proxy';
  /**
   * Addresses for machines for which the policy has none of their own; keep these two apart.
   *
   * @default none: those get no answer
   */
  readonly pool?: { readonly first: string; readonly last: string };
  readonly routers?: readonly string[];
  readonly nameServers?: readonly string[];
  readonly timeServers?: readonly string[];
  readonly domain?: string;
  /** For how long an address is given, in milliseconds; clients ask again at half of it. @default an hour */
  readonly leaseMs?: number;
}

/** A network, checked. */
export interface Network {
  readonly subnet: Subnet;
  readonly server: string;
  readonly mode: 'server' | 'proxy';
  readonly pool: Pool | undefined;
  readonly leaseMs: number;
  /** What all its machines are told. */
  readonly options: Options;
}

/** First and last address of a pool. */
export interface Pool {
  readonly first: number;
  readonly last: number;
}

const USUAL_LEASE_MS = 3_600_000;
const SHORTEST_LEASE_MS = 60_000;
const LONGEST_LEASE_MS = 0x7fff_ffff * 1000;
const MOST_POOLED = 1 << 20;

/** @throws BprocError EINVAL for what can be no network. */
export function networkOf(options: DhcpNetworkOptions): Network {
  const subnet = parseSubnet(options.subnet);
  numberOf(options.server, 'the server’s address');
  const leaseMs = options.leaseMs ?? USUAL_LEASE_MS;
  if (!(leaseMs >= SHORTEST_LEASE_MS && leaseMs <= LONGEST_LEASE_MS)) {
    throw new BprocError('EINVAL', `leases of ${leaseMs} ms: they last at least ${SHORTEST_LEASE_MS} ms`);
  }
  const mode = options.mode ?? 'server';
  if (mode === 'proxy' && options.pool !== undefined) {
    throw new BprocError('EINVAL', `a proxy on ${options.subnet} gives no addresses: leave its pool out`);
  }
  return {
    subnet,
    server: options.server,
    mode,
    pool: options.pool && poolOf(options.pool, subnet, options.subnet),
    leaseMs,
    options: toldToAll(options, subnet, leaseMs),
  };
}

/** @throws BprocError EINVAL for networks of which it cannot be said where a question comes from. */
export function networksOf(all: readonly DhcpNetworkOptions[]): readonly Network[] {
  const networks = all.map(networkOf);
  for (const [index, { subnet }] of networks.entries()) {
    const other = networks
      .slice(0, index)
      .find((each) => isIn(each.subnet, subnet.base) || isIn(subnet, each.subnet.base));
    if (other === undefined) continue;
    const [one, two] = [addressOf(subnet.base), addressOf(other.subnet.base)];
    throw new BprocError(
      'EINVAL',
      `networks ${one}/${subnet.bits} and ${two}/${other.subnet.bits} overlap: leave one out`,
    );
  }
  return networks;
}

function poolOf({ first, last }: { first: string; last: string }, subnet: Subnet, name: string): Pool {
  const pool = { first: numberOf(first, 'the pool’s first address'), last: numberOf(last, 'the pool’s last address') };
  const isWithin = pool.first > subnet.base && pool.last < broadcastOf(subnet) && pool.first <= pool.last;
  if (!isWithin) throw new BprocError('EINVAL', `a pool from ${first} to ${last} is not within ${name}`);
  if (pool.last - pool.first >= MOST_POOLED) {
    throw new BprocError('EINVAL', `a pool of more than ${MOST_POOLED} addresses: give a shorter one`);
  }
  return pool;
}

function toldToAll(options: DhcpNetworkOptions, subnet: Subnet, leaseMs: number): Options {
  const seconds = Math.floor(leaseMs / 1000);
  const told = new Map<number, Uint8Array>([
    [OPTION.leaseTime, uint32Bytes(seconds)],
    [OPTION.renewalTime, uint32Bytes(Math.floor(seconds / 2))],
    [OPTION.rebindingTime, uint32Bytes(Math.floor((seconds * 7) / 8))],
    [OPTION.mask, uint32Bytes(maskOf(subnet.bits))],
    [OPTION.broadcast, uint32Bytes(broadcastOf(subnet))],
  ]);
  const list = (code: number, addresses: readonly string[] = [], what: string): void => {
    for (const address of addresses) numberOf(address, what);
    if (addresses.length > 0) told.set(code, bytesOf(...addresses));
  };
  list(OPTION.router, options.routers, 'a router');
  list(OPTION.dns, options.nameServers, 'a name server');
  list(OPTION.ntp, options.timeServers, 'a time server');
  if (options.domain !== undefined) told.set(OPTION.domain, textBytes(options.domain));
  return told;
}
