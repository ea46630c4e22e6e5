/** What moving a process costs with CRIU alone: dump and restore by its command line, over tmpfs that both sides share. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './processes.mjs';

/** The CRIU that slaves use too. */
export const CRIU = process.env['BPROC_CRIU'] ?? 'criu';

/** Why nothing can be moved here, or undefined. */
export function lackOfCriu() {
  const { status, error, stderr } = spawnSync(CRIU, ['check'], { encoding: 'utf8' });
  if (status === 0) return undefined;
  const why = error === undefined ? stderr.trim().split('\n')[0] : error.message;
  return `${CRIU} cannot be used (${why}): bproc-get-criu DIR, and BPROC_CRIU=DIR/criu`;
}

/**
 * Starts a program, dumps and restores it.
 *
 * @param {string} directory on tmpfs
 * @param {readonly string[]} command which says on stdout that it is ready
 * @returns {Promise<number>} milliseconds of the dump and the restore
 */
export async function dumpAndRestore(directory, [file, ...args]) {
  const images = await mkdtemp(join(directory, 'by-hand-'));
  const output = await open(join(images, 'out'), 'w+');
  const fifo = join(images, 'in');
  await run('mkfifo', [fifo]);
  // open for writing too, so that it has no end
  const input = await open(fifo, 'r+');
  const child = spawn(file, args, { detached: true, stdio: [input.fd, output.fd, output.fd] });
  let restored = false;
  try {
    while ((await output.stat()).size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const gone = once(child, 'exit');
    const common = ['--images-dir', images, '--manage-cgroups=ignore', '-v0'];
    const from = performance.now();
    await run(CRIU, ['dump', '--tree', String(child.pid), ...common]);
    await gone;
    await run(CRIU, ['restore', '--restore-detached', ...common]);
    restored = true;
    return performance.now() - from;
  } finally {
    if (restored || child.exitCode === null) killQuietly(child.pid);
    await Promise.all([input.close(), output.close()]);
    await rm(images, { recursive: true, force: true });
  }
}

function killQuietly(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
