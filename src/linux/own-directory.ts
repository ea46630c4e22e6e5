/** Temporary directories that say in their names whose they are, so that what a killed program leaves can be removed. */
import { mkdtempSync, readlinkSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BprocError } from '../errors.ts';
import { ownIdentity, readIdentified } from './procfs.ts';

const NAME = /^bproc-[a-z]+-(\d+)-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;
/** Characters that `mkdtemp` adds. */
const RANDOM_PART = 6;
/** Where paths are short. */
const SHORT = '/tmp';
/** Where files are in memory. */
const MEMORY = '/dev/shm';

/**
 * Makes one for this program, which its user alone can look into.
 *
 * @param kind what it is for: letters a to z.
 * @param room bytes that its path may have, where that is bounded.
 * @throws BprocError ENOSPC, EACCES and others.
 */
export function makeOwnDirectory(kind: string, room = Number.POSITIVE_INFINITY): string {
  const name = ownName(kind);
  const usual = join(tmpdir(), name);
  try {
    return mkdtempSync(Buffer.byteLength(usual) + RANDOM_PART <= room ? usual : join(SHORT, name));
  } catch (cause) {
    throw BprocError.from(cause);
  }
}

/** The same in memory, where there is a place for that. */
export function makeMemoryDirectory(kind: string): string {
  try {
    return mkdtempSync(join(MEMORY, ownName(kind)));
  } catch {
    return makeOwnDirectory(kind);
  }
}

function ownName(kind: string): string {
  const { pid, startTime } = ownIdentity();
  return `bproc-${kind}-${pid}-${startTime}-${pidNamespace()}-`;
}

/** Removes those of programs of this user that were killed; what cannot be removed stays. */
export async function removeForsakenDirectories(): Promise<void> {
  const own = process.geteuid?.();
  for (const place of new Set([tmpdir(), SHORT, MEMORY])) {
    for (const name of await readdir(place).catch(() => [])) {
      if (!isForsaken(name)) continue;
      const path = join(place, name);
      const stat = await lstat(path).catch(() => undefined);
      if (stat?.isDirectory() !== true || stat.uid !== own) continue;
      await rm(path, { recursive: true, force: true }).catch(() => {});
    }
  }
}

/** Of a program that runs no more; one of another pid namespace cannot be seen from here. */
function isForsaken(name: string): boolean {
  const [, pid, startTime, namespace] = NAME.exec(name) ?? [];
  if (pid === undefined || namespace !== pidNamespace()) return false;
  return readIdentified({ pid: Number(pid), startTime: Number(startTime) }) === undefined;
}

/** Which pid namespace this program is in: its pids mean nothing in others. */
export function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
}
