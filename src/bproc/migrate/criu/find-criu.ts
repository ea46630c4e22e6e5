/** Finding the CRIU of a machine, and whether it can be of use there. */
import { execFile } from 'node:child_process';
import { BprocError } from '../../../errors.ts';
import { findProgram } from '../../../linux/index.ts';

const LOOK_MS = 10_000;
/** From this kernel on, what it dumps of a socket needs this CRIU; earlier ones fail on the vdso of those before. */
const NEEDED = [
  { kernel: '6.16', criu: '4.2' },
  { kernel: '6.13', criu: '4.1' },
] as const;
const OLDEST = '3.17';
const REMEDY = 'install CRIU 4.2 or later, such as by `bproc-get-criu DIR`, and name it in BPROC_CRIU';

/** A CRIU that is there. */
export interface FoundCriu {
  /** Absolute: whoever starts it has another PATH. */
  readonly executable: string;
  /** Such as `4.2.1`. */
  readonly version: string;
}

/**
 * Asks a CRIU who it is, and checks that it knows this kernel.
 *
 * @param executable its path, or a name that is looked up in this program's PATH.
 * @param kernel the kernel's release, such as `6.12.4-amd64`.
 * @throws BprocError ENOSYS with what is to be done: it is not there, or too old.
 */
export async function findCriu(executable: string, kernel: string): Promise<FoundCriu> {
  const path = pathOf(executable);
  const said = await versionOf(path);
  const version = /^Version: (\d+(?:\.\d+)+)/m.exec(said)?.[1];
  if (version === undefined) throw new BprocError('ENOSYS', `${executable} does not say which CRIU it is: ${REMEDY}`);
  const needed = neededOn(kernel);
  if (!isAtLeast(version, needed)) {
    throw new BprocError('ENOSYS', `CRIU ${version} fails on Linux ${kernel}, which takes ${needed}: ${REMEDY}`);
  }
  return { executable: path, version };
}

/** The first version of CRIU that knows a kernel. */
export function neededOn(kernel: string): string {
  return NEEDED.find((each) => isAtLeast(kernel, each.kernel))?.criu ?? OLDEST;
}

/** Whether one version is not before another one; by the first two numbers. */
export function isAtLeast(version: string, least: string): boolean {
  const [[major, minor], [leastMajor, leastMinor]] = [numbers(version), numbers(least)];
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function numbers(version: string): readonly [number, number] {
  const [major = '', minor = ''] = version.split(/[.-]/);
  return [Number.parseInt(major, 10) || 0, Number.parseInt(minor, 10) || 0];
}

function pathOf(file: string): string {
  const { PATH } = process.env;
  try {
    return findProgram({ file, env: PATH === undefined ? {} : { PATH }, cwd: process.cwd() });
  } catch (cause) {
    const error = BprocError.from(cause);
    const why = error.code === 'ENOENT' ? 'criu not found' : error.message;
    throw new BprocError('ENOSYS', `${why}: ${REMEDY}`, { cause });
  }
}

function versionOf(executable: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(executable, ['--version'], { timeout: LOOK_MS }, (error, stdout) => {
      if (error === null) return resolve(stdout);
      const why = `${executable} cannot be run (${error.message.trim()})`;
      reject(new BprocError('ENOSYS', `${why}: ${REMEDY}`, { cause: error }));
    });
  });
}
