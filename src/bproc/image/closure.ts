/** Everything a program needs to run that can be known before it runs: interpreters and libraries, theirs too, and the links to them. */
import { dirname, isAbsolute, resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import { type ElfNeeds, readElf } from './elf.ts';
import { type LibrarySearch, type LoadedObject, librarySearch } from './library-search.ts';
import { type PathTrace, tracePath } from './path-trace.ts';
import { programOfEnv, readScriptLine } from './script.ts';

/** What there is at one path. */
export type ClosureEntry =
  | { readonly kind: 'file'; readonly path: string; readonly size: number; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** What a program needs. */
export interface Closure {
  /** The program, as it was named. */
  readonly program: string;
  /** In the order in which they were found, the program first; no path twice. */
  readonly entries: readonly ClosureEntry[];
  /** What its loader will not find: the names, and who needs them. It may be none that a run comes to. */
  readonly missing: readonly { readonly name: string; readonly neededBy: string }[];
  /** What was said that it opens when it runs. */
  readonly opened: readonly string[];
}

/** What the search for a closure goes by. */
export interface ClosureOptions {
  /** `LD_LIBRARY_PATH`, `LD_PRELOAD` and `PATH` count. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where relative paths begin. @default '/' */
  readonly cwd?: string;
  /**
   * Files, by absolute paths, that the program opens, loads or runs when it runs: they belong to it with all that they
   * need, as it would find it. What is no file there, or may not be read, is passed over.
   */
  readonly opens?: readonly string[];
  /** Gives the search up, with ECANCELED. */
  readonly signal?: AbortSignal | undefined;
}

/** As the kernel follows interpreters that are scripts themselves. */
const MOST_SCRIPTS = 5;
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * Finds what a program needs.
 *
 * @param program an absolute path.
 * @throws BprocError ENOENT for no such program; EACCES where it is none or may not be read; ENOEXEC where it is
 *   damaged; ELOOP for a script whose interpreters go on for ever.
 */
export async function closureOf(program: string, options: ClosureOptions = {}): Promise<Closure> {
  const { opens = [], signal } = options;
  const found = new ClosureFinder(options);
  await found.program(program, 0);
  for (const path of opens) {
    if (signal?.aborted === true)
      throw new BprocError('ECANCELED', `${program}: the search for what it needs was given up`);
    await found.opened(path);
  }
  return { program, entries: [...found.entries.values()], missing: found.missing, opened: opens };
}

class ClosureFinder {
  readonly entries = new Map<string, ClosureEntry>();
  readonly missing: { name: string; neededBy: string }[] = [];
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #cwd: string;
  readonly #examined = new Set<string>();
  /** What has loaded the program's libraries, or its interpreter's. */
  #loader: { readonly state: LoadingState; readonly program: LoadedObject } | undefined;

  constructor({ env = {}, cwd = '/' }: ClosureOptions) {
    this.#env = env;
    this.#cwd = cwd;
  }

  /** A program and all that it needs; `depth` scripts have led to it. */
  async program(path: string, depth: number): Promise<void> {
    if (!isAbsolute(path)) throw new BprocError('EINVAL', `${path} is no absolute path`);
    const trace = await tracePath(path);
    if (trace === undefined) throw new BprocError('ENOENT', `there is no program ${path}, or it may not be read`);
    if (trace.kind !== 'file') throw new BprocError('EACCES', `${path} is no program: it is a ${trace.kind}`);
    this.#add(trace);
    const needs = await readElf(trace.real);
    if (needs === undefined) await this.#script(path, trace, depth);
    else if (needs.interpreter !== undefined) await this.#dynamic(path, trace, needs, needs.interpreter);
  }

  /** What the program opens when it runs. */
  async opened(path: string): Promise<void> {
    const trace = await tracePath(path);
    if (trace?.kind !== 'file') return;
    const isKnown = this.#examined.has(trace.real);
    this.#examined.add(trace.real);
    if (isKnown) {
      if (this.entries.has(trace.real)) this.#add(trace);
      return;
    }
    const needs = await readElf(trace.real).catch((cause: unknown) => BprocError.from(cause));
    // what this user may not read is nothing that the program opens for him
    if (BprocError.is(needs) && needs.code === 'EACCES') return;
    // data may begin like a program
    if (BprocError.is(needs) && needs.code !== 'ENOEXEC') throw needs;
    this.#add(trace);
    if (BprocError.is(needs)) return;
    const isScript = needs === undefined && (trace.mode & 0o111) !== 0;
    if (isScript || needs?.interpreter !== undefined) return this.#inPassing(path);
    const loader = this.#loader;
    const object = needs && (await loader?.state.search.load(path, loader.program));
    if (loader === undefined || object === undefined) return;
    if (this.#take(object, loader.state.loaded)) loader.state.queue.push(object);
    await this.#drain(loader.state);
  }

  /** A program among what is opened: nobody may ever run it, so that what it lacks is no failure. */
  async #inPassing(path: string): Promise<void> {
    try {
      await this.program(path, 0);
    } catch (cause) {
      const { code } = BprocError.from(cause);
      if (!['ENOENT', 'EACCES', 'ENOEXEC', 'ELOOP'].includes(code)) throw cause;
      this.missing.push({ name: path, neededBy: path });
    }
  }

  #add({ real, links, size, mode }: PathTrace): void {
    for (const [path, target] of links) this.entries.set(path, { kind: 'link', path, target });
    if (!this.entries.has(real)) this.entries.set(real, { kind: 'file', path: real, size, mode });
  }

  async #script(path: string, { real }: PathTrace, depth: number): Promise<void> {
    const line = await readScriptLine(real);
    if (line === undefined) return;
    if (depth >= MOST_SCRIPTS) throw new BprocError('ELOOP', `${path}: too many scripts are each other's interpreters`);
    await this.program(resolve(this.#cwd, line.interpreter), depth + 1);
    const name = programOfEnv(line);
    if (name === undefined) return;
    const asked = await this.#inPath(name);
    if (asked === undefined) this.missing.push({ name, neededBy: path });
    else await this.program(asked, depth + 1);
  }

  async #inPath(name: string): Promise<string | undefined> {
    const directories = name.includes('/') ? ['.'] : (this.#env['PATH'] ?? DEFAULT_PATH).split(':');
    for (const directory of directories) {
      const path = resolve(this.#cwd, directory, name);
      const trace = await tracePath(path);
      if (trace?.kind === 'file' && (trace.mode & 0o111) !== 0) return path;
    }
    return undefined;
  }

  /** As a dynamic loader goes: breadth first, each name once, whether a file was asked for by it or says it is it. */
  async #dynamic(path: string, trace: PathTrace, needs: ElfNeeds, interpreter: string): Promise<void> {
    const search = await librarySearch(needs, interpreter, this.#env, this.#cwd);
    const program: LoadedObject = { path, trace, needs, origin: dirname(trace.real), loader: undefined };
    const loaded = new Set<string>();
    const queue: LoadedObject[] = [program];
    const loader = await search.load(resolve(this.#cwd, interpreter), program);
    if (loader === undefined) this.missing.push({ name: interpreter, neededBy: path });
    else this.#take(loader, loaded);
    for (const name of search.preloads) {
      // What cannot be preloaded is warned of, and no failure.
      for (const object of (await search.find(name, program)) ?? []) if (this.#take(object, loaded)) queue.push(object);
    }
    const state: LoadingState = { search, loaded, queue };
    await this.#drain(state);
    this.#loader ??= { state, program };
  }

  async #drain(state: LoadingState): Promise<void> {
    for (let object = state.queue.shift(); object !== undefined; object = state.queue.shift()) {
      for (const name of object.needs.needed) await this.#need(name, object, state);
    }
  }

  async #need(name: string, requester: LoadedObject, { search, loaded, queue }: LoadingState): Promise<void> {
    if (loaded.has(name)) return;
    loaded.add(name);
    const found = await search.find(name, requester);
    if (found === undefined) this.missing.push({ name, neededBy: requester.path });
    for (const object of found ?? []) if (this.#take(object, loaded)) queue.push(object);
  }

  /** Enters a library; false where it was there. */
  #take({ trace, needs }: LoadedObject, loaded: Set<string>): boolean {
    const isNew = !loaded.has(trace.real);
    loaded.add(trace.real);
    if (needs.soname !== undefined) loaded.add(needs.soname);
    this.#add(trace);
    return isNew;
  }
}

interface LoadingState {
  readonly search: LibrarySearch;
  readonly loaded: Set<string>;
  readonly queue: LoadedObject[];
}
