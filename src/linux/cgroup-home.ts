/** Where this program may make cgroups: below the one that it is in itself, in the hierarchy of version 2. */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BprocError } from '../errors.ts';
import { claimPool, removeForsakenPools } from './cgroup-claims.ts';
import { CgroupPool } from './cgroup-pool.ts';
import { ownIdentity, readIdentified } from './procfs.ts';

/** Whether cgroups are made: where that may be, nowhere, or in a directory that was delegated for it. */
export type Cgroups = 'auto' | 'none' | { readonly within: string };

/** Of a pool that no other program takes up: it names its owner, so that another one can see that it is nobody's. */
const PRIVATE = /^bproc-(\d+)-(\d+)-/;

/**
 * Opens the pool of the holder that lives in a directory.
 *
 * @param keeps whether another life of the program may come to the same holder.
 * @returns undefined where none can be had.
 * @throws BprocError where the directory of `within` is no cgroup that more can be made in.
 */
export async function openCgroups(wish: Cgroups, directory: string, keeps: boolean): Promise<CgroupPool | undefined> {
  if (wish === 'none') return undefined;
  try {
    const home = wish === 'auto' ? ownCgroup() : wish.within;
    if (home === undefined) return undefined;
    accessSync(join(home, 'cgroup.procs'), constants.W_OK);
    removeForsaken(home);
    removeForsakenPools(home);
    const { pid, startTime } = ownIdentity();
    const path = join(home, keeps ? keptPool(directory) : `bproc-${pid}-${startTime}-${keyOf(directory)}`);
    if (keeps) await claimPool(path);
    else mkdirSync(path);
    // Older kernels cannot kill a cgroup, and in a threaded one no processes can be.
    const isFit =
      existsSync(join(path, 'cgroup.kill')) && readFileSync(join(path, 'cgroup.type'), 'latin1') === 'domain\n';
    const pool = new CgroupPool(path);
    if (isFit) return pool;
    pool.remove();
    throw new BprocError('ENOSYS', `${path} cannot be killed, or cannot have processes`);
  } catch (cause) {
    if (wish === 'auto') return undefined;
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `cgroups cannot be made in ${wish.within}: ${error.message}`, { cause });
  }
}

/** The name of the pool of the holder that lives in a directory, where another life of the program may come to it. */
export function keptPool(directory: string): string {
  return `bproc-${keyOf(directory)}`;
}

function keyOf(directory: string): string {
  return createHash('sha256').update(directory).digest('hex').slice(0, 16);
}

/** The cgroup this program is in, where the hierarchy of version 2 is mounted and it can be seen there. */
export function ownCgroup(): string | undefined {
  const own = /^0::(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
  if (own === undefined) return undefined;
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const [mount = '', source = ''] = line.split(' - ');
    const [, , , root, point] = mount.split(' ').map(unquote);
    if (!source.startsWith('cgroup2 ') || root === undefined || point === undefined) continue;
    const below = relative(root, own);
    if (!below.startsWith('..')) return join(point, below);
  }
  return undefined;
}

/** Removes pools that nobody comes back to and nobody is in. */
function removeForsaken(home: string): void {
  for (const name of readdirSync(home)) {
    const [, pid, startTime] = PRIVATE.exec(name) ?? [];
    if (pid === undefined || readIdentified({ pid: Number(pid), startTime: Number(startTime) }) !== undefined) continue;
    new CgroupPool(join(home, name)).remove();
  }
}

/** Blanks and the like are in octal there. */
function unquote(field: string): string {
  return field.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
