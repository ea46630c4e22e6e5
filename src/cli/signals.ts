/** Signals that a command takes itself. */
import { constants } from 'node:os';

/** The signals by which a command is asked to end. */
export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const ENDING: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Calls back with each signal that asks the command to end, and how many have come by then. */
export function onEndingSignals(handle: (signal: EndingSignal, count: number) => void): void {
  let count = 0;
  for (const signal of ENDING) {
    process.on(signal, () => {
      count += 1;
      handle(signal, count);
    });
  }
}

/** The exit code of a command that a signal ended, as the shell tells it. */
export function exitCodeOfSignal(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}
