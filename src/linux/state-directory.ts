/** The directory a spawner keeps its journal in, and what it finds there of its predecessors. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { BprocError } from '../errors.ts';
import { Journal } from './journal.ts';
import { parseJournal } from './journal-text.ts';
import { killAndWait, membersOf } from './kill.ts';
import { lockDirectory } from './lock.ts';
import type { Origin } from './process-tree.ts';
import { procfsView } from './process-view.ts';
import { ownIdentity, readLife } from './procfs.ts';

/** A journal, and the directory it is in. */
export interface StateDirectory {
  readonly journal: Journal;
  /** The directory, where it is the spawner's own and goes with it. */
  readonly privatePath: string | undefined;
  /** Removes what the spawner put there. */
  close(): void;
}

/** How long what a predecessor left running may take to go. */
const LEFTOVERS_DEADLINE_MS = 5_000;
const PREFIX = 'journal.';

/**
 * Opens a directory for one spawner; without a path, a private one that nobody else will look at.
 *
 * Whatever the journals in it still name, by identity or by marker, is killed and gone when this
 * resolves. The journal's name carries this program's identity, so that a predecessor's warden that
 * is late can never mistake it for its own.
 *
 * @throws BprocError EBUSY where another spawner uses it, ETIMEDOUT where a leftover cannot be
 *   killed within 5 s, or the code of the file operation that failed.
 */
export async function openStateDirectory(path: string | undefined): Promise<StateDirectory> {
  const { pid, startTime } = ownIdentity();
  const life = readLife();
  const name = `${PREFIX}${pid}.${startTime}`;
  if (path === undefined) {
    const own = makeDirectory(() => mkdtempSync(join(tmpdir(), 'bproc-')), tmpdir());
    const journal = new Journal(join(own, name), life);
    const close = (): void => {
      journal.remove();
      rmSync(own, { recursive: true, force: true });
    };
    return { journal, privatePath: own, close };
  }
  makeDirectory(() => ensureDirectory(resolve(path)), path);
  const lock = lockDirectory(path);
  try {
    await killLeftovers(path, life);
    const journal = new Journal(join(path, name), life);
    const close = (): void => {
      journal.remove();
      lock.release();
    };
    return { journal, privatePath: undefined, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function makeDirectory<T>(make: () => T, where: string): T {
  try {
    return make();
  } catch (cause) {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `no state can be kept in ${where}: ${error.message}`, { cause });
  }
}

/** Node's own recursive mkdir never returns where a file system, such as /proc, says ENOENT for every new name. */
export function ensureDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) ensureDirectory(parent);
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

async function killLeftovers(directory: string, life: string): Promise<void> {
  const journals = readdirSync(directory).filter((name) => name.startsWith(PREFIX));
  const running: Origin[] = [];
  const markers = new Set<string>();
  for (const name of journals) {
    const contents = parseJournal(readFileSync(join(directory, name), 'latin1'));
    // What was started before the machine was, or in another pid namespace, cannot run here. A
    // journal that lost its first line is believed all the same: identities and markers still have to match.
    if (contents.life !== undefined && contents.life !== life) continue;
    running.push(...contents.running);
    for (const marker of contents.markers) markers.add(marker);
  }
  if (markers.size > 0) {
    const owner = (marker: string): number | undefined => (markers.has(marker) ? 0 : undefined);
    const left = await killAndWait(procfsView, membersOf(running, owner), LEFTOVERS_DEADLINE_MS);
    if (left.length > 0) {
      const pids = left.map((identity) => identity.pid).join(', ');
      throw new BprocError(
        'ETIMEDOUT',
        `processes ${pids}, left behind by the predecessor on ${directory}, do not end: kill them, then start again`,
      );
    }
  }
  for (const name of journals) rmSync(join(directory, name), { force: true });
}
