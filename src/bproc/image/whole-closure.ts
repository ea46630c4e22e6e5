/** The closure of a program with what it only opens when it runs, as far as that can be said beforehand. */
import { basename, dirname, resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import { type Closure, type ClosureEntry, type ClosureOptions, closureOf } from './closure.ts';
import { filesIn, PRESETS, type Preset, presetFiles, presetsOf } from './presets.ts';

/** What belongs to a program besides what it says itself. */
export interface WholeClosureOptions extends ClosureOptions {
  /** By name; `auto` is those that what it consists of wants. @default 'auto' */
  readonly presets?: readonly Preset[] | 'auto';
  /** Patterns, relative ones from `cwd` on: `*`, `**`, `?`, `[...]` and `{...}`. Each has to match something. */
  readonly files?: readonly string[];
  /** What it is started with, without argv[0]: an interpreter has its script among that. */
  readonly argv?: readonly string[];
}

/** By this a loader finds libraries that are not where it looks anyway, such as those of `/usr/local/lib`. */
const LOADER_CACHE = '/etc/ld.so.cache';
const USUAL = /^\/(?:usr\/)?lib(?:32|64|x32)?(?:\/[^/]+-linux-[^/]+)?$/;

/**
 * Finds what a program needs, and what it will open.
 *
 * @throws BprocError as {@link closureOf} and {@link presetFiles}; ENOENT for a pattern that matches nothing; EINVAL for a preset that there is none of.
 */
export async function wholeClosureOf(program: string, options: WholeClosureOptions = {}): Promise<Closure> {
  const { presets = 'auto', files = [], opens = [], argv = [], env = {}, cwd = '/', signal } = options;
  const itself = await closureOf(program, options);
  const all = new Set(opens);
  if (itself.entries.some(isFarLibrary)) all.add(LOADER_CACHE);
  for (const pattern of files) {
    const found = await filesIn([resolve(cwd, pattern).slice(1)], '/', signal);
    if (found.length === 0) throw new BprocError('ENOENT', `no file matches ${pattern}, which ${program} is to have`);
    for (const path of found) all.add(path);
  }
  for (const preset of presets === 'auto' ? presetsOf(itself) : presets) {
    if (!PRESETS.includes(preset))
      throw new BprocError('EINVAL', `there is no preset ${preset}: they are ${PRESETS.join(', ')}`);
    for (const path of await presetFiles(preset, itself, { argv, env, cwd, signal })) all.add(path);
  }
  return all.size === 0 ? itself : closureOf(program, { ...options, opens: [...all] });
}

function isFarLibrary({ kind, path }: ClosureEntry): boolean {
  return kind === 'file' && /\.so(?:\.|$)/.test(basename(path)) && !USUAL.test(dirname(path));
}
