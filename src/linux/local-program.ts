/** Programs of this machine that are to run on another: refused here for what an execve(2) here would refuse them for. */
import { lookUpProgram, type ProgramRequest, readHead } from './program-lookup.ts';
import { formatFailure, programFailure } from './start-failure.ts';

/** Beginnings of what the kernel runs by itself. */
const MAGICS = ['\x7fELF', '#!'];

/**
 * Where a program is, absolute.
 *
 * @throws BprocError ENOENT, EACCES, ENOEXEC, in the words of a start that fails for it.
 */
export function findProgram(request: ProgramRequest): string {
  const found = lookUpProgram(request);
  if (found.kind !== 'found') throw programFailure(request, found.kind === 'denied' ? 'EACCES' : 'ENOENT', {});
  const head = readHead(found.path, 4).toString('latin1');
  // what may be run and not read shows nothing
  if (head !== '' && !MAGICS.some((magic) => head.startsWith(magic))) throw formatFailure(request);
  return found.path;
}
