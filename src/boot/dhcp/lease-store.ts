/** Leases of pools on disk: an address that was given is not given again, whatever becomes of the server meanwhile. */
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { fileGroupLog, type GroupLog } from '../../state/index.ts';
import { addressOf, numberOf } from './ipv4.ts';
import type { Lease } from './leases.ts';

/** Where leases are kept. */
export interface LeaseStore {
  /** Those that were given; of each address the last. */
  load(): readonly Lease[];
  /** Kept once this resolves. One call at a time. */
  keep(leases: readonly Lease[]): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'leases';

/** Leases in the file `leases` of a directory that is there: a line of JSON each, many of which share the disk's time. */
export class FileLeaseStore implements LeaseStore {
  readonly #log: GroupLog;
  readonly #path: string;
  readonly #latest = new Map<number, Lease>();

  constructor(directory: string) {
    this.#log = fileGroupLog(directory, NAME);
    this.#path = join(directory, NAME);
  }

  load(): readonly Lease[] {
    for (const record of this.#log.load()) this.#add(leaseOf(record, this.#path));
    return [...this.#latest.values()];
  }

  async keep(leases: readonly Lease[]): Promise<void> {
    try {
      await this.#keep(leases);
      for (const lease of leases) this.#add(lease);
    } catch (error) {
      throw this.#told(error);
    }
    // what is kept stays kept where it cannot be written anew, as on a full disk
    if (this.#log.isOvergrown) attempt(() => this.#rewrite(this.#latest));
  }

  async close(): Promise<void> {
    await this.#log[Symbol.asyncDispose]();
  }

  async #keep(leases: readonly Lease[]): Promise<void> {
    if (this.#log.isBroken) {
      const all = new Map(this.#latest);
      for (const lease of leases) all.set(lease.address, lease);
      this.#rewrite(all);
      return;
    }
    for (const lease of leases) this.#log.append(recordOf(lease));
    await this.#log.kept();
  }

  #rewrite(leases: ReadonlyMap<number, Lease>): void {
    this.#log.rewrite([...leases.values()].map(recordOf));
  }

  /** Of two machines that had an address the later one comes later, also of two addresses that a machine had. */
  #add(lease: Lease): void {
    this.#latest.delete(lease.address);
    this.#latest.set(lease.address, lease);
  }

  #told(error: unknown): BprocError {
    const known = BprocError.from(error);
    const remedy = known.code === 'ENOSPC' || known.code === 'EDQUOT' ? 'make room there' : 'see to it';
    const cost = 'until then no machine gets an address from a pool; those with one of their own do';
    return new BprocError(known.code, `leases cannot be kept in ${this.#path} (${known.message}): ${remedy}; ${cost}`, {
      cause: error,
    });
  }
}

function recordOf({ address, mac, until }: Lease): { address: string; mac: string; until: number } {
  return { address: addressOf(address), mac, until };
}

function leaseOf(record: unknown, path: string): Lease {
  const { address, mac, until } = (record ?? {}) as Readonly<Record<string, unknown>>;
  const isLease = typeof address === 'string' && typeof mac === 'string' && typeof until === 'number';
  if (!isLease) throw new BprocError('EIO', `${path} holds a line that is no lease: restore it or remove it`);
  return { address: numberOf(address, `an address in ${path}`), mac, until, state: 'bound', isReserved: false };
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // it is tried again when as much was added again
  }
}
