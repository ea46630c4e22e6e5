/** Which machine has which address, and until when: those of pools and those that the policy reserves. */
import type { Pool } from './network.ts';

/** An address and who has it. Times are in milliseconds since 1970. */
export interface Lease {
  readonly address: number;
  readonly mac: string;
  /** `offered` until the machine takes it; `declined`: somebody else uses it. */
  readonly state: 'offered' | 'bound' | 'declined';
  /** Whether it is the machine's own by the policy. */
  readonly isReserved: boolean;
  readonly until: number;
}

/** For how long an offer is remembered; where all else is taken it can be another's earlier, and who asks for it first gets it. */
const OFFER_MS = 10_000;
/** For how long an address is left alone that somebody uses without having been given it. */
const DECLINED_MS = 600_000;

export class LeaseTable {
  readonly #byAddress = new Map<number, Lease>();
  readonly #byMac = new Map<string, Lease>();
  /** Oldest first. */
  readonly #offered = new Set<Lease>();
  /** By the first address of a pool: those from it on were never looked at. */
  readonly #unused = new Map<number, number>();
  /** By the first address of a pool: before this none of its leases ends. */
  readonly #fullUntil = new Map<number, number>();

  get all(): IterableIterator<Lease> {
    return this.#byAddress.values();
  }

  get size(): number {
    return this.#byAddress.size;
  }

  of(mac: string): Lease | undefined {
    return this.#byMac.get(mac);
  }

  at(address: number): Lease | undefined {
    return this.#byAddress.get(address);
  }

  /** An address of `pool` for the machine: the one that it had, else the one it wants, else any. Undefined: all are taken. */
  offer(pool: Pool, mac: string, wanted: number | undefined, now: number): number | undefined {
    const had = this.#byMac.get(mac);
    const address =
      had !== undefined && had.state !== 'declined' && isOf(pool, had.address)
        ? had.address
        : wanted !== undefined && isOf(pool, wanted) && this.isFree(wanted, mac, now)
          ? wanted
          : this.#free(pool, now);
    if (address === undefined) return undefined;
    // what is bound stays so, however often its machine asks anew
    if (had?.address !== address || had.state !== 'bound' || had.until <= now) {
      this.#set({ address, mac, state: 'offered', isReserved: false, until: now + OFFER_MS });
    }
    return address;
  }

  /** Whether the machine could have it. An offer to another is no hindrance: who takes one first has it. */
  isFree(address: number, mac: string, now: number): boolean {
    const lease = this.#byAddress.get(address);
    return lease === undefined || lease.mac === mac || lease.state === 'offered' || lease.until <= now;
  }

  bind(address: number, mac: string, until: number, isReserved = false): Lease {
    const lease: Lease = { address, mac, state: 'bound', isReserved, until };
    this.#set(lease);
    return lease;
  }

  /** The machine does not want what it was offered. */
  forget(mac: string): void {
    const lease = this.#byMac.get(mac);
    if (lease === undefined) return;
    this.#drop(lease);
    this.#fullUntil.clear();
  }

  /** The machine gives back what it has; it gets it again where it returns before another wants it. */
  end(mac: string, now: number): void {
    const lease = this.#byMac.get(mac);
    if (lease === undefined) return;
    this.#set({ ...lease, until: now });
    this.#fullUntil.clear();
  }

  /** Somebody uses the address who was not given it. */
  decline(mac: string, now: number): void {
    const lease = this.#byMac.get(mac);
    if (lease === undefined) return;
    this.#drop(lease);
    this.#set({ ...lease, state: 'declined', mac: '', until: now + DECLINED_MS });
  }

  #free(pool: Pool, now: number): number | undefined {
    for (let next = this.#unused.get(pool.first) ?? pool.first; next <= pool.last; next++) {
      this.#unused.set(pool.first, next + 1);
      if (!this.#byAddress.has(next)) return next;
    }
    const oldest = this.#oldestOffer(pool);
    if (oldest !== undefined && oldest.until <= now) return oldest.address;
    return this.#ended(pool, now) ?? oldest?.address;
  }

  /** The whole pool is looked through no more often than a lease of it ends, whatever flood of questions comes. */
  #ended(pool: Pool, now: number): number | undefined {
    if (now < (this.#fullUntil.get(pool.first) ?? 0)) return undefined;
    let earliest = Number.POSITIVE_INFINITY;
    for (let address = pool.first; address <= pool.last; address++) {
      const lease = this.#byAddress.get(address);
      if (lease === undefined || lease.until <= now) return address;
      if (lease.state !== 'offered') earliest = Math.min(earliest, lease.until);
    }
    this.#fullUntil.set(pool.first, earliest);
    return undefined;
  }

  #oldestOffer(pool: Pool): Lease | undefined {
    for (const lease of this.#offered) if (isOf(pool, lease.address)) return lease;
    return undefined;
  }

  #set(lease: Lease): void {
    for (const former of [this.#byAddress.get(lease.address), this.#byMac.get(lease.mac)]) {
      if (former === undefined) continue;
      this.#drop(former);
      if (former.address !== lease.address) this.#fullUntil.clear();
    }
    this.#byAddress.set(lease.address, lease);
    if (lease.mac !== '') this.#byMac.set(lease.mac, lease);
    if (lease.state === 'offered') this.#offered.add(lease);
  }

  #drop(lease: Lease): void {
    this.#byAddress.delete(lease.address);
    this.#byMac.delete(lease.mac);
    this.#offered.delete(lease);
  }
}

function isOf({ first, last }: Pool, address: number): boolean {
  return address >= first && address <= last;
}
