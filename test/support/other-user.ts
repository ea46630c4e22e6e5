/** Being another user for a moment; only root can. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { RemoteProcess } from '../../src/index.ts';

/** A user of every machine, and a group that he is in here. */
export const NOBODY = 65_534;
export const GROUP = 12_345;

/** Does something that takes no turn as another user. */
export function asUser<T>(act: () => T, uid = NOBODY): T {
  const groups = process.getgroups?.() ?? [];
  process.setgroups?.([GROUP]);
  process.setegid?.(uid);
  process.seteuid?.(uid);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  }
}

/** Connects as another user: the kernel notes who it is at that moment. */
export function connectAs(path: string, uid = NOBODY): Socket {
  return asUser(() => createConnection(path), uid);
}

/** A directory that every user may go into. */
export function openScratch(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'bproc-users-'));
  chmodSync(path, 0o755);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** Puts a program of `test/fixtures` into one file that every user can read, with the library in it. */
export async function bundleProgram(fixture: string, directory: string): Promise<string> {
  const outfile = join(directory, fixture);
  await build({
    entryPoints: [resolve('test/fixtures', fixture)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    external: ['@peculiar/x509'],
    banner: { js: "import * as bundledModule from 'node:module'; const require = bundledModule.createRequire('/');" },
  });
  chmodSync(outfile, 0o644);
  return outfile;
}

/** All that a process writes to stdout. */
export async function textOf({ stdout }: RemoteProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout) text += chunk;
  return text;
}
