/** Finding a program as `execvp(3)` does. Only for failures and for foreign roots: the kernel does it else. */
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { resolveInRoot } from './rooted-path.ts';
import { pathOf, type SpawnRequest } from './spawn-request.ts';

/** What became of looking a program up. Paths are the engine's. */
export type ProgramLookup =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'denied'; readonly path: string; readonly why: string };

/** What the C library searches where the environment has no PATH. */
export const DEFAULT_PATH = '/bin:/usr/bin';

/** What a program is looked up by. */
export type ProgramRequest = Pick<SpawnRequest, 'file' | 'env' | 'commonEnv' | 'cwd' | 'root'>;

/** Looks the program of a request up where the request's own process would. */
export function lookUpProgram(request: ProgramRequest): ProgramLookup {
  let denied: ProgramLookup | undefined;
  for (const candidate of candidates(request)) {
    const path = request.root === undefined ? candidate : resolveInRoot(request.root, candidate);
    if (path === undefined) continue;
    const why = refusal(path);
    if (why === undefined) return { kind: 'found', path };
    if (why !== '') denied ??= { kind: 'denied', path, why };
  }
  return denied ?? { kind: 'missing' };
}

/** The first bytes of a file, at most `count`; none where it cannot be read. */
export function readHead(path: string, count: number): Buffer {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const head = Buffer.alloc(count);
      return head.subarray(0, readSync(fd, head, 0, count, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return Buffer.alloc(0);
  }
}

function candidates(request: Pick<SpawnRequest, 'file' | 'env' | 'commonEnv' | 'cwd'>): readonly string[] {
  const { file, cwd } = request;
  if (file.includes('/')) return [resolve(cwd, file)];
  return (pathOf(request) ?? DEFAULT_PATH).split(':').map((directory) => resolve(cwd, directory, file));
}

/** Why a path cannot be executed: empty where there is nothing, undefined where it can. */
function refusal(path: string): string | undefined {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return stat.isDirectory() ? 'it is a directory' : 'it is not a regular file';
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EACCES') return '';
    return 'it is not executable for this user: check its mode and that of the directories above it';
  }
}
