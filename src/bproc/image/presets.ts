/** What programs load when they run, which nothing in them says: C libraries, and interpreters with libraries of their own language. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BprocError } from '../../errors.ts';
import type { Closure } from './closure.ts';
import { packagesOf } from './node-package.ts';
import { readText } from './read-text.ts';

/** What can be asked for by name. */
export const PRESETS: readonly Preset[] = ['nss', 'locale', 'python', 'perl', 'node', 'java'];

/**
 * One of them: `nss` is what a C library asks for names of users and hosts; `locale` what it knows of the locale that the environment
 * names; `python` the interpreter's standard library; `perl` all of
 * its `@INC`; `node` the package of its script, with what that depends on; `java` its whole installation. Each has the script
 * that the interpreter is given too.
 */
export type Preset = 'nss' | 'locale' | 'python' | 'perl' | 'node' | 'java';

/** Which file of a closure wants it. */
const WANTED_BY: Readonly<Record<Preset, RegExp>> = {
  nss: /^libc\.so\.6$/,
  locale: /^libc\.so\.6$/,
  python: /^python\d(?:\.\d+)?$/,
  perl: /^perl(?:5[\d.]*)?$/,
  node: /^node(?:js)?$/,
  java: /^java$/,
};

/** Such as it is everywhere, whatever this machine's configuration says. */
const SERVICES = ['files', 'dns'];
const LOCALES = '/usr/lib/locale';
const LOCALE_VARIABLE = /^(?:LANG|LC_[A-Z]+)$/;
const NSS_CONFIGURATION = '/etc/nsswitch.conf';
/** Where each interpreter looks, a line each. */
const QUESTIONS = {
  python: ['-I', '-S', '-c', 'import sysconfig; p = sysconfig.get_paths(); print(p["stdlib"]); print(p["platstdlib"])'],
  perl: ['-e', 'print map { "$_\\n" } @INC'],
} as const;
/** Packages have trees of their own; compiled modules count for the times of the files they were made of, which are others on a node. */
const LEFT_OUT = ['**/__pycache__/**', '**/site-packages/**', '**/dist-packages/**', '**/test/**', '**/tests/**'];
const JAVA_LEFT_OUT = ['**/src.zip', '**/*.debuginfo'];
const JAVA_PARTS = ['lib/**', 'conf/**', 'bin/**', 'release'];
const NODE_LEFT_OUT = ['**/.git/**'];
const ANSWER_MS = 10_000;

