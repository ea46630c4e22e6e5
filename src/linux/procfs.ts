/**
 * What `/proc` tells of processes. Everything here is a snapshot: a process may be gone, or its
 * pid another's, by the time the caller looks at it, which is why identities carry a start time.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { BprocError } from '../errors.ts';
import { MARKER_VARIABLE } from './spawn-request.ts';
import type { ProcessEntry, ProcessIdentity } from './spawner.ts';

/** The fields of `/proc/PID/stat` that the library uses. */
export interface ProcessStat extends Omit<ProcessEntry, 'uid'> {
  /** Its threads; a first thread may be a zombie while others go on. */
  readonly threads: number;
}

/** A process as a listing shows it. */
export interface ProcessRecord extends ProcessStat {
  /** The effective user, or root where the process may not be inspected by its own user. */
  readonly uid: number;
  /** Its UTS namespace, where whoever looked has reason to tell it. */
  readonly uts?: number;
  /** The marker of its environment, where whoever looked has seen it already. */
  readonly marker?: string;
}

/** More than the longest line the kernel writes: 52 numbers and a name. */
const STAT_BYTES = 2048;
/** How many processes are looked at before the event loop gets its turn. */
const SLICE = 64;

/**
 * Parses `/proc/PID/stat`. The name of the program may hold anything, also spaces, parentheses
 * and newlines; it ends at the last `)` of the line. Undefined where the bytes are no such line.
 */
export function parseStat(bytes: Buffer): ProcessStat | undefined {
  const open = bytes.indexOf(0x28);
  const close = bytes.lastIndexOf(0x29);
  if (open < 1 || close < open) return undefined;
  const pid = Number(bytes.toString('latin1', 0, open));
  const fields = bytes.toString('latin1', close + 2).split(' ', 20);
  const state = fields[0] ?? '';
  const stat = {
    pid,
    command: bytes.toString('utf8', open + 1, close),
    state,
    ppid: Number(fields[1]),
    pgid: Number(fields[2]),
    sid: Number(fields[3]),
    threads: Number(fields[17]),
    startTime: Number(fields[19]),
  };
  const whole = Number.isInteger(pid) && pid > 0 && /^[A-Za-z]$/.test(state) && Number.isInteger(stat.ppid);
  return whole && Number.isInteger(stat.sid) && fields[19] !== '' && Number.isInteger(stat.startTime)
    ? stat
    : undefined;
}

/** The stat of a process that exists, be it a zombie; undefined otherwise. Never throws. */
export function readStat(pid: number): ProcessStat | undefined {
  try {
    const fd = openSync(`/proc/${pid}/stat`, 'r');
    try {
      return readOpenStat(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

function readOpenStat(fd: number): ProcessStat | undefined {
  const buffer = Buffer.allocUnsafe(STAT_BYTES);
  return parseStat(buffer.subarray(0, readSync(fd, buffer, 0, STAT_BYTES, 0)));
}

/** Whether a process still does something: zombies and the dead do not. */
export function isAlive(stat: ProcessStat): boolean {
  return stat.state === 'Z' ? stat.threads > 1 : stat.state !== 'X' && stat.state !== 'x';
}

/** The stat of exactly this process, undefined once it is gone; a zombie is still there. */
export function readIdentified(identity: ProcessIdentity): ProcessStat | undefined {
  const stat = readStat(identity.pid);
  return stat?.startTime === identity.startTime ? stat : undefined;
}

/**
 * Every process this program can see. What vanishes while being looked at is left out.
 *
 * @throws BprocError ENOSYS where there is no `/proc`.
 */
export async function listProcesses(): Promise<readonly ProcessRecord[]> {
  const records: ProcessRecord[] = [];
  let count = 0;
  for (const pid of listPids()) {
    const record = readRecord(pid);
    if (record !== undefined) records.push(record);
    count += 1;
    if (count % SLICE === 0) await turn();
  }
  return records;
}

function listPids(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch (cause) {
    throw new BprocError('ENOSYS', 'processes cannot be listed: mount procfs on /proc', { cause });
  }
}

function readRecord(pid: string): ProcessRecord | undefined {
  try {
    const fd = openSync(`/proc/${pid}/stat`, 'r');
    try {
      const stat = readOpenStat(fd);
      return stat === undefined ? undefined : { ...stat, uid: fstatSync(fd).uid };
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** The value of {@link MARKER_VARIABLE} in a raw environment block; undefined where it is not set. */
export function parseMarker(environ: Buffer): string | undefined {
  const key = `${MARKER_VARIABLE}=`;
  for (let at = environ.indexOf(key); at >= 0; at = environ.indexOf(key, at + 1)) {
    if (at > 0 && environ[at - 1] !== 0) continue;
    const end = environ.indexOf(0, at);
    return environ.toString('latin1', at + key.length, end < 0 ? environ.length : end);
  }
  return undefined;
}

/** The marker in the environment a process was given; undefined where there is none to be seen. */
export function readMarker(pid: number): string | undefined {
  try {
    return parseMarker(readFileSync(`/proc/${pid}/environ`));
  } catch {
    return undefined;
  }
}

/** The markers, by pid, of those of `records` whose environment this program may read. */
export async function readMarkers(records: Iterable<ProcessRecord>): Promise<ReadonlyMap<number, string>> {
  const uid = process.geteuid?.();
  const markers = new Map<number, string>();
  let count = 0;
  for (const record of records) {
    if (uid !== 0 && record.uid !== uid) continue;
    const marker = readMarker(record.pid);
    if (marker !== undefined) markers.set(record.pid, marker);
    count += 1;
    if (count % SLICE === 0) await turn();
  }
  return markers;
}

/** The kernel's boot id: another one means that nothing of before still runs. */
export function readBootId(): string {
  return readKernelText('/proc/sys/kernel/random/boot_id');
}

/**
 * In which life of which pid namespace this program is. Pids and start times written down under
 * another one mean nothing here.
 */
export function readLife(): string {
  let namespace = 'unknown';
  try {
    namespace = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    // A kernel without pid namespaces has only the one.
  }
  return `${readBootId()}/${namespace}`;
}

function readKernelText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new BprocError('ENOSYS', `${path} cannot be read: mount procfs on /proc`, { cause });
  }
}

/** This program itself. */
export function ownIdentity(): ProcessIdentity {
  const stat = readStat(process.pid);
  if (stat === undefined) throw new BprocError('ENOSYS', '/proc/self/stat cannot be read: mount procfs on /proc');
  return { pid: stat.pid, startTime: stat.startTime };
}
