/** Leases of pools on disk: an address that was given is not given again, whatever becomes of the server meanwhile. */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { fileRecordLog, type RecordLog } from '../../state/index.ts';
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
/** The file is written anew when it has so many lines more than twice those that count. */
const SPARE_LINES = 10_000;

/**
 * Leases in the file `leases` of a directory that is there: a line of JSON each, added at the end and synced; many at a time
 * share the disk's time.
 */
export class FileLeaseStore implements LeaseStore {
  readonly #log: RecordLog;
  readonly #path: string;
  readonly #latest = new Map<number, Lease>();
  #file: FileHandle | undefined;
  #length = 0;
  #lines = 0;

  constructor(directory: string) {
    this.#log = fileRecordLog(directory, NAME);
    this.#path = join(directory, NAME);
  }

  load(): readonly Lease[] {
    for (const record of this.#log.load()) {
      const lease = leaseOf(record, this.#path);
      this.#latest.delete(lease.address);
      this.#latest.set(lease.address, lease);
      this.#lines += 1;
    }
    return [...this.#latest.values()];
  }

  async keep(leases: readonly Lease[]): Promise<void> {
    try {
      await this.#append(leases.map((lease) => `${JSON.stringify(recordOf(lease))}\n`).join(''));
      for (const lease of leases) this.#latest.set(lease.address, lease);
      this.#lines += leases.length;
      if (this.#lines > 2 * this.#latest.size + SPARE_LINES) await this.#compact();
    } catch (error) {
      throw this.#told(error);
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #append(text: string): Promise<void> {
    const file = this.#file ?? (await this.#open());
    const bytes = Buffer.from(text);
    try {
      await file.appendFile(bytes);
      await file.datasync();
      this.#length += bytes.length;
    } catch (error) {
      // what is added next must not join on to half a line
      await file.truncate(this.#length);
      throw error;
    }
  }

  async #open(): Promise<FileHandle> {
    this.#file = await open(this.#path, 'a', 0o600);
    this.#length = (await this.#file.stat()).size;
    return this.#file;
  }

  async #compact(): Promise<void> {
    this.#log.rewrite([...this.#latest.values()].map(recordOf));
    this.#lines = this.#latest.size;
    // the handle is of the file that was replaced
    await this.close();
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
