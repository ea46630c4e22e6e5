/** The files that a process has mapped, as `/proc/PID/maps` tells of them. */
import { readFile, stat } from 'node:fs/promises';
import { orGone } from './tree-of.ts';

/** A file that is mapped, once for all its mappings. */
export interface MappedFile {
  readonly path: string;
  /** Whether it is gone from there. */
  readonly isDeleted: boolean;
  /** Whether some of it may be executed: programs and libraries. */
  readonly isCode: boolean;
  /** Whether what the process writes there is written into it. */
  readonly isWritten: boolean;
  /** What `map_files` calls one of its mappings. */
  readonly range: string;
}

const LINE = /^([0-9a-f]+-[0-9a-f]+) (.)(.)(.)(.) [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+ +(\/.*)$/;
const DELETED = ' (deleted)';
/** What has a path there and is no file: shared memory of several kinds. */
const MEMORY = /^\/(?:dev\/zero|memfd:|SYSV|anon_hugepage|dev\/shm\/\.criu)/;

/** The files in a text of `/proc/PID/maps`. */
export function mappedFiles(maps: string): readonly MappedFile[] {
  const found = new Map<string, MappedFile>();
  for (const line of maps.split('\n')) {
    const [, range = '', , write, execute, share, text = ''] = LINE.exec(line) ?? [];
    if (text === '' || MEMORY.test(text)) continue;
    const isDeleted = text.endsWith(DELETED);
    const path = unescaped(isDeleted ? text.slice(0, -DELETED.length) : text);
    const before = found.get(text);
    found.set(text, {
      path,
      isDeleted,
      isCode: execute === 'x' || before?.isCode === true,
      isWritten: (write === 'w' && share === 's') || before?.isWritten === true,
      range: before?.range ?? range,
    });
  }
  return [...found.values()];
}

/** Those of a process that have no name any more, with their sizes. */
export async function deletedIn(pid: number): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  const maps = (await orGone(readFile(`/proc/${pid}/maps`, 'utf8'))) ?? '';
  const deleted = mappedFiles(maps).filter(({ isDeleted }) => isDeleted);
  return Promise.all(
    deleted.map(async ({ path, range }) => {
      return { path, bytes: (await orGone(stat(`/proc/${pid}/map_files/${range}`)))?.size ?? 0 };
    }),
  );
}

/** A line feed in a name would end the line. */
function unescaped(text: string): string {
  return text.replaceAll('\\012', '\n');
}
