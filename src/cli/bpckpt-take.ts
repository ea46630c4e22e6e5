/** `bpckpt` writes a process down. */
import { createWriteStream, fstatSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import type { Client } from '../index.ts';
import { BprocError } from '../index.ts';
import { UsageError } from './arguments.ts';
import type { TakeRun } from './bpckpt-request.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';

const STDOUT = 1;

/** Writes a process down. Gives the exit code. */
export async function take({ pid, target, isArchive, stop, timeoutMs }: TakeRun, client: Client): Promise<number> {
  const abort = new AbortController();
  let code: number | undefined;
  onEndingSignals((signal) => {
    code = exitCodeOfSignal(signal);
    abort.abort();
  });
  const options = { stop, timeoutMs, signal: abort.signal };
  try {
    if (!isArchive) await client.checkpoint(pid, target, options);
    else if (target === '-') await client.checkpoint(pid, stdout(stop), options);
    else await takeInto(target, (stream) => client.checkpoint(pid, stream, options));
    return 0;
  } catch (error) {
    // what fails because this program leaves is no failure
    if (code === undefined || !BprocError.is(error) || error.code !== 'ECANCELED') throw error;
    return code;
  }
}

/** Makes a file, which stays where something whole has come there. */
async function takeInto(target: string, write: (stream: Writable) => Promise<void>): Promise<void> {
  const path = resolve(target);
  let stream: Writable;
  try {
    const file = await open(path, 'wx', 0o600);
    // its name is to last, too, before what it is of ends
    await syncDirectory(dirname(path));
    stream = file.createWriteStream({ flush: true });
  } catch (cause) {
    throw BprocError.from(cause);
  }
  let isWhole = false;
  stream.once('finish', () => {
    isWhole = true;
  });
  try {
    await write(stream);
  } catch (error) {
    if (!isWhole) await rm(path, { force: true });
    throw error;
  }
}

async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path);
  await directory.sync().catch((error: NodeJS.ErrnoException) => {
    // some file systems have nothing to do there, and say that it cannot be done
    if (error.code !== 'EINVAL') throw error;
  });
}

/** @throws UsageError where nobody should be given an archive, or nobody can say that it lasts. */
function stdout(hasToLast: boolean): Writable {
  if (isatty(STDOUT)) throw new UsageError('stdout is a terminal: give a file');
  const isFile = fstatSync(STDOUT).isFile();
  if (hasToLast && !isFile) throw new UsageError('with --stop the archive has to last, and stdout is no file');
  return createWriteStream('', { fd: STDOUT, flush: isFile });
}
