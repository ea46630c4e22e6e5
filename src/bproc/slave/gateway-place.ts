/** Where the socket is by which processes reach their slave. */
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readlink, realpath, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import { makeOwnDirectory } from '../../linux/index.ts';
import { MAX_SOCKET_PATH } from '../../transport/index.ts';

const SOCKET_NAME = 'processes.sock';
/** Directories of nodes with a `stateDir`, and a link in each to that. */
const PREFIX = 'bproc-node-';
const STATE_LINK = 'state';
/** Others may go through a directory, and not look around in it. */
const PASSABLE = 0o711;
/** Where only root makes anything. */
const ROOTS_OWN = '/run';

/** A path for a socket. */
export interface GatewayPlace {
  readonly path: string;
  /** Made for the socket, and to be removed with it. */
  readonly directory: string | undefined;
}

/**
 * A place that a slave's own user alone can reach.
 *
 * @param stateDir where to put it, so that a successor finds and replaces what a killed slave left; a directory of its own
 *   where there is none, or where the path would be too long for a socket.
 * @throws BprocError ENOSPC, EACCES and others.
 */
export async function privatePlace(stateDir: string | undefined): Promise<GatewayPlace> {
  const kept = stateDir === undefined ? undefined : resolve(stateDir, SOCKET_NAME);
  if (kept !== undefined && Buffer.byteLength(kept) <= MAX_SOCKET_PATH) return { path: kept, directory: undefined };
  const directory = ownDirectory();
  return { path: join(directory, SOCKET_NAME), directory };
}

/**
 * A place that every user can reach, in a directory where nobody but the slave's user can put anything. With a `stateDir`
 * it is the same one each time: what is left to a successor goes on looking there.
 *
 * @throws BprocError ENOSPC, EACCES and others.
 */
export async function openPlace(stateDir: string | undefined): Promise<GatewayPlace> {
  const kept = stateDir === undefined ? undefined : await lastingDirectory(stateDir);
  const directory = kept?.path ?? ownDirectory();
  await chmod(directory, PASSABLE);
  return { path: join(directory, SOCKET_NAME), directory: kept?.lasts === true ? undefined : directory };
}

/** One whose name says which `stateDir` it is of; undefined where that is taken by somebody else. */
async function lastingDirectory(
  stateDir: string,
): Promise<{ readonly path: string; readonly lasts: boolean } | undefined> {
  const state = await realpath(stateDir);
  const hash = createHash('sha256').update(state).digest('hex').slice(0, 16);
  const own = process.geteuid?.();
  for (const place of own === 0 ? [ROOTS_OWN, '/tmp'] : ['/tmp']) {
    const path = join(place, PREFIX + hash);
    await mkdir(path, { mode: 0o700 }).catch(() => {});
    const stat = await lstat(path).catch(() => undefined);
    if (stat?.isDirectory() !== true || stat.uid !== own) continue;
    await symlink(state, join(path, STATE_LINK)).catch(() => {});
    await sweep(place);
    // where everybody can make something it stays, so that nobody takes its name while there is no slave
    return { path, lasts: place !== ROOTS_OWN };
  }
  return undefined;
}

/** Removes what killed slaves have left whose `stateDir` is gone too, so that no successor will come. */
async function sweep(place: string): Promise<void> {
  const names = await readdir(place).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(PREFIX))) {
    const path = join(place, name);
    const stat = await lstat(path).catch(() => undefined);
    if (stat?.uid !== process.geteuid?.() || stat?.isDirectory() !== true) continue;
    const state = await readlink(join(path, STATE_LINK)).catch(() => undefined);
    if (state === undefined) continue;
    const isGone = await lstat(state).then(
      () => false,
      (error: unknown) => BprocError.from(error).code === 'ENOENT',
    );
    if (isGone) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

function ownDirectory(): string {
  return makeOwnDirectory('gateway', MAX_SOCKET_PATH - SOCKET_NAME.length - 1);
}
