/** The line by which `bpmove` says on a terminal how far a process is on its way. */
import type { MoveProgress } from '../index.ts';
import { bytesText, copyText, Rate } from './copy-line.ts';

const ERASE = '\r\x1b[K';
const DOES: Readonly<Record<MoveProgress['phase'], string>> = {
  capturing: 'is captured',
  sending: 'is sent',
  making: 'is made there',
};

/** The line, no wider than the terminal: `process 7 is sent  42% [==>  ] 1.2 GiB of 2.8 GiB  110 MiB/s  0:15 left`. */
export function moveText(pid: number, progress: MoveProgress, rate: number, columns: number): string {
  const { phase, bytes, totalBytes } = progress;
  const head = `process ${pid} ${DOES[phase]} `;
  if (phase === 'sending' && totalBytes !== undefined) {
    return head.slice(0, Math.max(0, columns - 1)) + copyText({ bytes, totalBytes, rate }, columns - head.length);
  }
  return `${head} ${bytesText(bytes)} sent`.slice(0, Math.max(0, columns - 1));
}

/** Draws it. */
export class MoveLine {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  readonly #now: () => number;
  #shown = false;

  /** @param now milliseconds of a clock that only goes on. */
  constructor(write: (text: string) => void, columns: () => number, now: () => number) {
    this.#write = write;
    this.#columns = columns;
    this.#now = now;
  }

  /** Gives what a process's progress is to be told to. */
  of(pid: number): (progress: MoveProgress) => void {
    const rate = new Rate(this.#now);
    return (progress) => {
      this.#write(`${ERASE}${moveText(pid, progress, rate.at(progress.bytes), this.#columns())}`);
      this.#shown = true;
    };
  }

  /** Takes the line away: something else is to be written, or all is done. It comes back where more is told. */
  erase(): void {
    if (this.#shown) this.#write(ERASE);
    this.#shown = false;
  }
}
