/**
 * How a process ended: a result of waiting for it, not an error. Every process has exactly one end, which is reported
 * after all of its output.
 */

import { constants } from 'node:os';

/** How a process ended. */
export type ProcessEnd = ExitedEnd | SignaledEnd | LostEnd | TimedOutEnd;

/** It returned from main or called exit. */
export interface ExitedEnd {
  readonly kind: 'exited';
  /** Exit status, 0 to 255; 0 means success. */
  readonly code: number;
}

/** A signal killed it. */
export interface SignaledEnd {
  readonly kind: 'signaled';
  /** Name of the signal, such as `SIGKILL`. */
  readonly signal: string;
  /** Whether the kernel wrote a core dump. */
  readonly core: boolean;
  /** It was ended because a checkpoint was taken with `stop`: it can be made again of that. Absent for all others. */
  readonly checkpointed?: true;
}

/** Its node is gone, or was given up, and what became of it cannot be known (`BE_SLAVEDIED`). */
export interface LostEnd {
  readonly kind: 'lost';
  /** What proved it or which bound passed, for people. */
  readonly reason: string;
}

/** It was killed because it passed a bound that whoever started it had set. */
export interface TimedOutEnd {
  readonly kind: 'timedOut';
  /** `lifetime`: it ran too long (`lifetimeMs`). `silence`: it wrote nothing for too long (`silenceMs`). */
  readonly limit: 'lifetime' | 'silence';
}

/** The exit code of a process that passed a bound, as `timeout(1)` has it. */
export const EXIT_TIMED_OUT = 124;
/** The exit code where none is known: a lost process, or a signal without a number. As `bpsh` has it. */
export const EXIT_UNKNOWN = 255;

/** Whether the process did what it was asked to: it exited with code 0. */
export function isSuccess(end: ProcessEnd): boolean {
  return end.kind === 'exited' && end.code === 0;
}

/** One line for people, to follow the name of the process: `exited with code 2`, `killed by SIGSEGV (core dumped)`. */
export function describeEnd(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exited':
      return `exited with code ${end.code}`;
    case 'signaled':
      if (end.checkpointed === true) return 'ended after a checkpoint was taken of it';
      return `killed by ${end.signal}${end.core ? ' (core dumped)' : ''}`;
    case 'lost': {
      // The reason may come from another machine: it must not break out of its line or steer a terminal.
      const reason = end.reason.replace(/[\s\p{Cc}]+/gu, ' ').trim();
      return reason === '' ? 'lost' : `lost: ${reason}`;
    }
    case 'timedOut':
      return end.limit === 'lifetime'
        ? 'killed because it ran longer than its lifetime limit'
        : 'killed because it wrote nothing for longer than its silence limit';
  }
}

/**
 * The code by which a shell or a command reports this end: the process's own, 128 + n for signal n, 124 where it passed
 * a bound, 255 where it was lost or where the signal's number is not known.
 *
 * A process may also exit with 124, 137 or 255 by itself: programs look at the end, this number is for `$?`.
 *
 * @param signalNumber Number of a signal by its name. The default knows those of this system other than the real-time
 *   ones.
 */
export function exitCodeOf(end: ProcessEnd, signalNumber: (name: string) => number | undefined = systemSignal): number {
  switch (end.kind) {
    case 'exited':
      return end.code;
    case 'signaled': {
      const number = signalNumber(end.signal);
      return number === undefined ? EXIT_UNKNOWN : 128 + number;
    }
    case 'lost':
      return EXIT_UNKNOWN;
    case 'timedOut':
      return EXIT_TIMED_OUT;
  }
}

function systemSignal(name: string): number | undefined {
  const numbers: Readonly<Partial<Record<string, number>>> = constants.signals;
  return Object.hasOwn(numbers, name) ? numbers[name] : undefined;
}
