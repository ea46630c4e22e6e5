/** The input of a process that a holder keeps. */
import { FLAG_FIN, SAY } from './holder-frames.ts';
import type { HolderLink } from './holder-link.ts';
import type { SpawnSink } from './spawner.ts';

/** How much the holder is given before the process takes it: far less than it would refuse to keep. */
const AHEAD_BYTES = 1024 * 1024;
/** The holder refuses 20 MiB. */
const LAST_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

/** Gives an input to the holder and tells a sink how far the process has taken it. */
export class HolderInput {
  readonly #link: HolderLink;
  readonly #id: number;
  #sink: SpawnSink | undefined;
  readonly #waiting: Uint8Array[] = [];
  #given: number;
  #taken: number;
  #aheadBytes = AHEAD_BYTES;
  #ending = false;
  #finSaid = false;
  /** Nothing more is to be told: all was taken and ended, or the process closed it. */
  #over = false;

  /** @param given where it goes on; @param taken up to where the process has it already, both in bytes. */
  constructor(link: HolderLink, id: number, given = 0, taken = 0) {
    this.#link = link;
    this.#id = id;
    this.#given = given;
    this.#taken = taken;
  }

  open(sink: SpawnSink): void {
    this.#sink = sink;
  }

  write(chunk: Uint8Array): void {
    if (this.#over || this.#ending || chunk.byteLength === 0) return;
    this.#waiting.push(chunk);
    this.#give();
  }

  end(): void {
    if (this.#over || this.#ending) return;
    this.#ending = true;
    this.#give();
  }

  /** The process has taken so much in all. */
  taken(offset: number): void {
    const bytes = offset - this.#taken;
    if (bytes <= 0) return;
    this.#taken = offset;
    if (!this.#over) this.#sink?.stdinWritten(bytes);
    this.#give();
  }

  /** The process takes no more; told once. */
  closed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting.length = 0;
    this.#sink?.stdinClosed();
  }

  /** Nothing is told any more; what the holder takes of the rest is given, and no more. */
  release(): void {
    this.#sink = undefined;
    this.#aheadBytes = LAST_BYTES;
    this.#give();
    this.#over = true;
    this.#waiting.length = 0;
  }

  #give(): void {
    while (!this.#over && !this.#finSaid) {
      const chunk = this.#waiting[0];
      if (chunk === undefined) {
        if (this.#ending) this.#say(new Uint8Array(0), true);
        return;
      }
      const room = this.#aheadBytes - (this.#given - this.#taken);
      if (room <= 0) return;
      const length = Math.min(chunk.byteLength, room, PIECE_BYTES);
      if (length === chunk.byteLength) this.#waiting.shift();
      else this.#waiting[0] = chunk.subarray(length);
      this.#say(chunk.subarray(0, length), this.#ending && this.#waiting.length === 0);
    }
  }

  #say(bytes: Uint8Array, isLast: boolean): void {
    const { writer } = this.#link;
    writer.begin(SAY.input, isLast ? FLAG_FIN : 0, this.#id);
    writer.u64(this.#given);
    writer.endWith(bytes);
    this.#link.queued();
    this.#given += bytes.byteLength;
    this.#finSaid = isLast;
  }
}
