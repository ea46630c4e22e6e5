/** A terminal that a command has to itself: a screen of its own, every key as it is pressed, and all as it was afterwards. */
import { isatty } from 'node:tty';
import { LocalTerminal, type Size } from './local-terminal.ts';

/** Another screen, so that what was there before comes back; no cursor; lines that are too long are cut off. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const END_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

/** What is one key: a sequence that begins with an escape, or a character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: keys are such
const KEY = /\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Za-z]|./gsu;

const NAMES: ReadonlyMap<string, string> = new Map([
  ['\x1b[A', 'up'],
  ['\x1bOA', 'up'],
  ['\x1b[B', 'down'],
  ['\x1bOB', 'down'],
  ['\x1b[5~', 'page up'],
  ['\x1b[6~', 'page down'],
  ['\x1b[H', 'home'],
  ['\x1b[1~', 'home'],
  ['\x1b[F', 'end'],
  ['\x1b[4~', 'end'],
  ['\x1b', 'escape'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\x7f', 'backspace'],
  ['\b', 'backspace'],
  ['\x03', 'interrupt'],
  ['\x1a', 'suspend'],
  ['\f', 'redraw'],
]);

/** The keys in what a terminal sends: by name where they have one, else what they type. */
export function keysOf(text: string): readonly string[] {
  return [...text.matchAll(KEY)].map(([key]) => NAMES.get(key) ?? key);
}

/** Whether this program has a terminal that it can have to itself. */
export function hasTerminal(): boolean {
  return isatty(0) && isatty(1);
}

/** The terminal of this program while it shows one screen after another. */
export class FullScreen {
  readonly #terminal = new LocalTerminal();
  #isShown = false;

  get size(): Size {
    return { rows: process.stdout.rows || 24, columns: process.stdout.columns || 80 };
  }

  /** Takes the terminal, at first or after it was given back. */
  enter(): void {
    this.#terminal.raw();
    if (!this.#isShown) process.stdout.write(ENTER);
    this.#isShown = true;
  }

  /** Gives the terminal back as it was. */
  leave(): void {
    if (this.#isShown) process.stdout.write(LEAVE);
    this.#isShown = false;
    this.#terminal.restore();
  }

  /** Shows lines in place of those that are there. */
  draw(lines: readonly string[]): void {
    if (!this.#isShown) return;
    const shown = lines.slice(0, this.size.rows).map((line) => `${line}${END_LINE}`);
    process.stdout.write(`${HOME}${shown.join('\r\n')}${CLEAR_BELOW}`);
  }
}
