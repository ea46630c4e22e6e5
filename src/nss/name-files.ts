/** Names as files, for programs that read these: in a node's own root, or where the variables of nss_wrapper say. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BprocError } from '../errors.ts';
import { resolveInRoot } from '../linux/index.ts';
import type { Database, Entries, HostEntry } from './entries.ts';
import { linesOf } from './lines.ts';
import type { Nss } from './nss.ts';

/** What is written. */
export interface NameFilesOptions {
  /** @default passwd, group and hosts */
  readonly databases?: readonly Database[];
  /** The node whose files they are: there `self` is another name of it, and of this machine. @default none */
  readonly node?: number;
  /** Whether files that this call has not written before are replaced. @default false: EEXIST */
  readonly overwrite?: boolean;
}

const USUAL: readonly Database[] = ['passwd', 'group', 'hosts'];
const MARK = '# Written by bproc: changes here are lost.';
const LOCALHOST: HostEntry = { name: 'localhost', aliases: [], addresses: ['127.0.0.1', '::1'] };

/**
 * Writes the names into `etc` of a directory that is the root of a node or of processes, with an `nsswitch.conf` by which the
 * C library reads them. Nobody may change what is in it meanwhile. Links in it lead nowhere else.
 *
 * @throws BprocError EEXIST for a file that somebody else has written; ENOENT, ENOTDIR, EACCES, EROFS, ENOSPC; EAGAIN where
 *   names cannot be looked up now; EACCES for the database shadow, of which root alone knows.
 */
export async function writeNameFiles(nss: Nss, root: string, options: NameFilesOptions = {}): Promise<void> {
  const etc = resolveInRoot(root, 'etc');
  if (etc === undefined) throw new BprocError('ENOENT', `${root} has no place for a directory etc`);
  await make(mkdir(etc, { recursive: true, mode: 0o755 }));
  const databases = options.databases ?? USUAL;
  const plan = databases.map((database) => `${database}: files\n`).join('');
  const files: (readonly [name: string, text: string])[] = [['nsswitch.conf', `${MARK}\n${plan}`]];
  for (const database of databases) files.push([database, `${MARK}\n${await fileText(nss, database, options.node)}`]);
  for (const [name] of files) await checkOwn(join(etc, name), options.overwrite ?? false);
  for (const [name, text] of files) await replace(join(etc, name), text, name === 'shadow' ? 0o600 : 0o644);
}

/** How nss_wrapper is set up. */
export interface WrapperOptions extends Pick<NameFilesOptions, 'node'> {
  /** The library. @default 'libnss_wrapper.so', as Debian's package libnss-wrapper has it */
  readonly library?: string;
}

/**
 * Writes users, groups and hosts into a directory, and returns the variables by which nss_wrapper has a program see them
 * instead of those of its machine.
 *
 * @throws BprocError ENOENT, EACCES, ENOSPC and others where they cannot be written; EAGAIN where names cannot be looked up now.
 */
export async function writeWrapperFiles(
  nss: Nss,
  directory: string,
  { node, library = 'libnss_wrapper.so' }: WrapperOptions = {},
): Promise<Record<string, string>> {
  for (const database of USUAL) await replace(join(directory, database), await fileText(nss, database, node), 0o644);
  return {
    LD_PRELOAD: library,
    NSS_WRAPPER_PASSWD: join(directory, 'passwd'),
    NSS_WRAPPER_GROUP: join(directory, 'group'),
    NSS_WRAPPER_HOSTS: join(directory, 'hosts'),
  };
}

async function fileText(nss: Nss, database: Database, node: number | undefined): Promise<string> {
  const lines = database === 'hosts' ? await hostLines(nss, node) : await nss.getent(database);
  // what several sources say alike is there once
  return [...new Set(lines)].map((line) => `${line}\n`).join('');
}

async function hostLines(nss: Nss, node: number | undefined): Promise<readonly string[]> {
  const own = node === undefined ? [] : [{ ...LOCALHOST, aliases: ['self', '.-2'], addresses: ['127.0.0.1'] }];
  const hosts: readonly Entries['hosts'][] = [...own, LOCALHOST, ...(await nss.gethostent())];
  return hosts.flatMap((entry) => linesOf('hosts', entry));
}

/** Refuses to write over what somebody else has written. */
async function checkOwn(path: string, overwrite: boolean): Promise<void> {
  const text = overwrite ? undefined : await readFile(path, 'utf8').catch(absent);
  if (text === undefined || text.startsWith(MARK)) return;
  throw new BprocError('EEXIST', `${path} has not been written by this library: remove it, or say overwrite`);
}

function absent(error: unknown): undefined {
  if (BprocError.from(error).code === 'ENOENT') return undefined;
  throw BprocError.from(error);
}

/** A file that is there as a whole or as it was before. What it replaces may be a link: that is gone then, and not its target. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  const beside = `${path}.${randomUUID()}`;
  try {
    const file = await make(open(beside, 'wx', mode));
    try {
      await file.writeFile(text);
      // whatever the umask is
      await file.chmod(mode);
    } finally {
      await file.close();
    }
    await make(rename(beside, path));
  } catch (error) {
    await rm(beside, { force: true });
    throw BprocError.from(error);
  }
}

/** What the file system says, as an error of this library. */
function make<T>(act: Promise<T>): Promise<T> {
  return act.catch((error) => {
    throw BprocError.from(error);
  });
}