/** How a program is started, as far as it matters here. */
export interface PresetUse {
  /** Without argv[0]. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal | undefined;
}

const run = promisify(execFile);

/** Which presets a program wants, going by what its closure consists of. */
export function presetsOf({ entries }: Closure): readonly Preset[] {
  return PRESETS.filter((preset) => entries.some(({ path }) => WANTED_BY[preset].test(basename(path))));
}

/**
 * The files of a preset.
 *
 * @returns none where the closure has nothing that wants them.
 * @throws BprocError EIO where the interpreter does not say where its files are; what {@link packagesOf} throws.
 */
export async function presetFiles(preset: Preset, closure: Closure, use: PresetUse): Promise<readonly string[]> {
  const wanted = closure.entries.find(({ kind, path }) => kind === 'file' && WANTED_BY[preset].test(basename(path)));
  if (wanted === undefined) return [];
  if (preset === 'nss') return nssModules(dirname(wanted.path));
  if (preset === 'locale') return localeFiles(use);
  const scripts = scriptsOf(preset, closure, use);
  return [...new Set([...scripts, ...(await languageFiles(preset, wanted.path, scripts, use))])];
}

/** The files, links among them, that match patterns in a directory; what may not be read is passed over. */
export async function filesIn(
  patterns: readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
  ignore: readonly string[] = [],
): Promise<string[]> {
  // most programs want none of this
  const { glob } = await import('tinyglobby');
  const cancel = signal === undefined ? {} : { signal };
  const choice = { cwd, ignore: [...ignore], absolute: true, dot: true, expandDirectories: false };
  return glob([...patterns], { ...choice, ...cancel });
}

async function languageFiles(
  preset: Exclude<Preset, 'nss' | 'locale'>,
  interpreter: string,
  scripts: readonly string[],
  { signal }: PresetUse,
): Promise<readonly string[]> {
  if (preset === 'java') return filesIn(JAVA_PARTS, dirname(dirname(interpreter)), signal, JAVA_LEFT_OUT);
  const directories =
    preset === 'node' ? scripts.flatMap(packagesOf) : await ask(interpreter, QUESTIONS[preset], signal);
  const ignore = preset === 'python' ? LEFT_OUT : preset === 'node' ? NODE_LEFT_OUT : [];
  return (await Promise.all(directories.map((cwd) => filesIn(['**/*'], cwd, signal, ignore)))).flat();
}

/** What an interpreter is given to run, as far as it is there: the program itself where that is a script, else what its arguments name. */
function scriptsOf(preset: Preset, { program, entries }: Closure, { argv, cwd }: PresetUse): readonly string[] {
  const first = entries.find(({ kind }) => kind === 'file');
  if (!WANTED_BY[preset].test(basename(program)) && !WANTED_BY[preset].test(basename(first?.path ?? '')))
    return [program];
  const named = preset === 'java' ? javaFiles(argv) : argv.filter((each) => !each.startsWith('-')).slice(0, 1);
  return named.map((each) => resolve(cwd, each)).filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** The archives among the arguments of java(1). */
function javaFiles(argv: readonly string[]): readonly string[] {
  return argv.flatMap((each, index) => {
    const option = argv[index - 1] ?? '';
    if (option === '-jar') return [each];
    return ['-cp', '-classpath', '--class-path'].includes(option) ? each.split(':') : [];
  });
}

async function nssModules(directory: string): Promise<readonly string[]> {
  const text = (await readText(NSS_CONFIGURATION)) ?? '';
  const services = new Set(SERVICES);
  for (const [, line = ''] of text.matchAll(/^\s*\w+:([^#\n]*)/gm)) {
    for (const [service] of line.replace(/\[[^\]]*\]/g, ' ').matchAll(/[\w-]+/g)) services.add(service);
  }
  return [...services].map((service) => join(directory, `libnss_${service}.so.2`));
}

/** The directories of locales; of one that has none the archive of them all. */
async function localeFiles({ env, signal }: PresetUse): Promise<readonly string[]> {
  const named = Object.entries(env).flatMap(([name, value = '']) => (LOCALE_VARIABLE.test(name) ? [value] : []));
  const real = new Set(named.filter((each) => /^\w[\w.@-]*$/.test(each) && each !== 'C' && each !== 'POSIX'));
  const found = await Promise.all(
    [...real].map((each) => filesIn(['**/*'], join(LOCALES, localeDirectory(each)), signal)),
  );
  return [...found.flat(), ...(found.some((files) => files.length === 0) ? [join(LOCALES, 'locale-archive')] : [])];
}

/** As the C library calls it: `de_DE.UTF-8` is in `de_DE.utf8`. */
function localeDirectory(locale: string): string {
  return locale.replace(/\.([\w-]+)/, (_, codeset: string) => `.${codeset.toLowerCase().replace(/[^a-z0-9]/g, '')}`);
}

async function ask(
  interpreter: string,
  question: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  try {
    const { stdout } = await run(interpreter, question, { timeout: ANSWER_MS, env: {}, cwd: '/', signal });
    return [...new Set(stdout.split('\n').filter((line) => line.startsWith('/')))];
  } catch (cause) {
    const what = `${interpreter} does not say where its libraries are`;
    throw new BprocError('EIO', `${what}: ${BprocError.from(cause).message}`, { cause });
  }
}
