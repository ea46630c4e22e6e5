/** The line by which `bpsh` says on a terminal what it waits for. */
import { formatNodeSet } from '../index.ts';

/** How long everything may take without a word. */
const PATIENCE_MS = 2000;
const REDRAW_MS = 500;
const ERASE = '\r\x1b[K';

/** The line itself, no wider than the terminal: `12/64 done, waiting for 3,7,...`. */
export function progressText(total: number, waiting: readonly number[], columns: number): string {
  const head = `${total - waiting.length}/${total} done, waiting for `;
  const all = formatNodeSet(waiting);
  // the last column stays free: writing there moves some terminals to the next line
  const room = columns - 1 - head.length;
  if (all.length <= room) return head + all;
  const cut = all.lastIndexOf(',', room - '...'.length - 1);
  return cut <= 0 ? `${head}...`.slice(0, Math.max(0, columns - 1)) : `${head}${all.slice(0, cut + 1)}...`;
}

/** Where the line is drawn. */
export interface ProgressTerminal {
  write(text: string): void;
  /** Width in characters. */
  readonly columns: number;
  /** Whether the cursor is where a line begins, with nothing else about to be written. */
  readonly isFree: boolean;
}

/** Draws the line after a while, keeps it true, and takes it away. */
export class Progress {
  readonly #terminal: ProgressTerminal;
  readonly #waiting: number[];
  readonly #total: number;
  readonly #timer: NodeJS.Timeout;
  #redraw: NodeJS.Timeout | undefined;
  #shown = '';

  /** @param nodes one entry for each process that is waited for. */
  constructor(terminal: ProgressTerminal, nodes: readonly number[]) {
    this.#terminal = terminal;
    this.#waiting = [...nodes];
    this.#total = nodes.length;
    this.#timer = setTimeout(() => {
      this.#redraw = setInterval(() => this.#draw(), REDRAW_MS).unref();
      this.#draw();
    }, PATIENCE_MS).unref();
  }

  /** A process on this node has ended. */
  done(node: number): void {
    this.#waiting.splice(this.#waiting.indexOf(node), 1);
  }

  /** Takes the line away: something else is to be written. It comes back. */
  erase(): void {
    if (this.#shown !== '') this.#terminal.write(ERASE);
    this.#shown = '';
  }

  /** Takes the line away for good. */
  stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#redraw);
    this.erase();
  }

  #draw(): void {
    if (this.#waiting.length === 0) return this.erase();
    const text = progressText(this.#total, this.#waiting, this.#terminal.columns);
    if (text === this.#shown || !this.#terminal.isFree) return;
    this.#terminal.write(ERASE + text);
    this.#shown = text;
  }
}
