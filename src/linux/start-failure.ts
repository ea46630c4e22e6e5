/** Says why a program could not be started. Looks at the file system only now that it failed. */
import { accessSync, constants, statSync } from 'node:fs';
import { BprocError, type BprocErrorCode } from '../errors.ts';
import { lookUpProgram, type ProgramRequest, readHead } from './program-lookup.ts';
import { pathOf, type SpawnRequest } from './spawn-request.ts';

/** What to do about the failures that have nothing to do with the files of the request. */
const ADVICE: Partial<Record<BprocErrorCode, string>> = {
  E2BIG: 'its arguments and environment are too long: shorten them or pass them through a file',
  EAGAIN: 'the limit on processes is reached: end some or raise RLIMIT_NPROC, pids.max or kernel.pid_max',
  EMFILE: 'this program has too many files open: raise RLIMIT_NOFILE or run fewer processes with pipes',
  ENFILE: 'the machine has too many files open: raise fs.file-max',
  ENOMEM: 'memory is short: free some, or start from a smaller program',
  ENOEXEC: 'it is neither a program for this machine nor a script that begins with #!',
  ETXTBSY: 'it is being written: close it first',
  ELOOP: 'its path has too many symbolic links',
  ENAMETOOLONG: 'its path is too long',
  EPERM: 'the kernel does not permit it: check the file system’s mount options and its capabilities',
  EINVAL: 'a name, argument or variable holds a NUL byte or is empty, or its ELF header is broken',
};

/** The error of a start that the system call, or Node itself, refused. */
export function startFailure(request: SpawnRequest, cause: unknown): BprocError {
  if (BprocError.is(cause)) return cause;
  const { code } = BprocError.from(cause, isArgumentError(cause) ? 'EINVAL' : 'EIO');
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') {
    const details = { cause };
    return directoryFailure(request, details) ?? programFailure(request, code, details);
  }
  const advice = ADVICE[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new BprocError(code, `program ${quote(request.file)} cannot be started: ${advice}`, { cause });
}

/** What is wrong with a directory that could not be entered. */
export function directoryProblem(name: string, code: BprocErrorCode): string {
  if (code === 'ENOENT') return `${name} does not exist`;
  if (code === 'ENOTDIR') return `${name} is not a directory`;
  return `${name} cannot be entered (${code}): check its mode and that of those above`;
}

/** The error of a file that is no program, as `execve` has it. */
export function formatFailure(request: Pick<SpawnRequest, 'file'>): BprocError {
  return new BprocError('ENOEXEC', `program ${quote(request.file)} cannot be started: ${ADVICE.ENOEXEC}`);
}

function directoryFailure({ cwd }: SpawnRequest, details: { readonly cause: unknown }): BprocError | undefined {
  const name = `working directory ${quote(cwd)}`;
  try {
    if (!statSync(cwd).isDirectory()) return new BprocError('ENOTDIR', `${name} is not a directory`, details);
    accessSync(cwd, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = BprocError.from(error);
    if (code === 'ENOENT') return new BprocError(code, `${name} does not exist`, details);
    if (code === 'ENOTDIR') return new BprocError(code, `${name} leads through a file`, details);
    return new BprocError(code, `${name} cannot be entered: check its mode and that of those above`, details);
  }
}

/** What is wrong with a program that could not be found, or not be executed. */
export function programFailure(
  request: ProgramRequest,
  code: BprocErrorCode,
  details: { readonly cause?: unknown },
): BprocError {
  const program = `program ${quote(request.file)}`;
  const lookup = lookUpProgram(request);
  if (lookup.kind === 'denied') {
    const at = lookup.path === request.file ? '' : ` (found as ${quote(lookup.path)})`;
    return new BprocError('EACCES', `${program}${at} cannot be executed: ${lookup.why}`, details);
  }
  if (lookup.kind === 'missing') {
    const where = request.file.includes('/') ? '' : ` in PATH (${pathOf(request) ?? 'not set'})`;
    return new BprocError(code, `${program} does not exist${where}`, details);
  }
  const interpreter = /^#!\s*(\S+)/.exec(readHead(lookup.path, 256).toString('latin1'))?.[1];
  const missing = interpreter === undefined ? 'its dynamic loader' : `its interpreter ${quote(interpreter)}`;
  const why = code === 'EACCES' ? 'cannot be executed: check modes and noexec mounts' : 'does not exist';
  return new BprocError(code, `${program} cannot be started: it, or ${missing}, ${why}`, details);
}

/** Node refuses some values before it asks the kernel. */
function isArgumentError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('ERR_');
}

function quote(text: string): string {
  return JSON.stringify(text);
}
