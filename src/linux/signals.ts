/** Signal names and numbers of Linux. */
import { BprocError } from '../errors.ts';

/** What {@link signalNumber} takes: `'SIGTERM'`, `'TERM'`, `'SIGRTMIN+3'`, `15` or `'15'`. */
export type SignalLike = string | number;

/** In the order of their numbers, from 1: what every architecture Node runs on has. */
const NAMES = [
  ...['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGUSR1'],
  ...['SIGSEGV', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM', 'SIGSTKFLT', 'SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP'],
  ...['SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGPROF', 'SIGWINCH', 'SIGIO', 'SIGPWR'],
  'SIGSYS',
] as const;

/** The real-time signals as programs see them; 32 and 33 are the C library's own. */
const RTMIN = 34;
const RTMAX = 64;

const NUMBERS: ReadonlyMap<string, number> = new Map<string, number>([
  ...NAMES.map((name, index) => [name, index + 1] as const),
  ['SIGIOT', 6],
  ['SIGCLD', 17],
  ['SIGPOLL', 29],
  ['SIGRTMIN', RTMIN],
  ['SIGRTMAX', RTMAX],
]);

/**
 * The number of a signal given by name (with or without `SIG`, in any case), by number or by a
 * number in digits. 0, which only asks whether a process is there, is taken too.
 *
 * @throws BprocError EINVAL where Linux has no such signal.
 */
export function signalNumber(signal: SignalLike): number {
  const number = typeof signal === 'number' ? signal : numberOfText(signal);
  if (number === undefined || !Number.isInteger(number) || number < 0 || number > RTMAX) {
    throw new BprocError(
      'EINVAL',
      `unknown signal ${JSON.stringify(signal)}: give a name such as SIGTERM or a number from 0 to ${RTMAX}`,
    );
  }
  return number;
}

/**
 * The name of a signal, `SIGTERM` or `SIGRTMIN+3`; `SIG32` and `SIG33` for the two that have none.
 *
 * @throws BprocError EINVAL for anything but 1 to 64.
 */
export function signalName(number: number): string {
  const name = NAMES[number - 1];
  if (name !== undefined) return name;
  if (!Number.isInteger(number) || number < 1 || number > RTMAX) {
    throw new BprocError('EINVAL', `unknown signal ${number}: signals are numbered from 1 to ${RTMAX}`);
  }
  if (number < RTMIN) return `SIG${number}`;
  if (number === RTMAX) return 'SIGRTMAX';
  return number === RTMIN ? 'SIGRTMIN' : `SIGRTMIN+${number - RTMIN}`;
}

function numberOfText(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const upper = text.toUpperCase();
  const name = upper.startsWith('SIG') ? upper : `SIG${upper}`;
  const known = NUMBERS.get(name);
  if (known !== undefined) return known;
  const plain = /^SIG(3[23])$/.exec(name);
  if (plain !== null) return Number(plain[1]);
  const relative = /^SIGRT(?:MIN\+(\d{1,2})|MAX-(\d{1,2}))$/.exec(name);
  if (relative === null) return undefined;
  const number = relative[1] === undefined ? RTMAX - Number(relative[2]) : RTMIN + Number(relative[1]);
  return number >= RTMIN && number <= RTMAX ? number : undefined;
}
