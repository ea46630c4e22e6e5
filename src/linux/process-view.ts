/**
 * What an engine sees of processes and how it signals them: through `/proc` and kill(2) of this program,
 * or through a holder that lives in a pid namespace of its own and knows its processes by other numbers.
 */
import { BprocError } from '../errors.ts';
import { isAlive, listProcesses, type ProcessRecord, type ProcessStat, readIdentified, readMarkers } from './procfs.ts';
import { signalName } from './signals.ts';
import type { ProcessIdentity } from './spawner.ts';

/** Processes, all numbered as one pid namespace has them. */
export interface ProcessView {
  /** Every process that can be seen. */
  list(): Promise<readonly ProcessRecord[]>;
  /** The markers, by pid, of those of `records` whose environment may be read. */
  markers(records: Iterable<ProcessRecord>): Promise<ReadonlyMap<number, string>>;
  /** Exactly this process, be it a zombie; undefined once it is gone. */
  look(identity: ProcessIdentity): Promise<ProcessStat | undefined>;
  /**
   * Signals one process if it is still the same one. A zombie may count.
   *
   * @returns whether it was there.
   * @throws BprocError EPERM where it is another user's, EINVAL for a signal the kernel does not know.
   */
  send(identity: ProcessIdentity, signal: number): Promise<boolean>;
  /** Signals a process group, whoever is in it by now; otherwise like `send`. */
  sendGroup(pgid: number, signal: number): Promise<boolean>;
  /** Whether it is the engine itself, which no kill may reach. */
  isEngine(pid: number): boolean;
}

/** The view of this program. */
export const procfsView: ProcessView = {
  list: listProcesses,
  markers: readMarkers,
  look: async (identity) => readIdentified(identity),
  send: async (identity, signal) => {
    const stat = readIdentified(identity);
    return stat !== undefined && isAlive(stat) && kill(identity.pid, signal);
  },
  sendGroup: async (pgid, signal) => isGroup(pgid) && kill(-pgid, signal),
  isEngine: (pid) => pid === process.pid,
};

/** To kill(2), 0 and -1 are the caller's own group and everybody. */
export function isGroup(pgid: number): boolean {
  return pgid > 1;
}

/** Why a signal could not be sent; `pid` is negative for a process group. */
export function signalFailure(pid: number, signal: number, error: BprocError): BprocError {
  const whom = pid < 0 ? `process group ${-pid}` : `process ${pid}`;
  const why = error.code === 'EPERM' ? 'it belongs to another user' : error.message;
  const what = signal === 0 ? 'signal 0' : signal > 64 || signal < 0 ? `signal ${signal}` : signalName(signal);
  return new BprocError(error.code, `${whom} cannot be sent ${what}: ${why}`, { cause: error.cause });
}

function kill(pid: number, signal: number): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (cause) {
    const error = BprocError.from(cause, 'EINVAL');
    if (error.code === 'ESRCH') return false;
    throw signalFailure(pid, signal, error);
  }
}
