/** Opening the files that a process gets as its standard descriptors. */
import { closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BprocError, type BprocErrorCode } from '../errors.ts';
import { resolveInRoot } from './rooted-path.ts';
import type { SpawnRequest, StdioTarget } from './spawn-request.ts';

/** What `child_process.spawn` takes for one descriptor. */
export type StdioSource = 'pipe' | 'ignore' | number;

const NAMES = ['stdin', 'stdout', 'stderr'] as const;

/**
 * Opens the files among the three targets of a request, closed on exec until they are given away.
 *
 * @param opened takes each descriptor as it is opened; the caller closes them, also after a failure.
 * @throws BprocError that names the descriptor and the file, with the code of the call that failed.
 */
export function openStdio(request: SpawnRequest, opened: number[]): [StdioSource, StdioSource, StdioSource] {
  const open = (index: 0 | 1 | 2): StdioSource => {
    const target = request.stdio[index];
    if (index === 0 && request.input !== undefined) {
      const fd = openSync(request.input, constants.O_RDONLY | constants.O_NOCTTY);
      opened.push(fd);
      return fd;
    }
    if (target === 'terminal') {
      throw new BprocError(
        'ENOSYS',
        `${NAMES[index]} cannot be a terminal by the engine child_process: use a slave with a holder`,
      );
    }
    if (typeof target === 'string') return target;
    if (!('file' in target)) {
      const why = 'cannot be a connection by the engine child_process: use a slave with a holder';
      throw new BprocError('ENOSYS', `${NAMES[index]} ${why}`);
    }
    const fd = openTarget(request, NAMES[index], target);
    opened.push(fd);
    return fd;
  };
  return [open(0), open(1), open(2)];
}

/** The error of a file that could not be opened as descriptor `index`. */
export function stdioFailure(request: SpawnRequest, index: number, code: BprocErrorCode): BprocError {
  const target = request.stdio[index];
  const name = NAMES[index] ?? `descriptor ${index}`;
  if (target !== undefined && typeof target === 'object' && 'address' in target) {
    const where = `${target.address} port ${target.port}`;
    return new BprocError(code, `${name} cannot be connected to ${where}: ${code}`);
  }
  if (target === undefined || typeof target === 'string' || 'socket' in target)
    return new BprocError(code, `${name} cannot be opened: ${code}`);
  const what = `${name} file ${JSON.stringify(target.file)}`;
  if (code === 'EINVAL') return namedPipe(what);
  const path = resolve(request.cwd, target.file);
  return new BprocError(code, `${what} cannot be opened: ${explain(code, path) ?? code}`);
}

/** Closes descriptors; those already closed do not matter. */
export function closeAll(opened: readonly number[]): void {
  for (const fd of opened) closeSync(fd);
}

function openTarget(
  request: SpawnRequest,
  name: string,
  target: Extract<StdioTarget, { readonly file: string }>,
): number {
  const what = `${name} file ${JSON.stringify(target.file)}`;
  const inside = resolve(request.cwd, target.file);
  const path = request.root === undefined ? inside : resolveInRoot(request.root, inside);
  if (path === undefined) throw new BprocError('ENOENT', `${what} cannot be opened: ${directoryOf(inside)} is missing`);
  // Opening a pipe without its other end blocks, and here it would block every process of the engine.
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() === true) {
    throw namedPipe(what);
  }
  try {
    // The engine may lead a session without a terminal: it must not come by one this way.
    return openSync(path, target.flags | constants.O_NOCTTY, target.mode);
  } catch (cause) {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `${what} cannot be opened: ${explain(error.code, inside) ?? error.message}`, {
      cause,
    });
  }
}

function namedPipe(what: string): BprocError {
  return new BprocError('EINVAL', `${what} is a named pipe, which cannot be waited for: let the program open it`);
}

function explain(code: BprocErrorCode, path: string): string | undefined {
  switch (code) {
    case 'ENOENT':
      return 'it, or a directory on the way, does not exist';
    case 'EACCES':
      return 'check its mode and that of the directories above it';
    case 'EISDIR':
      return 'it is a directory';
    case 'ENOTDIR':
      return `${directoryOf(path)} leads through a file`;
    case 'ENOSPC':
      return 'no space is left on its file system';
    case 'EROFS':
      return 'its file system is read-only';
    default:
      return undefined;
  }
}

function directoryOf(path: string): string {
  return `directory ${JSON.stringify(dirname(path))}`;
}
