/**
 * `execvp(3)`, by which Node starts programs, hands a file of no known format to `/bin/sh`. Here such
 * a file is an error, as it is for `execve(2)`: otherwise a program of another machine would be read
 * as a script. What tells of it is that the new process calls itself `sh`.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ProcessStat } from './procfs.ts';
import { lookUpProgram, readHead } from './program-lookup.ts';
import type { SpawnRequest } from './spawn-request.ts';

const ELF_MAGIC = '\x7fELF';

/** Whether the process just started is a shell that was given a file which is no program. */
export function isShellFallback(request: SpawnRequest, stat: ProcessStat): boolean {
  if (stat.command !== 'sh' || request.root !== undefined || basename(request.file) === 'sh') return false;
  const lookup = lookUpProgram(request);
  if (lookup.kind !== 'found') return false;
  const head = readHead(lookup.path, ELF_MAGIC.length).toString('latin1');
  if (head.startsWith('#!')) return false;
  const argv = readArgv(stat.pid);
  // One that has already ended has no arguments any more; then the file has to speak for itself.
  if (argv === undefined) return head !== ELF_MAGIC;
  return argv[0] === '/bin/sh' && argv[1] !== undefined && basename(argv[1]) === basename(request.file);
}

function readArgv(pid: number): readonly string[] | undefined {
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return argv.length > 1 ? argv : undefined;
  } catch {
    return undefined;
  }
}
