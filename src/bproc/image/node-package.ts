/** What a script of Node's can import: its package, and the packages which that depends on, as Node looks for them. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BprocError } from '../../errors.ts';

/** Packages that one depends on by way of others. */
const MOST_PACKAGES = 16_384;
const MANIFEST = 'package.json';

/**
 * The directories of a script's package and of all that it depends on; those inside of others are left out. None where
 * the script is of no package.
 *
 * @throws BprocError EINVAL for a `package.json` that cannot be read; E2BIG where it depends on more than 16,384 packages.
 */
export function packagesOf(script: string): readonly string[] {
  const own = packageOf(dirname(realpathSync(script)));
  if (own === undefined) return [];
  const found = new Set([own]);
  for (const each of found) {
    for (const name of dependenciesOf(each)) {
      const directory = findPackage(name, each);
      if (directory !== undefined) found.add(directory);
    }
    if (found.size > MOST_PACKAGES)
      throw new BprocError('E2BIG', `${script} depends on more than ${MOST_PACKAGES} packages`);
  }
  return [...found].filter((each) => each === own || !each.startsWith(`${own}/`));
}

/** The innermost directory with a manifest. */
function packageOf(from: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    if (isFile(join(directory, MANIFEST))) return directory;
    if (directory === '/') return undefined;
  }
}

/** Where an import of a package from another one leads; undefined where it is not installed, as what is optional may be. */
function findPackage(name: string, from: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', name);
    if (basename(directory) !== 'node_modules' && existsSync(candidate)) return realpathSync(candidate);
    if (directory === '/') return undefined;
  }
}

function dependenciesOf(directory: string): readonly string[] {
  const path = join(directory, MANIFEST);
  if (!isFile(path)) return [];
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) => {
      const named: unknown = typeof manifest === 'object' && manifest !== null && Reflect.get(manifest, kind);
      return typeof named === 'object' && named !== null ? Object.keys(named) : [];
    });
  } catch (cause) {
    throw new BprocError('EINVAL', `${path} cannot be read: ${BprocError.from(cause).message}`, { cause });
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
