/** A pseudo terminal for a process, as a program asks for it. */
import { BprocError } from '../../errors.ts';
import type { TerminalSize } from '../../linux/index.ts';
import { checkInteger } from './calls.ts';
import { checkText } from './option-checks.ts';

/** A terminal that a process gets. */
export interface TerminalOptions {
  /** Its height in characters, 1 to 65535. @default 24 */
  readonly rows?: number;
  /** Its width in characters, 1 to 65535. @default 80 */
  readonly columns?: number;
  /** What kind of terminal is at the other end: the process's `TERM`. @default what its environment says */
  readonly term?: string;
}

/** What a start says of its standard descriptors. */
interface TerminalChoice {
  readonly pty?: boolean | TerminalOptions;
  readonly stdin?: unknown;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
}

/** A terminal in the wire's terms, and what it puts into the environment. */
export interface TerminalPlan {
  readonly size: TerminalSize;
  readonly env: Readonly<Record<string, string>>;
}

const MOST_CHARACTERS = 65_535;

/**
 * Checks the size of a terminal.
 *
 * @throws BprocError EINVAL.
 */
export function checkSize(what: string, { rows, columns }: TerminalSize): TerminalSize {
  checkInteger(`${what}.rows`, rows, 1, MOST_CHARACTERS);
  checkInteger(`${what}.columns`, columns, 1, MOST_CHARACTERS);
  return { rows, columns };
}

/**
 * The terminal that a start asks for, if any.
 *
 * @throws BprocError EINVAL for a size that cannot be, and for other descriptors beside it.
 */
export function terminalPlan({ pty = false, stdin, stdout, stderr }: TerminalChoice): TerminalPlan | undefined {
  if (pty === false) return undefined;
  if (pty !== true && (typeof pty !== 'object' || pty === null)) {
    throw new BprocError('EINVAL', `pty is ${JSON.stringify(pty)}: it must be true or { rows, columns, term }`);
  }
  for (const [name, option] of Object.entries({ stdin, stdout })) {
    if (option === undefined || option === 'stream' || typeof option === 'number') continue;
    throw new BprocError('EINVAL', `${name} is the terminal with pty: it may be 'stream' or a descriptor`);
  }
  if (stderr !== undefined) throw new BprocError('EINVAL', 'stderr is the terminal with pty: stdout carries it all');
  const { rows = 24, columns = 80, term } = pty === true ? {} : pty;
  const size = checkSize('pty', { rows, columns });
  if (term === undefined) return { size, env: {} };
  checkText('pty.term', term);
  return { size, env: { TERM: term } };
}
