/** Whose MPI a program was built with, where that can be seen. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { readElf } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { LaunchApp, MpiFamily } from './launch-options.ts';

/** The libraries by which each is known, and what it is called. */
const FAMILIES = [
  { family: 'mpich', library: /^libmpich\.so|^libmpi\.so\.12(?:\.|$)/, title: 'MPICH or its kin' },
  { family: 'openmpi', library: /^libmpi\.so\.(?:20|40)(?:\.|$)/, title: 'Open MPI' },
] as const;

/**
 * Refuses programs of another family than the one that was named, which would not find each other: each rank would be a world of its own. A program that
 * this machine has not, or that cannot be read, may be anything.
 *
 * @throws BprocError EINVAL.
 */
export async function checkFamily(family: MpiFamily, apps: readonly LaunchApp[]): Promise<void> {
  if (family !== 'mpich' && family !== 'openmpi') return;
  for (const { argv } of apps) {
    const file = argv[0] ?? '';
    const path = await programPath(file);
    const needed = path === undefined ? [] : ((await readElf(path).catch(() => undefined))?.needed ?? []);
    for (const { family: other, library, title } of FAMILIES) {
      const found = needed.find((name) => library.test(name));
      if (found === undefined || other === family) continue;
      const remedy = `launch it with mpi: '${other}', or 'auto'`;
      throw new BprocError(
        'EINVAL',
        `${file} was built with ${title} (it needs ${found}), and not for mpi: '${family}'; ${remedy}`,
      );
    }
  }
}

/** Where a program is on this machine; undefined: nowhere. */
async function programPath(file: string): Promise<string | undefined> {
  const directories = file.includes('/') ? [''] : (process.env['PATH'] ?? '').split(':');
  for (const directory of directories) {
    const path = directory === '' ? file : join(directory, file);
    try {
      await access(path, constants.R_OK | constants.X_OK);
      return path;
    } catch {
      // it may be elsewhere
    }
  }
  return undefined;
}
