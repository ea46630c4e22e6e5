/** What programs load when they run, which nothing in them says: C libraries, and interpreters with libraries of their own language. */
import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { glob } from 'tinyglobby';
import { BprocError } from '../../errors.ts';
import type { Closure } from './closure.ts';
import { readText } from './read-text.ts';

/** What can be asked for by name. */
export const PRESETS = ['nss', 'python', 'perl'] as const;

/**
 * One of them: `nss` is what a C library asks for names of users and hosts; `python` the interpreter's standard library; `perl` all of
 * its `@INC`.
 */
export type Preset = (typeof PRESETS)[number];

/** Which file of a closure wants it. */
const WANTED_BY: Readonly<Record<Preset, RegExp>> = {
  nss: /^libc\.so\.6$/,
  python: /^python\d(?:\.\d+)?$/,
  perl: /^perl(?:5[\d.]*)?$/,
};

/** Such as it is everywhere, whatever this machine's configuration says. */
const SERVICES = ['files', 'dns'];
const NSS_CONFIGURATION = '/etc/nsswitch.conf';
/** Where each interpreter looks, a line each. */
const QUESTIONS = {
  python: ['-I', '-S', '-c', 'import sysconfig; p = sysconfig.get_paths(); print(p["stdlib"]); print(p["platstdlib"])'],
  perl: ['-e', 'print map { "$_\\n" } @INC'],
} as const;
/** Packages have trees of their own; compiled modules count for the times of the files they were made of, which are others on a node. */
const LEFT_OUT = ['**/__pycache__/**', '**/site-packages/**', '**/dist-packages/**', '**/test/**', '**/tests/**'];
const ANSWER_MS = 10_000;
const run = promisify(execFile);

/** Which presets a program wants, going by what its closure consists of. */
export function presetsOf({ entries }: Closure): readonly Preset[] {
  return PRESETS.filter((preset) => entries.some(({ path }) => WANTED_BY[preset].test(basename(path))));
}

/**
 * The files of a preset.
 *
 * @returns none where the closure has nothing that wants them.
 * @throws BprocError EIO where the interpreter does not say where its files are.
 */
export async function presetFiles(preset: Preset, { entries }: Closure): Promise<readonly string[]> {
  const wanted = entries.find(({ kind, path }) => kind === 'file' && WANTED_BY[preset].test(basename(path)));
  if (wanted === undefined) return [];
  if (preset === 'nss') return nssModules(dirname(wanted.path));
  const directories = await ask(wanted.path, QUESTIONS[preset]);
  const ignore = preset === 'python' ? LEFT_OUT : [];
  const found = directories.map((cwd) => filesIn(['**/*'], cwd, ignore));
  return [...new Set((await Promise.all(found)).flat())];
}

/** The files, links among them, that match patterns in a directory; what may not be read is passed over. */
export function filesIn(patterns: readonly string[], cwd: string, ignore: readonly string[] = []): Promise<string[]> {
  return glob([...patterns], {
    cwd,
    ignore: [...ignore],
    absolute: true,
    dot: true,
    expandDirectories: false,
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

async function ask(interpreter: string, question: readonly string[]): Promise<readonly string[]> {
  try {
    const { stdout } = await run(interpreter, question, { timeout: ANSWER_MS, env: {}, cwd: '/' });
    return [...new Set(stdout.split('\n').filter((line) => line.startsWith('/')))];
  } catch (cause) {
    const what = `${interpreter} does not say where its libraries are`;
    throw new BprocError('EIO', `${what}: ${BprocError.from(cause).message}`, { cause });
  }
}
