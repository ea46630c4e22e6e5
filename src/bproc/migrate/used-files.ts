/** The files that a process needs wherever it goes on: what it has mapped and open is not in what is captured of it. */
import { constants } from 'node:fs';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileHashes } from './file-hashes.ts';
import { mappedFiles } from './mappings.ts';
import { orGone, type Relative, treeOf } from './tree-of.ts';

/** What a process does with a file. */
export type FileUse =
  /** Runs it: a program or a library. It has to be the same one. */
  | 'code'
  /** Reads it, or has it mapped for itself. */
  | 'read'
  /** May write anywhere in it. */
  | 'written'
  /** Writes at its end, wherever that is. */
  | 'appended'
  /** Is in there, be it its working directory. */
  | 'directory';

/** A file that has to be there. */
export interface UsedFile {
  /** As the file system has it in which the process was captured. */
  readonly path: string;
  readonly use: FileUse;
  /** Bytes; of directories and of what is appended to they do not count. */
  readonly size: number;
  /** The nine bits of its mode; undefined where any will do. */
  readonly mode: number | undefined;
  /** Of what is in there, in hexadecimal; of code, and of what is read where that was asked for. */
  readonly sha256?: string | undefined;
}

/** What is in a file, where that counts. */
type HashOf = (at: string, use: FileUse, size: number) => Promise<string | undefined>;

/** What is no file although it has a path, or is everywhere another one. */
const ELSEWHERE = /^\/(?:proc|sys|dev)(?:\/|$)/;
const SHARED_MEMORY = /^\/dev\/(?:shm|mqueue|hugepages)\//;
const MODE_BITS = 0o777;
const DELETED = ' (deleted)';
const RANK: readonly FileUse[] = ['directory', 'appended', 'read', 'written', 'code'];

/**
 * What a process, and what came of it, has mapped and open, each path once, in the order of the paths; what has no name any more goes along with
 * the process, and what this program may not see is left out.
 *
 * @param pid as this program's own `/proc` has it.
 * @param mostRead how many bytes what is only read may have to be hashed, too: it may be another by the time that it is needed.
 * @throws BprocError EAGAIN, EIO and others where a program or library cannot be read.
 */
export async function usedFiles(
  pid: number,
  hashes: Pick<FileHashes, 'of'>,
  mostRead = -1,
): Promise<readonly UsedFile[]> {
  const hashOf: HashOf = async (at, use, size) => {
    if (use === 'code') return hashes.of(at);
    // one that changes just now may be read all the same
    return use === 'read' && size <= mostRead ? hashes.of(at).catch(() => undefined) : undefined;
  };
  const found = new Map<string, UsedFile>();
  for (const relative of await treeOf(pid)) {
    for await (const file of filesOf(relative, hashOf)) {
      const before = found.get(file.path);
      if (before === undefined || RANK.indexOf(before.use) < RANK.indexOf(file.use)) found.set(file.path, file);
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where this program finds a path that a process's `/proc` entries name. */
export async function rootOf(pid: number): Promise<string> {
  // with another root in the same file system they name paths of that
  return (await orGone(readlink(`/proc/${pid}/root`))) === '/' ? `/proc/${pid}/root` : '/';
}

async function* filesOf({ pid }: Relative, hashOf: HashOf): AsyncGenerator<UsedFile> {
  const root = await rootOf(pid);
  const maps = (await orGone(readFile(`/proc/${pid}/maps`, 'utf8'))) ?? '';
  for (const { path, isDeleted, isCode, isWritten } of mappedFiles(maps)) {
    const at = join(root, path);
    const use = isCode ? 'code' : isWritten ? 'written' : 'read';
    if (!isDeleted) yield* one(path, at, use, hashOf);
  }
  for (const name of ['cwd', 'root', ...(await descriptorsOf(pid))]) {
    const at = `/proc/${pid}/${name}`;
    const path = await orGone(readlink(at));
    if (path === undefined || !path.startsWith('/') || path.endsWith(DELETED)) continue;
    const flags = name.startsWith('fd/') ? await flagsOf(pid, name.slice(3)) : 0;
    yield* one(path, at, useOf(flags), hashOf);
  }
}

async function descriptorsOf(pid: number): Promise<readonly string[]> {
  return ((await orGone(readdir(`/proc/${pid}/fd`))) ?? []).map((fd) => `fd/${fd}`);
}

async function flagsOf(pid: number, fd: string): Promise<number> {
  const info = (await orGone(readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))) ?? '';
  return Number.parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? '0', 8);
}

function useOf(flags: number): FileUse {
  const access = flags & (constants.O_RDONLY | constants.O_WRONLY | constants.O_RDWR);
  if (access === constants.O_RDONLY) return 'read';
  return access === constants.O_WRONLY && (flags & constants.O_APPEND) !== 0 ? 'appended' : 'written';
}

async function* one(path: string, at: string, use: FileUse, hashOf: HashOf): AsyncGenerator<UsedFile> {
  if (ELSEWHERE.test(path) && !SHARED_MEMORY.test(path)) return;
  const found = await orGone(stat(at));
  if (found === undefined) return;
  const mode = found.mode & MODE_BITS;
  if (found.isDirectory()) yield { path, use: 'directory', size: 0, mode };
  if (!found.isFile()) return;
  yield { path, use, size: found.size, mode, sha256: await hashOf(at, use, found.size) };
}
