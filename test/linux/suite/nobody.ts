/** A holder of an ordinary user, started by root. */
import { spawnSync } from 'node:child_process';
import { chownSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findHolder } from '../../../src/linux/holder-binary.ts';

export const NOBODY = 65_534;
const AS_NOBODY = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];

/** Puts a holder's program that becomes `nobody` into a directory, makes `state` there, and gives both to that user. */
export function nobodysHolder(path: string): string {
  // What an ordinary user may execute wherever this package lies.
  const holder = join(path, 'bpspawn');
  const binary = join(path, 'as-nobody');
  const state = join(path, 'state');
  copyFileSync(findHolder(undefined), holder);
  writeFileSync(binary, `#!/bin/sh\nexec setpriv ${AS_NOBODY.join(' ')} ${holder} "$@"\n`, { mode: 0o755 });
  mkdirSync(state);
  for (const directory of [path, state]) chownSync(directory, NOBODY, NOBODY);
  return binary;
}

/** Why such a holder cannot have a user namespace here; undefined where it can. */
export function userNamespaceRefusal(): string | undefined {
  if (process.getuid?.() !== 0) return 'this test has to become another user, which only root can';
  const { status, stderr } = spawnSync('setpriv', [...AS_NOBODY, 'unshare', '-U', 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `the kernel forbids user namespaces (${stderr.trim()})`;
}
