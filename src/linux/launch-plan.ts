/** What is handed to `child_process.spawn`: the program itself, or the tool that changes its root first. */
import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { BprocError } from '../errors.ts';
import { AGENT_ARGV, findHolder } from './holder-binary.ts';
import { lookUpProgram } from './program-lookup.ts';
import { resolveInRoot } from './rooted-path.ts';
import type { SpawnRequest } from './spawn-request.ts';

/** A program, its arguments and where it begins, all as the engine's file system has them. */
export interface LaunchPlan {
  readonly file: string;
  /** With argv[0]. */
  readonly argv: readonly string[];
  readonly cwd: string;
}

const TOOL_DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * The plan for a request.
 *
 * With `root` the program is started through `chroot(8)`, or through `unshare(1)` where it is to
 * begin elsewhere than in `/`; its argv[0] is then the name it was asked for by.
 *
 * @throws BprocError EPERM for a `root` without being root; ENOENT, ENOTDIR or EACCES for what is missing in it.
 */
export function planLaunch(request: SpawnRequest): LaunchPlan {
  if (request.fileAgent === true) return agentPlan(request);
  if (request.root === undefined) return request;
  const { file, argv, cwd } = request;
  const root = resolve(request.root);
  if (process.getuid?.() !== 0 || process.geteuid?.() !== 0) {
    throw new BprocError('EPERM', `only root may start a program with ${root} as its root: run the slave as root`);
  }
  requireDirectory(root, `root directory ${JSON.stringify(root)}`);
  requireDirectory(resolveInRoot(root, cwd), `working directory ${JSON.stringify(cwd)} in root ${root}`);
  const lookup = lookUpProgram(request);
  const program = `program ${JSON.stringify(file)}`;
  if (lookup.kind === 'missing') throw new BprocError('ENOENT', `${program} does not exist in root ${root}`);
  if (lookup.kind === 'denied') {
    throw new BprocError('EACCES', `${program} in root ${root} cannot be executed: ${lookup.why}`);
  }
  const command = [file, ...argv.slice(1)];
  if (resolve('/', cwd) === '/') {
    return { file: findTool('chroot'), argv: ['chroot', root, ...command], cwd: '/' };
  }
  return { file: findTool('unshare'), argv: ['unshare', `--root=${root}`, `--wd=${cwd}`, '--', ...command], cwd: '/' };
}

/** The holder's program is the file agent too; in another root it would have to be there. */
function agentPlan({ root, cwd }: SpawnRequest): LaunchPlan {
  const what = 'the engine child_process copies no files';
  if (root !== undefined) throw new BprocError('ENOSYS', `${what} in root ${root}; use a slave with a holder`);
  try {
    return { file: findHolder(), argv: AGENT_ARGV, cwd };
  } catch (cause) {
    throw new BprocError('ENOSYS', `${what}: ${BprocError.from(cause).message}`, { cause });
  }
}

function requireDirectory(path: string | undefined, name: string): void {
  const stat = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new BprocError('ENOENT', `${name} does not exist`);
  if (!stat.isDirectory()) throw new BprocError('ENOTDIR', `${name} is not a directory`);
}

/** The engine's own tool, which the PATH of the program has no say in. */
function findTool(name: string): string {
  for (const directory of TOOL_DIRECTORIES) {
    const path = `${directory}/${name}`;
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Then in the next one.
    }
  }
  throw new BprocError('ENOENT', `${name} is needed to change a program's root: install it in /usr/sbin`);
}
