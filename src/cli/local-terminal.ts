/** The terminal that a command was called from. */
import { spawnSync } from 'node:child_process';
import { isatty } from 'node:tty';
import { BprocError } from '../index.ts';

/** How large a terminal is in characters. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** What a process gets where this program has no terminal, or one that does not know its size. */
const USUAL: Size = { rows: 24, columns: 80 };
/** `stty` answers at once, unless this program is in the background, where it has no business with the terminal. */
const STTY_MS = 5000;

/**
 * Stdin, where it is a terminal, and its modes. They are set by `stty`: Node's own raw mode goes on putting a carriage
 * return before each newline, by which the screen of an editor on a node is garbled.
 */
export class LocalTerminal {
  /** Whether stdin is a terminal. */
  readonly isInput = isatty(0);
  #saved: string | undefined;

  get isRaw(): boolean {
    return this.#saved !== undefined;
  }

  /** Its size, by whichever of the three descriptors is a terminal. */
  get size(): Size {
    const fd = [0, 1, 2].find((each) => isatty(each));
    const [rows = 0, columns = 0] = fd === undefined ? [] : stty(fd, 'size').split(' ').map(Number);
    return { rows: rows || USUAL.rows, columns: columns || USUAL.columns };
  }

  /** Passes every key on, ^C and ^Z too, and shows what comes as it comes. Does nothing where stdin is no terminal. */
  raw(): void {
    if (!this.isInput) return;
    this.#saved ??= stty(0, '-g');
    stty(0, 'raw', '-echo', '-iexten');
  }

  /** Puts it back as it was found. */
  restore(): void {
    if (this.#saved === undefined) return;
    const saved = this.#saved;
    this.#saved = undefined;
    try {
      stty(0, saved);
    } catch {
      // it has been closed, and has no modes any more
    }
  }
}

function stty(fd: number, ...args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync('stty', args, {
    stdio: [fd, 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: STTY_MS,
  });
  if (error === undefined && status === 0) return stdout.trim();
  const why = error?.message ?? stderr.trim();
  throw new BprocError('EIO', `the terminal's modes cannot be read or set: stty ${args.join(' ')}: ${why}`);
}
