/** The line by which `bpcp` says on a terminal how far it is; and what else says that is made of. */
import type { CopyProgress } from '../index.ts';

/** The rate is that of so long. */
const RATE_MS = 5000;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const ERASE = '\r\x1b[K';

/** How far all copies are together, at one time. */
export interface CopyState {
  readonly bytes: number;
  readonly totalBytes: number;
  /** Bytes a second. */
  readonly rate: number;
}

/** A number of bytes in the unit that gives it one to four digits. */
export function bytesText(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** unit;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Seconds as minutes and seconds, with hours where it takes some. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (number: number): string => String(number).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}

/** The line, no wider than the terminal: ` 42% [=====>     ] 1.2 GiB of 2.8 GiB  110 MiB/s  0:15 left`. */
export function copyText({ bytes, totalBytes, rate }: CopyState, columns: number): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes);
  const left = rate > 0 ? `  ${durationText((totalBytes - bytes) / rate)} left` : '';
  const numbers = `${bytesText(bytes)} of ${bytesText(totalBytes)}  ${bytesText(rate)}/s${left}`;
  const percent = `${String(Math.floor(share * 100)).padStart(3)}% `;
  // the last column stays free: writing there moves some terminals to the next line
  const room = Math.min(40, columns - 1 - percent.length - numbers.length - 3);
  if (room < 5) return (percent + numbers).slice(0, Math.max(0, columns - 1));
  const done = Math.round(share * room);
  const bar = '='.repeat(done) + (done < room ? '>' : '') + ' '.repeat(Math.max(0, room - done - 1));
  return `${percent}[${bar}] ${numbers}`;
}

/** Measures how fast something goes. */
export class Rate {
  readonly #now: () => number;
  readonly #seen: { readonly at: number; readonly bytes: number }[] = [];

  /** @param now milliseconds of a clock that only goes on. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** So many bytes it is now: gives bytes a second, those of the last seconds; 0 while that is not known. */
  at(bytes: number): number {
    const at = this.#now();
    this.#seen.push({ at, bytes });
    while (this.#seen.length > 2 && (this.#seen[0]?.at ?? at) < at - RATE_MS) this.#seen.shift();
    const [first] = this.#seen;
    return first === undefined || first.at === at ? 0 : ((bytes - first.bytes) * 1000) / (at - first.at);
  }
}

/** Draws the line as copies tell how far they are. */
export class CopyLine {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  readonly #rate: Rate;
  readonly #copies = new Map<number | undefined, CopyProgress>();
  #before = 0;
  #shown = false;

  /** @param now milliseconds of a clock that only goes on. */
  constructor(write: (text: string) => void, columns: () => number, now: () => number) {
    this.#write = write;
    this.#columns = columns;
    this.#rate = new Rate(now);
  }

  /** One of the copies is so far now. */
  tell(progress: CopyProgress): void {
    this.#copies.set(progress.node, progress);
    const all = [...this.#copies.values()];
    const bytes = this.#before + all.reduce((sum, copy) => sum + copy.bytes, 0);
    const totalBytes = this.#before + all.reduce((sum, copy) => sum + copy.totalBytes, 0);
    this.#write(`${ERASE}${copyText({ bytes, totalBytes, rate: this.#rate.at(bytes) }, this.#columns())}`);
    this.#shown = true;
  }

  /** What was copied until now is over; what comes is counted on top. */
  next(): void {
    for (const { bytes } of this.#copies.values()) this.#before += bytes;
    this.#copies.clear();
  }

  /** Takes the line away: something else is to be written, or all is done. It comes back where more is told. */
  erase(): void {
    if (this.#shown) this.#write(ERASE);
    this.#shown = false;
  }
}
