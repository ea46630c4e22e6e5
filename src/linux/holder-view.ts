/** Processes as a holder sees and signals them, numbered as its pid namespace has them. */
import { BprocError, codeOfErrno } from '../errors.ts';
import type { HolderLink } from './holder-link.ts';
import { placeProcesses } from './process-tree.ts';
import { isGroup, type ProcessView, signalFailure } from './process-view.ts';
import type { ProcessRecord, ProcessStat } from './procfs.ts';
import type { ProcessIdentity } from './spawner.ts';

const ESRCH = 3;

/** The view of a holder. */
export class HolderView implements ProcessView {
  readonly #link: HolderLink;
  readonly #isRunning: (identity: ProcessIdentity) => boolean;

  /** @param isRunning whether it is one of those the holder started, and has not ended: then nobody need be asked. */
  constructor(link: HolderLink, isRunning: (identity: ProcessIdentity) => boolean) {
    this.#link = link;
    this.#isRunning = isRunning;
  }

  async list(): Promise<readonly ProcessRecord[]> {
    const records = await this.#link.list();
    if (this.#link.welcome.isNamespaced) return records;
    // Orphans come to the holder, so that all it has ever started descends from it. A namespace that was made for
    // one of them says nothing of anybody else, who may have its number by now.
    const holder = records.find((record) => record.pid === this.#link.welcome.pid);
    const family = holder === undefined ? new Map<number, number>() : placeProcesses(records, [holder]);
    return records.map((record) => (family.has(record.pid) ? record : withoutNamespace(record)));
  }

  async markers(records: Iterable<ProcessRecord>): Promise<ReadonlyMap<number, string>> {
    const markers = new Map<number, string>();
    for (const { pid, marker } of records) if (marker !== undefined) markers.set(pid, marker);
    return markers;
  }

  async look(identity: ProcessIdentity): Promise<ProcessStat | undefined> {
    // A leader of a session can be in no other group than its own.
    if (this.#isRunning(identity)) return leaderStat(identity, this.#link.welcome.pid);
    const records = await this.#link.list();
    return records.find(({ pid, startTime }) => pid === identity.pid && startTime === identity.startTime);
  }

  send({ pid, startTime }: ProcessIdentity, signal: number): Promise<boolean> {
    return this.#send(pid, startTime, signal);
  }

  async sendGroup(pgid: number, signal: number): Promise<boolean> {
    return isGroup(pgid) && this.#send(pgid, undefined, signal);
  }

  isEngine(pid: number): boolean {
    return pid === this.#link.welcome.pid || (!this.#link.welcome.isNamespaced && pid === process.pid);
  }

  async #send(pid: number, startTime: number | undefined, signal: number): Promise<boolean> {
    const errno = await this.#link.signal(pid, startTime, signal);
    if (errno === 0) return true;
    if (errno === ESRCH) return false;
    const code = codeOfErrno(errno) ?? 'EINVAL';
    const error = new BprocError(code, `the kernel says ${code}`);
    throw signalFailure(startTime === undefined ? -pid : pid, signal, error);
  }
}

function withoutNamespace({ uts: _, ...record }: ProcessRecord): ProcessRecord {
  return record;
}

/** Its name and state nobody asks for. */
function leaderStat({ pid, startTime }: ProcessIdentity, ppid: number): ProcessStat {
  return { pid, startTime, ppid, pgid: pid, sid: pid, state: 'S', command: '', threads: 1 };
}
