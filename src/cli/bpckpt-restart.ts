/** `bpckpt --restart` makes a process of what was written down, and is to its user what that process is. */
import type { Client, RemoteProcess } from '../index.ts';
import { exitCodeOf } from '../index.ts';
import type { RestartRun } from './bpckpt-request.ts';
import { Console } from './console.ts';
import { dieOfBrokenPipe } from './program.ts';
import { relayAll } from './relay.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';

/** As the bytes come. */
const PLAIN = { lineBytes: undefined, prefixed: false, sequential: false, divided: false };

/** Makes the process. Gives its exit code. */
export async function restart(
  { source, isStored, node, detached, timeoutMs }: RestartRun,
  client: Client,
): Promise<number> {
  const isInput = source === '-' && !isStored;
  const from = isStored ? { checkpoint: source } : isInput ? process.stdin : source;
  if (detached) {
    const { pid } = await client.restart(from, node, { detached, timeoutMs });
    process.stdout.write(`${pid}\n`);
    return 0;
  }
  let made: RemoteProcess | undefined;
  const starting = new AbortController();
  const leave = (exit: () => void): void => {
    void client[Symbol.asyncDispose]().then(() => setImmediate(exit));
  };
  // the first signal is for the process, the second for this program
  onEndingSignals((signal, count) => {
    starting.abort();
    if (made === undefined || count > 1) leave(() => process.exit(exitCodeOfSignal(signal)));
    else made.kill(signal).catch(() => {});
  });
  const console = new Console(() => leave(dieOfBrokenPipe));
  made = await client.restart(from, node, { timeoutMs, signal: starting.signal });
  if (isInput) made.stdin.end();
  else feed(made);
  const [end] = await relayAll([made], PLAIN, console);
  process.stdin.destroy();
  await Promise.all([console.stdout.flushed(), console.stderr.flushed()]);
  return end === undefined ? 1 : exitCodeOf(end);
}

function feed({ stdin }: RemoteProcess): void {
  stdin.once('close', () => process.stdin.destroy());
  process.stdin.on('error', () => stdin.end());
  process.stdin.pipe(stdin);
}
