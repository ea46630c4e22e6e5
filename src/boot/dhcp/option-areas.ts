/**
 * Options on the wire: up to three areas of a packet hold them (its end, and by option 52 the fields `file` and
 * `sname`), and a value that is longer than 255 bytes, or does not fit in an area, is in pieces (RFC 3396).
 */
import { BprocError } from '../../errors.ts';
import { OPTION, type Options } from './options.ts';

const LONGEST_PIECE = 255;
const HEAD = 2;

/** What of `overload` says that `file`, and that `sname`, holds options. */
export const IN_FILE = 1;
export const IN_SNAME = 2;

/** Gathers pieces of values over areas, in the order in which these count. */
export class OptionReader {
  readonly #pieces = new Map<number, Uint8Array[]>();

  /** @throws BprocError EPROTO for an option that is cut off. */
  area(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const code = bytes[at] ?? OPTION.end;
      if (code === OPTION.end) return;
      if (code === OPTION.pad) {
        at += 1;
        continue;
      }
      const start = at + HEAD;
      const end = start + (bytes[at + 1] ?? LONGEST_PIECE + bytes.length);
      if (end > bytes.length) throw new BprocError('EPROTO', `option ${code} is cut off`);
      const before = this.#pieces.get(code);
      if (before === undefined) this.#pieces.set(code, [bytes.subarray(start, end)]);
      else before.push(bytes.subarray(start, end));
      at = end;
    }
  }

  /** The first byte of a value that has come so far. */
  byte(code: number): number | undefined {
    return this.#pieces.get(code)?.[0]?.[0];
  }

  options(): Map<number, Uint8Array> {
    const whole = new Map<number, Uint8Array>();
    for (const [code, pieces] of this.#pieces) {
      const [only] = pieces;
      whole.set(code, pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces));
    }
    return whole;
  }
}

/** An area to be filled; its last byte is kept for the end mark. */
export class OptionArea {
  readonly #bytes: Uint8Array;
  #used = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How long a piece may be that still fits; less than nothing where not even an empty one does. */
  get room(): number {
    return this.#bytes.length - 1 - this.#used - HEAD;
  }

  put(code: number, piece: Uint8Array): void {
    this.#bytes[this.#used] = code;
    this.#bytes[this.#used + 1] = piece.length;
    this.#bytes.set(piece, this.#used + HEAD);
    this.#used += HEAD + piece.length;
  }

  /** Marks the end. @returns how many bytes that makes. */
  close(): number {
    this.#bytes[this.#used] = OPTION.end;
    return this.#used + 1;
  }
}

/** How many bytes an option takes in an area that has room for all of it. */
export function sizeOf(value: Uint8Array): number {
  return value.length + HEAD * Math.max(1, Math.ceil(value.length / LONGEST_PIECE));
}

/**
 * Fills `areas` in their order, and splits values where one ends.
 *
 * @throws BprocError E2BIG where all of them are full.
 */
export function fill(areas: readonly OptionArea[], options: Options): void {
  let index = 0;
  for (const [code, value] of options) {
    let at = 0;
    // an empty value is one empty piece
    for (let isBegun = false; !isBegun || at < value.length; ) {
      const area = areas[index];
      if (area === undefined) throw new BprocError('E2BIG', `option ${code} does not fit into the answer`);
      const left = value.length - at;
      if (area.room < Math.min(left, 1)) {
        index += 1;
        continue;
      }
      const piece = value.subarray(at, at + Math.min(left, area.room, LONGEST_PIECE));
      area.put(code, piece);
      at += piece.length;
      isBegun = true;
    }
  }
}
