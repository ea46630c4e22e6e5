/** `bpckpt --store`, `--list` and `--remove`: what nodes keep of processes. */
import type { Client } from '../index.ts';
import { BprocError } from '../index.ts';
import type { KeptRun, StoreRun } from './bpckpt-request.ts';
import { bytesText } from './copy-line.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';

/** Has nodes keep a process, and tells what that is called. Gives the exit code. */
export async function store({ pid, copies, stop, timeoutMs }: StoreRun, client: Client): Promise<number> {
  const abort = new AbortController();
  let code: number | undefined;
  onEndingSignals((signal) => {
    code = exitCodeOfSignal(signal);
    abort.abort();
  });
  try {
    const name = await client.checkpoint(pid, { store: true, copies }, { stop, timeoutMs, signal: abort.signal });
    process.stdout.write(`${name}\n`);
    return 0;
  } catch (error) {
    // what fails because this program leaves is no failure
    if (code === undefined || !BprocError.is(error) || error.code !== 'ECANCELED') throw error;
    return code;
  }
}

/** Tells what nodes keep, or has them keep some of it no more. Gives the exit code. */
export async function kept(run: KeptRun, client: Client): Promise<number> {
  if (run.kind === 'remove') return remove(run.checkpoints, client);
  for (const { checkpoint, takenAt, command, pid, bytes, nodes } of await client.checkpoints()) {
    const when = new Date(takenAt).toISOString();
    process.stdout.write([checkpoint, when, command, pid, bytesText(bytes), nodes.join()].join('\t'));
    process.stdout.write('\n');
  }
  return 0;
}

async function remove(checkpoints: readonly string[], client: Client): Promise<number> {
  let code = 0;
  for (const checkpoint of checkpoints) {
    try {
      await client.removeCheckpoint(checkpoint);
    } catch (error) {
      if (!BprocError.is(error)) throw error;
      process.stderr.write(`bpckpt: ${error.message}\n`);
      code = 1;
    }
  }
  return code;
}
