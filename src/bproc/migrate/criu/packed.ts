/** A CRIU with all that it needs in one directory: so it runs in the root of a process, where there may be nothing else. */
import { chmod, copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { BprocError } from '../../../errors.ts';
import { findProgram } from '../../../linux/index.ts';
import { closureOf } from '../../image/index.ts';

/** Where the directory is seen by what runs there. */
export const PACK_PLACE = '/.bproc-criu';
const LOADER = 'loader';
const PROGRAM = 'criu';
const HOOK = 'hook';
const IMAGES = 'images';

/** What is seen at the place. */
export const PACKED = {
  /** How it begins. */
  argv: [`${PACK_PLACE}/${LOADER}`, '--library-path', PACK_PLACE, `${PACK_PLACE}/${PROGRAM}`],
  hook: `${PACK_PLACE}/${HOOK}`,
  /** An empty directory, for that of a capture. */
  images: `${PACK_PLACE}/${IMAGES}`,
} as const;

/** As `bproc-get-criu` starts its own: by its own loader, with its own libraries. */
const WRAPPER = /^exec (\/\S+) --library-path (\/\S+) (\/\S+) "\$@"$/m;
const EXECUTABLE = 0o755;

/**
 * Copies a CRIU into a directory, which is made anew.
 *
 * @param hook the program that it runs at each stage.
 * @throws BprocError ENOSYS for a script that may need anything; the code of the file operation that failed.
 */
export async function packCriu(executable: string, hook: string, directory: string): Promise<void> {
  const { program, loader, libraries } = await partsOf(executable);
  const env = { LD_LIBRARY_PATH: libraries };
  const { entries } = await closureOf(program, { env });
  const interpreter = loader ?? entries.find(({ path }) => /^ld[-.][^/]*\.so/.test(basename(path)))?.path;
  if (interpreter === undefined)
    throw new BprocError('ENOSYS', `${program} has no loader: it has to be linked as usual`);
  const libraryPaths = entries.map(({ path }) => path).filter((path) => /\.so(?:\.|$)/.test(basename(path)));
  const files = new Map(libraryPaths.map((path) => [basename(path), path]));
  for (const [name, path] of [
    [LOADER, interpreter],
    [PROGRAM, program],
    [HOOK, hook],
  ] as const)
    files.set(name, path);
  try {
    await rm(directory, { recursive: true, force: true });
    await mkdir(join(directory, IMAGES), { recursive: true, mode: 0o700 });
    for (const [name, path] of files) {
      await copyFile(path, join(directory, name));
      await chmod(join(directory, name), EXECUTABLE);
    }
  } catch (cause) {
    throw BprocError.from(cause);
  }
}

async function partsOf(
  executable: string,
): Promise<{ readonly program: string; readonly loader: string | undefined; readonly libraries: string | undefined }> {
  const env = { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin' };
  const path = resolve(findProgram({ file: executable, env, cwd: '/' }));
  const bytes = await readFile(path);
  if (bytes.toString('latin1', 0, 2) !== '#!') return { program: path, loader: undefined, libraries: undefined };
  const [, loader, libraries, program] = WRAPPER.exec(bytes.toString('utf8')) ?? [];
  if (program !== undefined) return { program, loader, libraries };
  const remedy = "name CRIU's program itself, or what bproc-get-criu has made, in BPROC_CRIU";
  throw new BprocError('ENOSYS', `${path} is a script, which cannot be run in the root of a process: ${remedy}`);
}
