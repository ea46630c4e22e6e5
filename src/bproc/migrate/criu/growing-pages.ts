/** The files in which CRIU writes the memory of processes: each only grows, which is told while it does. */
import { type FSWatcher, watch } from 'node:fs';

/** What it writes page after page; all else it may change until its end. */
const PAGES = /^pages-\d+\.img$/;

/**
 * Follows them in a directory, until what it returns is disposed of.
 *
 * @param grows told the name of one when it is there, and again when it has grown. Where the kernel has no room for another
 *   watch it is told nothing: then they are sent when all is captured.
 */
export function watchPages(directory: string, grows: (name: string) => void): Disposable {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(directory, (_, name) => {
      if (name !== null && PAGES.test(name)) grows(name);
    });
    watcher.on('error', () => {});
  } catch {
    // ENOSPC or EMFILE: it goes without
  }
  return { [Symbol.dispose]: () => watcher?.close() };
}
