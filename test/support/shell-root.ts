/** A directory that a shell can have as its root. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Puts this machine's shell there, with what it needs; returns the directory. */
export function shellRoot(root: string): string {
  for (const file of ['/bin/sh', ...sharedLibraries('/bin/sh')]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), readFileSync(file));
    chmodSync(join(root, file), 0o755);
  }
  return root;
}

/** What the dynamic loader maps into a program. */
function sharedLibraries(file: string): readonly string[] {
  const head = readFileSync(file).toString('latin1');
  const loader = /\/lib\S*ld-[\w.-]+\.so\.\d/.exec(head)?.[0];
  const maps = readFileSync('/proc/self/maps', 'utf8');
  const libc = /\S+\/(?:libc\.so\.6|ld-musl\S*|libc-\S+\.so)$/m.exec(maps)?.[0];
  return [loader, libc].filter((path) => path !== undefined);
}
