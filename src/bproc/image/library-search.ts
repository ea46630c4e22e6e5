/** Where a dynamic loader finds the libraries of a program: ld.so(8), in its order. */
import { readdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import { type ElfMachine, type ElfNeeds, isSameMachine, readElf } from './elf.ts';
import { type LoaderCache, readLoaderCache } from './loader-cache.ts';
import { type LoaderDirectories, loaderDirectories } from './loader-directories.ts';
import { type PathTrace, tracePath } from './path-trace.ts';
import { readText } from './read-text.ts';

/** A program or library as a loader has loaded it. */
export interface LoadedObject {
  /** As it was found. */
  readonly path: string;
  readonly trace: PathTrace;
  readonly needs: ElfNeeds;
  /** Its directory, which `$ORIGIN` stands for: of a program without links, of a library as it was found. */
  readonly origin: string;
  /** Which one needed it first; absent for the program itself. */
  readonly loader: LoadedObject | undefined;
}

/** A library in one directory: for every machine, and for those that can do more. */
export type FoundLibrary = readonly [LoadedObject, ...LoadedObject[]];

/** What a search goes by. */
export interface SearchParts {
  readonly program: ElfMachine;
  readonly directories: LoaderDirectories;
  readonly cache: LoaderCache;
  /** `LD_LIBRARY_PATH`, split at colons and semicolons. */
  readonly libraryPath: readonly string[];
  /** What `LD_PRELOAD` and `/etc/ld.so.preload` name. */
  readonly preloads: readonly string[];
  /** Where relative paths begin. */
  readonly cwd: string;
}

const HWCAPS = 'glibc-hwcaps';

const CACHE = '/etc/ld.so.cache';
const PRELOADS = '/etc/ld.so.preload';

/** The search as the loader `interpreter` of a program makes it in an environment, on this machine. */
export async function librarySearch(
  program: ElfMachine,
  interpreter: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<LibrarySearch> {
  const directories = await loaderDirectories(program, interpreter);
  const cache: LoaderCache = directories.usesCache ? await readLoaderCache(CACHE) : new Map();
  const libraryPath = env['LD_LIBRARY_PATH'] ? env['LD_LIBRARY_PATH'].split(/[:;]/) : [];
  const preloads = [env['LD_PRELOAD'] ?? '', (await readText(PRELOADS)) ?? ''].flatMap((text) => text.split(/[\s:]+/));
  const names = preloads.filter((name) => name !== '');
  return new LibrarySearch({ program, directories, cache, libraryPath, preloads: names, cwd });
}

/** The search of one program's libraries. */
export class LibrarySearch {
  readonly #parts: SearchParts;
  readonly #objects = new Map<string, Promise<Omit<LoadedObject, 'loader'> | undefined>>();
  readonly #hwcaps = new Map<string, Promise<readonly string[]>>();

  constructor(parts: SearchParts) {
    this.#parts = parts;
  }

  /** What is loaded before what the program needs. */
  get preloads(): readonly string[] {
    return this.#parts.preloads;
  }

  /** Finds what `requester` needs by this name; undefined where its loader would not find it. */
  async find(name: string, requester: LoadedObject): Promise<FoundLibrary | undefined> {
    if (name.includes('/')) {
      for (const path of this.#expand(name, requester)) {
        const object = await this.load(resolve(this.#parts.cwd, path), requester);
        if (object !== undefined) return [object];
      }
      return undefined;
    }
    return (
      (await this.#inDirectories(this.#rpathOf(requester), name, requester)) ??
      (await this.#inDirectories(this.#expandAll(this.#parts.libraryPath, requester), name, requester)) ??
      (await this.#inDirectories(this.#expandAll(requester.needs.runpath ?? [], requester), name, requester)) ??
      (await this.#inCache(name, requester)) ??
      (requester.needs.ignoresDefaults
        ? undefined
        : await this.#inDirectories(this.#parts.directories.defaults, name, requester))
    );
  }

  /** DT_RPATH of the object and of those it was loaded for, unless it has DT_RUNPATH. */
  #rpathOf(requester: LoadedObject): readonly string[] {
    if (requester.needs.runpath !== undefined) return [];
    const paths: string[] = [];
    for (let each: LoadedObject | undefined = requester; each !== undefined; each = each.loader) {
      if (each.needs.runpath === undefined) paths.push(...this.#expandAll(each.needs.rpath ?? [], each));
    }
    return paths;
  }

  #expandAll(paths: readonly string[], requester: LoadedObject): readonly string[] {
    return paths.flatMap((path) => this.#expand(path === '' ? '.' : path, requester));
  }

  /** Dynamic string tokens; several results where the loader's own choice cannot be known. */
  #expand(path: string, { origin }: LoadedObject): readonly string[] {
    const { lib, platform } = this.#parts.directories;
    const token = (name: string): RegExp => new RegExp(`\\$(?:${name}(?![A-Za-z0-9_])|\\{${name}\\})`, 'g');
    const fixed = path.replace(token('ORIGIN'), () => origin).replace(token('PLATFORM'), () => platform);
    const results = lib.map((each) => fixed.replace(token('LIB'), () => each));
    return [...new Set(results.length > 0 ? results : [fixed])];
  }

  async #inDirectories(
    directories: readonly string[],
    name: string,
    loader: LoadedObject,
  ): Promise<FoundLibrary | undefined> {
    for (const directory of directories) {
      const at = resolve(this.#parts.cwd, directory);
      const found: LoadedObject[] = [];
      for (const subdirectory of ['', ...(await this.#hwcapsOf(at)).map((hwcap) => join(HWCAPS, hwcap))]) {
        const object = await this.load(join(at, subdirectory, name), loader);
        if (object !== undefined) found.push(object);
      }
      const [first, ...rest] = found;
      if (first !== undefined) return [first, ...rest];
    }
    return undefined;
  }

  async #inCache(name: string, loader: LoadedObject): Promise<FoundLibrary | undefined> {
    if (!this.#parts.directories.usesCache) return undefined;
    const found: LoadedObject[] = [];
    let hasBase = false;
    for (const { path, hwcap } of this.#parts.cache.get(name) ?? []) {
      if (hwcap === undefined && hasBase) continue;
      if (loader.needs.ignoresDefaults && this.#parts.directories.defaults.includes(dirname(path))) continue;
      const object = await this.load(path, loader);
      if (object === undefined) continue;
      if (hwcap === undefined) found.unshift(object);
      else found.push(object);
      hasBase ||= hwcap === undefined;
    }
    const [first, ...rest] = found;
    return first === undefined ? undefined : [first, ...rest];
  }

  #hwcapsOf(directory: string): Promise<readonly string[]> {
    const known = this.#hwcaps.get(directory);
    if (known !== undefined) return known;
    const names = readdir(join(directory, HWCAPS)).catch((cause: unknown) => {
      const error = BprocError.from(cause);
      if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(error.code)) return [];
      throw error;
    });
    this.#hwcaps.set(directory, names);
    return names;
  }

  /** The library at a path, of the program's machine; what is anything else is passed over, as loaders do. */
  async load(path: string, loader: LoadedObject): Promise<LoadedObject | undefined> {
    if (!isAbsolute(path)) throw new BprocError('EINVAL', `${path} is no absolute path`);
    let object = this.#objects.get(path);
    if (object === undefined) {
      object = this.#read(path);
      this.#objects.set(path, object);
    }
    const read = await object;
    return read === undefined ? undefined : { ...read, loader };
  }

  async #read(path: string): Promise<Omit<LoadedObject, 'loader'> | undefined> {
    const trace = await tracePath(path);
    if (trace?.kind !== 'file') return undefined;
    const needs = await readElf(trace.real).catch((cause: unknown) => {
      const error = BprocError.from(cause);
      if (error.code === 'ENOEXEC' || error.code === 'EACCES') return undefined;
      throw error;
    });
    if (needs === undefined || !isSameMachine(needs, this.#parts.program)) return undefined;
    return { path, trace, needs, origin: dirname(path) };
  }
}
