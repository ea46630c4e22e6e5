/**
 * How a program is run from its image where no root can be made of it: by the image's own dynamic loader, which is told
 * where the libraries are. It sees the node's file system, and what it starts itself is the node's.
 */
import { basename, dirname, join } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { SpawnRequest } from '../../linux/index.ts';
import { readElf } from './elf.ts';
import type { ImageTree } from './image-tree.ts';
import { fileAt, type ImageFile } from './manifest.ts';
import { programOfEnv, readScriptLine, type ScriptLine } from './script.ts';

/** How a program is run. */
export interface LoaderCommand {
  readonly file: string;
  /** What comes before the arguments of the program; `argv[0]` first, where it is not the program's own. */
  argv(own: readonly string[]): readonly string[];
  /** Variables that lead its interpreter to its own files; the program's own count more. */
  readonly env: Readonly<Record<string, string>>;
}

/** As the kernel follows interpreters that are scripts themselves. */
const MOST_SCRIPTS = 5;
const PROGRAMS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** Interpreters that look for their files beside the path by which they were started. */
const SELF_SEEKING = /^python[\d.]*$/;
const PERL_FILES = /^\/usr\/(?:local\/)?(?:share|lib(?:\/[^/]+)?)\/(?:perl-base|perl5|perl\/[\d.]+|perl5\/[\d.]+)$/;

/**
 * Finds out how to run an image's program.
 *
 * @throws BprocError ENOENT where the image lacks a loader or interpreter, ENOEXEC for what is no program, ELOOP for scripts
 *   that are each other's interpreters, ENOSYS where a library's directory cannot be said to a loader.
 */
export function loaderCommand(tree: ImageTree): Promise<LoaderCommand> {
  return commandOf(tree, tree.image.program, 0);
}

/** The same in a request. */
export function withLoader(request: SpawnRequest, { file, argv, env }: LoaderCommand): SpawnRequest {
  return { ...request, file, argv: argv(request.argv), env: { ...env, ...request.env } };
}

async function commandOf(tree: ImageTree, path: string, depth: number): Promise<LoaderCommand> {
  const file = requireFile(tree, path);
  const real = join(tree.root, file.path);
  const needs = await readElf(real);
  if (needs === undefined) return scriptCommand(tree, real, depth);
  if (needs.interpreter === undefined) return { file: real, argv: (own) => own, env: {} };
  const loader = join(tree.root, requireFile(tree, needs.interpreter).path);
  const before = [loader, '--library-path', libraryPath(tree), '--argv0'];
  const seeks = SELF_SEEKING.test(basename(real));
  const argv = ([name = path, ...rest]: readonly string[]) => [...before, seeks ? real : name, real, ...rest];
  return { file: loader, argv, env: basename(real).startsWith('perl') ? perlEnvironment(tree) : {} };
}

async function scriptCommand(tree: ImageTree, script: string, depth: number): Promise<LoaderCommand> {
  const line = await readScriptLine(script);
  const name = tree.image.program;
  if (line === undefined) throw new BprocError('ENOEXEC', `${name} is neither a program for this machine nor a script`);
  if (depth >= MOST_SCRIPTS) throw new BprocError('ELOOP', `${name}: too many scripts are each other's interpreters`);
  const interpreter = interpreterOf(tree, line);
  const { file, argv, env } = await commandOf(tree, interpreter.path, depth + 1);
  const before = [interpreter.path, ...interpreter.arguments, script];
  return { file, argv: (own) => argv([...before, ...own.slice(1)]), env };
}

/** What env(1) would look up is looked up in the image: env itself would find the node's. */
function interpreterOf(tree: ImageTree, line: ScriptLine): { path: string; arguments: readonly string[] } {
  const { interpreter, argument } = line;
  if (argument !== undefined && programOfEnv(line) === argument) {
    const found = PROGRAMS.map((directory) => join(directory, argument)).find((path) => fileAt(tree.paths, path));
    if (found !== undefined) return { path: found, arguments: [] };
  }
  return { path: interpreter, arguments: argument === undefined ? [] : [argument] };
}

function requireFile(tree: ImageTree, path: string): ImageFile {
  const file = fileAt(tree.paths, path);
  if (file === undefined)
    throw new BprocError('ENOENT', `the image of ${tree.image.program} lacks ${path}, which it is run by`);
  return file;
}

function libraryPath({ image, root }: ImageTree): string {
  const directories = new Set(
    image.entries.flatMap(({ path }) => (/\.so(?:\.|$)/.test(basename(path)) ? [dirname(path)] : [])),
  );
  const all = [...directories].map((directory) => join(root, directory));
  const odd = all.find((each) => /[:;]/.test(each));
  if (odd !== undefined)
    throw new BprocError('ENOSYS', `no loader can be told of the directory ${odd}: it is divided at : and ;`);
  return all.join(':');
}

function perlEnvironment({ directories, root }: ImageTree): Readonly<Record<string, string>> {
  const found = [...directories].filter((each) => PERL_FILES.test(each)).map((each) => join(root, each));
  return found.length === 0 ? {} : { PERL5LIB: found.join(':') };
}
