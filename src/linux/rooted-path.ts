/** Paths as a process sees them whose root is not the engine's. */
import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** As many symbolic links as the kernel follows in one path. */
const MOST_LINKS = 40;

/**
 * Where a path leads that is resolved inside `root`: neither `..` nor a symbolic link leaves it.
 * The last component need not exist.
 *
 * A process inside may change links while this looks at them; who cannot trust it must not write there.
 *
 * @returns a path of the engine's; undefined where a directory on the way is missing or links go in circles.
 */
export function resolveInRoot(root: string, path: string): string | undefined {
  const ahead = components(path);
  let inside = '/';
  for (let links = 0; ahead.length > 0; ) {
    const next = ahead.shift() ?? '';
    if (next === '..') {
      inside = dirname(inside);
      continue;
    }
    const candidate = join(inside, next);
    const stat = lstatSync(join(root, candidate), { throwIfNoEntry: false });
    if (stat === undefined && ahead.length > 0) return undefined;
    if (stat?.isSymbolicLink() !== true) {
      inside = candidate;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return undefined;
    const target = readlinkSync(join(root, candidate));
    if (target.startsWith('/')) inside = '/';
    ahead.unshift(...components(target));
  }
  return join(root, inside);
}

function components(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}
